"""Exercise × Evidence -> item reports. Pure: no file, no clock, no student code, and the same answer every time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradetape.course import CourseExercise
from gradetape.course.items import (
    ChoiceItem,
    ChoicesItem,
    Item,
    MatchingItem,
    NumberItem,
    OrderingItem,
    WorkedItem,
    WrittenItem,
)
from gradetape.domain import Answer, Ending, Evidence, Finding, ItemReport, Mark, Route, Score, State
from gradetape.evidence import VIEWS
from gradetape.exercise import Check
from gradetape.marking.number import mark_number
from gradetape.marking.selected import mark_choice, mark_choices, mark_matching, mark_ordering
from gradetape.marking.worked import mark_worked
from gradetape.marking.written import mark_written
from gradetape.question import WorkedQuestion
from gradetape.variants import consistent_question, draw

__all__ = ["judge_exercise", "mark_item", "needs_of_view_are_met", "question_of", "variant_of"]

Variant = Mapping[str, Any]
WHOLE = 1e-9  # two sums of shares that differ by less are the same mark


def judge_exercise(
    exercise: CourseExercise, evidence: Evidence, variant: Variant, locale: str
) -> tuple[ItemReport, ...]:
    """Every item of the exercise, judged from the evidence alone."""
    if exercise.is_program:
        return (_judge_program(exercise, evidence),)
    return tuple(_judge_answer(exercise, item, evidence, variant, locale) for item in exercise.items)


def question_of(exercise: CourseExercise, item: str, variant: Variant, locale: str) -> WorkedQuestion:
    """What a computed item's right answers, slips and steps are for one variant."""
    grader = exercise.grader
    return grader.computed[item].question(grader.subject(variant), locale=locale)


def variant_of(exercise: CourseExercise, student: str, key: bytes, locale: str) -> Variant:
    """The numbers a student was given: the canonical ones without a key, else their own, drawn until consistent."""
    if not key or exercise.quiz is None:
        return exercise.canonical

    def consistent(variant: Variant) -> bool:
        return not any(
            consistent_question(question_of(exercise, item, variant, locale)) for item in exercise.grader.computed
        )

    return draw(
        exercise.quiz.variant,
        exercise.canonical,
        key=key,
        student=student,
        exercise=exercise.slug,
        consistent=consistent,
    )


def mark_item(
    exercise: CourseExercise, item: Item, text: str, variant: Variant, locale: str, earlier: Mapping[str, str]
) -> Mark:
    """One theory answer's Mark. `earlier`: the student's other answers, so that an error carried on is charged once."""
    if isinstance(item, (NumberItem, WorkedItem)):
        question = question_of(exercise, item.id, variant, locale)
        if isinstance(item, NumberItem):
            return mark_number(question, text)
        return mark_worked(question, text, carried=earlier)
    markers: dict[type, Callable[[Any, str], Mark]] = {
        ChoiceItem: mark_choice,
        ChoicesItem: mark_choices,
        MatchingItem: mark_matching,
        OrderingItem: mark_ordering,
        WrittenItem: mark_written,
    }
    return markers[type(item)](item, text)


def needs_of_view_are_met(exercise: CourseExercise, evidence: Evidence, view: str) -> bool:
    """Whether some check that reads `view` has all its needs met: whether that evidence is worth its cost."""
    states = {finding.check: finding.state for finding in _judge_checks(exercise, evidence)}
    return any(
        check.view == view and all(states.get(need) is State.MET for need in check.needs)
        for check in exercise.grader.checks
    )


def _judge_answer(
    exercise: CourseExercise, item: Item, evidence: Evidence, variant: Variant, locale: str
) -> ItemReport:
    answer = evidence.answers.get(item.id, Answer(item.id, "", attempted=False))
    if not answer.attempted:
        return _not_attempted(exercise, item.id, item.title, item.points)
    earlier = {other.item: other.text for other in evidence.answers.values() if other.attempted}
    try:
        mark = mark_item(exercise, item, answer.text, variant, locale, earlier)
    except Exception as error:  # noqa: BLE001 - a fault of ours never costs a point and never stops the class
        return _our_fault(exercise, item.id, item.title, item.points, error)
    if not mark.attempted:
        return _not_attempted(exercise, item.id, item.title, item.points)
    return _report_mark(exercise, item, mark)


def _report_mark(exercise: CourseExercise, item: Item, mark: Mark) -> ItemReport:
    certain = mark.score if mark.route is Route.AUTO else mark.low
    pending = 0.0 if mark.route is Route.AUTO else mark.high - mark.low
    score = Score(_points(certain * item.points), item.points, _points(pending * item.points))
    return ItemReport(
        item=item.id,
        exercise=exercise.slug,
        title=item.title,
        state=State.PENDING if mark.route is Route.REVIEW else _state(score),
        route=mark.route,
        score=score,
        findings=tuple(_scaled(finding, item.points) for finding in mark.findings),
        slips=mark.slips,
        reasons=mark.reasons,
        suggested=_points(mark.score * item.points),
    )


