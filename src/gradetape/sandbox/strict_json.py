"""JSON as we accept it from strangers: finite numbers, each key once, bounded in depth and size."""

from __future__ import annotations

import json
import math

from gradetape.domain import JsonValue

DEPTH = 32
VALUES = 500_000
DIGITS = 19


class BadJson(ValueError):
    """The text is not the JSON we accept; the message says why."""


def parse(text: bytes) -> JsonValue:
    """The value of `text`. Raises BadJson for anything doubtful, and nothing else.

    >>> parse(b'{"loss": 0.5}')
    {'loss': 0.5}
    >>> parse(b'[NaN]')
    Traceback (most recent call last):
    gradetape.sandbox.strict_json.BadJson: the number NaN
    """
    try:
        value = json.loads(
            text.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse,
            parse_int=_integer,
            parse_float=_finite,
        )
    except BadJson:
        raise
    except RecursionError:
        raise BadJson(f"nested deeper than {DEPTH} levels") from None
    except (UnicodeDecodeError, ValueError) as reason:
        raise BadJson(f"{type(reason).__name__}: {str(reason)[:120]}") from None
    _check_size(value)
    return value


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson("a key that stands twice in one object")
    return found


def _refuse(constant: str) -> JsonValue:
    raise BadJson(f"the number {constant}")


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > DIGITS:
        raise BadJson(f"an integer of more than {DIGITS} digits")
    return int(digits)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise BadJson("a number too large for a float")
    return number


def _check_size(value: JsonValue) -> None:
    count, level = 0, [value]
    for _ in range(DEPTH):
        below: list[JsonValue] = []
        for part in level:
            count += 1
            if isinstance(part, str):
                _check_text(part)
            elif isinstance(part, dict):
                for key in part:
                    _check_text(key)
                below.extend(part.values())
            elif isinstance(part, list):
                below.extend(part)
        if count > VALUES:
            raise BadJson(f"more than {VALUES:,} values")
        if not below:
            return
        level = below
    raise BadJson(f"nested deeper than {DEPTH} levels")


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # json.loads lets half a surrogate pair through, which no file or page can hold
        raise BadJson("text with half a surrogate pair") from None
