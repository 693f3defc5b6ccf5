"""Every student's own numbers: a variant drawn from a keyed seed, redrawn until its wrong answers can be told apart.

The seed is HMAC-SHA256 under the course's key: who knows the exercise and a classmate's name cannot foretell
their numbers without the key, and the same student always gets the same ones.
"""

from __future__ import annotations

import hashlib
import hmac
import random
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

from gradetape.domain import canonical_json
from gradetape.errors import CourseError
from gradetape.question import ComputedSlip, Reading, WorkedQuestion

MOST_DRAWS = 200


def draw(
    ranges: Mapping[str, Sequence[Any]],
    canonical: Mapping[str, Any],
    *,
    key: bytes,
    student: str,
    exercise: str,
    consistent: Callable[[Mapping[str, Any]], bool],
) -> dict[str, Any]:
    """The variant of `exercise` that belongs to `student`: `canonical`, with a value drawn for each name in `ranges`.

    Draws again until `consistent(variant)`; after 200 draws raises CourseError. Without ranges, or without
    a student, it is the canonical variant as it stands.
    """
    if not ranges or not student:
        return dict(canonical)
    _check_ranges(ranges, canonical, exercise)
    # A repeatable sequence is wanted, and the secret is in the seed; random.Random does not have to be strong.
    chance = random.Random(seed(key, student, exercise))
    for _ in range(MOST_DRAWS):
        variant = {**canonical, **{name: chance.choice(list(values)) for name, values in sorted(ranges.items())}}
        if consistent(variant):
            return variant
    raise CourseError(
        f"quizzes/{exercise}.yaml, variant",
        expected="ranges in which slips and right answers differ for most variants",
        found=f"none such in {MOST_DRAWS} draws for one student",
        next_step="Widen the ranges, or take out the values for which two slips give the same number.",
    )


def seed(key: bytes, student: str, exercise: str) -> int:
    """A whole number below 2**256 that only the holder of `key` can foretell.

    The pair is hashed as JSON, so that ("a", "bc") and ("ab", "c") differ.
    """
    told = canonical_json(["variant", exercise, student]).encode("utf-8", "surrogatepass")
    return int.from_bytes(hmac.new(key, told, hashlib.sha256).digest(), "big")


def consistent_question(question: WorkedQuestion) -> str:
    """Why this variant's wrong answers cannot be told apart, or "" when they can.

    A slip is told apart when it lies outside the accepted bounds of every right reading and differs from
    every other slip.
    """
    for slip in question.slips:
        for reading in question.readings:
            if _accepted(slip, reading):
                return (
                    f"{question.item}: the slip {slip.name} gives {slip.value:,}, "
                    f"which {reading.name} accepts ({reading.low:,} to {reading.high:,})"
                )
    for one, other in combinations(question.slips, 2):
        if one.value == other.value:
            return f"{question.item}: the slips {one.name} and {other.name} both give {one.value:,}"
    return ""


def _accepted(slip: ComputedSlip, reading: Reading) -> bool:
    low, high = sorted((reading.low, reading.high))
    return low <= slip.value <= high or slip.value == reading.value


def _check_ranges(ranges: Mapping[str, Sequence[Any]], canonical: Mapping[str, Any], exercise: str) -> None:
    for name, values in ranges.items():
        if name not in canonical:
            raise CourseError(
                f"quizzes/{exercise}.yaml, variant, {name}",
                expected="a name that has a canonical value",
                found=f"only {', '.join(sorted(canonical)) or 'none'}",
                next_step=f"Add {name} to canonical.",
            )
        if isinstance(values, str) or not values:
            raise CourseError(
                f"quizzes/{exercise}.yaml, variant, {name}",
                expected="a list of allowed values",
                found=repr(values),
                next_step="List the values, or take the name out.",
            )
