"""The nouns of grading, as frozen records. Standard library only.

A Submission holds Answers; running it yields Evidence; judging Evidence yields Findings,
which add up to a Score for each Item and a Report for each student.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

JsonValue: TypeAlias = Any  # JSON's values nest without end, which mypy cannot follow through Mapping and tuple

EMPTY: Mapping[str, Any] = MappingProxyType({})


class State(str, enum.Enum):
    """What became of a demand or an item. Never None, never NaN."""

    MET = "met"
    PARTLY = "partly"
    MISSED = "missed"
    NOT_ATTEMPTED = "not attempted"
    NOT_JUDGED = "not judged"
    PENDING = "pending"


class Route(str, enum.Enum):
    """Who has the last word on a mark."""

    AUTO = "auto"
    REVIEW = "review"


class Ending(str, enum.Enum):
    """How a confined run came to its end."""

    FINISHED = "finished"
    RAISED = "raised"
    EXITED = "exited"
    KILLED = "killed"
    OUT_OF_TIME = "out of time"
    OUT_OF_MEMORY = "out of memory"
    TOO_MUCH_OUTPUT = "too much output"
    BAD_ARTEFACT = "bad artefact"
    OUR_FAULT = "our fault"


@dataclass(frozen=True)
class Finding:
    """One demand, judged. `earned` and `possible` are points of the item (or shares of 1 inside a Mark).

    `demand` is the sentence of what was asked, `message` what was found, `hint` what to try.
    """

    check: str
    state: State
    message: str
    hint: str = ""
    earned: float = 0.0
    possible: float = 0.0
    evidence: tuple[str, ...] = ()
    hidden: bool = False
    demand: str = ""


@dataclass(frozen=True)
class Mark:
    """What a marker says of one written, worked or selected answer, on a scale of 0 to 1.

    `low` and `high` bound the score a careful human would give. `findings` carry shares of 1.
    """

    score: float
    low: float
    high: float
    route: Route
    findings: tuple[Finding, ...] = ()
    slips: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    attempted: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.score <= self.high <= 1:
            raise ValueError(f"a Mark needs 0 <= low <= score <= high <= 1, not {self.low}, {self.score}, {self.high}")


@dataclass(frozen=True)
class Answer:
    """The text a student gave to one item, as it stood in their file. `text` is empty when nothing was written."""

    item: str
    text: str
    attempted: bool = True


@dataclass(frozen=True)
class Fault:
    """Something wrong with what was handed in: which file, what, and what was done about it."""

    file: str
    message: str
    exercise: str = ""


@dataclass(frozen=True)
class Submission:
    """What one student handed in, as checked text. Untrusted bytes end before this record is made.

    `answers` maps item ids to theory answers; `programs` maps exercise slugs to Python source.
    """

    student: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    programs: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Array:
    """A numeric array as plain bytes (C order, little-endian), so that no library's loader ever touches it."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


@dataclass(frozen=True)
class Evidence:
    """Plain facts observed about one exercise of one submission. What judges read, and all they read.

    `answers`: theory answers by item id. `facts`: what the probe saw (JSON). `arrays`: predictions and labels.
    `ending`: how the confined run ended. `faults`: what intake had to say. `seconds`: CPU seconds of all runs.
    """

    exercise: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    facts: Mapping[str, JsonValue] = field(default_factory=dict)
    arrays: Mapping[str, Array] = field(default_factory=dict)
    ending: Ending = Ending.FINISHED
    faults: tuple[Fault, ...] = ()
    seconds: float = 0.0
    isolation: str = "none"

    @property
    def attempted(self) -> bool:
        return bool(self.facts.get("attempted")) or any(answer.attempted for answer in self.answers.values())

    def digest(self) -> str:
        """SHA-256 of all that a judge can see; not of how long it took."""
        seen = hashlib.sha256()
        seen.update(canonical_json([self.exercise, self.ending.value, dict(self.facts)]).encode())
        for item in sorted(self.answers):
            answer = self.answers[item]
            seen.update(canonical_json([item, answer.text, answer.attempted]).encode())
        for fault in self.faults:
            seen.update(canonical_json([fault.file, fault.message]).encode())
        for name in sorted(self.arrays):
            array = self.arrays[name]
            seen.update(canonical_json([name, array.dtype, list(array.shape)]).encode())
            seen.update(array.data)
        return "sha256:" + seen.hexdigest()


def canonical_json(value: JsonValue) -> str:
    """The one JSON text of a value: keys sorted, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True)
class Score:
    """Points: `earned` for certain, `pending` waiting for a human, out of `possible`."""

    earned: float = 0.0
    possible: float = 0.0
    pending: float = 0.0

    def __add__(self, other: Score) -> Score:
        return Score(self.earned + other.earned, self.possible + other.possible, self.pending + other.pending)


@dataclass(frozen=True)
class ItemReport:
    """One item, judged. `suggested` is the mark we propose while a human has the last word."""

    item: str
    exercise: str
    title: str
    state: State
    route: Route
    score: Score
    findings: tuple[Finding, ...] = ()
    slips: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    suggested: float = 0.0


@dataclass(frozen=True)
class RunRecord:
    """How the evidence of one exercise came to be: named in every report. `facts` are for drawing, never for marks."""

    exercise: str
    isolation: str
    ending: Ending
    grader: str
    evidence: str
    cpu_seconds: float
    variant: Mapping[str, JsonValue] = field(default_factory=dict)
    facts: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """All of a student's items, with the runs behind them and what intake had to say."""

    student: str
    items: tuple[ItemReport, ...]
    runs: tuple[RunRecord, ...] = ()
    faults: tuple[Fault, ...] = ()
    seed: int = 0

    @property
    def score(self) -> Score:
        return sum((item.score for item in self.items), Score())
