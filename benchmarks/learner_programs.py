"""Grades a folder of real learners' programs for one exercise, and prints each verdict for a human to agree with or not.

    python benchmarks/learner_programs.py FOLDER [--exercise q09_mnist_cnn]

FOLDER holds one `<name>.py` for each program, put into the functions of the stub as a student would. No learner's text
is part of this project: it stays where you keep it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from gradetape.course import load_course
from gradetape.domain import State, Submission
from gradetape.judge import judge_exercise
from gradetape.run import observe

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print points and everything that is not met, program by program."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--exercise", default="q09_mnist_cnn")
    asked = parser.parse_args()
    course = load_course(ROOT)
    exercise = course.exercises[asked.exercise]
    for path in sorted(asked.folder.glob("*.py")):
        program = path.read_text(encoding="utf-8")
        seen = observe(course, exercise, Submission(path.stem, programs={exercise.slug: program}))
        (report,) = judge_exercise(exercise, seen, {}, course.settings.locale)
        print(f"{path.stem}: {report.score.earned:g} of {report.score.possible:g}, {report.score.pending:g} pending")
        for finding in report.findings:
            if finding.state not in (State.MET, State.NOT_JUDGED):
                print(f"    {finding.state.value}: {finding.check}: {finding.message} {finding.hint}")


if __name__ == "__main__":
    main()
