"""A course of one theory exercise, small enough to break in every way."""

from pathlib import Path

QUIZ = """\
exercise: t01_counting
title: Counting
canonical: {units: 3}
variant: {units: [3, 4, 5]}
items:
  - id: t1a
    kind: number
    points: 2
    unit: parameters
    prompt: How many parameters has a dense layer of {units} units on 10 inputs?
  - id: t1b
    kind: choice
    points: 1
    prompt: Which layer has none?
    choices:
      - {key: a, text: max pooling, right: true}
      - {key: b, text: convolution, reply: Every kernel is made of weights.}
"""

GRADER = '''\
"""Counting."""

from gradetape import Exercise

counting = Exercise("t01_counting")
t1a = counting.computes("t1a", unit="parameters")


@t1a.answer
def parameters(variant) -> int:
    """Ten weights and a bias for each unit."""
    return 11 * variant["units"]


@t1a.slip("Each unit also owns a bias.")
def forgets_biases(variant) -> int:
    return 10 * variant["units"]
'''

FILES = {
    "course.yaml": "course: A small course\nexercises: [t01_counting]\n",
    "quizzes/t01_counting.yaml": QUIZ,
    "graders/t01_counting.py": GRADER,
    "exercises/t01_counting/statement.md": "# Counting\n\nCount with care.\n",
    "exercises/t01_counting/hints.yaml": "t1a: [Look again., Draw one unit., Count its arrows.]\n",
}


def write_course(root: Path, **changed: str) -> Path:
    """Write the course under `root`, with the files named by `changed` (dots and slashes as __) replaced."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name, text in changed.items():
        (root / name).write_text(text, encoding="utf-8")
    return root
