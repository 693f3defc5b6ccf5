"""trainer.py, recipe.py and thresholds.py: what is planned, what may enter a training, and what comes of one."""

from __future__ import annotations

import copy
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradetape import recipe, trainer
from gradetape.architecture import Architecture, Refusal
from gradetape.datasets import ImageSet
from gradetape.domain import Evidence, State
from gradetape.errors import CourseError
from gradetape.evidence import Training
from gradetape.evidence.arrays import packed, unpacked
from gradetape.exercise import Exercise, TrainingPlan
from gradetape.recipe import Recipe
from gradetape.sandbox import Limits
from gradetape.thresholds import Bounds, Budget, Graphics, Thresholds, thresholds

BUDGET = Budget(images=120, batch_size=4, cpu_seconds=120, loop_seconds=20)
LIMITS = Thresholds(budget=BUDGET, bounds=Bounds(fail_below=0.75, pass_at=0.9))
PLANNED = Exercise(
    "stripes", probe="keras_classifier", defines=["build_model", "train"], training=TrainingPlan("stripes", LIMITS)
)


def stripes() -> ImageSet:
    """Two easy classes: bright rows above, or bright rows below."""
    chance = np.random.default_rng(0)
    labels = chance.integers(0, 2, 400)
    pixels = chance.random((400, 28, 28, 1), dtype="float32") * 0.3
    for image, label in zip(pixels, labels, strict=True):
        image[slice(4, 10) if label else slice(18, 24)] += 0.7
    return ImageSet("stripes", "drawn here", pixels[:360], labels[:360], pixels[360:], labels[360:])


def layer(kind: str, name: str, feeds: str, **config: Any) -> dict[str, Any]:
    module = "keras.src.layers.core.dense"
    return {"name": name, "class": kind, "module": module, "config": config, "inputs": [feeds] if feeds else []}


FACTS: dict[str, Any] = {
    "model": {
        "connected": True,
        "layers": [
            layer("Conv2D", "c", "", filters=4, kernel_size=[5, 5], strides=[2, 2], activation="relu"),
            layer("Dropout", "noise", "c", rate=0.9),
            layer("GlobalMaxPooling2D", "g", "noise"),
            layer("Flatten", "f", "c"),
            layer("Dense", "d", "f", units=2, activation="softmax"),
        ],
    },
    "fits": [
        {
            "data": {"scale": 1.0, "offset": 0.0},
            "compile": {
                "loss": {"class": "SparseCategoricalCrossentropy", "from_logits": False, "own": False},
                "optimizer": {"class": "Adam", "learning_rate": 0.01, "settings": {"beta_1": 0.9}},
            },
        }
    ],
}


def changed(**parts: Any) -> dict[str, Any]:
    facts = copy.deepcopy(FACTS)
    facts["fits"][0]["compile"]["loss"].update(parts.pop("loss", {}))
    facts["fits"][0]["compile"]["optimizer"].update(parts.pop("optimizer", {}))
    return {**facts, **parts}


def test_a_recipe_is_read_from_what_fit_was_given() -> None:
    found = recipe.read(changed(optimizer={"settings": {"beta_1": 0.8, "jit_compile": True}}))
    assert isinstance(found, Recipe)
    assert (found.optimizer, found.learning_rate, found.settings) == ("Adam", 0.01, {"beta_1": 0.8})
    assert found.one_hot is False


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (changed(fits=[]), "loop of its own"),
        (changed(loss={"own": True}), "cannot be rebuilt"),
        (changed(loss={"class": "eval"}), "cannot be rebuilt"),
        (changed(optimizer={"class": "Lambda"}), "cannot be rebuilt"),
        (changed(optimizer={"learning_rate": "NaN"}), "must be a number"),
        (changed(optimizer={"settings": {"beta_1": 2}}), "must be a number from 0 to 1"),
        (changed(fits=["x"]), "loop of its own"),
        (changed(fits=[{"compile": 3}]), "cannot be rebuilt"),
    ],
)
def test_what_cannot_be_done_again_is_refused_with_its_reason(facts: dict[str, Any], reason: str) -> None:
    found = recipe.read(facts)
    assert isinstance(found, Refusal)
    assert reason in found.reasons[0]


def test_no_held_out_label_enters_any_job() -> None:
    images = replace(stripes(), y_held_out=np.full(40, 77_777))
    jobs = [
        trainer.look_job(PLANNED, "x = 1", images, seed=1, limits=Limits()),
        trainer.plan(FACTS, PLANNED, images, "x = 1"),
        trainer.plan({}, PLANNED, images, "x = 1"),
    ]
    for job in jobs:
        for name, content in job.files.items():
            if name.endswith(".npz"):
                held = np.load(io.BytesIO(content), allow_pickle=False)
                assert "y_held_out" not in held.files
                assert not any((held[part] == 77_777).any() for part in held.files)


