"""One submission's exercise -> Evidence: read for theory, run behind the wall for a program. Judges nothing."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from gradetape import datasets, trainer, transfer
from gradetape.course import Course, CourseExercise
from gradetape.domain import Ending, Evidence, Fault, JsonValue, Submission, canonical_json
from gradetape.errors import IsolationTooLow
from gradetape.judge import needs_of_view_are_met
from gradetape.sandbox import LEVEL, LEVELS, Job, Limits, Outcome, Stopped
from gradetape.sandbox import run as run_job

OURS_ALONE = ("training",)  # facts that only the trusted side may state, whatever a probe's process sends
PACKAGE = Path(__file__).parent


def demand_isolation(wanted: str) -> None:
    """Nothing happens where this machine isolates as well as `wanted`. Raises IsolationTooLow otherwise."""
    if LEVELS.index(LEVEL) < LEVELS.index(wanted):
        raise IsolationTooLow(
            f"isolation {wanted!r} is asked for, and this version of GradeTape reaches {LEVEL!r}: a fresh process with a clean "
            "environment and limits, which does not keep a program from reading files or using the network. "
            "To accept that, set `isolation: limits` in course.yaml or pass --isolation limits."
        )


def source_digest(course: Course, exercise: CourseExercise, submission: Submission) -> str:
    """SHA-256 of all that the evidence will be made from: the student's part, seed, limits, and our own code that runs it."""
    answers = {item: submission.answers[item].text for item in exercise.item_ids if item in submission.answers}
    faults = [[fault.file, fault.message] for fault in _faults(exercise, submission)]
    parts: list[JsonValue] = [exercise.slug, answers, submission.programs.get(exercise.slug, ""), faults]
    if exercise.is_program:
        parts += [
            course.settings.seed,
            course.settings.limits.model_dump(),
            exercise.digest,
            _code_and_data(course.root),
        ]
    return "sha256:" + hashlib.sha256(canonical_json(parts).encode()).hexdigest()


def observe(course: Course, exercise: CourseExercise, submission: Submission) -> Evidence:
    """What there is to see of one exercise. A program that was attempted is run, and trained if it is worth it.

    Never raises for anything a student wrote; a fault of ours is Evidence with that ending. Raises Stopped
    after `sandbox.stop_all`.
    """
    program = submission.programs.get(exercise.slug, "")
    seen = Evidence(
        exercise=exercise.slug,
        answers={item: submission.answers[item] for item in exercise.item_ids if item in submission.answers},
        facts={"attempted": bool(program.strip())} if exercise.is_program else {},
        faults=_faults(exercise, submission),
    )
    if not exercise.is_program or not program.strip():
        return seen
    try:
        return _run(course, exercise, program, seen)
    except Stopped:
        raise
    except Exception as error:  # noqa: BLE001 - whatever went wrong is ours; the class goes on and the student loses nothing
        facts = {"attempted": True, "detail": f"{type(error).__name__}: {error}"[:500]}
        return dataclasses.replace(seen, facts=facts, ending=Ending.OUR_FAULT)


def _run(course: Course, exercise: CourseExercise, program: str, seen: Evidence) -> Evidence:
    """Look at the program; then, if some check that reads a training has all it needs, train its model."""
    grader, seed = exercise.grader, course.settings.seed
    limits = Limits(**course.settings.limits.model_dump())
    plan, exercises = grader.training, course.root / "exercises"
    train: Callable[[Evidence], Evidence]
    if plan is None:
        request = {"defines": list(grader.defines), "seed": seed, "file": trainer.PROGRAM}
        return _with_outcome(seen, run_job(Job(grader.probe, request, {trainer.PROGRAM: program.encode()}, limits)))
    if plan.base:
        prepared = transfer.prepare(plan.data, base=plan.base, exercises=exercises, seed=seed)
        job = transfer.look_job(grader, program, prepared, seed=seed, limits=limits)
        train = partial(transfer.train, exercise=grader, prepared=prepared, seed=seed)
    else:
        images = _images(plan.data, exercises, course.settings.network)
        job = trainer.look_job(grader, program, images, seed=seed, limits=limits)
        train = partial(trainer.train, exercise=grader, images=images, program=program, seed=seed)
    seen = _with_outcome(seen, run_job(job))
    return train(seen) if needs_of_view_are_met(exercise, seen, plan.view) else seen


def _with_outcome(seen: Evidence, outcome: Outcome) -> Evidence:
    facts = {name: value for name, value in outcome.facts.items() if name not in OURS_ALONE}
    return dataclasses.replace(
        seen,
        facts={**seen.facts, **facts, "detail": outcome.detail},
        ending=outcome.ending,
        seconds=outcome.cpu_seconds,
        isolation=outcome.isolation,
    )


def _faults(exercise: CourseExercise, submission: Submission) -> tuple[Fault, ...]:
    return tuple(fault for fault in submission.faults if fault.exercise == exercise.slug)


@cache
def _images(name: str, exercises: Path, network: bool) -> datasets.ImageSet:
    return datasets.load(name, exercises, network=network)


@cache
def _prepared(name: str, base: str, exercises: Path, seed: int) -> transfer.Prepared:
    return transfer.prepare(name, base=base, exercises=exercises, seed=seed)


@cache
def _code_and_data(root: Path) -> str:
    """SHA-256 of the code that looks at programs and trains them, and of the course's data: old evidence ends with them."""
    seen = hashlib.sha256()
    for folder, pattern in ((PACKAGE, "*.py"), (PACKAGE / "probes", "*.py"), (root / "exercises" / "data", "*.*")):
        for path in sorted(folder.glob(pattern)):
            seen.update(path.read_bytes())
    return seen.hexdigest()
