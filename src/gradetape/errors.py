"""Our faults, and the course author's: never the student's.

What is wrong with a submission is a Finding. Everything here stops a command, says where, and costs nobody a point.
"""

from __future__ import annotations


class GradeTapeError(Exception):
    """A fault of ours. The command line prints its sentence and exits with `exit_code`."""

    exit_code = 3


class CourseError(GradeTapeError):
    """A course file is wrong. Says which file and item, what was expected and found, and what to do next."""

    exit_code = 1

    def __init__(self, where: str, *, expected: str, found: str, next_step: str) -> None:
        self.where, self.expected, self.found, self.next_step = where, expected, found, next_step
        super().__init__(f"{where}: expected {expected}, found {found}. {next_step}")


class UsageError(GradeTapeError):
    """The command was asked for something that cannot be: a path that is not there, an unknown item."""

    exit_code = 2


class IsolationTooLow(GradeTapeError):
    """This machine cannot isolate a submission as well as the course demands."""
