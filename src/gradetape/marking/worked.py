"""A worked answer -> a Mark, as a human marks it: the final claim first, then each step of the way.

The right number without a contradiction is full. Else every step shown earns its share: by value, by expression
(half, when its value is missing or wrong) or in words (half). What follows rightly from the student's own wrong
number, here or in an earlier answer, counts as right. A known slip is named and answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradetape.domain import Finding, Mark, Route, State
from gradetape.exercise import ComputedSlip, Misreading, WorkedQuestion
from gradetape.expect import show
from gradetape.marking.beliefs import Beliefs, beliefs_of
from gradetape.marking.claims import Claims, read_claims
from gradetape.marking.finals import HEDGE, Result, Verdict, judge_result, match_slip, results_of, with_unit
from gradetape.marking.sightings import sightings_of
from gradetape.marking.worked_remarks import remarks_on
from gradetape.marking.worked_steps import StepSeen, evidence_of, see_steps

CODE = re.compile(r"^\s*(?:import |from \w+ import|def |model\s*[.=]|print\(|\w+\.add\()|\b(?:layers|keras)\.\w+", re.MULTILINE)
MOST_RIVALS = 2
SUBSTANCE = 0.02  # results this much smaller than the answer are counts and sides, not claims


def mark_worked(question: WorkedQuestion, text: str, *, carried: Mapping[str, str] | None = None) -> Mark:
    """The Mark of one worked answer. `carried`: the student's other answers by item id, of which only those the
    question builds on are read."""
    if not text.strip():
        return Mark(0.0, 0.0, 0.0, Route.AUTO, attempted=False)
    claims = claims_of(question, text)
    beliefs = beliefs_of(question, _earlier(question, carried or {}), claims)
    results = results_of(claims, question)
    verdict = final_verdict(results, beliefs, claims)
    if verdict.reading is not None and not (verdict.rivals or verdict.unsure):
        return _right(question, claims, verdict)
    return _partial(claims, beliefs, results, verdict)


def claims_of(question: WorkedQuestion, text: str) -> Claims:
    """The claims in a text, its numbers read by the question's locales."""
    locales = tuple(part.strip() for part in question.locale.split(",") if part.strip()) or ("en",)
    return read_claims(text, locales=locales, whole=question.unit != "bytes")


def _earlier(question: WorkedQuestion, carried: Mapping[str, str]) -> list[tuple[Claims, dict[str, float]]]:
    found = []
    for item in dict.fromkeys(question.carries.values()):
        if not carried.get(item, "").strip():
            continue
        claims = claims_of(question, carried[item])
        names = [name for name, source in question.carries.items() if source == item]
        final = _final_number(claims, question, names)
        found.append((claims, {} if final is None else dict.fromkeys(names, final)))
    return found


def _final_number(claims: Claims, question: WorkedQuestion, names: Sequence[str]) -> float | None:
    """What an earlier answer came to: its right value if that stands in it, else its last claim."""
    counted = any(question.units.get(name, question.unit) != "bytes" for name in names)
    as_asked = WorkedQuestion(question.item, "parameters" if counted else question.unit, (), given=question.given)
    results = results_of(claims, as_asked)
    for result in results:
        for name in names:
            if name in question.values and result.is_about(question.values[name]):
                return float(question.values[name])
    last = next((result for result in reversed(results) if result.strong), results[-1] if results else None)
    return last.values[0] if last else None


def final_verdict(results: Sequence[Result], beliefs: Beliefs, claims: Claims) -> Verdict:
    """The final claim and what it is: right, a slip, right for the student's own numbers, or none of these."""
    if not results:
        return Verdict()
    strong = [result for result in results if result.strong]
    candidates = list(dict.fromkeys([*strong[-1:], results[-1], *_first_if_it_stands(results, beliefs)]))
    judged = [_judge(result, beliefs) for result in candidates]
    right = next((verdict for verdict in judged if verdict.reading and not verdict.carried), None)
    if right is not None:
        return _with_rivals(right, results, candidates, beliefs, claims)
    best = next((verdict for verdict in judged if verdict.slip), None)
    return best or next((verdict for verdict in judged if verdict.carried), judged[0])


