"""A worked answer -> a Mark, as a human marks it: the final claim first, then each step of the way.

The right number without a contradiction is full. Else every step shown earns its share: by value, by expression
(half, when its value is missing or wrong) or in words (half). What follows rightly from the student's own wrong
number, here or in an earlier answer, counts as right. A known slip is named and answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gradetape.domain import Finding, Mark, Route, State
from gradetape.expect import show
from gradetape.marking.beliefs import Beliefs, beliefs_of
from gradetape.marking.claims import Claims
from gradetape.marking.claims_reader import read_claims
from gradetape.marking.culture import proven_locale
from gradetape.marking.finals import Result, Verdict, last_claim, match_slip, results_of
from gradetape.marking.sightings import sightings_of
from gradetape.marking.verdicts import GUESSES, final_verdict, is_known
from gradetape.marking.worked_remarks import remarks_on
from gradetape.marking.worked_steps import StepSeen, evidence_of, see_steps
from gradetape.question import ComputedSlip, ComputedStep, Misreading, WorkedQuestion

CODE = re.compile(
    r"^\s*(?:import |from \w+ import|def |model\s*[.=]|print\(|\w+\.add\()|\b(?:layers|keras)\.\w+", re.MULTILINE
)
BLANK = 0.05
WORDY = 12  # different words; beyond it somebody explained something
WELL_SHOWN = 0.7
FULL = 0.999
MISREAD = 0.1  # off a slip's share when the question was misread as well: half of the sizes
CODE_ALONE = 0.25  # what a program without numbers shows on average: some of the structure, none of the arithmetic


def mark_worked(question: WorkedQuestion, text: str, *, carried: Mapping[str, str] | None = None) -> Mark:
    """The Mark of one worked answer. `carried`: the student's other answers by item id, of which only those the
    question builds on are read."""
    if not text.strip():
        return Mark(0.0, 0.0, 0.0, Route.AUTO, attempted=False)
    claims = claims_of(question, text)
    beliefs = beliefs_of(question, _earlier(question, carried or {}), claims)
    results = results_of(claims, question)
    verdict = final_verdict(results, beliefs, claims)
    said = verdict.result is not None and verdict.result.stated
    if verdict.stands and said and not (verdict.rivals or verdict.unsure):
        return _right(question, claims, verdict)
    return _partial(claims, beliefs, results, verdict)


def claims_of(question: WorkedQuestion, text: str) -> Claims:
    """The claims in a text, its numbers read by the question's locales, or as the text itself proves."""
    locales = tuple(part.strip() for part in question.locale.split(",") if part.strip()) or ("en",)
    claims = read_claims(text, locales=locales, whole=question.unit != "bytes")
    proven = proven_locale(claims)
    return read_claims(text, locales=(proven,)) if proven else claims


def why_unsure(result: Result) -> str:
    """Why nobody but a human can say which number is meant."""
    if result.sure:
        return f"“{result.written}” is rounded so far that a right answer and a known slip look the same."
    return f"“{result.written}” can be read as more than one number."


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
    last = last_claim(results)
    return last.values[0] if last else None


def _right(question: WorkedQuestion, claims: Claims, verdict: Verdict) -> Mark:
    assert verdict.reading is not None, "called for a right claim only"
    assert verdict.result is not None, "a right claim has its number"
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
    dead_end = any(slip.share == 0 for slip in slips)
    steps = see_steps(evidence_of(claims, sightings_of(claims), beliefs), words_count=not dead_end)
    if verdict.slip is not None and len(results) > 1 and _goes_beyond(verdict, steps, beliefs):
        slips, verdict = slips[1:], replace(verdict, slip=None)
    misread = list(beliefs.misreadings.values())
    steps = [_charged(step, misread) for step in steps]
    verdict = _rounded_on_the_way(verdict, steps, question)
    charged = any(step.quality < FULL for step in steps)
    steps += [_final_step(step, verdict, charged) for step in question.steps if step.final]
    if verdict.slip is not None:
        steps = _raised(steps, verdict.slip.share - (MISREAD if misread and len(results) > 1 else 0.0))
    findings = [_finding(step) for step in steps]
    score = min(sum(step.earned for step in steps), 1.0)
    if score < BLANK and not slips and CODE.search(claims.text):
        score = CODE_ALONE
    said_only = all(step.by_word or not step.quality for step in steps)
    doubt = _doubt(claims, results, verdict, score, explained=bool(slips or misread), said_only=said_only)
    findings += [Finding(slip.name, State.MISSED, _found(verdict, slip), slip.reply) for slip in slips]
    findings += [
        Finding(each.name, State.MISSED, "The sizes on your way show where this went off.", each.reply)
        for each in misread
    ]
    findings += remarks_on(claims, question, verdict.result, right=False)
    if verdict.unsure and verdict.reading is not None:
        score = max(score, 0.5)
    if verdict.rivals:
        score = 0.0 if len(verdict.rivals) >= GUESSES else min(score, 0.5)
        findings = [_waiting(finding) for finding in findings]
    low, high = min(doubt.low, score), max(doubt.high, score)
    names = tuple(dict.fromkeys([slip.name for slip in slips] + [each.name for each in misread]))
    return Mark(score, low, high, Route.REVIEW if doubt.reasons else Route.AUTO, tuple(findings), names, doubt.reasons)


