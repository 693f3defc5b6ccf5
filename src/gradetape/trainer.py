"""Trains the architecture of a submission itself, and adds what came of it to the evidence.

    job = look_job(exercise, program, images, seed, limits)     # the probe's job, with a few training images
    evidence = …                                                # from its outcome
    if needs_of_view_are_met(…, exercise.training.view):
        evidence = train(evidence, exercise, images, program, seed)

An architecture of known layers is rebuilt from its description, re-initialised and trained in a confined process that
holds no student's code. Anything else is trained by its own code, confined as well, and the report says so. The labels
of held-out images stay here: a training returns predictions, and the labels are put beside them afterwards.
"""

from __future__ import annotations

import dataclasses
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradetape import architecture, recipe
from gradetape.architecture import Architecture, Refusal
from gradetape.datasets import ImageSet
from gradetape.domain import Array, Ending, Evidence, JsonValue
from gradetape.evidence.arrays import packed, unpacked
from gradetape.evidence.training import undecided_between
from gradetape.exercise import Exercise, TrainingPlan
from gradetape.recipe import Recipe
from gradetape.sandbox import Job, Limits, Outcome, run

PROGRAM = "submission.py"
TRAINING_IMAGES, VALIDATION_IMAGES = 256, 64  # for the few steps that the student's own `train` is watched for
SECOND_SEED = 1000  # added for the second look, far from any seed that a course would count through
WALL = 4  # wall-clock seconds allowed per CPU second: other runs share the machine


@dataclass(frozen=True)
class Plan:
    """How one submission's model will be trained: rebuilt by us, or by its own code for `reasons`."""

    probe: str
    request: Mapping[str, JsonValue]
    files: Mapping[str, bytes]
    reasons: tuple[str, ...] = ()


def look_job(exercise: Exercise, program: str, images: ImageSet, *, seed: int, limits: Limits) -> Job:
    """The job in which the exercise's probe looks at a program, with a few training images for its `train`."""
    count = TRAINING_IMAGES + VALIDATION_IMAGES
    few = {
        "x_train": images.x_train[:TRAINING_IMAGES],
        "y_train": images.y_train[:TRAINING_IMAGES],
        "x_valid": images.x_train[TRAINING_IMAGES:count],
        "y_valid": images.y_train[TRAINING_IMAGES:count],
    }
    return Job(
        probe=exercise.probe,
        request={**_asked(exercise, images, seed), "images": "images.npz"},
        files={PROGRAM: program.encode("utf-8"), "images.npz": stored(few)},
        limits=limits,
        environment={"CUDA_VISIBLE_DEVICES": "-1"},  # a few steps are not worth a GPU's start
    )


def plan(facts: Mapping[str, JsonValue], exercise: Exercise, images: ImageSet, program: str) -> Plan:
    """How the model described by `facts` is to be trained. Never refuses: what cannot be rebuilt trains itself."""
    wanted = _plan_of(exercise)
    model = facts.get("model")
    shape = images.x_train.shape[1:]
    found = architecture.read(
        model if isinstance(model, Mapping) else {}, most_parameters=wanted.most_parameters, input_shape=shape
    )
    steps = recipe.read(facts)
    if isinstance(found, Architecture) and isinstance(steps, Recipe):
        return rebuilt(found, steps, wanted, images)
    reasons = tuple(reason for part in (found, steps) if isinstance(part, Refusal) for reason in part.reasons)
    request = {**_asked(exercise, images, 0), "data": "training.npz", "budgets": _budgets(wanted)}
    return Plan(
        "own_training", request, {PROGRAM: program.encode("utf-8"), "training.npz": training_data(images)}, reasons
    )


def rebuilt(found: Architecture, steps: Recipe, wanted: TrainingPlan, images: ImageSet) -> Plan:
    """The plan for a checked architecture and recipe: no student's code takes part."""
    request = {
        "architecture": found.as_json(),
        "recipe": steps.as_json(),
        "data": "training.npz",
        "budgets": _budgets(wanted),
    }
    return Plan("training", request, {"training.npz": training_data(images)})


def train(evidence: Evidence, exercise: Exercise, images: ImageSet, program: str, *, seed: int) -> Evidence:
    """`evidence` with facts["training"] and the arrays `predictions` (runs, images, classes) and `labels` (images,).

    A second seed is tried where the first run settles nothing.
    """
    wanted = _plan_of(exercise)
    chosen = plan(evidence.facts, exercise, images, program)
    outcomes, scores = [], []
    for number in (seed, seed + SECOND_SEED):
        outcome = run_once(chosen, wanted, number)
        outcomes.append((number, outcome))
        made = _scores(outcome, len(images.y_held_out))
        if made is None:
            break
        scores.append(made)
        bounds = wanted.thresholds.bounds_on(_ran_on(outcome).get("device", "CPU"))
        if not undecided_between((accuracy(made, images.y_held_out),), bounds):
            break
    return _with(evidence, exercise, chosen, images, outcomes, scores)


