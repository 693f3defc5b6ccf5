"""Say what a model should have, and get a Finding back.

    expect("`Conv2D` layers", found).at_least(2, hint="One layer finds strokes; the next finds shapes.")

A grader's check returns what these methods return. The judge adds the check's name and points.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from gradetape.domain import Finding, JsonValue, State


def met(message: str) -> Finding:
    """The demand is met."""
    return Finding("", State.MET, message)


def missed(message: str, hint: str = "") -> Finding:
    """The demand is missed; `message` says what was found, `hint` what to try."""
    return Finding("", State.MISSED, message, hint)


def partly(share: float, message: str, hint: str = "") -> Finding:
    """The demand is met in part: `share` of its points, between 0 and 1."""
    if not 0 < share < 1:
        raise ValueError(f"a partly met demand earns a share between 0 and 1, not {share}")
    return Finding("", State.PARTLY, message, hint, earned=share, possible=1.0)


def undecided(message: str, hint: str = "") -> Finding:
    """The evidence does not settle it: a human has the last word."""
    return Finding("", State.PENDING, message, hint)


def cannot_tell(message: str) -> Finding:
    """What would be needed to judge this is not there; nothing is said against the student."""
    return Finding("", State.NOT_JUDGED, message)


@dataclass(frozen=True)
class Expectation:
    """A named property and the value found for it."""

    what: str
    found: JsonValue

    def equals(self, expected: JsonValue, *, hint: str = "") -> Finding:
        return self._judge(_plain(self.found) == _plain(expected), show(expected), hint)

    def one_of(self, allowed: Collection[JsonValue], *, hint: str = "") -> Finding:
        names = " or ".join(show(value) for value in allowed)
        return self._judge(_plain(self.found) in [_plain(value) for value in allowed], names, hint)

    def at_least(self, least: float, *, hint: str = "") -> Finding:
        return self._judge(self._is_number() and self.found >= least, f"at least {show(least)}", hint)

    def at_most(self, most: float, *, hint: str = "") -> Finding:
        return self._judge(self._is_number() and self.found <= most, f"at most {show(most)}", hint)

    def between(self, least: float, most: float, *, hint: str = "") -> Finding:
        right = self._is_number() and least <= self.found <= most
        return self._judge(right, f"{show(least)} to {show(most)}", hint)

    def is_true(self, demand: str, *, hint: str = "") -> Finding:
        """`demand` finishes "expected …"."""
        return self._judge(self.found is True, demand, hint)

    def _is_number(self) -> bool:
        return isinstance(self.found, (int, float)) and not isinstance(self.found, bool)

    def _judge(self, right: bool, expected: str, hint: str) -> Finding:
        if right:
            return met(f"{self.what}: {show(self.found)}.")
        return missed(f"{self.what}: expected {expected}, found {show(self.found)}.", hint)


def expect(what: str, found: JsonValue) -> Expectation:
    """Begin an expectation about `what`, for which `found` was observed."""
    return Expectation(what, found)


def show(value: JsonValue) -> str:
    """A value as a student reads it.

    >>> show(903400), show((None, 10)), show(None), show(0.731)
    ('903,400', '(any, 10)', 'nothing', '0.731')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join("any" if part is None else show(part) for part in value) + ")"
    return str(value)


def _plain(value: JsonValue) -> JsonValue:
    return [_plain(part) for part in value] if isinstance(value, (tuple, list)) else value
