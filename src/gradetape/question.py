"""Everything known of one computed item for one variant: right readings, slips, steps and what shows them.

Graders make these records through `Exercise.computes`; marking reads nothing else. Standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Number = float


@dataclass(frozen=True)
class Reading:
    """A defensible right answer for one variant, in base units, with the bounds that are accepted for it.

    `shown`: the relative deviation that is accepted where the working is shown.
    """

    name: str
    value: Number
    low: Number
    high: Number
    sentence: str = ""
    shown: float = 0.0


@dataclass(frozen=True)
class ComputedSlip:
    """A known wrong path, computed for one variant, and what to say to who took it.

    `share` is what a human leaves of full marks for it when nothing but the number is written.
    `others` are further numbers that only this path gives. `within`: how far off, relatively, still counts.
    """

    name: str
    value: Number
    reply: str
    share: float = 0.0
    others: tuple[Number, ...] = ()
    within: float = 0.0


@dataclass(frozen=True)
class Trace:
    """A number whose appearance shows a step, or the `parts` of it named here.

    `worth`: of those parts, from 0 to 1. `unit`: "bytes", or what is counted; the question's when empty.
    `plain`: the expression is as good as its value (100×150 is a size). `alone`: it must not be multiplied on.
    `apart_from`: it shows nothing in a sum that has one of these as a further term.
    """

    value: Number
    parts: tuple[str, ...] = ("",)
    worth: float = 1.0
    unit: str = ""
    plain: bool = False
    alone: bool = False
    apart_from: tuple[Number, ...] = ()


@dataclass(frozen=True)
class ComputedStep:
    """An intermediate result whose appearance in the working earns `share` of the marks.

    `missing` is said to who did not show it. `words`: groups of words; a sentence with one of every group says
    that the step is known, which earns half of it.
    """

    name: str
    share: float
    sentence: str
    values: tuple[Number, ...]
    traces: tuple[Trace, ...] = ()
    missing: str = ""
    words: tuple[tuple[str, ...], ...] = ()
    final: bool = False


@dataclass(frozen=True)
class Misreading:
    """The question misread in a known way, followed through: the intermediate values that come of it, by name."""

    name: str
    reply: str
    values: Mapping[str, Number]
    costs: str = ""


@dataclass(frozen=True)
class WorkedQuestion:
    """All that is known of one computed item for one variant: what marking/number and marking/worked read.

    `values` are named right intermediate values, `units` says which of them are bytes. `carries` maps such names
    to the earlier item whose answer they are. `again` computes the question from the student's own values. `series` are
    names whose values a student lists in one sum, a term each. `given` numbers stand in the question; `decoys`
    are products (their factors, sorted) that mean something else than a value they may happen to equal.
    """

    item: str
    unit: str
    readings: tuple[Reading, ...]
    slips: tuple[ComputedSlip, ...] = ()
    steps: tuple[ComputedStep, ...] = ()
    values: Mapping[str, Number] = field(default_factory=dict)
    locale: str = "en"
    units: Mapping[str, str] = field(default_factory=dict)
    carries: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[Number] = frozenset()
    decoys: frozenset[tuple[Number, ...]] = frozenset()
    misreadings: tuple[Misreading, ...] = ()
    series: tuple[tuple[str, ...], ...] = ()
    again: Callable[[Mapping[str, Number]], WorkedQuestion] | None = None
