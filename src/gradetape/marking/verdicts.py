"""What the final claim of an answer is: right, a slip, right for the student's own numbers; and what contradicts it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gradetape.marking.beliefs import Beliefs
from gradetape.marking.claims import Claims
from gradetape.marking.finals import (
    HEDGE,
    Result,
    Verdict,
    judge_result,
    last_claim,
    match_reading,
    with_unit,
    without_asides,
)
from gradetape.question import ComputedSlip, Reading

MOST_RIVALS = 2
GUESSES = 3
TRIFLE = 0.005
ALTERNATIVE = 24  # characters between two numbers of one list
CONTRAST = re.compile(
    r"\b(?:but|however|instead|actually|correct(?:ed|ion|ly)?|rather|no,? wait|oops|wrong|mistake)\b", re.IGNORECASE
)
RANGE = re.compile(
    r"\b(?:between|from)\s[^.;=\n]{0,24}\d[^.;=\n\d]{0,8}\b(?:and|to)\s*$|\d\s?\w{0,3}\sto\s*$", re.IGNORECASE
)
ALIKE = 0.02
NOTHING_SAID = re.compile(r"[\s,;/]*(?:(?:about|even|rather|also|just)[\s,]*)?")
SUBSTANCE = 0.02  # results this much smaller than the answer are counts and sides, not claims


def final_verdict(results: Sequence[Result], beliefs: Beliefs, claims: Claims) -> Verdict:
    """The final claim and what it is: right, a slip, right for the student's own numbers, or none of these."""
    if not results:
        return Verdict()
    results = without_asides(results, claims)
    claimed = last_claim(results) or results[-1]
    candidates = list(dict.fromkeys([claimed, results[-1], *_first_if_it_stands(results, beliefs)]))
    right = next((each for each in (_judge(result, beliefs) for result in candidates) if each.stands), None)
    if right is not None:
        return _with_rivals(right, results, candidates, beliefs, claims)
    judged = [_judge(result, beliefs) for result in dict.fromkeys([claimed, results[-1]])]
    best = next((verdict for verdict in judged if verdict.reading), None)
    best = best or next((verdict for verdict in judged if verdict.slip), judged[0])
    rivals = _alternatives(results, beliefs, claims) or _list_of_guesses(results, beliefs)
    return replace(best, rivals=rivals or _taken_back(best, results, beliefs))


def _alternatives(results: Sequence[Result], beliefs: Beliefs, claims: Claims) -> tuple[str, ...]:
    """Different final claims side by side with an "or" between them, unless each of them is right."""
    group = [results[-1]]
    if not group[0].worked and (span := RANGE.search(claims.sentence_before(group[0].start))):
        return (f"{span[0].strip()} {group[0].written}",)
    hedged = False
    for result in reversed(results[:-1]):
        between = claims.text[result.end : group[0].start]
        if result.worked or len(between) > ALTERNATIVE or not NOTHING_SAID.fullmatch(HEDGE.sub("", between)):
            break
        hedged = hedged or bool(HEDGE.search(between))
        group.insert(0, result)
    if not hedged or all(_judge(result, beliefs).stands for result in group):
        return ()
    different = [group[0], *(result for result in group[1:] if not result.is_about(group[0].values[0], within=ALIKE))]
    return tuple(dict.fromkeys(result.written for result in different)) if len(different) > 1 else ()


def _list_of_guesses(results: Sequence[Result], beliefs: Beliefs) -> tuple[str, ...]:
    """Numbers set side by side with no working, none of them a value on the way: guesses, not an answer."""
    if any(result.worked for result in results):
        return ()
    floor = TRIFLE * min(reading.value for reading in beliefs.question.readings)
    guesses = {
        result.written: None for result in results if result.values[0] >= floor and not _is_stage(result, beliefs)
    }
    return tuple(guesses) if len(guesses) >= GUESSES else ()