def run_once(chosen: Plan, wanted: TrainingPlan, seed: int) -> Outcome:
    """One training with one seed, behind the wall."""
    budget = wanted.thresholds.budget
    return run(
        Job(
            probe=chosen.probe,
            request={**chosen.request, "seed": seed},
            files=chosen.files,
            limits=Limits(
                wall_seconds=WALL * budget.cpu_seconds, cpu_seconds=budget.cpu_seconds, threads=budget.threads
            ),
            environment=accelerator(),
        )
    )


def accelerator() -> dict[str, str]:
    """The variables that decide which GPUs and which backend a training sees: those of this process."""
    names = ("CUDA_VISIBLE_DEVICES", "KERAS_BACKEND", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in names if name in os.environ}


def accuracy(scores: np.ndarray[Any, Any], labels: np.ndarray[Any, Any]) -> float:
    """The share of rows whose highest score stands at the label; rows with anything but numbers count as wrong."""
    right = (scores.argmax(axis=1) == labels) & np.isfinite(scores).all(axis=1)
    return float(right.mean())


def stored(arrays: Mapping[str, np.ndarray[Any, Any]]) -> bytes:
    """The bytes of an uncompressed .npz file, as probes read it."""
    held = io.BytesIO()
    np.savez(held, allow_pickle=False, **dict(arrays))
    return held.getvalue()


def training_data(images: ImageSet) -> bytes:
    """Everything a training may see: no held-out label is among it."""
    return stored({"x_train": images.x_train, "y_train": images.y_train, "x_held_out": images.x_held_out})


def _asked(exercise: Exercise, images: ImageSet, seed: int) -> dict[str, JsonValue]:
    return {
        "defines": list(exercise.defines),
        "input_shape": list(images.x_train.shape[1:]),
        "seed": seed,
        "file": PROGRAM,
    }


def _plan_of(exercise: Exercise) -> TrainingPlan:
    if exercise.training is None:
        raise ValueError(f"{exercise.slug} trains nothing: it was given no TrainingPlan")
    return exercise.training


def _budgets(wanted: TrainingPlan) -> dict[str, JsonValue]:
    limits = wanted.thresholds
    return {
        "cpu": limits.budget.model_dump(),
        "gpu": limits.gpu.budget.model_dump() if limits.gpu is not None else None,
    }


def _scores(outcome: Outcome, images: int) -> np.ndarray[Any, Any] | None:
    """The predictions of a run if they have the shape they must have; a run of student's code may send anything."""
    array: Array | None = outcome.arrays.get("predictions")
    if array is None or len(array.shape) != 2 or array.shape[0] != images or array.shape[1] < 2:
        return None
    return unpacked(array).astype("float32")


def _ran_on(outcome: Outcome) -> Mapping[str, Any]:
    found = outcome.facts.get("ran_on")
    return found if isinstance(found, Mapping) else {}


def _with(
    evidence: Evidence,
    exercise: Exercise,
    chosen: Plan,
    images: ImageSet,
    outcomes: list[tuple[int, Outcome]],
    scores: list[np.ndarray[Any, Any]],
) -> Evidence:
    last = outcomes[-1][1]
    same = [made for made in scores if made.shape == scores[0].shape]
    budget = last.facts.get("budget")
    told = budget if isinstance(budget, Mapping) else {}
    facts = {
        "by": "submission" if chosen.probe == "own_training" else "trainer",
        "reasons": list(chosen.reasons),
        "data": images.name,
        "origin": images.origin,
        "note": images.note,
        "held_out": len(images.y_held_out),
        **{name: told.get(name) for name in ("images", "batch_size", "passes")},
        "seeds": [number for number, _ in outcomes],
        **_ran_on(last),
        "curve": outcomes[0][1].facts.get("curve", []),
        "ending": last.ending.value,
        "our_fault": last.ending is Ending.OUR_FAULT or (chosen.probe == "training" and last.ending is Ending.RAISED),
        "failed": "" if scores else _failure(last),
    }
    arrays = dict(evidence.arrays)
    if same:
        arrays |= {"predictions": packed(np.stack(same)), "labels": packed(images.y_held_out.astype("uint8"))}
    return dataclasses.replace(
        evidence,
        facts={**evidence.facts, "training": facts},
        arrays=arrays,
        seconds=evidence.seconds + sum(outcome.cpu_seconds for _, outcome in outcomes),
    )


def _failure(outcome: Outcome) -> str:
    return outcome.detail or "it sent no predictions of the right shape"
