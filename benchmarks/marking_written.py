"""How far written marks are from human ones: `python benchmarks/marking_written.py ANSWERS.jsonl [--verbose]`.

Reads JSON lines with learner, question, text, score and label_confidence. L00 is left out: it is the book's own answer.
Prints, per question and in all, the mean absolute error, beside a constant (the mean of the other learners' labels
of the question), the share marked without a human, the serious errors among those (off by more than .26), how often
the label lies in our interval, and the answers marked a second.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from pathlib import Path
from statistics import fmean
from typing import Any

from gradetape.course.items import Quiz, WrittenItem
from gradetape.domain import Mark, Route
from gradetape.facts import read_facts
from gradetape.marking.written import mark_written

QUIZZES = Path(__file__).resolve().parents[1] / "quizzes"
SERIOUS = 0.26
Row = tuple[dict[str, Any], Mark]


def written_items() -> dict[str, WrittenItem]:
    quizzes = [read_facts(Quiz, path, path.name) for path in sorted(QUIZZES.glob("*.yaml"))]
    return {item.id: item for quiz in quizzes for item in quiz.items if isinstance(item, WrittenItem)}


def constant_error(rows: list[Row]) -> float:
    """Mean absolute error of the mean label of all the other learners, question by question."""
    errors = []
    for answer, _ in rows:
        same = [other["score"] for other, _ in rows if other["question"] == answer["question"]]
        others = (sum(same) - answer["score"]) / max(1, len(same) - 1)
        errors.append(abs(others - answer["score"]))
    return fmean(errors)


def line(name: str, rows: list[Row]) -> str:
    errors = [abs(mark.score - answer["score"]) for answer, mark in rows]
    auto = [error for error, (_, mark) in zip(errors, rows, strict=True) if mark.route is Route.AUTO]
    inside = fmean(mark.low - 1e-9 <= answer["score"] <= mark.high + 1e-9 for answer, mark in rows)
    serious = sum(error > SERIOUS for error in auto)
    return (
        f"{name:>6} {len(rows):4}  MAE {fmean(errors):.3f}  constant {constant_error(rows):.3f}  "
        f"auto {len(auto) / len(rows):4.0%}  serious among auto {serious}/{len(auto)}  label in interval {inside:4.0%}"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("answers", type=Path)
    arguments.add_argument("--verbose", action="store_true", help="one line for each answer")
    arguments.add_argument("--question", default="", help="only this question")
    options = arguments.parse_args()
    items = written_items()
    answers = [json.loads(text) for text in options.answers.read_text(encoding="utf-8").splitlines() if text.strip()]
    wanted = [answer for answer in answers if answer["question"] in items and answer["learner"] != "L00"]
    wanted = [answer for answer in wanted if options.question in ("", answer["question"])]
    seconds = []
    for _ in range(5):  # the first pass compiles the rubrics; a class is larger than this file
        began = time.process_time()
        rows = [(answer, mark_written(items[answer["question"]], answer["text"])) for answer in wanted]
        seconds.append(time.process_time() - began)
    by_question: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_question[row[0]["question"]].append(row)
        if options.verbose:
            print(told(*row))
    for question in sorted(by_question):
        print(line(question, by_question[question]))
    print(line("all", rows))
    sure = [row for row in rows if row[0]["label_confidence"] >= 0.6]
    print(line("conf", sure), " (labels of confidence .6 and more)")
    print(f"{len(rows) / min(seconds):,.0f} answers a second on one core (the best of {len(seconds)} passes)")


def told(answer: dict[str, Any], mark: Mark) -> str:
    points = ", ".join(f"{finding.check} {finding.earned:.2f}" for finding in mark.findings if finding.earned)
    return (
        f"{answer['question']} {answer['learner']:<6} label {answer['score']:.2f} ({answer['label_confidence']})  "
        f"mark {mark.score:.2f} [{mark.low:.2f} {mark.high:.2f}] {mark.route.value:<6} {points} | {'; '.join(mark.reasons)}"
    )


if __name__ == "__main__":
    main()
