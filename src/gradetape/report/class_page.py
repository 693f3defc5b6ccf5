"""The whole class on one HTML page: who earned what, where marks were lost, what waits for a person."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradetape.domain import EMPTY, Finding, ItemReport, Report, Route, Score, State
from gradetape.report.pages import check_name, exercise_label, exercise_title, relative_link, render
from gradetape.report.student_page import exercise_order, joint_state, score_bar

LOSSES_SHOWN_FIRST = 10
_LOST = (State.PARTLY, State.MISSED, State.NOT_ATTEMPTED)


@dataclass(frozen=True)
class Cell:
    """One student's standing in one exercise; `state` is None where the report does not have it."""

    state: State | None
    score: Score


@dataclass(frozen=True)
class Row:
    """One student."""

    student: str
    link: str
    score: Score
    bar: tuple[float, float]
    cells: tuple[Cell, ...]
    faults: int


@dataclass(frozen=True)
class Column:
    """One exercise of the table."""

    slug: str
    label: str
    title: str


@dataclass(frozen=True)
class Loss:
    """One demand and what the class lost on it. `share` compares it with the greatest loss, in percent."""

    item: str
    words: str
    students: int
    of: int
    points: float
    share: float


@dataclass(frozen=True)
class Waiting:
    """One answer that a person has to decide."""

    student: str
    link: str
    item: ItemReport


@dataclass(frozen=True)
class Figures:
    """The class in a few numbers, all of totals in percent of the points possible."""

    students: int
    mean: float
    median: float
    pending: int
    faulty: int
    tenths: tuple[int, ...]


def class_page(
    reports: Sequence[Report],
    course_title: str,
    links: Mapping[str, str] = EMPTY,
    titles: Mapping[str, str] = EMPTY,
    *,
    templates: Path | None = None,
) -> str:
    """The page as HTML text. `links`: student -> path of their page relative to this one, as plain text (not encoded).

    Works without its script, which only makes the table sortable.
    """
    hrefs = {student: relative_link(path) for student, path in links.items()}
    columns = [
        Column(slug, exercise_label(slug), titles.get(slug) or exercise_title(slug))
        for slug in dict.fromkeys(slug for report in reports for slug in exercise_order(report))
    ]
    losses = _losses(reports)
    return render(
        "index.html.j2",
        script="sort.js",
        templates=templates,
        course_title=course_title,
        columns=columns,
        rows=[_row(report, columns, hrefs) for report in reports],
        figures=_figures(reports),
        losses=losses[:LOSSES_SHOWN_FIRST],
        more_losses=losses[LOSSES_SHOWN_FIRST:],
        slips=_slips(reports),
        waiting=[
            Waiting(report.student, hrefs.get(report.student, ""), item)
            for report in reports
            for item in report.items
            if item.route is Route.REVIEW or item.score.pending
        ],
        faults=[
            (report.student, hrefs.get(report.student, ""), fault) for report in reports for fault in report.faults
        ],
    )


def _row(report: Report, columns: Sequence[Column], hrefs: Mapping[str, str]) -> Row:
    return Row(
        student=report.student,
        link=hrefs.get(report.student, ""),
        score=report.score,
        bar=score_bar(report.score),
        cells=tuple(_cell([item for item in report.items if item.exercise == column.slug]) for column in columns),
        faults=len(report.faults),
    )


def _cell(items: Sequence[ItemReport]) -> Cell:
    return Cell(joint_state(items) if items else None, sum((item.score for item in items), Score()))


def _figures(reports: Sequence[Report]) -> Figures:
    percents = [score_bar(report.score)[0] for report in reports]
    tenths = Counter(min(9, int(percent // 10)) for percent in percents)
    return Figures(
        students=len(reports),
        mean=statistics.fmean(percents) if percents else 0.0,
        median=statistics.median(percents) if percents else 0.0,
        pending=sum(
            item.route is Route.REVIEW or item.score.pending > 0 for report in reports for item in report.items
        ),
        faulty=sum(bool(report.faults) for report in reports),
        tenths=tuple(tenths[tenth] for tenth in range(10)),
    )


def _losses(reports: Sequence[Report]) -> list[Loss]:
    """Every demand on which points were lost for certain, the greatest loss first. What waits is not lost."""
    lost: defaultdict[tuple[str, str], float] = defaultdict(float)
    students: Counter[tuple[str, str]] = Counter()
    words: dict[tuple[str, str], str] = {}
    for report in reports:
        for item in report.items:
            for check, told, points in _lost_in(item):
                key = (item.item, check)
                lost[key] += points
                students[key] += 1
                words.setdefault(key, told)
    asked = Counter(item.item for report in reports for item in report.items)
    ranked = sorted(lost.items(), key=lambda entry: (-round(entry[1], 6), entry[0]))
    most = max(lost.values(), default=1.0)
    return [
        Loss(key[0], words[key], students[key], asked[key[0]], points, round(100 * points / most, 2))
        for key, points in ranked
    ]


def _lost_in(item: ItemReport) -> list[tuple[str, str, float]]:
    """What one item lost, and on what: its findings where they say so, otherwise the item as a whole."""
    if item.state is State.NOT_ATTEMPTED:
        return [("", "not attempted", item.score.possible)]
    by_finding = [
        (finding.check, _words(finding), lost)
        for finding in item.findings
        if finding.state in _LOST and (lost := finding.possible - finding.earned) > 0
    ]
    rest = item.score.possible - item.score.earned - item.score.pending
    if not by_finding and rest > 1e-9:
        return [("answer", "the answer", rest)]
    return by_finding


def _words(finding: Finding) -> str:
    return (finding.demand or check_name(finding.check)) + (" (private)" if finding.hidden else "")


def _slips(reports: Sequence[Report]) -> list[tuple[str, str, int]]:
    """Known wrong paths that were recognised, most frequent first: item, slip in words, students."""
    seen = Counter((item.item, slip) for report in reports for item in report.items for slip in set(item.slips))
    return [
        (item, check_name(slip), times)
        for (item, slip), times in sorted(seen.items(), key=lambda one: (-one[1], one[0]))
    ]
