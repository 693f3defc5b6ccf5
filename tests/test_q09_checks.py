"""graders/q09_mnist_cnn.py: each check on facts as the probe sends them. No TensorFlow here; see test_q09.py for that."""

from __future__ import annotations

import copy
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradetape.domain import Ending, Evidence, Finding, State
from gradetape.evidence import VIEWS
from gradetape.evidence.arrays import packed
from gradetape.exercise import Exercise
from gradetape.thresholds import Bounds

PATH = Path(__file__).parents[1] / "graders" / "q09_mnist_cnn.py"
SPEC = importlib.util.spec_from_file_location("q09_mnist_cnn", PATH)
assert SPEC is not None
assert SPEC.loader is not None
GRADER = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(GRADER)
MNIST: Exercise = GRADER.mnist
BOUNDS: Bounds = GRADER.THRESHOLDS.bounds


def layer(kind: str, name: str, feeds: str, side: int = 0, parameters: int = 0, **config: Any) -> dict[str, Any]:
    return {
        "name": name,
        "class": kind,
        "module": "keras.src.layers.any",
        "config": config,
        "inputs": [feeds] if feeds else [],
        "output_shape": [None, side, side, 8] if side else [None, 10],
        "parameters": parameters,
        "trainable_parameters": parameters,
        "trainable": True,
    }


FACTS: dict[str, Any] = {
    "attempted": True,
    "defined": ["build_model", "train"],
    "missing": [],
    "unfinished": [],
    "errors": [],
    "returned": {"class": "Sequential", "is_model": True},
    "model": {
        "connected": True,
        "input_shape": [None, 28, 28, 1],
        "output_shape": [None, 10],
        "parameters": 5000,
        "operations": {},
        "layers": [
            layer("Conv2D", "first", "", 28, 80, activation="relu"),
            layer("MaxPooling2D", "pool", "first", 14),
            layer("Conv2D", "second", "pool", 14, 500, activation="relu"),
            layer("Flatten", "flat", "second"),
            layer("Dropout", "drop", "flat", rate=0.5),
            layer("Dense", "last", "drop", 0, 4000, activation="softmax"),
        ],
    },
    "output": {"finite": True, "low": 0.01, "high": 0.4, "sums_to_one": True, "zeros": 0.0},
    "fits": [
        {
            "data": {"kind": "arrays", "labels": "integers", "low": 0.0, "high": 1.0, "finite": True, "known": 1.0}
            | {"from_validation": 0.0, "changed": 0.0, "labels_right": 1.0, "scale": 1.0, "offset": 0.0},
            "validation": {"kind": "arrays", "known": 1.0, "from_validation": 1.0},
            "compile": {
                "loss": {"class": "SparseCategoricalCrossentropy", "own": False, "from_logits": False},
                "optimizer": {"class": "SGD", "learning_rate": 0.01, "settings": {}},
            },
            "callbacks": [],
        }
    ],
    "losses_called": [],
    "optimizers_called": [],
    "train": {"finished": True, "moved": ["0:first"], "still": [], "finite": True, "frozen": []},
}


def judged(check: str, facts: dict[str, Any], ending: Ending = Ending.FINISHED, **arrays: Any) -> Finding:
    found = next(each for each in MNIST.checks if each.name == check)
    held = {name: packed(values) for name, values in arrays.items()}
    evidence = Evidence("q09_mnist_cnn", facts=facts, arrays=held, ending=ending)
    return found.judge(VIEWS[found.view].of(evidence))


def changed(*path: Any, to: Any) -> dict[str, Any]:
    facts = copy.deepcopy(FACTS)
    place: Any = facts
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return facts


LAYERS = ("model", "layers")
FIT = ("fits", 0)
LOSS = (*FIT, "compile", "loss")


def test_the_checks_are_worth_twenty_points() -> None:
    assert sum(check.points for check in MNIST.checks) == 20


@pytest.mark.parametrize("check", [check.name for check in MNIST.checks if check.view == "Classifier"])
def test_a_sound_program_meets_every_check(check: str) -> None:
    assert judged(check, FACTS).state is State.MET


def test_a_failing_cell_below_the_functions_costs_nothing() -> None:
    error = {"stage": "import", "type": "FileNotFoundError", "message": "my.npz", "line": 40, "source_line": "load()"}
    finding = judged("runs-and-defines-its-functions", changed("errors", to=[error]))
    assert finding.state is State.MET
    assert "my.npz" in finding.message