def _first_if_it_stands(results: Sequence[Result], beliefs: Beliefs) -> list[Result]:
    """The answer-first style: a right number, and behind it nothing but the values it is made of."""
    others = [result for result in results[1:] if not _is_known(result, beliefs)]
    return [] if others else [results[0]]


def _judge(result: Result, beliefs: Beliefs) -> Verdict:
    result = with_unit(result, beliefs.question) or result
    reading, slip, unsure = judge_result(result, beliefs.question)
    if reading or slip:
        return Verdict(result, reading, slip, unsure=unsure or not result.sure)
    own_reading, own_slip, _ = judge_result(result, beliefs.seen)
    if own_reading or own_slip:
        return Verdict(result, own_reading, own_slip, carried=True, unsure=not result.sure)
    return Verdict(result, unsure=not result.sure)


def _with_rivals(
    right: Verdict, results: Sequence[Result], candidates: Sequence[Result], beliefs: Beliefs, claims: Claims
) -> Verdict:
    """The right verdict, with what is claimed beside it and contradicts it."""
    assert right.result is not None and right.reading is not None, "only a right claim has rivals"
    floor = SUBSTANCE * right.reading.value
    others = [result for result in results if result.values[0] >= floor and not _is_known(result, beliefs)]
    bare = [result for result in others if not result.worked]
    hedged = [result for result in bare if _hedged(claims, result, right.result)]
    unmatched = [result for result in candidates if result in others]
    rivals = hedged or unmatched or (bare if len(bare) >= MOST_RIVALS else [])
    return Verdict(
        right.result, right.reading, None, rivals=tuple(result.written for result in rivals), unsure=right.unsure
    )


def _hedged(claims: Claims, one: Result, other: Result) -> bool:
    start, end = min(one.end, other.end), max(one.start, other.start)
    between = claims.text[start:end]
    return len(between) <= 60 and (bool(HEDGE.search(between)) or not re.search(r"[A-Za-z]{3}", between))


def _is_known(result: Result, beliefs: Beliefs) -> bool:
    """Whether this is a right value of the way, or follows from the student's own."""
    for question in (beliefs.question, beliefs.seen):
        if any(result.is_about(value, within=0.001) for value in question.values.values()):
            return True
        if any(result.is_about(reading.value, within=0.002) for reading in question.readings):
            return True
        if any(result.is_about(trace.value, within=0.001) for step in question.steps for trace in step.traces):
            return True
    return False


def _right(question: WorkedQuestion, claims: Claims, verdict: Verdict) -> Mark:
    assert verdict.reading is not None and verdict.result is not None, "called for a right claim only"
    found = verdict.result.written
    findings = [
        Finding(step.name, State.MET, step.sentence, earned=step.share, possible=step.share, evidence=(found,))
        for step in question.steps
    ] or [Finding("answer", State.MET, f"{found}: right.", earned=1.0, possible=1.0, evidence=(found,))]
    several = len(question.readings) > 1
    if several:
        findings.append(Finding("reading", State.MET, f"Right, read as: {verdict.reading.sentence}", evidence=(found,)))
    return Mark(1.0, 0.9, 1.0, Route.AUTO, (*findings, *remarks_on(claims, question, verdict.result, right=True)))


@dataclass(frozen=True)
class _Doubt:
    """Why a human must look, and how wide the mark may be."""

    reasons: tuple[str, ...]
    low: float
    high: float


def _partial(claims: Claims, beliefs: Beliefs, results: Sequence[Result], verdict: Verdict) -> Mark:
    question = beliefs.question
    slips = _slips_of(verdict, results, beliefs)
    dead_end = verdict.slip is not None and verdict.slip.share == 0
    steps = see_steps(evidence_of(claims, sightings_of(claims), beliefs), words_count=not dead_end)
    if verdict.slip is not None and _goes_beyond(verdict, steps, beliefs):
        slips, verdict = slips[1:], Verdict(verdict.result, unsure=verdict.unsure)
    misread = list(beliefs.misreadings.values())
    steps = [_charged(step, misread) for step in steps]
    findings = [_finding(step) for step in steps]
    score = sum(step.earned for step in steps)
    if verdict.slip is not None:
        score = max(score, verdict.slip.share - sum(0.1 for misreading in misread if misreading.costs))
    score = min(max(score, 0.0), 1.0)
    doubt = _doubt(claims, results, verdict, score, bool(slips or misread), question)
    findings += [Finding(slip.name, State.MISSED, _found(verdict, slip), slip.reply) for slip in slips]
    findings += [Finding(each.name, State.MISSED, "The sizes on your way show where this went off.", each.reply) for each in misread]
    findings += remarks_on(claims, question, verdict.result, right=False)
    if verdict.rivals:
        score = min(score, 0.5)
    low, high = min(doubt.low, score), max(doubt.high, score)
    names = tuple(dict.fromkeys([slip.name for slip in slips] + [each.name for each in misread]))
    return Mark(score, low, high, Route.REVIEW if doubt.reasons else Route.AUTO, tuple(findings), names, doubt.reasons)


