"""What the doctor finds on a machine, and how it tells."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from gradetape.doctor import Diagnosis, find_data, find_devices, find_versions
from gradetape.sandbox.promises import Canary

HELD = Canary("An endless loop is ended", "wall clock", True, "limits")
NOT_HELD = Canary("Endless printing is ended", "cap on output", False, "limits")
NOT_MADE = Canary("The network cannot be reached", "none at level limits", False, "strict")


def diagnosis(*canaries: Canary) -> Diagnosis:
    return Diagnosis("limits", canaries, (), (), {})


def test_only_promises_of_the_level_can_be_broken() -> None:
    assert diagnosis(HELD, NOT_HELD, NOT_MADE).broken == (NOT_HELD,)


def test_the_document_has_the_keys_that_tools_rely_on() -> None:
    document = diagnosis(HELD).as_json()
    assert {"isolation", "canaries", "devices", "data", "versions"} <= set(document)
    assert {"promise", "mechanism", "held"} <= set(document["canaries"][0])
    json.dumps(document, allow_nan=False)


def test_prepared_data_sets_and_kept_weights_are_found(tmp_path: Path) -> None:
    version = tmp_path / "tfds" / "mnist" / "3.0.1"
    version.mkdir(parents=True)
    (version / "dataset_info.json").write_text("{}")
    models = tmp_path / "keras" / "models"
    models.mkdir(parents=True)
    (models / "xception_weights_tf_dim_ordering_tf_kernels_notop.h5").write_bytes(b"")
    shipped = tmp_path / "course" / "exercises" / "data"
    shipped.mkdir(parents=True)
    (shipped / "digits.npz").write_bytes(b"")
    environment = {"TFDS_DATA_DIR": str(tmp_path / "tfds"), "KERAS_HOME": str(tmp_path / "keras")}
    found = {data.name: data for data in find_data(tmp_path / "course", environment)}
    assert found["digits (shipped)"].found
    assert found["mnist (tensorflow-datasets)"].detail == "3.0.1"
    assert not found["caltech_birds2011 (tensorflow-datasets)"].found
    assert "xception" in found["ImageNet weights"].detail


def test_a_machine_without_data_is_no_error(tmp_path: Path) -> None:
    assert not any(data.found for data in find_data(None, {"HOME": str(tmp_path)}))


def test_versions_name_python_and_what_is_installed() -> None:
    versions = find_versions()
    assert versions["python"].startswith(f"{sys.version_info.major}.{sys.version_info.minor}")
    assert "numpy" in versions


def test_the_doctor_itself_imports_no_tensorflow() -> None:
    asked = "import sys, gradetape.doctor; print(sorted({'tensorflow', 'keras', 'numpy'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.skipif(os.name != "posix", reason="devices are asked for behind the wall, which needs POSIX")
def test_a_backend_that_is_not_installed_is_told_with_what_to_do() -> None:
    if find_spec("jax"):
        pytest.skip("jax is installed here, so that its absence cannot be tried")
    devices, notes = find_devices({"KERAS_BACKEND": "jax"})
    assert devices == ()
    assert "jax is not installed" in notes[0]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="devices are asked for behind the wall, which needs POSIX")
def test_the_backend_names_its_devices() -> None:
    if not find_spec("tensorflow"):
        pytest.skip("the extra `keras` is not installed")
    devices, notes = find_devices({})
    assert notes == ()
    assert "CPU" in {device.kind for device in devices}
