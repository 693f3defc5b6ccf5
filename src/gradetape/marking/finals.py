"""The final claim of an answer, and which right answer or known slip it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gradetape.exercise import ComputedSlip, Reading, WorkedQuestion
from gradetape.marking.arithmetic import Leaf, Shape, amount_of
from gradetape.marking.claims import Chain, Claims, Link
from gradetape.marking.sightings import ROUNDED, meanings, slack_of
from gradetape.quantity import QuantityState, Unit

STRONG = re.compile(
    r"\b(?:answer|final(?:ly)?|all in all|altogether|in total|overall|conclusion|grand total|sum total|in sum"
    r"|total (?:ram|memory|number|params?|parameters|required|needed|is|of)|grand|result)\b",
    re.IGNORECASE,
)
HEDGE = re.compile(r"\b(?:or|maybe|perhaps|either|alternatively)\b|\?", re.IGNORECASE)
BARE_UNITS = ((1e6, 1024.0**2), (1e3, 1024.0), (1e9, 1024.0**3))


@dataclass(frozen=True)
class Result:
    """What one chain comes to. `worked`: there is an expression behind it; `sure`: it can be read in one way only."""

    values: tuple[float, ...]
    slack: float
    unit: Unit
    start: int
    end: int
    written: str
    worked: bool
    stated: bool
    strong: bool
    sure: bool = True
    misgrouped: bool = False

    def is_about(self, value: float, *, within: float = 0.0) -> bool:
        return self.distance(value) <= max(self.slack, within)

    def distance(self, value: float) -> float:
        return min((abs(seen - value) / abs(value) for seen in self.values if value), default=1.0)


def results_of(claims: Claims, question: WorkedQuestion) -> list[Result]:
    """What each chain of the text comes to, in order, without the numbers that stand in the question."""
    memory = question.unit == "bytes"
    results = [_result(chain, claims) for chain in claims.chains if not isinstance(chain.links[-1].node, Shape)]
    return [result for result in results if result is not None and _claims_something(result, question, memory)]


def _claims_something(result: Result, question: WorkedQuestion, memory: bool) -> bool:
    if result.unit is (Unit.COUNT if memory else Unit.BYTES):
        return False
    if not result.worked and result.values[0] in question.given and result.unit is not Unit.BYTES:
        return False
    return result.values[0] > (8 if memory else 0)


def _result(chain: Chain, claims: Claims) -> Result | None:
    stated = [link for link in chain.links if link.stated]
    link = stated[-1] if stated else chain.links[-1]
    precise = min(stated, key=lambda each: slack_of(each.node), default=link)
    context = tuple(
        {(a.scale, a.other): 0 for a in (amount_of(each.node) for each in chain.links) if a.unit is Unit.BYTES}
    )
    values = meanings(amount_of(precise.node), context) if _agree(precise, link, context) else ()
    values = values or meanings(amount_of(link.node), context)
    if not values or (chain.broken and not stated):
        return None
    quantity = link.node.quantity if isinstance(link.node, Leaf) else None
    others = tuple(float(value) for value in quantity.values[1:]) if quantity else ()
    return Result(
        values=(*values, *others),
        slack=max(slack_of(precise.node if values else link.node), 0.0),
        unit=Unit.BYTES if context else amount_of(link.node).unit,
        start=link.start,
        end=link.end,
        written=claims.text[link.start : link.end].strip(),
        worked=any(not each.stated for each in chain.links),
        stated=bool(stated),
        strong=bool(STRONG.search(claims.sentence_before(chain.start))),
        sure=quantity is None or quantity.state is not QuantityState.AMBIGUOUS,
        misgrouped=quantity is not None and quantity.state is QuantityState.MISGROUPED,
    )


def _agree(precise: Link, last: Link, context: tuple[tuple[float, float], ...]) -> bool:
    """Whether the sharpest value stated in a chain is the one it ends with, only with more digits."""
    one, other = precise.node, last.node
    slack = max(slack_of(other), ROUNDED)
    return any(
        abs(a - b) <= slack * abs(b)
        for a in meanings(amount_of(one), context)
        for b in meanings(amount_of(other), context)
    )


@dataclass(frozen=True)
class Verdict:
    """What became of the final claim. At most one of `reading` and `slip` is set."""

    result: Result | None = None
    reading: Reading | None = None
    slip: ComputedSlip | None = None
    carried: bool = False
    rivals: tuple[str, ...] = ()
    unsure: bool = False
    unit_missing: bool = False


def match_reading(result: Result, readings: Sequence[Reading]) -> Reading | None:
    """The right answer this is, within its accepted bounds or what was rounded away; the nearest of several."""
    near = [
        reading
        for reading in readings
        if result.is_about(reading.value) or any(reading.low <= seen <= reading.high for seen in result.values)
    ]
    return min(near, key=lambda reading: result.distance(reading.value), default=None)


def match_slip(result: Result, slips: Iterable[ComputedSlip]) -> ComputedSlip | None:
    """The known wrong answer this is; the nearest of several, the first of equals."""
    best, nearest = None, 1.0
    for slip in slips:
        for value in (slip.value, *slip.others):
            if result.is_about(value, within=slip.within) and result.distance(value) < nearest - 1e-12:
                best, nearest = slip, result.distance(value)
    return best


def judge_result(result: Result, question: WorkedQuestion) -> tuple[Reading | None, ComputedSlip | None, bool]:
    """(right answer, slip, unsure) for one claim. Unsure when rounding hides which of them it is."""
    reading, slip = match_reading(result, question.readings), match_slip(result, question.slips)
    if reading is None or slip is None:
        return reading, slip, False
    to_reading = result.distance(reading.value)
    to_slip = min(result.distance(value) for value in (slip.value, *slip.others))
    exact = question.unit != "bytes"
    if exact and result.slack > 1e-5:
        return reading, None, True
    return (reading, None, False) if to_reading <= to_slip else (None, slip, False)


def with_unit(result: Result, question: WorkedQuestion) -> Result | None:
    """A bare number below any number of bytes, read as MB, kB or GB if that makes it a right answer."""
    if question.unit != "bytes" or result.unit is Unit.BYTES or result.values[0] >= 1e5:
        return None
    for scales in BARE_UNITS:
        values = tuple(result.values[0] * scale for scale in scales)
        bare = Result(
            values, max(result.slack, ROUNDED), Unit.BYTES, result.start, result.end, result.written,
            result.worked, result.stated, result.strong, result.sure,
        )  # fmt: skip  # the same record with other values
        if match_reading(bare, question.readings) or match_slip(bare, question.slips):
            return bare
    return None
