"""Q10 behind the wall: what the probe sees of the reference and of unusual programs, and how their heads learn."""

from __future__ import annotations

import functools
import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gradetape import transfer
from gradetape.domain import Ending, Evidence
from gradetape.evidence import VIEWS, Training
from gradetape.exercise import Exercise
from gradetape.sandbox import Limits, Outcome, run

ROOT = Path(__file__).parents[1]
SLUG = "q10_transfer_learning"
LIMITS = Limits(wall_seconds=600, cpu_seconds=200)
pytestmark = pytest.mark.slow
UNUSUAL = ["efficientnet_raw_one_hot", "mobilenet_scaling_inside_logits", "subclassed"]


def exercise() -> Exercise:
    spec = importlib.util.spec_from_file_location(SLUG, ROOT / "graders" / f"{SLUG}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return next(value for value in vars(module).values() if isinstance(value, Exercise))


@functools.cache
def prepared() -> transfer.Prepared:
    return transfer.prepare("drawn_shapes", base="Xception", exercises=ROOT / "exercises", seed=7)


@functools.cache
def look(path: str) -> Outcome:
    program = (ROOT / path).read_text("utf-8")
    outcome = run(transfer.look_job(exercise(), program, prepared(), seed=7, limits=LIMITS))
    assert outcome.ending is Ending.FINISHED, (outcome.detail, outcome.output)
    return outcome


def reference() -> Any:
    return look(f"solutions/{SLUG}.py").facts


COUNT = """
import keras, runpy
from gradetape.probes.pretrained import pretrained_offline
keras.utils.set_random_seed(0)
with pretrained_offline(None):
    model, base = runpy.run_path({path!r})["build_model"](200)
print(model.count_params(), base.count_params())
"""


def test_the_reference_has_the_parameters_of_the_answer_key() -> None:
    path = str(ROOT / "solutions" / f"{SLUG}.py")
    made = subprocess.run([sys.executable, "-c", COUNT.format(path=path)], capture_output=True, text=True, check=True)
    assert made.stdout.split() == ["22660880", "20861480"]


def test_the_reference_freezes_then_unfreezes_and_weights_move_only_where_they_may() -> None:
    first, second = reference()["head_phase"], reference()["fine_phase"]
    assert first["fits"][0]["trainable_base"] == first["changed_base"] == first["changed_though_frozen"] == 0
    assert first["changed_head"] == second["changed_head"] == 4
    assert second["changed_base"] == second["fits"][0]["trainable_base"] > 0
    assert second["changed_though_frozen"] == 0
    assert [phase["fits"][0]["epochs"] for phase in (first, second)] == [3, 10]


def test_the_report_can_name_data_weights_device_seed_and_budget() -> None:
    assert reference()["run"].keys() == {"dataset", "device", "seed", "budget"}
    assert reference()["base"]["weights"] in ("imagenet", "stand-in")


def test_the_base_is_shown_as_one_layer_and_the_head_stands_alone() -> None:
    shown = [layer["class"] for layer in reference()["model"]["layers"] if layer["class"] != "InputLayer"]
    assert shown == ["Xception", "Dense", "GlobalAveragePooling2D", "Dense"]
    assert [layer["class"] for layer in reference()["head"]["layers"]] == ["InputLayer", *shown[1:]]


@pytest.mark.parametrize("name", UNUSUAL)
def test_right_but_different_programs_meet_every_check(name: str) -> None:
    grader = exercise()
    outcome = look(f"tests/right_but_different/{SLUG}/{name}/{SLUG}.py")
    seen = Evidence(SLUG, facts=outcome.facts)
    trained = transfer.train(seen, grader, prepared(), seed=7)
    found = {check.name: check.judge(VIEWS[check.view].of(trained)) for check in grader.checks}
    assert {name: finding.message for name, finding in found.items() if finding.state.value != "met"} == {}


def test_a_head_of_unknown_layers_is_refused_and_not_trained() -> None:
    head = {"connected": True, "rank": 4, "layers": [{"name": "mine", "class": "Mystery", "module": "submission"}]}
    seen = Evidence(SLUG, facts={"head": head, "head_phase": reference()["head_phase"]})
    trained = transfer.train(seen, exercise(), prepared(), seed=7)
    assert "Mystery" in trained.facts["training"]["refused"][0]
    assert Training.of(trained).accuracies == ()


def test_the_features_hold_every_picture_once_and_are_standardised() -> None:
    features = prepared().features
    assert features.x_train.shape == (128, 7, 7, 2048)
    assert features.x_held_out.shape[0] == len(features.y_held_out) == 48
    assert abs(float(features.x_train.astype("float32").mean())) < 0.01
