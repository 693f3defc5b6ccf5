"""A file of answers -> a mark for each: what `gradetape mark` prints."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from gradetape.course import Course
from gradetape.course.items import Item
from gradetape.domain import Fault, Mark
from gradetape.errors import UsageError
from gradetape.intake import read_answers
from gradetape.judge import mark_item


def mark_answers(course: Course, path: Path) -> tuple[list[dict[str, Any]], list[Fault]]:
    """Every row that can be marked, marked, in the file's order; and every row that cannot, with its line and why.

    A learner's other answers are at hand while one is marked, so that an error carried on is charged once.
    Everybody has the canonical variant here.
    """
    rows, faults = read_answers(path)
    earlier: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        earlier[row.learner][row.question] = row.text
    lines = []
    for row in rows:
        try:
            exercise, item = _find(course, row.question)
        except UsageError as error:
            faults.append(Fault(f"{path.name}, line {row.line}", str(error)))
            continue
        mark = mark_item(exercise, item, row.text, exercise.canonical, course.settings.locale, earlier[row.learner])
        lines.append(mark_to_json(row.learner, row.question, mark))
    return lines, faults


def mark_to_json(learner: str, question: str, mark: Mark) -> dict[str, Any]:
    """A mark as the contract has it. `points` are shares of 1."""
    return {
        "learner": learner,
        "question": question,
        "score": round(mark.score, 4),
        "low": round(mark.low, 4),
        "high": round(mark.high, 4),
        "route": mark.route.value,
        "slips": list(mark.slips),
        "points": [
            {
                "name": finding.check,
                "earned": round(finding.earned, 4),
                "possible": round(finding.possible, 4),
                "evidence": list(finding.evidence),
            }
            for finding in mark.findings
        ],
        "reasons": list(mark.reasons),
    }


def _find(course: Course, question: str) -> tuple[Any, Item]:
    exercise = course.exercise_of(question)
    for item in exercise.items:
        if item.id == question:
            return exercise, item
    raise UsageError(f"{question!r} is a program, not an answer that `mark` can read; use `grade`.")
