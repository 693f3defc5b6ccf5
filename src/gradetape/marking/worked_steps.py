"""Which steps of a computed answer a text shows, by value, by expression, or in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gradetape.marking.beliefs import Beliefs
from gradetape.marking.claims import Claims
from gradetape.marking.sightings import Sighting
from gradetape.question import ComputedStep, Trace, WorkedQuestion

HALF = 0.5
NEAR = 0.03
DENIED = re.compile(
    r"\b(?:not|never|without|only the param|ignor\w+|neglect\w*|don't|doesn't|n't|no need)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class StepSeen:
    """How much of a step the text shows, from 0 to 1, and the words it shows it by."""

    step: ComputedStep
    quality: float
    evidence: str = ""
    carried: bool = False
    by_word: bool = False
    by_number: bool = False

    @property
    def earned(self) -> float:
        return self.step.share * self.quality


@dataclass(frozen=True)
class Evidence:
    """A text as the steps look at it."""

    claims: Claims
    sightings: Sequence[Sighting]
    beliefs: Beliefs
    known: frozenset[float]


def evidence_of(claims: Claims, sightings: Sequence[Sighting], beliefs: Beliefs) -> Evidence:
    """The text with all the values, right and own, that an expression may rightly come to."""
    return Evidence(claims, sightings, beliefs, frozenset(value for world in beliefs.worlds for value in _known(world)))


def _known(question: WorkedQuestion) -> Iterable[float]:
    yield from question.values.values()
    yield from (reading.value for reading in question.readings)
    for slip in question.slips:
        yield from (slip.value, *slip.others)
    for misreading in question.misreadings:
        yield from misreading.values.values()
    for step in question.steps:
        yield from (trace.value for trace in step.traces if not trace.alone)


def see_steps(evidence: Evidence, *, words_count: bool) -> list[StepSeen]:
    """Every step of the question, as far as the text shows it. `words_count`: saying it earns half."""
    beliefs = evidence.beliefs
    versions = zip(*(world.steps for world in beliefs.worlds), strict=True)
    return [_see(evidence, right, own, words_count) for right, *own in versions if not right.final]


def _see(evidence: Evidence, right: ComputedStep, own: Sequence[ComputedStep], words_count: bool) -> StepSeen:
    parts = {part: (0.0, "", False) for trace in right.traces for part in trace.parts}
    for trace in right.traces:
        _take(parts, trace, evidence, carried=False)
    for trace in (trace for step in own for trace in step.traces):
        if trace.value not in evidence.beliefs.stated_here:
            _take(parts, trace, evidence, carried=True)
    quality = sum(best for best, _, _ in parts.values()) / len(parts) if parts else 0.0
    shown = max(parts.values(), default=(0.0, "", False))
    said = said_in(evidence.claims, right.words) if words_count and quality < HALF else ""
    if said:
        return StepSeen(right, HALF, said, by_word=True)
    carried = bool(parts) and any(following for _, _, following in parts.values())
    return StepSeen(right, min(quality, 1.0), shown[1], carried)


def _take(parts: dict[str, tuple[float, str, bool]], trace: Trace, evidence: Evidence, *, carried: bool) -> None:
    """Raise the parts this trace covers to what its best sighting is worth."""
    needed = [part for part in trace.parts if part in parts and parts[part][0] < trace.worth]
    if not needed:
        return
    worth, seen = _best(trace, evidence)
    for part in needed:
        if seen is not None and worth > parts[part][0]:
            parts[part] = (worth, evidence.claims.text[seen.start : seen.end], carried)


def _best(trace: Trace, evidence: Evidence) -> tuple[float, Sighting | None]:
    memory = (trace.unit or evidence.beliefs.question.unit) == "bytes"
    best, shown = 0.0, None
    for sighting in evidence.sightings:
        if sighting.factors not in evidence.beliefs.question.decoys and sighting.shows(trace.value, memory=memory):
            worth = trace.worth * _worth(sighting, trace, evidence.known)
            if worth > best:
                best, shown = worth, sighting
    return best, shown


def _worth(sighting: Sighting, trace: Trace, known: frozenset[float]) -> float:
    worth = 1.0 if trace.plain else sighting.worth
    if _beside(sighting, trace):
        return 0.0
    if not sighting.scaled:
        return worth
    if trace.alone:
        return 0.0
    return worth if any(sighting.root_shows(value) for value in known if value) else worth * HALF


def _beside(sighting: Sighting, trace: Trace) -> bool:
    """Whether it is a run of terms out of a longer sum that goes on with what it must stand apart from."""
    return any(abs(term - value) <= NEAR * value for term in sighting.beside for value in trace.apart_from)


def said_in(claims: Claims, groups: Sequence[Sequence[str]]) -> str:
    """The first sentence that has a word of every group and denies nothing, or ""."""
    if not groups:
        return ""
    for sentence in re.split(r"[.;!?](?:\s|$)|\n", claims.text):
        low = sentence.lower()
        if not DENIED.search(low) and all(any(_has(low, word) for word in group) for group in groups):
            return sentence.strip()[:160]
    return ""


def _has(sentence: str, word: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(word)}", sentence) is not None