def test_the_look_gets_training_images_only() -> None:
    images = stripes()
    job = trainer.look_job(PLANNED, "x = 1", images, seed=1, limits=Limits())
    held = np.load(io.BytesIO(job.files["images.npz"]), allow_pickle=False)
    assert sorted(held.files) == ["x_train", "x_valid", "y_train", "y_valid"]
    known = {image.tobytes() for image in images.x_train}
    assert all(image.tobytes() in known for part in ("x_train", "x_valid") for image in held[part])


def test_known_layers_are_rebuilt_without_the_students_code() -> None:
    plan = trainer.plan(FACTS, PLANNED, stripes(), "import os")
    assert plan.probe == "training"
    assert list(plan.files) == ["training.npz"]
    assert plan.reasons == ()


def test_own_layers_train_by_their_own_code_and_the_reason_is_kept() -> None:
    facts = copy.deepcopy(FACTS)
    facts["model"]["layers"][0]["module"] = "submission"
    plan = trainer.plan(facts, PLANNED, stripes(), "import os")
    assert plan.probe == "own_training"
    assert plan.files["submission.py"] == b"import os"
    assert "not among the layers" in plan.reasons[0]


def test_accuracy_counts_rows_without_numbers_as_wrong() -> None:
    scores = np.array([[0.9, 0.1], [np.nan, 0.0], [0.2, 0.8], [0.7, 0.3]])
    assert trainer.accuracy(scores, np.array([0, 0, 1, 1])) == 0.5


def test_arrays_come_back_as_they_were_packed() -> None:
    values = np.arange(12, dtype=">i4").reshape(3, 4)
    assert packed(values).dtype == "int32"
    assert (unpacked(packed(values)) == values).all()
    with pytest.raises(TypeError):
        packed(np.array(["text"]))


def test_a_rebuilt_model_learns_and_the_same_seed_gives_the_same_predictions() -> None:
    images = stripes()
    first, second = (trainer.train(Evidence("stripes", facts=FACTS), PLANNED, images, "", seed=5) for _ in range(2))
    view = Training.of(first)
    assert view.accuracies[0] >= 0.95
    assert first.arrays == second.arrays
    assert first.digest() == second.digest()
    told = first.facts["training"]
    assert (told["by"], told["data"], told["images"], told["seeds"], told["threads"]) == (
        "trainer",
        "stripes",
        120,
        [5],
        "1",
    )
    assert len(told["curve"]) == 10
    assert first.seconds > 0


def test_a_model_that_cannot_learn_is_missed_with_its_circumstances() -> None:
    facts = changed(optimizer={"learning_rate": 0.0})
    facts["model"]["layers"][-1]["config"]["units"] = 10
    seen = trainer.train(Evidence("stripes", facts=facts), PLANNED, stripes(), "", seed=5)
    finding = Training.of(seen).verdict(LIMITS)
    assert finding.state is State.MISSED
    assert "Trained by GradeTape: 120 images of stripes" in finding.message


def test_gpu_bounds_hold_on_a_gpu_only_once_they_are_calibrated() -> None:
    higher = Bounds(fail_below=0.5, pass_at=0.95)
    planned = LIMITS.model_copy(update={"gpu": Graphics(budget=BUDGET, bounds=None)})
    assert planned.bounds_on("GPU NVIDIA A10") == LIMITS.bounds
    calibrated = LIMITS.model_copy(update={"gpu": Graphics(budget=BUDGET, bounds=higher)})
    assert calibrated.bounds_on("GPU NVIDIA A10") == higher
    assert calibrated.bounds_on("CPU") == LIMITS.bounds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("other: {}", "found none"),
        ("q: {budget: {images: 0, batch_size: 1}, bounds: {fail_below: 0, pass_at: 1}}", "budget, images"),
        ("q: {budget: {images: 1, batch_size: 1}, bounds: {fail_below: 0.5, pass_at: 0.4}}", "must not lie above"),
        ("q: [1", "YAML 1.2"),
    ],
)
def test_a_wrong_threshold_file_is_a_located_course_error(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "thresholds.yaml").write_text(text)
    with pytest.raises(CourseError, match=r"thresholds\.yaml, (q|line)") as raised:
        thresholds("q", beside=str(tmp_path / "q.py"))
    assert words in str(raised.value)


def test_an_architecture_may_take_features_in_the_place_of_images() -> None:
    """Q10's head is trained on standardised features by the same child."""
    from gradetape import architecture

    head = {"connected": True, "layers": [layer("Dense", "d", "", units=4, activation="softmax")]}
    found = architecture.read(head, most_parameters=1000, input_shape=(20,))
    assert isinstance(found, Architecture)
    assert (found.parameters, found.output_shape) == (84, (4,))
