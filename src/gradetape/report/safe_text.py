"""Text that others wrote, made safe to show: nothing in it acts, hides or reorders; everything in it can be seen."""

from __future__ import annotations

import re
import unicodedata

LONGEST_TEXT = 4000
LONGEST_INTEGER = 10**15

_HIDING_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# Letters and marks that draw nothing, so that isprintable() and the category do not give them away.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_ACTS_IN_A_SHEET = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "|", "%")
_SURROGATES = re.compile("[\ud800-\udfff]")


class _Shown(dict[int, str]):
    """For str.translate: what stands in for each code point, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        hides = unicodedata.category(character) in _HIDING_CATEGORIES or character in _BLANK_LETTERS
        shown = f"‹U+{code:04X}›" if hides else character
        self[code] = shown
        return shown


_SHOWN = _Shown({ord("\n"): "\n", ord("\t"): "\t"})


def visible(text: str) -> str:
    """The text with every character that hides or acts written out. Lines and tabs stay.

    Control characters (ANSI escapes begin with one), bidirectional and zero-width characters, other
    line separators and lone surrogates become their code points, so that two readers see one text.

    >>> visible("5\\u202e7"), visible("\\x1b[31mred"), visible("plain")
    ('5‹U+202E›7', '‹U+001B›[31mred', 'plain')
    """
    if text.isascii() and text.isprintable():
        return text
    return text.replace("\r\n", "\n").translate(_SHOWN)


def excerpt(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text, or its beginning and how much was left out. At most `longest` characters of it are shown.

    >>> excerpt("abcdef", 4)
    'abcd … (2 more characters)'
    """
    if len(text) <= longest:
        return text
    return f"{text[:longest]} … ({len(text) - longest:,} more characters)"


def one_line(text: str) -> str:
    """The visible text on one line, its runs of spaces and line ends made single spaces."""
    return " ".join(visible(text).split())


def csv_cell(text: str) -> str:
    """The text on one line; a spreadsheet shows it and never computes it.

    >>> csv_cell("=1+1"), csv_cell("Ann")
    ("'=1+1", 'Ann')
    """
    line = one_line(text)
    return f"'{line}" if line.startswith(_ACTS_IN_A_SHEET) else line


def json_safe(text: str) -> str:
    """JSON text that can be written as UTF-8: lone surrogates, which strings may hold, become JSON's own escapes."""
    return _SURROGATES.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def points(value: float) -> str:
    """Points as people write them: at most two decimals, none that say nothing.

    >>> points(17.5), points(20.0), points(0.1 + 0.2), points(2 / 3)
    ('17.5', '20', '0.3', '0.67')
    """
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def count(value: object) -> str:
    """A whole number that a run claims to have seen, with thousands separators; a dash for anything else.

    >>> count(2003914), count(10**4000), count("many"), count(True)
    ('2,003,914', 'over 10¹⁵', '–', '–')
    """
    if not isinstance(value, int) or isinstance(value, bool):
        return "–"
    return f"{value:,}" if abs(value) <= LONGEST_INTEGER else "over 10¹⁵"
