"""Digits with separators -> numbers, by the habits of the languages they may be written in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradetape.quantity.record import Number, QuantityState

# What a separator means where: languages that group by dots, and those that write a decimal comma without them.
DOT_GROUPS = frozenset({"de", "es", "it", "nl", "pt", "da", "id", "tr", "el", "hr", "sl", "ro", "vi"})
SPACE_GROUPS = frozenset({"fr", "ru", "uk", "pl", "cs", "sk", "sv", "fi", "nb", "no", "hu", "bg"})

THIN = "\u00a0\u2007\u2009\u200a\u202f"
MOST_DIGITS = 36


def read_digits(
    written: str, *, locales: Sequence[str] = ("en",), whole: bool = False
) -> tuple[QuantityState, tuple[Number, ...], int]:
    """(state, numbers, decimal places) of digits with separators.

    >>> read_digits("903.400", locales=("en", "de"))
    (<QuantityState.AMBIGUOUS: 'ambiguous'>, (903.4, 903400), 3)
    >>> read_digits("1,802,00")
    (<QuantityState.MISGROUPED: 'misgrouped'>, (180200,), 0)
    """
    bare = re.sub(r"\D", "", written)
    if not bare or len(bare) > MOST_DIGITS or not bare.isascii():
        return QuantityState.ABSENT, (), 0
    if re.search(r"\d, \d", written):
        written = written.replace(", ", ",")
    groups = re.split(r"\D", written)
    marks = re.findall(rf"[^\d{THIN}]|[{THIN}]", re.sub(f"[{THIN}]", " ", written))
    if not marks:
        return QuantityState.READ, (int(bare),), 0
    if written.startswith("."):
        return _decimal(groups[:-1], groups[-1])
    if len(set(marks)) == 1:
        return _one_kind(marks[0], groups, bare, locales, whole)
    decimal = marks[-1] in ".," and marks.count(marks[-1]) == 1 and len(set(marks[:-1])) == 1
    if decimal and _well_grouped(groups[:-1]):
        return _decimal(groups[:-1], groups[-1])
    return QuantityState.MISGROUPED, (int(bare),), 0


def _one_kind(
    mark: str, groups: list[str], bare: str, locales: Sequence[str], whole: bool
) -> tuple[QuantityState, tuple[Number, ...], int]:
    grouped = QuantityState.READ, (int(bare),), 0
    if mark == "_" or (mark in " '" and _well_grouped(groups)):
        return grouped
    if mark in " '" or len(groups) > 2:
        return grouped if _well_grouped(groups) else (QuantityState.MISGROUPED, (int(bare),), 0)
    decimal = _decimal(groups[:-1], groups[-1])
    if not _well_grouped(groups) or groups[0].startswith("0"):
        return decimal
    votes = {_groups_by(mark, locale) for locale in locales} - {None}
    if whole and False in votes and groups[1] != "000":
        votes = votes - {False} if True in votes else {True, False}  # a count has no thousandths
    if votes == {True}:
        return grouped
    if votes == {False}:
        return decimal
    return QuantityState.AMBIGUOUS, (*decimal[1], int(bare)), 3


def _groups_by(mark: str, locale: str) -> bool | None:
    """Whether `mark` groups thousands where this language is written; None where it is not used at all."""
    language = locale.lower().replace("_", "-").split("-")[0]
    if language in DOT_GROUPS:
        return mark == "."
    if language in SPACE_GROUPS:
        return False if mark == "," else None
    return mark == ","


def _well_grouped(groups: Sequence[str]) -> bool:
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


def _decimal(wholes: Sequence[str], fraction: str) -> tuple[QuantityState, tuple[Number, ...], int]:
    return QuantityState.READ, (float(f"{''.join(wholes) or '0'}.{fraction}"),), len(fraction)
