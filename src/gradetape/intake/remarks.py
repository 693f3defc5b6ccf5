"""What is told about how answers were found: one sentence for all answers of a file that were found alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from gradetape.domain import Fault

MOST_NAMED = 12
"""Items that one sentence names; beyond them, it only counts."""


class Remark(Enum):
    """What may be told of an answer: the sentence for one item, and the one for several."""

    LABELLED = (
        "{items}: the answer was read from a cell that begins with its label.",
        "{count} answers were read from cells that begin with their labels: {items}.",
    )
    BELOW = (
        "{items}: the answer was read from the cell below its place.",
        "{count} answers were read from the cells below their places: {items}.",
    )
    IN_PROMPT = (
        "{items}: the answer was read from the prompt's own cell.",
        "{count} answers were read from their prompts' own cells: {items}.",
    )
    JOINED = (
        "{items}: the answer stands in {detail} cells, one after the other; they were read as one.",
        "{count} answers stand in {detail} cells each, one after the other; they were read as one: {items}.",
    )
    REPEATED = (
        "{items}: {detail} different answers were given; the last one counts.",
        "{count} items were given {detail} different answers each; the last one counts: {items}.",
    )
    CODE_ASIDE = (
        "{items}: the answer in text counts; the code cell beside it was left aside.",
        "{count} answers in text count; the code cells beside them were left aside: {items}.",
    )
    NO_CELL = (
        "There is no answer cell for {items}; it counts as not attempted.",
        "There are no answer cells for {items}; they count as not attempted.",
    )
    DIFFERS = (
        "{items} is answered differently in {detail}; this file counts.",
        "{count} items are answered differently in {detail}; this file counts: {items}.",
    )
    CUT = (
        "{items}: the answer is long; only its first {detail} characters are read.",
        "{count} answers are long; only the first {detail} characters of each are read: {items}.",
    )


@dataclass(frozen=True)
class Noted:
    """A remark on one item, with the detail that its sentence needs."""

    remark: Remark
    item: str
    detail: str = ""


def faults_of(noted: Iterable[tuple[str, str, Noted]]) -> list[Fault]:
    """One Fault for each file and kind of remark, in the order of the first of each.

    `noted` holds the file, the exercise and the remark. A sentence about several exercises belongs to none.
    """
    gathered: dict[tuple[str, Remark, str], list[tuple[str, str]]] = {}
    for file, exercise, one in noted:
        gathered.setdefault((file, one.remark, one.detail), []).append((exercise, one.item))
    return [_fault(file, remark, detail, places) for (file, remark, detail), places in gathered.items()]


def _fault(file: str, remark: Remark, detail: str, places: list[tuple[str, str]]) -> Fault:
    exercises = {exercise for exercise, _ in places}
    items = list(dict.fromkeys(item for _, item in places))
    named = ", ".join(items[:MOST_NAMED])
    if len(items) > MOST_NAMED:
        named += f" and {len(items) - MOST_NAMED} more"
    sentence = remark.value[len(items) > 1].format(items=named, count=len(items), detail=detail)
    return Fault(file, sentence, exercises.pop() if len(exercises) == 1 else "")
