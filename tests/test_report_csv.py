"""scores.csv is one table that a spreadsheet shows and never computes."""

from __future__ import annotations

import csv
import io

import sample_reports
from gradetape.report import scores_csv


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_each_student_is_one_row_in_the_order_given() -> None:
    reports = sample_reports.a_class()
    rows = read(scores_csv(reports))
    assert [row["student"] for row in rows[:2]] == ["Ann Keller", "Chidi Okafor"]
    assert len(rows) == len(reports)


def test_totals_and_items_stand_as_numbers() -> None:
    row = read(scores_csv([sample_reports.typical()]))[0]
    assert (row["earned"], row["possible"], row["pending"]) == ("19.6", "35", "1")
    assert (row["q1 earned"], row["q1 possible"], row["q1 pending"]) == ("2.2", "4", "1")


def test_an_item_that_a_report_does_not_have_is_empty_not_zero() -> None:
    rows = read(scores_csv([sample_reports.typical(), sample_reports.hostile()]))
    assert rows[1]["q2a earned"] == ""
    assert rows[0]["q2c earned"] == "0"


def test_a_name_that_is_a_formula_stays_text() -> None:
    row = read(scores_csv([sample_reports.hostile()]))[0]
    assert row["student"].startswith("'=HYPERLINK")
    assert "‹U+202E›" in row["student"]


def test_nobody_in_class_is_a_header_alone() -> None:
    assert read(scores_csv([])) == []