def _judge_program(exercise: CourseExercise, evidence: Evidence) -> ItemReport:
    grader = exercise.grader
    possible = sum(check.points for check in grader.checks)
    if not evidence.attempted:
        return _not_attempted(exercise, grader.item, exercise.title, possible)
    findings = _judge_checks(exercise, evidence)
    pending = sum(finding.possible for finding in findings if finding.state is State.PENDING)
    score = Score(_points(sum(finding.earned for finding in findings)), possible, pending)
    return ItemReport(
        item=grader.item,
        exercise=exercise.slug,
        title=exercise.title,
        state=State.PENDING if pending else _state(score),
        route=Route.REVIEW if pending else Route.AUTO,
        score=score,
        findings=findings,
        reasons=tuple(finding.message for finding in findings if finding.state is State.PENDING),
        suggested=score.earned,
    )


def _judge_checks(exercise: CourseExercise, evidence: Evidence) -> tuple[Finding, ...]:
    findings: dict[str, Finding] = {}
    for check in exercise.grader.checks:
        findings[check.name] = _judge_check(check, evidence, findings, exercise.grader.checks)
    return tuple(findings.values())


def _judge_check(check: Check, evidence: Evidence, before: Mapping[str, Finding], checks: Sequence[Check]) -> Finding:
    blank = Finding(check.name, State.NOT_JUDGED, "", possible=check.points, hidden=check.hidden, demand=check.sentence)
    if evidence.ending is Ending.OUR_FAULT:
        return dataclasses.replace(blank, state=State.PENDING, message=_ours("the run could not be started"))
    unmet = _unmet(check, before, {other.name: other for other in checks})
    if unmet is not None:
        if before[unmet.name].state is State.PENDING:
            return dataclasses.replace(
                blank, state=State.PENDING, message="Waits for another check that a human decides."
            )
        return dataclasses.replace(blank, message=f"Not judged, because it needs this first: {unmet.sentence}")
    try:
        found = check.judge(VIEWS[check.view].of(evidence))
    except Exception as error:  # noqa: BLE001 - a fault of ours never costs a point and never stops the class
        return dataclasses.replace(blank, state=State.PENDING, message=_ours(f"{type(error).__name__}: {error}"))
    if found.state is State.NOT_JUDGED:  # the evidence is not there: that is ours to find out, not the student's loss
        return dataclasses.replace(blank, state=State.PENDING, message=found.message)
    return dataclasses.replace(
        blank,
        state=found.state,
        message=found.message,
        hint=found.hint,
        earned=_points(check.points * _share(found)),
        evidence=found.evidence,
    )


def _unmet(check: Check, before: Mapping[str, Finding], checks: Mapping[str, Check]) -> Check | None:
    """The first need that is not met, traced back to the one that caused it; None when all are met."""
    for need in check.needs:
        if before[need].state is State.NOT_JUDGED:
            return _unmet(checks[need], before, checks) or checks[need]
        if before[need].state is not State.MET:
            return checks[need]
    return None


def _share(found: Finding) -> float:
    if found.state is State.MET:
        return 1.0
    return found.earned / found.possible if found.state is State.PARTLY and found.possible else 0.0


def _scaled(finding: Finding, points: float) -> Finding:
    return dataclasses.replace(
        finding, earned=_points(finding.earned * points), possible=_points(finding.possible * points)
    )


def _state(score: Score) -> State:
    if score.earned >= score.possible - WHOLE:
        return State.MET
    return State.PARTLY if score.earned > WHOLE else State.MISSED


def _points(value: float) -> float:
    """Points to a thousandth: what a gradebook can hold and a sum cannot smear."""
    return round(value + 0.0, 3)


def _not_attempted(exercise: CourseExercise, item: str, title: str, points: float) -> ItemReport:
    return ItemReport(item, exercise.slug, title, State.NOT_ATTEMPTED, Route.AUTO, Score(0.0, points, 0.0))


def _our_fault(exercise: CourseExercise, item: str, title: str, points: float, error: Exception) -> ItemReport:
    message = _ours(f"{type(error).__name__}: {error}")
    finding = Finding("marking", State.PENDING, message, possible=points)
    return ItemReport(
        item, exercise.slug, title, State.PENDING, Route.REVIEW, Score(0.0, points, points), (finding,), (), (message,)
    )


def _ours(what: str) -> str:
    return f"GradeTape could not judge this ({what[:200]}). That is our fault, not yours: a human will look at it."