def _taken_back(last: Verdict, results: Sequence[Result], beliefs: Beliefs) -> tuple[str, ...]:
    """A right answer claimed outright, and another one after it, neither of them worked out."""
    if last.result is None or last.result.worked or _is_stage(last.result, beliefs):
        return ()
    bare = [result for result in results if not result.worked and not _is_stage(result, beliefs)]
    right = [result.written for result in bare if judge_result(result, beliefs.question)[0]]
    return (*right[:1], last.result.written) if right else ()


def _is_stage(result: Result, beliefs: Beliefs) -> bool:
    values = (value for world in beliefs.worlds for value in world.values.values())
    return any(result.is_about(value, within=0.001) for value in values)


def _first_if_it_stands(results: Sequence[Result], beliefs: Beliefs) -> list[Result]:
    """The answer-first style: a right number, and behind it nothing but the values it is made of."""
    others = [result for result in results[1:] if not is_known(result, beliefs)]
    return [results[0]] if not others and _judge(results[0], beliefs).stands else []


def _judge(result: Result, beliefs: Beliefs) -> Verdict:
    result = with_unit(result, beliefs.question) or result
    reading, slip, unsure = judge_result(result, beliefs.question)
    earlier = _follows_from_earlier(result, beliefs, slip)
    if reading is None and earlier is not None:
        return Verdict(result, earlier, carried=True, earlier=True, unsure=not result.sure)
    if reading or slip:
        return Verdict(result, reading, slip, unsure=unsure or not result.sure)
    for world in beliefs.worlds[1:]:
        own_reading, own_slip, _ = judge_result(result, world)
        if own_reading or own_slip:
            return Verdict(result, own_reading, own_slip, carried=True, unsure=not result.sure)
    return Verdict(result, unsure=not result.sure)


def _follows_from_earlier(result: Result, beliefs: Beliefs, slip: ComputedSlip | None) -> Reading | None:
    """What is right for the student's earlier answers, unless a slip explains the number better."""
    to_slip = result.distance(slip.value) if slip else 1.0
    found = (match_reading(result, world.readings) for world in beliefs.carried)
    return next((reading for reading in found if reading and result.distance(reading.value) <= to_slip), None)


def _with_rivals(
    right: Verdict, results: Sequence[Result], candidates: Sequence[Result], beliefs: Beliefs, claims: Claims
) -> Verdict:
    """The right verdict, with what is claimed beside it and contradicts it."""
    assert right.reading is not None, "only a right claim has rivals"
    assert right.result is not None, "a right claim has its number"
    floor = SUBSTANCE * right.reading.value
    beside = [result for result in results if result.start != right.result.start and result.values[0] >= floor]
    others = [result for result in beside if not is_known(result, beliefs)]
    bare = [result for result in others if not result.worked]
    bare = [result for result in bare if not _replaced(claims, result, right.result)]
    hedged = [result for result in bare if _hedged(claims, result, right.result)]
    unmatched = [result for result in candidates if result in others and not _replaced(claims, result, right.result)]
    rivals = hedged or unmatched or (bare if len(bare) >= MOST_RIVALS else [])
    guesses = _alternatives(results, beliefs, claims) or _list_of_guesses(results, beliefs)
    return replace(right, rivals=guesses or tuple(result.written for result in rivals))


def _replaced(claims: Claims, one: Result, right: Result) -> bool:
    """Whether a number is told only to be put right by the one that follows it."""
    return one.end <= right.start and CONTRAST.search(claims.text, one.end, right.start) is not None


def _hedged(claims: Claims, one: Result, other: Result) -> bool:
    start, end = min(one.end, other.end), max(one.start, other.start)
    between = claims.text[start:end]
    return len(between) <= 60 and (bool(HEDGE.search(between)) or not re.search(r"[A-Za-z]{3}", between))


def is_known(result: Result, beliefs: Beliefs) -> bool:
    """Whether this is a right value of the way, or follows from the student's own."""
    if _is_stage(result, beliefs):
        return True
    if any(result.is_about(slip.value) for slip in beliefs.question.slips):
        return False
    for question in beliefs.worlds:
        if any(result.is_about(reading.value, within=0.002) for reading in question.readings):
            return True
        if any(result.is_about(trace.value, within=0.001) for step in question.steps for trace in step.traces):
            return True
    return False
