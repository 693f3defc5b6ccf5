"""Untrusted bytes end here: notebooks, programs, zips, folders and answer files -> checked Submissions.

    for handed in find_submissions(path, slugs):
        submission = read_submission(handed, outline)

Whatever is wrong with a file becomes a Fault on that submission, which goes on without it; the others go on too.
"""

from gradetape.intake.answers_file import AnswerRow, read_answers
from gradetape.intake.archive import Unpacked, unpack
from gradetape.intake.layout import Handed, find_submissions
from gradetape.intake.outline import ExerciseOutline, IntakeLimits, ItemOutline, Outline
from gradetape.intake.reading import read_submission
from gradetape.intake.text import shown

__all__ = [
    "AnswerRow",
    "ExerciseOutline",
    "Handed",
    "IntakeLimits",
    "ItemOutline",
    "Outline",
    "Unpacked",
    "find_submissions",
    "read_answers",
    "read_submission",
    "shown",
    "unpack",
]
