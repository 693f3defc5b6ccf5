"""Q9 behind the wall: what the probe sees of the reference, of unusual models, and of programs that end early."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest

from gradetape import datasets, trainer
from gradetape.architecture import Architecture, read
from gradetape.domain import Ending
from gradetape.evidence import Classifier
from gradetape.exercise import Exercise
from gradetape.sandbox import Limits, Outcome, run

ROOT = Path(__file__).parents[1]
SLUG = "q09_mnist_cnn"
PROGRAM = f"{SLUG}.py"
IMAGES = datasets.load("digits", ROOT / "exercises")
LIMITS = Limits(wall_seconds=400, cpu_seconds=120)
WATCHED = Exercise(SLUG, probe="keras_classifier", defines=["build_model", "train"])
BY_LAYER = [3_200, 0, 73_856, 147_584, 295_168, 0, 590_080, 590_080, 0, 0, 295_040, 0, 8_256, 0, 650]


@functools.cache
def look(path: str) -> Outcome:
    return run(trainer.look_job(WATCHED, (ROOT / path / PROGRAM).read_text("utf-8"), IMAGES, seed=3, limits=LIMITS))


def different(name: str) -> dict[str, Any]:
    outcome = look(f"tests/right_but_different/{SLUG}/{name}")
    assert outcome.ending is Ending.FINISHED, (outcome.detail, outcome.output)
    return dict(outcome.facts)


def test_the_reference_has_the_parameters_of_the_answer_key() -> None:
    model = look("solutions/").facts["model"]
    assert model["parameters"] == model["trainable_parameters"] == 2_003_914
    assert [layer["parameters"] for layer in model["layers"] if layer["class"] != "InputLayer"] == BY_LAYER


def test_the_reference_can_be_rebuilt_without_its_code() -> None:
    found = read(look("solutions/").facts["model"], most_parameters=5_000_000)
    assert isinstance(found, Architecture)
    assert [node.parameters for node in found.nodes] == BY_LAYER
    assert found.output_shape == (10,)


def test_what_train_asked_for_is_noted_as_it_was_before_it_was_capped() -> None:
    (fit,) = look("solutions/").facts["fits"]
    assert fit["epochs"] == 30
    (stopping,) = fit["callbacks"]
    assert (stopping["class"], stopping["patience"], stopping["restore_best_weights"]) == ("EarlyStopping", 5, True)
    assert fit["compile"]["loss"]["class"] == "SparseCategoricalCrossentropy"
    assert fit["compile"]["optimizer"]["learning_rate"] == pytest.approx(0.01)
    assert fit["data"]["labels"] == "integers"
    assert fit["validation"]["from_validation"] == 1.0
    assert fit["data"]["from_validation"] == 0.0


def test_a_subclassed_model_is_unfolded_into_the_layers_its_call_uses() -> None:
    model = different("subclassed")["model"]
    assert model["kind"] == "subclassed"
    assert model["connected"] is True
    pools = [layer for layer in model["layers"] if layer["class"] == "MaxPooling2D"]
    assert len(pools) == 2
    assert pools[1]["repeats"] == pools[0]["name"]


def test_layers_inside_an_own_layer_are_counted() -> None:
    facts = different("own_layer")
    seen = Classifier(facts)
    assert seen.connected is False
    assert seen.count("Conv2D") == 6
    assert seen.bends
    assert all(layer["inside"] for layer in facts["model"]["layers"] if layer["class"] == "Conv2D")


def test_an_own_loop_is_watched_through_its_loss_and_its_optimizer() -> None:
    facts = different("own_loop")
    assert facts["fits"] == []
    assert facts["losses_called"][0]["class"] == "SparseCategoricalCrossentropy"
    assert facts["optimizers_called"][0]["class"] == "Adam"
    assert facts["train"]["moved"]


def test_images_from_a_pipeline_are_recognised_though_they_were_changed() -> None:
    data = different("tf_data")["fits"][0]["data"]
    assert data["kind"] == "dataset"
    assert data["labels_right"] > 0.9
    assert data["from_validation"] < 0.1


def test_a_change_of_scale_is_measured() -> None:
    assert different("rescaling_inside")["fits"][0]["data"]["scale"] == pytest.approx(255, rel=1e-3)


def test_a_program_that_leaves_early_keeps_what_was_seen_before() -> None:
    outcome = look(f"tests/submissions/{SLUG}/leaves-early")
    assert outcome.ending is Ending.EXITED
    assert outcome.facts["model"]["output_shape"] == [None, 10]
    assert "train" not in outcome.facts
