"""An answer as words in clauses in sentences, each word knowing where it stood in the text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 20_000
"""Characters of an answer that are read; nobody needs more for a few sentences."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_PICTURE = re.compile(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,400}\)|</?[a-zA-Z][^<>\n]{0,300}>|\S{80,}")
_DOTTED = re.compile(r"\b(e\.g|i\.e|vs|etc|cf|approx|resp)\.", re.IGNORECASE)
_LINE = re.compile(r"^[#>\s]*(?:(?P<mark>[-*•+–](?=\s)|\(?\d{1,2}[.)](?!\d)|\(?[a-h][.)]\s)\s*)?", re.IGNORECASE)
_LABEL = re.compile(r"\w[\w-]*(?: [\w-]+)?: ?\S")
_TOKEN = re.compile(
    r"(?P<size>\d+\s?[x×*]\s?\d+(?:\s?[x×*]\s?\d+)*)(?![^\W\d_])"
    r"|(?P<word>[^\W_]*[^\W\d_][^\W_]*(?:['’ʼ`][^\W\d_]{1,3}(?![^\W_]))?)"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<end>[.!?;]+(?=\s|$|[)\"'*_])|[。！？]|\n)"
    r"|(?P<soft>->|=>|→|⇒|[,:()\[\]–—]|(?<=\s)-(?=\s))"
)
_SPACES = re.compile(r"[\s×*]+")
_BREAKS = "but whereas while because since so which although though however therefore thus hence unlike when"
BREAKS = frozenset(_BREAKS.split())
"""Words that open a clause of their own."""


@dataclass(frozen=True)
class Text:
    """The words of an answer. Word i is `words[i]`, written at `source[starts[i]:ends[i]]`.

    `joined[i]` is false where punctuation parts word i from the one before it. `asks` holds the sentences that
    end in a question mark. `cut` tells that there was more than is read.
    """

    source: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentence: tuple[int, ...]
    clause: tuple[int, ...]
    joined: tuple[bool, ...]
    asks: frozenset[int] = frozenset()
    cut: bool = False

    def quote(self, first: int, last: int, longest: int = 200) -> str:
        """What the student wrote from word `first` to word `last`, on one line."""
        words = " ".join(self.source[self.starts[first] : self.ends[last]].split())
        return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"

    def sentences(self) -> dict[int, range]:
        """Each sentence's words."""
        spans: dict[int, range] = {}
        for index, number in enumerate(self.sentence):
            spans[number] = range(spans[number].start if number in spans else index, index + 1)
        return spans


def read_text(text: str) -> Text:
    """The words of any string at all; what cannot be read as words is left out.

    >>> read_text("It doesn't share 3 × 3 weights.").words
    ('it', 'does', 'not', 'share', '3x3', 'weights')
    """
    source = _unwrap(_clean(text))
    reader = _Reader(source)
    for token in _TOKEN.finditer(source):
        reader.take(token)
    return reader.text(cut=len(text) > LONGEST)


class _Reader:
    """Collects words and counts sentences and clauses as tokens come."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.rows: list[tuple[str, int, int, int, int, bool]] = []
        self.asks: set[int] = set()
        self.number = self.clause = 0
        self.joined = False

    def take(self, token: re.Match[str]) -> None:
        kind, written = token.lastgroup, token.group()
        if kind == "end":
            if "?" in written or "？" in written:
                self.asks.add(self.number)
            self.number, self.clause, self.joined = self.number + 1, self.clause + 1, False
        elif kind == "soft":
            self.clause, self.joined = self.clause + 1, False
        elif kind == "size":
            self._add(_SPACES.sub("x", written.lower()).replace("xx", "x"), token)
        else:
            for word in _expand(written.lower()):
                self._add(word, token)

    def _add(self, word: str, token: re.Match[str]) -> None:
        self.clause += word in BREAKS
        self.rows.append((word, token.start(), token.end(), self.number, self.clause, self.joined))
        self.joined = True

    def text(self, *, cut: bool) -> Text:
        columns = tuple(zip(*self.rows)) if self.rows else ((),) * 6  # noqa: B905 - rows are all of one length
        words, starts, ends, sentence, clause, joined = columns
        return Text(self.source, words, starts, ends, sentence, clause, joined, frozenset(self.asks), cut)


def _expand(word: str) -> tuple[str, ...]:
    """`doesn't` holds a `not` that must be seen; other endings after an apostrophe say nothing here.

    >>> _expand("can't"), _expand("cnn's"), _expand("cannot")
    (('can', 'not'), ('cnn',), ('can', 'not'))
    """
    if word == "cannot":
        return ("can", "not")
    if word.isalnum():
        return (word,)
    stem, apostrophe, ending = word.replace("’", "'").replace("ʼ", "'").replace("`", "'").partition("'")
    if apostrophe and ending == "t":
        return ({"ca": "can", "wo": "will"}.get(stem.removesuffix("n"), stem.removesuffix("n")), "not")
    return (stem,)


def _clean(text: str) -> str:
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _DOTTED.sub(lambda found: found.group(1).replace(".", ""), _PICTURE.sub(" ", _CONTROL.sub(" ", text)))


def _unwrap(text: str) -> str:
    """Lines that an editor wrapped are joined; items, paragraphs and what begins with a label ("ResNet:") stay apart."""
    if "\n" not in text:
        return text[_LINE.match(text).end() :]  # type: ignore[union-attr]  # every part of the pattern may be empty
    kept: list[str] = []
    before = ""
    for line in text.split("\n"):
        start = _LINE.match(line)
        assert start is not None, "every part of the pattern may be empty"
        body = line[start.end() :].rstrip()
        if kept and (start["mark"] or not body or len(before) < 50 or _LABEL.match(body.lstrip("*_"))):
            kept.append("\n")
        kept.append(body + " ")
        before = body
    return "".join(kept)
