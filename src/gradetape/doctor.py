"""What this machine can do for grading: how well it isolates, on which devices, with which data and versions.

diagnosis = examine(course=Path("."))
print(json.dumps(diagnosis.as_json()))
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from gradetape.domain import Ending, JsonValue
from gradetape.sandbox import LEVEL, LEVELS, Job, Limits, run
from gradetape.sandbox.promises import Canary, try_all

PACKAGES = (
    "gradetape", "numpy", "tensorflow", "tensorflow-cpu", "keras", "jax", "torch", "tensorflow-datasets",
    "nbformat", "jupytext", "pydantic", "ruamel.yaml", "SQLAlchemy", "matplotlib", "Jinja2", "click", "rich", "nbgrader",
)  # fmt: skip  # one name a line would make a page of it
DATASETS = ("mnist", "caltech_birds2011")
DEVICE_SECONDS = 120.0


@dataclass(frozen=True)
class Device:
    """Something the Keras backend can compute on. `model` is the maker's name for it, where known."""

    kind: str
    name: str
    model: str = ""


@dataclass(frozen=True)
class Data:
    """A data set or weights, and where they lie, if they do."""

    name: str
    found: bool
    where: str
    detail: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """Everything `gradetape doctor` tells. `notes` are sentences about what could not be found out."""

    isolation: str
    canaries: tuple[Canary, ...]
    devices: tuple[Device, ...]
    data: tuple[Data, ...]
    versions: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[Canary, ...]:
        """The promises that this level of isolation makes and this machine did not keep."""
        made = LEVELS[: LEVELS.index(self.isolation) + 1] if self.isolation in LEVELS else ()
        return tuple(canary for canary in self.canaries if canary.level in made and not canary.held)

    def as_json(self) -> dict[str, JsonValue]:
        """The document that `doctor --json` prints."""
        return {
            "isolation": self.isolation,
            "canaries": [asdict(canary) for canary in self.canaries],
            "devices": [asdict(device) for device in self.devices],
            "data": [asdict(data) for data in self.data],
            "versions": dict(self.versions),
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """The same for people: a table of promises, then devices, data, versions and notes."""
        width = max(len(canary.promise) for canary in self.canaries)
        told = [f"Isolation: {self.isolation}", ""]
        told += [
            f"  {'held    ' if canary.held else 'NOT HELD'}  {canary.promise:<{width}}  {canary.mechanism}"
            for canary in self.canaries
        ]
        told += [
            "",
            "Devices: " + (", ".join(f"{device.kind} {device.model}".strip() for device in self.devices) or "unknown"),
        ]
        told += [f"Data: {data.name}: {'found' if data.found else 'not here'}" for data in self.data]
        told += ["Versions: " + ", ".join(f"{name} {version}" for name, version in self.versions.items())]
        return told + list(self.notes)


def examine(course: Path | None = None, *, environment: Mapping[str, str] | None = None) -> Diagnosis:
    """Try every promise of the wall and look for devices, data and versions. Takes some seconds and imports no Keras.

    `course` is the folder whose shipped data are looked for; `environment` is ours unless given.
    """
    variables = os.environ if environment is None else environment
    canaries = try_all()
    devices, device_notes = find_devices(variables)
    return Diagnosis(
        isolation=LEVEL if os.name == "posix" else "none",
        canaries=canaries,
        devices=devices,
        data=find_data(course, variables),
        versions=find_versions(),
        notes=(*_lost_here(), *device_notes),
    )


def find_devices(environment: Mapping[str, str]) -> tuple[tuple[Device, ...], tuple[str, ...]]:
    """The backend's devices, asked for in a child, and what kept us from knowing them."""
    passed_on = {
        name: environment[name]
        for name in ("KERAS_BACKEND", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH")
        if name in environment
    }
    outcome = run(Job("devices", limits=Limits(wall_seconds=DEVICE_SECONDS), environment=passed_on))
    if outcome.ending is not Ending.FINISHED:
        return (), (f"Devices could not be found out: {outcome.detail.strip().splitlines()[-1]}",)
    if missing := outcome.facts["missing"]:
        return (), (
            f"Devices are unknown because {missing} is not installed; without it Q9 and Q10 cannot run. "
            "Install the extra: gradetape[keras].",
        )
    return tuple(Device(entry["kind"], entry["name"], entry["model"]) for entry in outcome.facts["devices"]), ()


def find_data(course: Path | None, environment: Mapping[str, str]) -> tuple[Data, ...]:
    """Data sets shipped with the course, prepared by tensorflow-datasets, and weights that Keras has kept."""
    home = Path(environment.get("HOME", str(Path.home())))
    prepared = Path(environment.get("TFDS_DATA_DIR", home / "tensorflow_datasets"))
    kept = Path(environment.get("KERAS_HOME", home / ".keras")) / "models"
    shipped = sorted((course / "exercises" / "data").glob("*.npz")) if course else []
    weights = sorted(kept.glob("*weights*.h5")) if kept.is_dir() else []
    return (
        *(Data(f"{file.stem} (shipped)", True, str(file)) for file in shipped),
        *(_prepared(prepared / name) for name in DATASETS),
        Data("ImageNet weights", bool(weights), str(kept), ", ".join(file.name for file in weights)),
    )


def _prepared(folder: Path) -> Data:
    versions = sorted(info.parent.name for info in folder.glob("**/dataset_info.json")) if folder.is_dir() else []
    return Data(f"{folder.name} (tensorflow-datasets)", bool(versions), str(folder), ", ".join(versions))


def find_versions() -> dict[str, str]:
    """Python, the system, and the packages that grading rests on, as far as they are installed."""
    found = {"python": platform.python_version(), "system": f"{platform.system()} {platform.release()}"}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _lost_here() -> tuple[str, ...]:
    system = platform.system()
    if system == "Linux":
        return ()
    if os.name == "posix":
        return (
            f"On {system} memory is not watched, a process may hide in a session of its own, and only time, output, "
            "the size of a file and the process group are held. Grade unknown people's programs on Linux.",
        )
    return (f"On {system} programs are not run at all; theory answers are marked. Use WSL or Linux for Q9 and Q10.",)