WRONG = [
    ("runs-and-defines-its-functions", changed("missing", to=["train"]), "`train`"),
    ("runs-and-defines-its-functions", changed("unfinished", to=["train"]), "Still to be written"),
    (
        "runs-and-defines-its-functions",
        changed(
            "errors", to=[{"stage": "import", "type": "NameError", "message": "tf", "line": 3, "source_line": "x = tf"}]
        )
        | {"missing": ["build_model", "train"]},
        "line 3: `x = tf`. NameError: tf",
    ),
    ("tells-ten-digits-apart", changed("model", "output_shape", to=[None, 1]), "expected (any, 10), found (any, 1)"),
    ("tells-ten-digits-apart", changed("returned", to={"class": "NoneType", "is_model": False}), "returned nothing"),
    (
        "tells-ten-digits-apart",
        changed("errors", to=[{"stage": "calling the model", "type": "ValueError", "message": "shape"}]),
        "(n, 28, 28, 1)",
    ),
    ("learns-features-by-convolution", changed(*LAYERS, 2, "class", to="Dense"), "at least 2, found 1"),
    ("learns-features-by-convolution", changed(*LAYERS, 0, "trainable_parameters", to=0), "`first`"),
    ("bends-between-layers", changed(*LAYERS, 0, "config", "activation", to="linear"), "`first`"),
    ("stays-within-five-million-parameters", changed("model", "parameters", to=6_000_000), "6,000,000"),
    (
        "trains-without-an-error",
        changed("errors", to=[{"stage": "train", "type": "TypeError", "message": "no"}]),
        "TypeError",
    ),
    ("matches-loss-with-output-and-labels", changed(*LOSS, "from_logits", to=True), "twice"),
    ("matches-loss-with-output-and-labels", changed(*LAYERS, 5, "config", "activation", to="relu"), "`relu`"),
    ("matches-loss-with-output-and-labels", changed(*LAYERS, 5, "config", "activation", to="sigmoid"), "`sigmoid`"),
    ("matches-loss-with-output-and-labels", changed(*FIT, "data", "labels", to="one-hot"), "one-hot"),
    ("matches-loss-with-output-and-labels", changed(*LOSS, "class", to="CategoricalCrossentropy"), "whole numbers"),
    ("matches-loss-with-output-and-labels", changed(*LOSS, "class", to="MeanSquaredError"), "whole numbers"),
    ("measures-classes-by-its-loss", changed(*LOSS, "class", to="MeanSquaredError"), "distances"),
    ("measures-classes-by-its-loss", changed(*LOSS, "class", to="BinaryCrossentropy"), "exactly one"),
    ("guards-against-overfitting", changed(*LAYERS, 4, "class", to="Identity"), "Nothing was found"),
    ("watches-validation-images", changed(*FIT, "validation", to={"kind": "none"}), "no validation images"),
    ("watches-validation-images", changed(*FIT, "validation", "from_validation", to=0.0), "are training images"),
    ("feeds-the-right-images-and-labels", changed(*FIT, "data", "labels_right", to=0.1), "10%"),
    ("feeds-the-right-images-and-labels", changed(*FIT, "data", "high", to=1 / 255), "scaled twice"),
    ("feeds-the-right-images-and-labels", changed(*FIT, "data", "high", to=255.0), "between 0 and 255"),
    (
        "feeds-the-right-images-and-labels",
        changed(*FIT, "data", "from_validation", to=1.0),
        "learns from the validation",
    ),
    ("updates-its-weights", changed("train", "moved", to=[]), "No weight"),
    ("updates-its-weights", changed("train", "finite", to=False), "infinite"),
    ("updates-its-weights", changed("train", "frozen", to=["first"]), "`first`"),
]


@pytest.mark.parametrize(
    ("check", "facts", "words"), WRONG, ids=[f"{case[0]}-{number}" for number, case in enumerate(WRONG)]
)
def test_what_is_wrong_is_named(check: str, facts: dict[str, Any], words: str) -> None:
    finding = judged(check, facts)
    assert finding.state in (State.MISSED, State.PARTLY)
    assert words in finding.message


