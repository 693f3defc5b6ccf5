"""The checks of Q10 on facts alone: each fault costs the check it belongs to, and nothing else."""

from __future__ import annotations

import copy
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradetape.domain import Ending, Evidence, State
from gradetape.evidence import VIEWS
from gradetape.evidence.arrays import packed
from gradetape.exercise import Exercise

SLUG = "q10_transfer_learning"
GRADER = Path(__file__).parents[1] / "graders" / f"{SLUG}.py"
Facts = dict[str, Any]
Change = Callable[[Facts], None]


def exercise() -> Exercise:
    spec = importlib.util.spec_from_file_location(SLUG, GRADER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return next(value for value in vars(module).values() if isinstance(value, Exercise))


CHECKS = exercise().checks


def fit(rate: float, base: int) -> Facts:
    return {
        "own_model": True,
        "compiled": True,
        "as_compiled": True,
        "stale": False,
        "loss": {"class": "SparseCategoricalCrossentropy", "from_logits": False},
        "optimizer": {"class": "SGD", "learning_rate": rate},
        "trainable_base": base,
        "trainable_base_kernels": base // 2,
        "trainable_head": 4,
    }


def phase(rate: float, base: int) -> Facts:
    return {
        "finished": True,
        "fits": [fit(rate, base)],
        "sources": [{"training": "training", "validation": "validation"}],
        "base_variables": 154,
        "changed_base": base,
        "changed_head": 4,
    }


def sound() -> Facts:
    batch = {"empty": False, "shape": [16, 224, 224, 3], "labels_shape": [16], "steps": {"shuffle": 1, "batch": 1}}
    return {
        "attempted": True,
        "defined": ["load_data", "prepare", "build_model", "train_head", "fine_tune"],
        "missing": [],
        "unfinished": [],
        "errors": [],
        "run": {"dataset": "drawn_shapes", "device": "CPU", "seed": 7, "budget": "one step a phase"},
        "splits": {
            "sizes": {"training": 102, "validation": 26, "test": 48},
            "classes": 4,
            "classes_returned": 4,
            "shared": {"training and validation": 0},
        },
        "pipeline": {"training": batch, "validation": copy.deepcopy(batch)},
        "model": {"output_shape": [None, 4], "layers": [{"class": "Xception"}, {"class": "Dense"}]},
        "base": {"family": "Xception", "name": "xception", "weights": "imagenet", "top_used": False},
        "base_input": {
            "reached": True,
            "expected": "symmetric",
            "validation": "symmetric",
            "training": "symmetric",
            "repeats": True,
            "same_set": True,
            "in_order": True,
            "unaltered": True,
        },
        "head_phase": phase(0.1, 0),
        "fine_phase": phase(0.01, 16),
        "outputs": {"labels": "numbers", "finite": True, "probabilities": True},
        "training": {"device": "CPU", "seeds": [7]},
    }


def states(facts: Facts, right: int = 48, ending: Ending = Ending.FINISHED) -> dict[str, State]:
    labels = np.arange(48, dtype="uint8") % 4
    told = np.where(np.arange(48) < right, labels, (labels + 1) % 4)
    arrays = {"predictions": packed(np.eye(4, dtype="float32")[told][None]), "labels": packed(labels)}
    evidence = Evidence(SLUG, facts=facts, arrays=arrays, ending=ending)
    return {check.name: check.judge(VIEWS[check.view].of(evidence)).state for check in CHECKS}


def lost(change: Change, **more: Any) -> dict[str, State]:
    facts = sound()
    change(facts)
    return {name: state for name, state in states(facts, **more).items() if state is not State.MET}


def at(*path: Any, value: Any) -> Change:
    def change(facts: Facts) -> None:
        place = facts
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


def test_a_sound_program_meets_every_check() -> None:
    assert set(states(sound()).values()) == {State.MET}


def test_points_add_up_to_twenty() -> None:
    assert sum(check.points for check in CHECKS) == 20


HEAD, FINE = ("head_phase", "fits", 0), ("fine_phase", "fits", 0)


@pytest.mark.parametrize(
    ("change", "check", "state"),
    [
        (at("splits", "shared", "training and test", value=3), "keeps-three-splits-apart", State.MISSED),
        (at("splits", "sizes", "validation", value=0), "keeps-three-splits-apart", State.MISSED),
        (at("pipeline", "training", "shape", value=[16, 160, 160, 3]), "prepares-square-batches", State.MISSED),
        (at("pipeline", "validation", "shape", value=[224, 224, 3]), "prepares-square-batches", State.MISSED),
        (at("pipeline", "training", "steps", value={"batch": 1}), "shuffles-while-training", State.MISSED),
        (at("base", "weights", value="none"), "stands-on-a-pretrained-base", State.MISSED),
        (at("base", "top_used", value=True), "stands-on-a-pretrained-base", State.MISSED),
        (at("base_input", "validation", value="unit"), "preprocesses-as-the-base-expects", State.MISSED),
        (at("base_input", "training", value="centred"), "preprocesses-as-the-base-expects", State.MISSED),
        (at("base", "family", value="unknown"), "preprocesses-as-the-base-expects", State.PENDING),
        (at("base_input", "unaltered", value=False), "leaves-validation-pictures-as-they-are", State.MISSED),
        (at("base_input", "in_order", value=False), "leaves-validation-pictures-as-they-are", State.PARTLY),
        (at("model", "output_shape", value=[None, 200]), "has-one-output-per-class", State.MISSED),
        (at("model", "output_shape", value=[None, 7, 7, 4]), "has-one-output-per-class", State.MISSED),
        (at("outputs", "probabilities", value=False), "matches-loss-with-output-and-labels", State.MISSED),
        (at("outputs", "labels", value="one-hot"), "matches-loss-with-output-and-labels", State.MISSED),
        (at(*HEAD, "trainable_base", value=154), "freezes-the-base-first", State.MISSED),
        (at("head_phase", "changed_base", value=2), "freezes-the-base-first", State.MISSED),
        (at(*FINE, "trainable_base_kernels", value=0), "unfreezes-part-of-the-base", State.MISSED),
        (at(*FINE, "compiled", value=False), "compiles-again-after-unfreezing", State.MISSED),
        (at(*FINE, "as_compiled", value=False), "compiles-again-after-unfreezing", State.PARTLY),
        (at(*FINE, "optimizer", "learning_rate", value=0.1), "fine-tunes-in-smaller-steps", State.MISSED),
        (at(*FINE, "optimizer", "learning_rate", value=0.0), "fine-tunes-in-smaller-steps", State.MISSED),
        (at(*FINE, "optimizer", value={"class": "Adam", "learning_rate": 0.2}), "fine-tunes-in-smaller-steps", State.PENDING),
        (at("fine_phase", "sources", 0, "validation", value="test"), "saves-the-test-pictures-for-the-end", State.MISSED),
        (at("head_phase", "sources", 0, "training", value="test"), "saves-the-test-pictures-for-the-end", State.MISSED),
        (at("head_phase", "sources", 0, "validation", value="none"), "saves-the-test-pictures-for-the-end", State.MISSED),
        (at("head_phase", "sources", 0, "validation", value="unknown"), "saves-the-test-pictures-for-the-end", State.PENDING),
        (at("training", value={"refused": ["A `Lambda` is not rebuilt."]}), "learns-with-its-head", State.PENDING),
    ],
)  # fmt: skip
def test_one_fault_costs_its_own_check_alone(change: Change, check: str, state: State) -> None:
    assert lost(change) == {check: state}


def test_a_model_without_a_base_is_told_apart_from_one_whose_base_is_unknown() -> None:
    assert lost(at("base", value={}))["stands-on-a-pretrained-base"] is State.MISSED
    unknown = lost(at("base", value={"family": "unknown", "name": "mine", "weights": "imagenet"}))
    assert unknown == {"preprocesses-as-the-base-expects": State.PENDING}


def test_validation_that_changes_with_every_pass_is_augmented() -> None:
    def random(facts: Facts) -> None:
        facts["base_input"].update(repeats=False, same_set=False, unaltered=False)

    assert lost(random) == {"leaves-validation-pictures-as-they-are": State.MISSED}


def test_a_stale_fit_is_told_as_a_missing_compile_and_not_as_a_missing_validation() -> None:
    def stale(facts: Facts) -> None:
        facts["fine_phase"]["fits"][0].update(stale=True, compiled=False)
        facts["fine_phase"]["sources"] = []

    assert lost(stale) == {"compiles-again-after-unfreezing": State.MISSED}


def test_a_head_that_learns_nothing_misses_only_that() -> None:
    assert lost(lambda facts: None, right=12) == {"learns-with-its-head": State.MISSED}


def test_a_loop_of_ones_own_waits_for_a_human() -> None:
    def own_loop(facts: Facts) -> None:
        for name in ("head_phase", "fine_phase"):
            facts[name].update(fits=[], sources=[], changed_head=4)

    found = lost(own_loop)
    assert found["freezes-the-base-first"] is found["unfreezes-part-of-the-base"] is State.PENDING
    assert State.MISSED not in found.values()


def test_nothing_at_all_is_judged_without_a_crash() -> None:
    for facts in ({}, {"attempted": True, "errors": [{"stage": "import", "type": "E", "message": "m"}]}):
        for check in CHECKS:
            if not check.needs:
                view = VIEWS[check.view].of(Evidence(SLUG, facts=facts, ending=Ending.OUT_OF_TIME))
                assert check.judge(view).state in (State.MISSED, State.NOT_JUDGED)


def test_facts_of_the_wrong_kind_are_not_believed() -> None:
    facts: Facts = dict.fromkeys(sound(), "nonsense")
    for check in CHECKS:
        if not check.needs:
            assert check.judge(VIEWS[check.view].of(Evidence(SLUG, facts=facts))).state is not State.MET


def test_every_miss_says_what_was_found_and_what_to_do() -> None:
    facts = sound()
    at(*FINE, "optimizer", "learning_rate", value=0.5)(facts)
    check = next(check for check in CHECKS if check.name == "fine-tunes-in-smaller-steps")
    finding = check.judge(VIEWS[check.view].of(Evidence(SLUG, facts=facts)))
    assert "SGD 0.1, then SGD 0.5" in finding.message
    assert finding.hint
