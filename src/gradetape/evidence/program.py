"""What was seen of any program: which functions it defines, what went wrong in it, how its run ended.

Everything here came out of a process that ran a student's code, so nothing is taken to have the type it should have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from gradetape.domain import Ending, Evidence, JsonValue

Facts = Mapping[str, JsonValue]
Self = TypeVar("Self", bound="Program")


@dataclass(frozen=True)
class Program:
    """A program as far as it ran: what every view of a program can tell."""

    facts: Facts
    ending: Ending = Ending.FINISHED

    @classmethod
    def of(cls: type[Self], evidence: Evidence) -> Self:
        """The view of `evidence`."""
        return cls(evidence.facts, evidence.ending)

    @property
    def defined(self) -> tuple[str, ...]:
        """The functions asked for that the program defines."""
        return texts(self.facts.get("defined"))

    @property
    def missing(self) -> tuple[str, ...]:
        """The functions asked for that it does not define."""
        return texts(self.facts.get("missing"))

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The functions that stand as the starter left them."""
        return texts(self.facts.get("unfinished"))

    def error(self, *stages: str) -> Facts | None:
        """The first error of one of `stages`, or of any."""
        errors = self.facts.get("errors")
        for error in errors if isinstance(errors, list) else []:
            if isinstance(error, Mapping) and (not stages or error.get("stage") in stages):
                return error
        return None

    @property
    def stopped(self) -> str:
        """How the run ended if it did not come to its end by itself, else nothing."""
        return "" if self.ending in (Ending.FINISHED, Ending.RAISED) else self.ending.value


def describe(what: str, error: Facts | None) -> str:
    """An error as a student reads it: what failed, why, and in which line of theirs; without the call's arguments."""
    found = error or {}
    where = f", line {found['line']}: `{found.get('source_line', '')}`" if found.get("line") else ""
    reason = str(found.get("message")).split("\n\nArguments received")[0].split("\n\n")[-1].strip()
    return f"{what}{where}. {found.get('type')}: {reason}"


def mapping(value: JsonValue) -> Facts:
    """`value` if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def texts(value: JsonValue) -> tuple[str, ...]:
    """The members of a list as texts; nothing for what is no list."""
    return tuple(str(part) for part in value) if isinstance(value, (list, tuple)) else ()


def whole(value: JsonValue) -> int:
    """`value` if it is a whole number from 0, else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def number(value: JsonValue) -> float:
    """`value` if it is a number, else 0."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0
