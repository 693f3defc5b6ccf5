"""The final claim of an answer, and which right answer or known slip it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gradetape.marking.arithmetic import Leaf, Shape, amount_of
from gradetape.marking.claims import Chain, Claims, Link
from gradetape.marking.sightings import ROUNDED, contradicted, meanings, slack_of
from gradetape.quantity import QuantityState, Unit
from gradetape.question import ComputedSlip, Reading, WorkedQuestion

STRONG = re.compile(
    r"\b(?:answer|final(?:ly)?|all in all|altogether|in total|overall|conclusion|grand total|sum total|in sum"
    r"|total (?:ram|memory|number|params?|parameters|required|needed|is|of)|grand|result)\b",
    re.IGNORECASE,
)
# A number said to come on top of the answer, or to be left out of it, after the answer was given.
ASIDE = re.compile(
    r"\b(?:would|could|might|may)\b(?:\W+\w+){0,2}?\W+(?:add|adds|need|take|require|use|cost|come|want)\b"
    r"|\b(?:if|with|without|even)\b[^:=]*\bwould\b|\b(?:ignor|neglect|exclud|leav)(?:e?s?|ed|ing)\b|\bnot (?:count|includ)",
    re.IGNORECASE,
)
ASIDE_BEHIND = re.compile(
    r"[^.;:=\n\d]{0,40}?\b(?:not (?:yet )?(?:count|includ)|(?:is|are) (?:ignored|neglected)|would (?:come|be added))",
    re.IGNORECASE,
)
SUMMED = re.compile(r"[:=~]|\b(?:total|sum|so|thus|hence|altogether|together|makes|gives|result)", re.IGNORECASE)
HEDGE = re.compile(r"\b(?:or|maybe|perhaps|either|alternatively)\b|\?", re.IGNORECASE)
COMPUTED = 1e-6
LEAST_BYTES = 1e5  # a smaller number without a unit is no number of bytes
BARE_UNITS = ((1e6, 1024.0**2), (1e3, 1024.0), (1e9, 1024.0**3))


@dataclass(frozen=True)
class Result:
    """What one chain comes to. `worked`: there is an expression behind it; `sure`: it can be read in one way only.

    `computed`: what the expression behind it really makes; `rounded`: the value as it is said again last.
    """

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
    computed: tuple[float, ...] = ()
    rounded: tuple[float, ...] = ()

    def is_about(self, value: float, *, within: float = 0.0) -> bool:
        return self.distance(value) <= max(self.slack, within)

    def distance(self, value: float) -> float:
        if not value:
            return 0.0 if 0 in self.values else 1.0
        return min((abs(seen - value) / abs(value) for seen in (*self.values, *self.rounded)), default=1.0)


def results_of(claims: Claims, question: WorkedQuestion) -> list[Result]:
    """What each chain of the text comes to, in order, without the numbers that stand in the question."""
    memory = question.unit == "bytes"
    results = [_result(chain, claims) for chain in claims.chains if not isinstance(chain.links[-1].node, Shape)]
    found = [result for result in results if result is not None]
    claimed = [each for each in found if _claims_something(each, question, memory) or _is_zero(found, claims)]
    return claimed or [each for each in found if memory and _counts_as_slip(each, question)]


def _counts_as_slip(result: Result, question: WorkedQuestion) -> bool:
    """Whether a count, where bytes were asked, is the number of a known slip: numbers not yet made bytes."""
    return result.unit is Unit.COUNT and match_slip(result, question.slips) is not None


def _claims_something(result: Result, question: WorkedQuestion, memory: bool) -> bool:
    if result.unit is (Unit.COUNT if memory else Unit.BYTES):
        return False
    if not result.worked and result.values[0] in question.given and result.unit is not Unit.BYTES:
        return False
    if memory and result.unit is not Unit.BYTES and not result.stated and result.values[0] < LEAST_BYTES:
        return False
    return result.values[0] > (8 if memory else -1)


def _is_zero(results: Sequence[Result], claims: Claims) -> bool:
    """Whether the text says zero and nothing else: an answer, though no number of bytes on the way is that small."""
    return len(claims.chains) == 1 and results[0].stated and results[0].values[0] == 0


def _result(chain: Chain, claims: Claims) -> Result | None:
    stated = [link for link in chain.links if link.stated]
    expressions = [link for link in chain.links if not link.stated]
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
    if contradicted(chain, link) and quantity is not None and quantity.unit is Unit.BYTES:
        values = values[:1]
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
        sure=quantity is None
        or quantity.state is not QuantityState.AMBIGUOUS
        or _settled(values + others, expressions),
        misgrouped=quantity is not None and quantity.state is QuantityState.MISGROUPED,
        rounded=meanings(amount_of(link.node), context)[:1],
        computed=meanings(amount_of(expressions[-1].node), context) if expressions else (),
    )


def _settled(candidates: Sequence[float], expressions: Sequence[Link]) -> bool:
    """Whether the working behind an ambiguous number says which of its readings is meant."""
    made = [amount_of(link.node).raw for link in expressions]
    return any(abs(number - value) <= COMPUTED * abs(value) for number in made for value in candidates)


def _agree(precise: Link, last: Link, context: tuple[tuple[float, float], ...]) -> bool:
    """Whether the sharpest value stated in a chain is the one it ends with, only with more digits."""
    one, other = precise.node, last.node
    slack = max(slack_of(other), ROUNDED)
    return any(
        abs(a - b) <= slack * abs(b)
        for a in meanings(amount_of(one), context)
        for b in meanings(amount_of(other), context)
    )


def without_asides(results: Sequence[Result], claims: Claims) -> list[Result]:
    """The results that may be the answer: not those said, after an answer, to come on top of it or to be left out."""
    kept: list[Result] = []
    for result in results:
        if not (kept and result.values[0] < kept[-1].values[0] and _is_aside(result, claims)):
            kept.append(result)
    return kept


def _is_aside(result: Result, claims: Claims) -> bool:
    if result.strong:
        return False
    if ASIDE_BEHIND.match(claims.text, result.end):
        return True
    clause = re.split(r"\d|[;\n]|\.\s", claims.sentence_before(result.start))[-1]
    said = ASIDE.search(clause)
    return said is not None and not SUMMED.search(clause, said.end())


def last_claim(results: Sequence[Result]) -> Result | None:
    """The final claim: the last one announced as such, unless a larger one follows (a total exceeds its parts)."""
    if not results:
        return None
    strong = next((result for result in reversed(results) if result.strong), None)
    last = results[-1]
    return last if strong is None or last.values[0] > strong.values[0] else strong


@dataclass(frozen=True)
class Verdict:
    """What became of the final claim. At most one of `reading` and `slip` is set.

    `carried`: it is that for the student's own numbers; `earlier`: for those of earlier answers.
    """

    result: Result | None = None
    reading: Reading | None = None
    slip: ComputedSlip | None = None
    carried: bool = False
    earlier: bool = False
    rivals: tuple[str, ...] = ()
    unsure: bool = False

    @property
    def stands(self) -> bool:
        """Whether it is right as asked, or rightly follows from what the student answered before."""
        return self.reading is not None and (not self.carried or self.earlier)


def match_reading(result: Result, readings: Sequence[Reading]) -> Reading | None:
    """The right answer this is, within its accepted bounds or what was rounded away; the nearest of several."""
    near = [
        reading
        for reading in readings
        if result.is_about(reading.value) or any(reading.low <= seen <= reading.high for seen in result.values)
    ]
    return min(near, key=lambda reading: result.distance(reading.value), default=None)


def match_slip(result: Result, slips: Iterable[ComputedSlip]) -> ComputedSlip | None:
    """The known wrong answer this is; the nearest of several, the first of equals.

    What the expression makes counts too, and last the other numbers that only a slip gives.
    """
    slips = tuple(slips)
    near = [slip for slip in slips if result.is_about(slip.value, within=slip.within)]
    if near:
        return min(near, key=lambda slip: result.distance(slip.value))
    for slip in slips:
        if any(abs(made - slip.value) <= COMPUTED * slip.value for made in result.computed):
            return slip
    return next((slip for slip in slips if any(result.is_about(value) for value in slip.others)), None)


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
    small = 10 <= result.values[0] < LEAST_BYTES or not float(result.values[0]).is_integer()  # 3 could be anything
    if question.unit != "bytes" or result.unit is Unit.BYTES or not small or not result.stated:
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
