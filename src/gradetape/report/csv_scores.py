"""The class as one CSV table: a row per student, three numbers per item."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from gradetape.domain import Report, Score
from gradetape.report.safe_text import csv_cell

_PARTS = ("earned", "possible", "pending")


def scores_csv(reports: Sequence[Report]) -> str:
    """One row per student in the order given: total, then every item, each as earned, possible and pending.

    An item that a student's report does not have leaves its cells empty. Text cells are quoted and never
    begin like a formula.
    """
    items = item_order(reports)
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(["student", *_PARTS, *(f"{csv_cell(item)} {part}" for item in items for part in _PARTS)])
    for report in reports:
        scores = {item.item: item.score for item in report.items}
        row: list[str | float] = [csv_cell(report.student), *_numbers(report.score)]
        for item in items:
            row += _numbers(scores[item]) if item in scores else ["", "", ""]
        writer.writerow(row)
    return table.getvalue()


def item_order(reports: Sequence[Report]) -> list[str]:
    """Every item of the class once, in the order in which reports first name them."""
    return list(dict.fromkeys(item.item for report in reports for item in report.items))


def _numbers(score: Score) -> list[float]:
    values = [round(float(value), 4) for value in (score.earned, score.possible, score.pending)]
    return [int(value) if value.is_integer() else value for value in values]