def test_maps_that_never_shrink_are_told_their_size() -> None:
    facts = changed(*LAYERS, 1, "class", to="Identity")
    for place in (1, 2):
        facts["model"]["layers"][place]["output_shape"] = [None, 28, 28, 8]
    assert "28 pixels" in judged("shrinks-the-maps-on-the-way", facts).message


def test_scores_without_softmax_fit_a_loss_that_is_told_so() -> None:
    facts = changed(*LAYERS, 5, "config", "activation", to="linear")
    facts["output"] = {"finite": True, "low": -2.0, "high": 2.0, "sums_to_one": False, "zeros": 0.0}
    check = "matches-loss-with-output-and-labels"
    assert judged(check, facts).state is State.MISSED
    facts["fits"][0]["compile"]["loss"]["from_logits"] = True
    assert judged(check, facts).state is State.MET


def test_a_convolution_may_be_bent_after_pooling_or_normalisation() -> None:
    facts = changed(*LAYERS, 0, "config", "activation", to="linear")
    facts["model"]["layers"][1] = layer("ReLU", "pool", "first", 14)
    assert judged("bends-between-layers", facts).state is State.MET


def test_a_rescaling_inside_the_model_counts_towards_the_range() -> None:
    facts = changed(*FIT, "data", "high", to=255.0)
    facts["model"]["layers"].insert(0, layer("Rescaling", "scale", "", 28, scale=1 / 255, offset=0.0))
    assert judged("feeds-the-right-images-and-labels", facts).state is State.MET


def test_a_loss_that_could_not_be_seen_is_left_to_a_human() -> None:
    facts = {**changed("fits", to=[]), "losses_called": []}
    assert judged("matches-loss-with-output-and-labels", facts).state is State.NOT_JUDGED


def trained(accuracies: list[float], **facts: Any) -> Finding:
    """The training check for runs of these accuracies on 100 held-out images."""
    labels = np.zeros(100, dtype="uint8")
    predictions = np.zeros((len(accuracies), 100, 10), dtype="float32")
    for run, accuracy in enumerate(accuracies):
        predictions[run, :, 0] = np.arange(100) < accuracy * 100
        predictions[run, :, 1] = 0.5
    told = {"training": {"by": "trainer", "device": "CPU", "seeds": [7], "ending": "finished", "curve": [], **facts}}
    arrays = {"predictions": predictions, "labels": labels} if accuracies else {}
    return judged("learns-to-read-digits", told, **arrays)


def test_accuracy_at_the_upper_bound_meets_the_training_check() -> None:
    assert trained([BOUNDS.pass_at]).state is State.MET
    assert trained([BOUNDS.pass_at - 0.01]).state is State.PENDING


def test_accuracy_below_the_lower_bound_misses_it() -> None:
    assert trained([BOUNDS.fail_below - 0.01]).state is State.MISSED


def test_a_second_seed_can_settle_it() -> None:
    between = (BOUNDS.fail_below + BOUNDS.pass_at) / 2
    assert trained([between, BOUNDS.pass_at]).state is State.MET
    assert trained([between, between]).state is State.PENDING


def test_no_numbers_count_as_wrong() -> None:
    labels = np.zeros(50, dtype="uint8")
    nothing = np.full((1, 50, 10), np.nan, dtype="float32")
    told = {"training": {"device": "CPU", "curve": [{"images": 1, "loss": 2.3}, {"images": 2, "loss": "NaN"}]}}
    finding = judged("learns-to-read-digits", told, predictions=nothing, labels=labels)
    assert finding.state is State.MISSED
    assert "learning rate" in finding.hint


def test_a_training_that_we_could_not_do_costs_nothing() -> None:
    assert trained([], our_fault=True, failed="it broke").state is State.NOT_JUDGED
    assert judged("learns-to-read-digits", {}).state is State.NOT_JUDGED


def test_a_training_out_of_time_goes_to_a_human() -> None:
    assert trained([], ending="out of time", failed="too long").state is State.PENDING


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["class", "layers", "config", "data", "loss", "name", "inputs"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(sorted([*FACTS, "training"])), anything), st.sampled_from(Ending))
def test_no_facts_make_a_check_crash(facts: dict[str, Any], ending: Ending) -> None:
    for check in MNIST.checks:
        assert isinstance(judged(check.name, facts, ending), Finding)
