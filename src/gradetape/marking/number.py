"""A short numeric answer -> a Mark: right, a known slip with its reply, wrong, or one that a human must read."""

from __future__ import annotations

import re

from gradetape.domain import Finding, Mark, Route, State
from gradetape.marking.beliefs import Beliefs
from gradetape.marking.finals import Verdict, results_of
from gradetape.marking.verdicts import final_verdict
from gradetape.marking.worked import claims_of, why_unsure
from gradetape.marking.worked_remarks import remarks_on
from gradetape.question import ComputedSlip, Reading, WorkedQuestion

WRITE_ONE = "Write one number, with its thousands in the way you were taught."
LONGEST_TRY = 12  # words without a number: beyond it somebody wrote an explanation, which a human reads


def mark_number(question: WorkedQuestion, text: str) -> Mark:
    """The Mark of a short numeric answer. No number in a few words is wrong; ambiguous and contradictory ones wait."""
    if not text.strip():
        return Mark(0.0, 0.0, 0.0, Route.AUTO, attempted=False)
    if _says_none(question, text):
        text = "0"
    claims = claims_of(question, text)
    beliefs = Beliefs(question)
    results = results_of(claims, question)
    verdict = final_verdict(results, beliefs, claims)
    if verdict.result is None and (given := _given_as_answer(question, text)):
        verdict = given
    remarks = remarks_on(claims, question, verdict.result, right=verdict.reading is not None)
    if verdict.result is None:
        return _no_number(question, len(text.split()))
    if verdict.unsure or verdict.rivals:
        return _waits(question, verdict, tuple(remarks))
    if verdict.reading is not None:
        return _right(question, verdict, verdict.reading, tuple(remarks))
    return _wrong(question, verdict, verdict.slip, tuple(remarks))


def _says_none(question: WorkedQuestion, text: str) -> bool:
    """Whether the answer is zero, in words."""
    said = re.fullmatch(r"\W*(?:zero|none|nil|no(?= \w))(?: (\w+))?(?: at all)?\W*", text.strip(), re.IGNORECASE)
    return said is not None and (said[1] or question.unit).lower() in (question.unit, "parameters", "weights")


def _given_as_answer(question: WorkedQuestion, text: str) -> Verdict | None:
    """A number that also stands in the question may still be the answer, or zero a slip."""
    bare = WorkedQuestion(question.item, question.unit, question.readings, question.slips, locale=question.locale)
    claims = claims_of(bare, text)
    results = results_of(claims, bare)
    return final_verdict(results, Beliefs(bare), claims) if results else None


def _right(question: WorkedQuestion, verdict: Verdict, reading: Reading, remarks: tuple[Finding, ...]) -> Mark:
    found = verdict.result.written if verdict.result else ""
    sentence = reading.sentence or "Right."
    finding = Finding("answer", State.MET, f"{found}: right. {sentence}", earned=1.0, possible=1.0, evidence=(found,))
    return Mark(1.0, 1.0, 1.0, Route.AUTO, (finding, *remarks))


def _wrong(question: WorkedQuestion, verdict: Verdict, slip: ComputedSlip | None, remarks: tuple[Finding, ...]) -> Mark:
    found = verdict.result.written if verdict.result else ""
    share = slip.share if slip else 0.0
    hint = slip.reply if slip else "Write down how you came to it, one step a line, and check each step by itself."
    finding = Finding(
        "answer",
        State.PARTLY if share else State.MISSED,
        f"Expected another number of {question.unit}, found {found}.",
        hint,
        earned=share,
        possible=1.0,
        evidence=(found,),
    )
    return Mark(share, share, share, Route.AUTO, (finding, *remarks), (slip.name,) if slip else ())


def _waits(question: WorkedQuestion, verdict: Verdict, remarks: tuple[Finding, ...]) -> Mark:
    found = verdict.result.written if verdict.result else ""
    reason = (
        f"The answer names several numbers: {', '.join((found, *verdict.rivals[:3]))}."
        if verdict.rivals
        else why_unsure(verdict.result)
        if verdict.result
        else "No number could be read."
    )
    rounded = verdict.unsure and verdict.result is not None and verdict.result.sure
    hint = "Write the number with all its digits." if rounded else WRITE_ONE
    finding = Finding("answer", State.PENDING, reason, hint, 0.0, 1.0)
    return Mark(0.5, 0.0, 1.0, Route.REVIEW, (finding, *remarks), reasons=(reason,))


def _no_number(question: WorkedQuestion, words: int) -> Mark:
    finding = Finding(
        "answer", State.MISSED, f"Expected a number of {question.unit}, found none.", "Answer with a number.", 0.0, 1.0
    )
    if words <= LONGEST_TRY:
        return Mark(0.0, 0.0, 0.0, Route.AUTO, (finding,), reasons=("No number was found.",))
    return Mark(0.0, 0.0, 1.0, Route.REVIEW, (finding,), reasons=("No number was found in a long answer.",))
