"""How well worked answers are marked: real learners' answers to Q2 against the marks of two examiners.

    python benchmarks/marking_q2.py ../shared/data/learners/answers.jsonl [--verbose]

Nothing is fitted here. The course's own answer, learner L00, is left out. Printed are

error       the mean absolute difference between our score and the settled label. Beside it the same for the best
            constant, so that the number can be read.
recognised  the share of wrong answers whose fault we name. Wrong: the label is below 1 and the examiners listed
            errors. Named: either a slip that says what one of the examiners' errors says, or, where the error is
            that something is left out (a step), the finding of that very step is missed or partly met. Which of our
            names say what which error says is the table SAYS below, written from the errors' meanings; an error
            that is not in it counts as not recognised. `any`: at least one of the answer's errors is named;
            `slip`: at least one of them by the name of a slip, not only by a step found missing;
            `each`: the share of all listed errors that are named.
human       the share of answers sent to a human.
honesty     of those marked automatically, the share more than .25 from the label.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import fmean, median
from typing import Any

from gradetape.course import find_course, load_course
from gradetape.domain import Mark, Route, State
from gradetape.judge import mark_item

OFFICIAL = "L00"
FAR = 0.25
EXERCISE = "q02_parameters_and_memory"

# The beginning of an examiner's error -> what of ours says the same thing, per item where it matters.
SAYS: Mapping[str, tuple[str, ...]] = {
    "sum-all-layers-at-inference": (
        "keeps-all-maps",
        "keeps-all-maps-without-parameters",
        "keeps-all-maps-and-the-image",
        "layers-alive",
    ),
    "floor-instead-of-ceil": ("floor-instead-of-ceil",),
    "params-omitted": (
        "parameters-in-memory",
        "parameters-once",
        "leaves-out-parameters",
        "leaves-out-parameters-in-training",
        "feature-maps-only",
        "keeps-all-maps-without-parameters",
    ),
    "inputs-omitted": ("images-of-the-batch", "leaves-out-images", "feature-maps-only"),
    "in-channels-always-3": ("depth-stays-at-input", "depth-stays-at-input-without-biases"),
    "params-only": ("parameters-only", "nothing-but-parameters", "parameters-times-batch", "all-maps-of-the-batch"),
    "params-times-batch": ("parameters-times-batch", "everything-times-batch", "parameters-once"),
    "total-times-batch": ("prediction-times-batch", "everything-times-batch"),
    "double-count-fmaps": ("counts-maps-twice",),
    "inputs-in-layer1-only": ("images-of-the-batch",),
    "half-pixel": ("half-pixels",),
    "no-total": ("ram-of-a-prediction", "ram-of-training", "total"),
    "no-final-answer-stated": ("ram-of-a-prediction", "ram-of-training", "total"),
    "no-number": ("ram-of-a-prediction", "ram-of-training", "total"),
    "kernels-2d": ("nine-weights-a-map", "depth-ignored"),
    "no-bias": ("nine-weights-a-map", "forgets-biases", "biases"),
    "comma-grouping-sum": ("misplaced-commas", "digit-groups"),
    "counts-kernels-9-and-maps-700": ("counts-feature-maps",),
    "bits-not-bytes": ("bits-for-bytes", "bits-for-bytes-in-training"),
    "params-of-one-layer-only": ("parameters-in-memory",),
    "arith": ("arithmetic",),
    "unit-blowup-2.6GB": ("arithmetic",),
    "factor-10-slips": ("arithmetic",),
    "typo-36": ("arithmetic",),
    "mib-arithmetic": ("arithmetic",),
    "bits-bytes-tangle": ("arithmetic",),
    "grows-with-depth": ("arithmetic",),
    "380k->6M": ("arithmetic",),
    "kernel-size-is-image-size": ("formula",),
    "times-3-kernels": ("formula",),
    "layer-order-reversed": ("chain-of-depths",),
    "input-counted": ("keeps-all-maps-and-the-image",),
}


def main(arguments: list[str] | None = None) -> int:
    """Print the four numbers; with --verbose, the table they come from."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("answers", type=Path)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args(arguments)
    rows = [json.loads(line) for line in options.answers.read_text(encoding="utf-8").splitlines() if line.strip()]
    marked = [(row, mark) for row, mark in marks_of(rows) if row["learner"] != OFFICIAL]
    if options.verbose:
        for row, mark in marked:
            print(_line(row, mark))
    for line in summary(marked):
        print(line)
    return 0


def marks_of(rows: list[dict[str, Any]]) -> Iterable[tuple[dict[str, Any], Mark]]:
    """Every Q2 row with its Mark; a learner's other answers are at hand, as in `gradetape mark`."""
    course = load_course(find_course(Path(__file__).resolve().parent))
    exercise = course.exercises[EXERCISE]
    items = {item.id: item for item in exercise.items}
    earlier: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        earlier[row["learner"]][row["question"]] = row["text"]
    for row in rows:
        if row["question"] in items:
            item = items[row["question"]]
            others = earlier[row["learner"]]
            yield row, mark_item(exercise, item, row["text"], exercise.canonical, course.settings.locale, others)


def summary(marked: list[tuple[dict[str, Any], Mark]]) -> list[str]:
    """The figures, one a line."""
    labels = [row["score"] for row, _ in marked]
    constant = fmean(abs(median(labels) - label) for label in labels)
    wrong = [(row, mark) for row, mark in marked if row["score"] < 1 and row["errors"]]
    named = [[_named(error, mark) for error in row["errors"]] for row, mark in wrong]
    by_slip = [any(_named(error, mark, slips_only=True) for error in row["errors"]) for row, mark in wrong]
    auto = [(row, mark) for row, mark in marked if mark.route is Route.AUTO]
    far = sum(abs(mark.score - row["score"]) > FAR for row, mark in auto)
    return [
        f"answers     {len(marked)}",
        f"error       {fmean(abs(mark.score - row['score']) for row, mark in marked):.3f}  (best constant {constant:.3f})",
        f"recognised  any {fmean(any(each) for each in named):.1%}, slip {fmean(by_slip):.1%}, each {fmean(one for each in named for one in each):.1%}"
        f"  of {len(wrong)} wrong answers",
        f"human       {1 - len(auto) / len(marked):.1%}",
        f"honesty     {far} of {len(auto)} automatic marks more than {FAR} off",
    ]


def _named(error: str, mark: Mark, *, slips_only: bool = False) -> bool:
    found = [finding for finding in mark.findings if finding.state is not State.MET or not finding.possible]
    ours = set(mark.slips) | (set() if slips_only else {finding.check for finding in found})
    return any(ours & set(same) for beginning, same in SAYS.items() if error.startswith(beginning))


def _line(row: dict[str, Any], mark: Mark) -> str:
    errors = ", ".join(("+" if _named(error, mark) else "-") + error for error in row["errors"])
    names = ", ".join(mark.slips) or "none"
    return (
        f"{row['learner']:6} {row['question']}  label {row['score']:.2f}  mark {mark.score:.2f}  {mark.route.value:6}"
        f"  slips: {names}  errors: {errors or 'none'}"
    )


if __name__ == "__main__":
    sys.exit(main())
