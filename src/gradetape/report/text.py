"""A report as lines for a terminal: what `gradetape check` prints.

Lines are plain text, never markup. Print them with click.echo, or with rich as Text(line.text, line.tone): a student
who writes "[red]" or an escape sequence then sees it written out.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gradetape.domain import EMPTY, Finding, ItemReport, Report, State
from gradetape.report.pages import STATE_WORDS, check_name, exercise_label, exercise_title
from gradetape.report.safe_text import excerpt, one_line, points, visible
from gradetape.report.student_page import exercise_order
from gradetape.report.training_curve import read_curve

WIDTH = 96
_MARKS = {
    State.MET: "✓",
    State.PARTLY: "◐",
    State.MISSED: "✗",
    State.NOT_ATTEMPTED: "·",
    State.NOT_JUDGED: "–",
    State.PENDING: "…",
}
_TONES = {
    State.MET: "green",
    State.PARTLY: "yellow",
    State.MISSED: "red",
    State.NOT_ATTEMPTED: "dim",
    State.NOT_JUDGED: "dim",
    State.PENDING: "cyan",
}


@dataclass(frozen=True)
class Line:
    """One line and the name of a terminal style for it; the words alone say everything."""

    text: str
    tone: str = ""


def terminal_lines(
    report: Report, titles: Mapping[str, str] = EMPTY, hints: Mapping[str, Sequence[str]] = EMPTY
) -> list[str]:
    """The report in plain words, a line each."""
    return [line.text for line in toned_lines(report, titles, hints)]


def toned_lines(
    report: Report, titles: Mapping[str, str] = EMPTY, hints: Mapping[str, Sequence[str]] = EMPTY
) -> list[Line]:
    """The same lines as `terminal_lines`, each with a style."""
    lines: list[Line] = []
    for fault in report.faults:
        lines += _wrapped("! ", f"{fault.file}: {fault.message}", "yellow")
    for slug in exercise_order(report):
        title = titles.get(slug) or exercise_title(slug)
        lines += [Line(""), Line(one_line(f"{exercise_label(slug)}  {title}"), "bold")]
        for item in report.items:
            if item.exercise == slug:
                lines += _item(item, hints.get(item.item, ()))
        facts = next((run.facts for run in report.runs if run.exercise == slug), EMPTY)
        if curve := read_curve(facts):
            lines += _wrapped("    ", curve.words, "dim")
    return [*lines, Line(""), *_total(report)]


def _item(item: ItemReport, hints: Sequence[str]) -> Iterator[Line]:
    share = f"{points(item.score.earned)} of {points(item.score.possible)}"
    yield Line(one_line(f"{_MARKS[item.state]} {item.item}  {share}  {STATE_WORDS[item.state]}"), _TONES[item.state])
    for finding in item.findings:
        yield from _finding(finding)
    for reason in item.reasons:
        yield from _wrapped("    ", reason, "cyan")
    own = any(finding.hint and not finding.hidden for finding in item.findings)
    if hints and not own and item.state is not State.MET:
        yield from _wrapped("    Hint: ", hints[0], "blue")


def _finding(finding: Finding) -> Iterator[Line]:
    mark = f"  {_MARKS[finding.state]} "
    if finding.hidden:
        yield Line(f"{mark}A check that is kept private: {STATE_WORDS[finding.state].lower()}.", _TONES[finding.state])
        return
    yield from _wrapped(mark, finding.demand or check_name(finding.check), _TONES[finding.state])
    if finding.message and finding.state is not State.MET:
        first, *rest = visible(excerpt(finding.message.strip())).split("\n")
        yield from _wrapped("    ", first, "")
        yield from (Line("    │ " + line, "dim") for line in rest)
    if finding.hint:
        yield from _wrapped("    Hint: ", finding.hint, "blue")


def _total(report: Report) -> Iterator[Line]:
    score = report.score
    yield Line(f"{points(score.earned)} of {points(score.possible)} points.", "bold")
    if score.pending:
        yield Line(f"{points(score.pending)} more wait for a person to decide.", "cyan")


def _wrapped(before: str, text: str, tone: str) -> Iterator[Line]:
    for line in textwrap.wrap(
        one_line(text), WIDTH, initial_indent=before, subsequent_indent=" " * len(before), break_on_hyphens=False
    ):
        yield Line(line, tone)
