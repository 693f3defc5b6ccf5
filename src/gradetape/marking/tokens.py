"""Text -> tokens: numbers with their units, operators, brackets, words and lines; list marks are left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gradetape.quantity import Quantity, QuantityState, plain, quantity_at

MOST_TOKENS = 3_000
MOST_CHARACTERS = 16_000  # three times the longest answer a student ever wrote to such a question


@dataclass(frozen=True)
class Token:
    """A piece of text: num, op, open, close, equals, word, line, or mark."""

    kind: str
    text: str
    start: int
    end: int
    quantity: Quantity | None = None


def without_marks(text: str) -> str:
    """The text in plain signs, each line without its bullet or number."""
    return "\n".join(_without_bullet(line, before) for line, before in _lines(plain(text[:MOST_CHARACTERS])))


def read_tokens(text: str, *, locales: Sequence[str], whole: bool) -> list[Token]:
    """The tokens of a plain text, with lines joined where an operator carries them on."""
    return _joined(_tokens(text, locales, whole))


def _lines(text: str) -> list[tuple[str, str]]:
    lines = [line.strip() for line in text.split("\n")]
    return list(zip(lines, ["", *lines[:-1]], strict=True))


BULLET = re.compile(
    r"(?:[#>]+ *|[-*•◦▪‣]\s+|\d{1,2}(?:\)|\.(?!\d))(?=\s|[A-Z])\s*|\(?[a-hA-H]\)\s+|[a-h]\.\s+|\((?:i{1,3}|iv|v)\)\s+)+"
)


def _without_bullet(line: str, before: str) -> str:
    """The line without list marks; an operator that carries on the line before stays."""
    if re.fullmatch(r"[-+*/^=~x()]{1,2}", line):
        return line
    if line.startswith("+ ") and not re.search(r"[\d)=+*]", before):
        return line[2:]
    carries_on = bool(re.search(r"[-+*/=(]$", before)) and line[:1] in "*-"
    return line if carries_on else line[match.end() :] if (match := BULLET.match(line)) else line


WORD = re.compile(r"[A-Za-z_#\u00c0-\u024f][\w#']*(?:-[A-Za-z]+)*")
OPERATOR_WORDS = {"x": "*", "X": "*", "times": "*", "plus": "+", "minus": "-"}


def _tokens(text: str, locales: Sequence[str], whole: bool) -> list[Token]:
    tokens: list[Token] = []
    place = 0
    while place < len(text) and len(tokens) < MOST_TOKENS:
        token = _token_at(text, place, tokens[-1] if tokens else None, locales, whole)
        place = token.end
        if token.kind:
            tokens.append(token)
    return tokens


def _token_at(text: str, at: int, before: Token | None, locales: Sequence[str], whole: bool) -> Token:
    sign = text[at]
    if sign == "\n":
        return Token("line", sign, at, at + 1)
    if sign.isascii() and (sign.isdigit() or (sign == "." and text[at + 1 : at + 2].isdigit())):
        return _number_at(text, at, locales, whole)
    if sign in "xX" and before and before.kind in ("num", "close") and re.match(r"[xX]\s*[\d(#]", text[at : at + 4]):
        return Token("op", "*", at, at + 1)
    if match := WORD.match(text, at):
        return _word(match)
    for kind, signs in (("op", "+-*/^"), ("open", "(["), ("close", ")]"), ("equals", "=~")):
        if sign in signs:
            return Token(kind, sign, at, at + 1)
    return Token("" if sign.isspace() else "mark", sign, at, at + 1)


def _word(match: re.Match[str]) -> Token:
    operator = OPERATOR_WORDS.get(match[0])
    return Token("op" if operator else "word", operator or match[0], match.start(), match.end())


def _number_at(text: str, at: int, locales: Sequence[str], whole: bool) -> Token:
    quantity = quantity_at(text, at, locales=locales, whole=whole)
    end = max(quantity.end, at + 1)
    if quantity.state is QuantityState.ABSENT:
        return Token("mark", text[at:end], at, end)
    glued = re.compile(r"(?![xX](?:[\s\d(]|$))[A-Za-z_]\w*").match(text, end)  # 1st, 2D: words that begin with a digit
    if glued:
        return Token("word", text[at : glued.end()], at, glued.end())
    return Token("num", text[at:end], at, end, quantity)


def _joined(tokens: list[Token]) -> list[Token]:
    """The tokens with lines joined around operators, and operators written in words made operators."""
    kept: list[Token] = []
    for place, token in enumerate(tokens):
        after = next((other for other in tokens[place + 1 : place + 4] if other.kind != "line"), None)
        before = kept[-1] if kept else None
        if token.kind == "line" and (
            (before and before.kind in ("op", "equals", "open")) or (after and after.kind in ("op", "equals", "close"))
        ):
            continue
        if token.kind == "word" and token.text.lower() == "by" and before and after and after.kind == "num":
            if before.kind == "num":
                token = replace(token, kind="op", text="*")
            elif before.text.lower() in ("multiplied", "divided"):
                kept.pop()
                token = replace(token, kind="op", text="*" if before.text.lower() == "multiplied" else "/")
        kept.append(token)
    return kept