def _slips_of(verdict: Verdict, results: Sequence[Result], beliefs: Beliefs) -> list[ComputedSlip]:
    """The slip of the final claim first; then those of other claims that are no right values on the way."""
    found = {verdict.slip.name: verdict.slip} if verdict.slip else {}
    if verdict.reading is None:
        for result in results:
            if is_known(result, beliefs):
                continue
            for question in beliefs.worlds:
                slip = match_slip(result, question.slips)
                if slip is not None and not found:
                    found[slip.name] = slip
    return list(found.values())


def _goes_beyond(verdict: Verdict, steps: Sequence[StepSeen], beliefs: Beliefs) -> bool:
    """Whether the last number is only a stage of the way: the working shows more than that slip would."""
    assert verdict.slip is not None, "asked of a slip only"
    assert verdict.result is not None, "a slip has the claim it was found in"
    stage = any(verdict.result.is_about(value) for value in beliefs.question.values.values())
    return stage and not verdict.result.strong and sum(step.earned for step in steps) > verdict.slip.share + 0.15


def _rounded_on_the_way(verdict: Verdict, steps: Sequence[StepSeen], question: WorkedQuestion) -> Verdict:
    """A claim a little beside the right one is right where all of the way is shown: roundings add up."""
    if verdict.result is None or verdict.reading or verdict.slip or any(step.quality < WELL_SHOWN for step in steps):
        return verdict
    near = next(
        (reading for reading in question.readings if verdict.result.distance(reading.value) <= reading.shown), None
    )
    return Verdict(verdict.result, near, unsure=verdict.unsure) if near else verdict


def _final_step(step: ComputedStep, verdict: Verdict, charged: bool) -> StepSeen:
    """The answer itself: earned by claiming it, or what follows rightly from the student's own numbers.

    `charged`: what is wrong with those cost something already; if not, it costs half of this step.
    """
    if verdict.result is None or verdict.reading is None:
        return StepSeen(step, 0.0)
    quality = 1.0 if charged or verdict.stands else 0.5
    if not verdict.result.stated:
        quality /= 2  # an expression without its value
    return StepSeen(step, quality, verdict.result.written, carried=verdict.carried)


def _raised(steps: Sequence[StepSeen], share: float) -> list[StepSeen]:
    """The steps, raised evenly where something is missing until they earn what the slip's number alone shows."""
    earned, room = sum(step.earned for step in steps), sum(step.step.share * (1 - step.quality) for step in steps)
    if earned >= share or not room:
        return list(steps)
    lift = (share - earned) / room
    return [replace(step, quality=step.quality + (1 - step.quality) * lift, by_number=True) for step in steps]


def _waiting(finding: Finding) -> Finding:
    """A finding of an answer that only a human can settle."""
    return replace(finding, state=State.PENDING, earned=0.0) if finding.possible else finding


def _charged(step: StepSeen, misread: Sequence[Misreading]) -> StepSeen:
    """The step, half of it when the question was misread there; followed through, that is all it costs."""
    if not any(misreading.costs == step.step.name for misreading in misread):
        return step
    return replace(step, quality=step.quality / 2)


def _finding(seen: StepSeen) -> Finding:
    step = seen.step
    evidence = (seen.evidence,) if seen.evidence else ()
    if seen.quality >= FULL:
        state, message = State.MET, step.sentence
        if seen.carried:
            message += " It follows from your own number; what is wrong with that one counts only where it arose."
    elif seen.quality > 0:
        state = State.PARTLY
        why = "you say it, but do not work it out" if seen.by_word else "not all of it is worked out rightly"
        if seen.by_number and not seen.evidence:
            why = "your number shows some of the way; your working does not show the rest"
        message = f"{step.sentence} In part: {why}."
    else:
        state, message = State.MISSED, f"{step.sentence} I did not find this in your working."
    hint = "" if state is State.MET else step.missing
    return Finding(step.name, state, message, hint, seen.earned, step.share, evidence)


def _found(verdict: Verdict, slip: ComputedSlip) -> str:
    if verdict.result is None:
        return "Your working shows a known slip."
    own = " from your own earlier number" if verdict.carried and slip is verdict.slip else ""
    return (
        f"Found: {verdict.result.written}{own}." if slip is verdict.slip else f"Found on the way: {show(slip.value)}."
    )


def _doubt(
    claims: Claims, results: Sequence[Result], verdict: Verdict, score: float, *, explained: bool, said_only: bool
) -> _Doubt:
    """Whether a human must look. Sure are: a recognised slip, steps that were seen, a bare wrong number, no try."""
    reasons = []
    worked = any(result.worked for result in results)
    if verdict.rivals:
        reasons.append(f"Several numbers stand side by side as the answer: {', '.join(verdict.rivals[:4])}.")
    if verdict.unsure and verdict.result is not None:
        reasons.append(why_unsure(verdict.result))
    code = CODE.search(claims.text) and score <= CODE_ALONE and not explained
    nothing = score < BLANK and not explained
    if code:
        reasons.append("The answer is code, with no number or expression that I can read.")
    elif verdict.result is None and said_only and len(claims.words) > WORDY:
        reasons.append("There is no number in it that could be the answer.")
    elif nothing and (worked or len(claims.words) > WORDY or len(results) > 2):
        reasons.append("I recognised no step and no known slip in it.")
    if reasons:
        return _Doubt(tuple(reasons), 0.0, 1.0)
    spread = 0.2 if worked else 0.25
    return _Doubt((), max(0.0, score - spread), min(1.0, score + spread))