def _slips_of(verdict: Verdict, results: Sequence[Result], beliefs: Beliefs) -> list[ComputedSlip]:
    """The slip of the final claim first; then those of other claims that are no right values on the way."""
    found = {verdict.slip.name: verdict.slip} if verdict.slip else {}
    if verdict.reading is None:
        for result in results:
            if _is_known(result, beliefs):
                continue
            for question in (beliefs.question, beliefs.seen):
                slip = match_slip(result, question.slips)
                if slip is not None and not found:
                    found[slip.name] = slip
    return list(found.values())


def _goes_beyond(verdict: Verdict, steps: Sequence[StepSeen], beliefs: Beliefs) -> bool:
    """Whether the last number is only a stage of the way: the working shows more than that slip would."""
    assert verdict.slip is not None and verdict.result is not None, "asked of a slip only"
    stage = any(verdict.result.is_about(value) for value in beliefs.question.values.values())
    return stage and not verdict.result.strong and sum(step.earned for step in steps) > verdict.slip.share + 0.15


def _charged(step: StepSeen, misread: Sequence[Misreading]) -> StepSeen:
    """The step, half of it when the question was misread there; followed through, that is all it costs."""
    if not any(misreading.costs == step.step.name for misreading in misread):
        return step
    return StepSeen(step.step, step.quality / 2, step.evidence, step.carried, step.by_word)


def _finding(seen: StepSeen) -> Finding:
    step = seen.step
    evidence = (seen.evidence,) if seen.evidence else ()
    if seen.quality >= 0.999:
        state, message = State.MET, step.sentence
        if seen.carried:
            message += " It follows from your own number; what is wrong with that one counts only where it arose."
    elif seen.quality > 0:
        state = State.PARTLY
        why = "you say it, but do not work it out" if seen.by_word else "not all of it is worked out rightly"
        message = f"{step.sentence} In part: {why}."
    else:
        state, message = State.MISSED, f"{step.sentence} I did not find this in your working."
    hint = "" if state is State.MET else step.missing
    return Finding(step.name, state, message, hint, seen.earned, step.share, evidence)


def _found(verdict: Verdict, slip: ComputedSlip) -> str:
    if verdict.result is None:
        return "Your working shows a known slip."
    own = " from your own earlier number" if verdict.carried and slip is verdict.slip else ""
    return f"Found: {verdict.result.written}{own}." if slip is verdict.slip else f"Found on the way: {show(slip.value)}."


def _doubt(
    claims: Claims, results: Sequence[Result], verdict: Verdict, score: float, explained: bool, question: WorkedQuestion
) -> _Doubt:
    """Whether a human must look. Sure are: a recognised slip, steps that were seen, a bare wrong number, no try."""
    reasons = []
    worked = any(result.worked for result in results)
    if verdict.rivals:
        reasons.append(f"The right number stands beside others that contradict it: {', '.join(verdict.rivals[:3])}.")
    if verdict.unsure and verdict.result is not None:
        reasons.append(f"“{verdict.result.written}” can be read as more than one number.")
    nothing = score < 0.02 and not explained
    if nothing and CODE.search(claims.text):
        reasons.append("The answer is code, with no number or expression that I can read.")
    elif nothing and (worked or len(claims.words) > 12 or len(results) > 2):
        reasons.append("I recognised no step and no known slip in it.")
    if reasons:
        return _Doubt(tuple(reasons), 0.0, 1.0)
    spread = 0.2 if worked else 0.25
    return _Doubt((), max(0.0, score - spread), min(1.0, score + spread))
