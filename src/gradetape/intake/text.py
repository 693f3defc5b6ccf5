"""Bytes -> text and JSON that can be trusted to be just that, and names that are safe to show."""

from __future__ import annotations

import json
import re
import unicodedata

from gradetape.domain import JsonValue

MOST_DIGITS = 1_000  # int() of a text takes time that grows with the square of its length

# Shown as nothing although Unicode does not class them as controls or formats.
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Refused(Exception):
    """A file, or a part of one, is not taken; the sentence says why and what to do. It becomes a Fault."""


def decode(data: bytes) -> str:
    """The text of strict UTF-8 `data`, without a byte order mark. Raises Refused."""
    if not data.strip():
        raise Refused("The file is empty. Save it again and hand it in.")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Refused("The file is UTF-16 text; expected UTF-8. Save it as UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"The file is not UTF-8 text: byte 0x{data[error.start]:02x} in line {line} fits no character. "
            "Save it as UTF-8."
        ) from None


def read_json(text: str) -> JsonValue:
    """The value of a JSON text. Raises Refused when it is broken, cut off or nested too deeply."""
    try:
        return json.loads(text, parse_int=_whole)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated string"):
            raise Refused(f"The file is cut off in line {error.lineno}. Save it again and hand it in.") from None
        raise Refused(
            f"The file is not valid JSON: {error.msg} in line {error.lineno}. "
            "Open it where it was made, and save it again."
        ) from None
    except RecursionError:
        raise Refused("The file's JSON is nested too deeply to be a student's work. Save it again.") from None
    except ValueError:
        raise Refused(f"The file holds a number of more than {MOST_DIGITS:,} digits.") from None


def sound(text: str) -> str:
    """`text` with what UTF-8 cannot carry (lone surrogates, which JSON can spell) replaced by U+FFFD."""
    return LONE_SURROGATE.sub("\ufffd", text)


def shown(name: str) -> str:
    r"""A file's or student's name as it may be displayed: what cannot be seen is spelled out.

    >>> shown("ann"), shown("Zoë Ångström"), shown("a\u202enn\n"), shown("")
    ('ann', 'Zoë Ångström', 'a\\u{202e}nn\\u{a}', '(no name)')
    """
    return "".join(_shown_character(character) for character in name) or "(no name)"


def _shown_character(character: str) -> str:
    hidden = unicodedata.category(character)[0] in "CZ" and character != " "
    if hidden or character in BLANKS or character == "\\":
        return f"\\u{{{ord(character):x}}}"
    return character


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError("too many digits")
    return int(digits)
