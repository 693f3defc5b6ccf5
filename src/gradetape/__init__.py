"""GradeTape: exercises and quizzes for deep-learning courses, judged from recorded evidence.

What a grader needs is here; everything else is reached through the `gradetape` command.
These modules need the standard library only, so importing them costs the command line nothing to speak of.
"""

from gradetape.domain import Finding, State
from gradetape.exercise import Exercise
from gradetape.expect import cannot_tell, expect, met, missed, partly, undecided

__all__ = ["Exercise", "Finding", "State", "cannot_tell", "expect", "met", "missed", "partly", "undecided"]
