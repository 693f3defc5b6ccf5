"""Where the pages of a graded class stand: one folder for each student, the class's page and table above them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from gradetape.course import Course
from gradetape.domain import JsonValue, Report
from gradetape.report.class_page import class_page
from gradetape.report.csv_scores import scores_csv
from gradetape.report.json_report import json_text, to_json
from gradetape.report.student_page import student_page

MOST_PLAIN = 60


def write_student(course: Course, report: Report, out: Path) -> dict[str, JsonValue]:
    """Write `report.html` and `report.json` of one student under `out`, and return the JSON."""
    folder = out / folder_name(report.student)
    folder.mkdir(parents=True, exist_ok=True)
    hints = {item: hints for exercise in course.exercises.values() for item, hints in exercise.hints.items()}
    page = student_page(report, course.title, _titles(course), hints, templates=_templates(course))
    _write(folder / "report.html", page)
    _write(folder / "report.json", json_text(report))
    return to_json(report)


def write_class(course: Course, reports: Sequence[Report], out: Path) -> None:
    """Write `index.html` and `scores.csv` of a class under `out`."""
    links = {report.student: f"{folder_name(report.student)}/report.html" for report in reports}
    _write(
        out / "index.html",
        class_page(reports, course.title, links, _titles(course), templates=_templates(course)),
    )
    _write(out / "scores.csv", scores_csv(reports))


def folder_name(student: str) -> str:
    """A student's name as the name of a folder that every system can have, different for different names.

    >>> folder_name("ann.lee")
    'ann.lee'
    >>> folder_name("../ann").startswith("ann-")
    True
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", student).strip(".-")[:MOST_PLAIN]
    if plain == student:
        return plain
    return f"{plain or 'student'}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _titles(course: Course) -> dict[str, str]:
    return {slug: exercise.title for slug, exercise in course.exercises.items()}


def _templates(course: Course) -> Path | None:
    """The course's own templates, where it has any."""
    own = course.root / "templates"
    return own if own.is_dir() else None


def _write(path: Path, text: str) -> None:
    """The file holds all of `text`, or what it held before: never half a page."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)
