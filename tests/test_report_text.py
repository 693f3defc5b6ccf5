"""What `gradetape check` prints is plain words that a terminal only shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import sample_reports
from gradetape.domain import Report, Score, State
from gradetape.report import terminal_lines, toned_lines
from sample_reports import finding, item


def test_lines_say_state_reason_hint_and_total() -> None:
    lines = terminal_lines(sample_reports.typical(), sample_reports.TITLES, sample_reports.HINTS)
    assert "Q2  Counting parameters and bytes".replace("  ", " ") in lines
    assert "✗ q2a 0.5 of 2 Missed" in lines
    assert any("Hint: Look at the last term" in line for line in lines)
    assert lines[-2:] == ["19.6 of 35 points.", "1 more wait for a person to decide."]


def test_a_traceback_is_set_apart_line_by_line() -> None:
    lines = terminal_lines(sample_reports.typical())
    assert "    │ NameError: name 'Flase' is not defined" in lines


def test_a_private_check_says_nothing_but_its_state() -> None:
    lines = "\n".join(terminal_lines(sample_reports.typical()))
    assert "A check that is kept private: met." in lines
    assert "secret" not in lines


def test_toned_lines_are_the_same_lines() -> None:
    report = sample_reports.typical()
    assert [line.text for line in toned_lines(report)] == terminal_lines(report)


@given(st.text(st.characters(), min_size=1))
def test_nothing_a_student_wrote_reaches_the_terminal_as_a_command(text: str) -> None:
    told = finding(text, State.MISSED, text, 0, 1, hint=text, demand=text)
    report = Report(text, (item("q4", text, State.MISSED, Score(0, 1), told, reasons=(text,)),))
    for line in terminal_lines(report):
        assert len(line.splitlines()) <= 1
        assert not set(line) & {"\x1b", "\x07", "\x08", "\r", "\x9b", "\u202e"}
        line.encode("utf-8")
