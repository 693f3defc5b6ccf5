"""Text that others wrote can be shown and cannot act."""

from __future__ import annotations

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradetape.report.safe_text import count, csv_cell, excerpt, json_safe, one_line, points, visible

any_text = st.text(st.characters())  # surrogates too: a notebook's JSON can hold them
HIDING = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@given(any_text)
def test_nothing_that_hides_or_reorders_is_left(text: str) -> None:
    left = {unicodedata.category(character) for character in visible(text) if character not in "\n\t"}
    assert not left & HIDING


@given(any_text)
def test_what_is_shown_can_be_written_as_utf_8(text: str) -> None:
    visible(text).encode("utf-8")


@given(any_text)
def test_showing_twice_shows_the_same(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(
    st.text(
        st.characters(
            categories=["L", "N", "P", "S", "Mn"], exclude_characters="\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
        )
    )
)
def test_ordinary_letters_of_every_script_stay_as_they_are(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\u202eb", "a‹U+202E›b"),
        ("a\u200bb", "a‹U+200B›b"),
        ("\x1b[31mred", "‹U+001B›[31mred"),
        ("\ud800", "‹U+D800›"),
        ("x\u2028y", "x‹U+2028›y"),
        ("\U000e0041", "‹U+E0041›"),
        ("\u3164", "‹U+3164›"),
        ("one\r\ntwo", "one\ntwo"),
        ("bell\r", "bell‹U+000D›"),
        ("Åse Žižek 山田", "Åse Žižek 山田"),
    ],
)
def test_characters_that_act_are_written_out(written: str, shown: str) -> None:
    assert visible(written) == shown


@given(any_text)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


@given(any_text)
def test_a_csv_cell_never_begins_like_a_formula_and_comes_back_whole(text: str) -> None:
    cell = csv_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "|", "%"))
    table = io.StringIO()
    csv.writer(table).writerow([cell, 1])
    assert next(csv.reader(io.StringIO(table.getvalue()))) == [cell, "1"]


@pytest.mark.parametrize("attack", ["=1+1", " =1+1", "\t=1", "@SUM(A1)", "+1", "-1", "\n=cmd|'/c calc'!A1", "＝1"])
def test_formulas_are_kept_as_text(attack: str) -> None:
    assert csv_cell(attack).startswith("'") or csv_cell(attack).startswith("‹")


@given(any_text)
def test_json_with_lone_surrogates_can_be_written_and_read_back(text: str) -> None:
    written = json_safe(json.dumps(text, ensure_ascii=False)).encode("utf-8")
    assert json.loads(written) == text


@given(any_text, st.integers(1, 50))
def test_an_excerpt_says_how_much_is_missing(text: str, longest: int) -> None:
    short = excerpt(text, longest)
    assert short == text or short == f"{text[:longest]} … ({len(text) - longest:,} more characters)"


@given(st.floats(0, 1e6))
def test_points_are_true_to_a_hundredth(value: float) -> None:
    assert float(points(value)) == pytest.approx(value, abs=0.0051)


def test_points_never_say_minus_nothing() -> None:
    assert points(-0.001) == "0"


@pytest.mark.parametrize("claim", [None, True, "many", 1.5, float("nan"), [3]])
def test_a_count_that_is_no_whole_number_is_a_dash(claim: object) -> None:
    assert count(claim) == "–"


def test_a_monstrous_count_is_not_written_out() -> None:
    assert count(10**5000) == "over 10¹⁵"
