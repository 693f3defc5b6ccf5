"""A rubric's phrasings, compiled once and found in an answer in one pass over its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from gradetape.course.rubric import Group, Phrasing, Rubric
from gradetape.marking.clauses import Text

Span: TypeAlias = tuple[int, int]
"""First and last word of something found."""

_AVOIDING = "avoids avoided abandons abandoned rejects rejected criticises criticised criticizes criticized"
_NEGATORS = f"""
not no never without neither nor none nothing lack lacks lacking fail fails failing hardly barely false untrue wrong
incorrect myth cant dont doesnt isnt wont arent
{_AVOIDING}
"""
NEGATORS = frozenset(_NEGATORS.split())
"""Words after which what follows in the clause is denied."""

_TO_THE_NEXT_AND = frozenset(["no", *_AVOIDING.split()])
"""Negators that deny what they govern and nothing that an "and" adds to it."""

_NEGATES_NOTHING = {"not": {"only", "just", "merely", "to"}, "no": {"matter", "longer", "doubt"}, "nothing": {"but"}}
_STANDS_FOR = {"instead": "of", "rather": "than"}
_MEMORY = 50_000


@dataclass(frozen=True)
class Hit:
    """One phrasing found: where each of its concepts stood, and whether a stray "not" governs any of them."""

    spans: tuple[Span, ...]
    negated: bool
    strong: bool

    @property
    def first(self) -> int:
        return min(first for first, _ in self.spans)

    @property
    def last(self) -> int:
        return max(last for _, last in self.spans)


@dataclass
class Lexicon:
    """Which concepts a word may begin. Answers share their words, so what was looked up once is kept."""

    groups: dict[Group, int] = field(default_factory=dict)
    phrases: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    seen: dict[str, tuple[tuple[tuple[str, ...], int], ...]] = field(default_factory=dict)

    def add(self, group: Group, phrases: Iterable[str]) -> int:
        """The number of a concept, new or known."""
        if group not in self.groups:
            self.groups[group] = number = len(self.groups)
            self.phrases.extend((tuple(phrase.split()), number) for phrase in phrases)
        return self.groups[group]

    def _beginning(self, word: str) -> tuple[tuple[tuple[str, ...], int], ...]:
        if word not in self.seen:
            if len(self.seen) >= _MEMORY:
                self.seen.clear()
            self.seen[word] = tuple((rest[1:], number) for rest, number in self.phrases if _fits(rest[0], word))
        return self.seen[word]

    def find(self, text: Text) -> dict[int, list[Span]]:
        """Every place where a concept is named, in order."""
        found: dict[int, list[Span]] = {}
        for index, word in enumerate(text.words):
            for rest, number in self._beginning(word):
                last = index + len(rest)
                if not rest or (last < len(text.words) and _follows(text, index + 1, rest)):
                    found.setdefault(number, []).append((index, last))
        return found


def _fits(pattern: str, word: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


def _follows(text: Text, index: int, rest: Sequence[str]) -> bool:
    places = range(index, index + len(rest))
    return all(
        text.joined[place] and _fits(pattern, text.words[place]) for place, pattern in zip(places, rest, strict=True)
    )


@dataclass(frozen=True)
class Compiled:
    """A phrasing with its concepts as numbers."""

    phrasing: Phrasing
    needs: tuple[int, ...]
    without: tuple[int, ...]


@dataclass(frozen=True)
class Grammar:
    """A rubric with its lexicon, and its own phrasings compiled, by identity."""

    rubric: Rubric
    lexicon: Lexicon
    phrasings: Mapping[int, Compiled]
    subjects: Mapping[str, int]
    foils: tuple[int, ...]

    def __getitem__(self, phrasing: Phrasing) -> Compiled:
        return self.phrasings[id(phrasing)]


@lru_cache(maxsize=64)
def compile_rubric(rubric: Rubric) -> Grammar:
    """The rubric, ready to be searched for. Kept, since a class is marked against one rubric.

    An equal rubric gets the grammar of the first: read the phrasings from `Grammar.rubric`.
    """
    lexicon = Lexicon()

    def number(group: Group) -> int:
        return lexicon.add(group, rubric.concepts[group] if isinstance(group, str) else group)

    compiled = {
        id(phrasing): Compiled(phrasing, tuple(map(number, phrasing.all)), tuple(map(number, phrasing.without)))
        for phrasing in _phrasings(rubric)
    }
    subjects = {point.subject: number(point.subject) for point in rubric.points if point.subject}
    return Grammar(rubric, lexicon, compiled, subjects, tuple(map(number, rubric.foils)))


def _phrasings(rubric: Rubric) -> Iterator[Phrasing]:
    for point in rubric.points:
        yield from point.phrasings()
    for belief in rubric.misconceptions:
        yield from belief.shown_by


class Reading:
    """One answer with every concept of a rubric found in it."""

    def __init__(self, grammar: Grammar, text: Text) -> None:
        self.grammar, self.text = grammar, text
        self.found = grammar.lexicon.find(text)
        self.negators = [index for index, word in enumerate(text.words) if _negates(text.words, index, word)]
        self.nothings = {index for index in self.negators if text.words[index] == "nothing" and text.joined[index]}
        self.spent = self._spent()
        self._units: dict[tuple[int, str], dict[int, list[Span]]] = {}

    def hits(self, phrasings: Iterable[Phrasing]) -> Iterator[Hit]:
        """Where any of the phrasings is said; nothing inside a question counts."""
        for phrasing in phrasings:
            compiled = self.grammar[phrasing]
            if all(number in self.found for number in compiled.needs):
                yield from self._hits(compiled)

    def _hits(self, compiled: Compiled) -> Iterator[Hit]:
        phrasing = compiled.phrasing
        groups = [self._by_unit(number, phrasing.scope) for number in compiled.needs]
        spoilt = [self._by_unit(number, phrasing.scope) for number in compiled.without]
        for unit in groups[0]:
            if any(unit not in group for group in groups[1:]) or any(unit in group for group in spoilt):
                continue
            spans = [group[unit] for group in groups]
            chosen = _in_order(spans) if phrasing.in_order else _closest(spans)
            if chosen is None or not _near(chosen, phrasing.near):
                continue
            if self.text.sentence[chosen[0][0]] not in self.text.asks:
                yield Hit(chosen, not phrasing.allows_not and self._negated(chosen), phrasing.strong)

    def speaks_of_a_foil(self, hit: Hit) -> bool:
        """A clause of the hit is about what the question compares with."""
        clauses = {self.text.clause[first] for first, _ in hit.spans}
        return any(not clauses.isdisjoint(self._by_unit(number, "clause")) for number in self.grammar.foils)

    def _by_unit(self, number: int, scope: str) -> dict[int, list[Span]]:
        if (number, scope) not in self._units:
            units: dict[int, list[Span]] = {}
            for span in self.found.get(number, ()):
                unit = {"clause": self.text.clause, "sentence": self.text.sentence}.get(scope)
                units.setdefault(unit[span[0]] if unit else 0, []).append(span)
            self._units[number, scope] = units
        return self._units[number, scope]

    def _negated(self, spans: tuple[Span, ...]) -> bool:
        """A "not" reaches forward to the end of its clause; "no" only to the next "and", "without" to the next "and with".

        A "nothing" denies the word before it.
        """
        covered = {index for first, last in spans for index in range(first, last + 1)}
        if any(last + 1 in self.nothings and last + 1 not in covered for _, last in spans):
            return True
        for place in self.negators:
            if place in covered:
                continue
            for first, _ in spans:
                if place < first and self.text.clause[place] == self.text.clause[first] and self._reaches(place, first):
                    return True
        return False

    def _reaches(self, negator: int, word: int) -> bool:
        between = self.text.words[negator + 1 : word]
        if "and" not in between:
            return True
        if negator in self.spent or self.text.words[negator] in _TO_THE_NEXT_AND:
            return False
        return self.text.words[negator] != "without" or "and with" not in " ".join(between)

    def _spent(self) -> set[int]:
        """Negators inside a phrase that is known as a whole and that an "and" follows: they deny nothing after it.

        So "it has no padding and stride 1" does not deny the stride.
        """
        words = self.text.words
        spans = {span for spans in self.found.values() for span in spans}
        ended = [(first, last) for first, last in spans if last + 1 < len(words) and words[last + 1] == "and"]
        return {place for place in self.negators for first, last in ended if first <= place < last}


def _negates(words: Sequence[str], index: int, word: str) -> bool:
    following = words[index + 1] if index + 1 < len(words) else ""
    if word in _STANDS_FOR:
        return following == _STANDS_FOR[word]
    return word in NEGATORS and following not in _NEGATES_NOTHING.get(word, ())


def _closest(groups: Sequence[Sequence[Span]]) -> tuple[Span, ...] | None:
    """One span of each group, as close together as can be."""
    places = [0] * len(groups)
    best: tuple[Span, ...] | None = None
    width = 0
    while True:
        chosen = tuple(group[place] for group, place in zip(groups, places, strict=True))
        extent = max(last for _, last in chosen) - min(first for first, _ in chosen)
        if best is None or extent < width:
            best, width = chosen, extent
        behind = min(range(len(groups)), key=lambda number: chosen[number])
        places[behind] += 1
        if places[behind] == len(groups[behind]):
            return best


def _in_order(groups: Sequence[Sequence[Span]]) -> tuple[Span, ...] | None:
    """One span of each group, each after the one before it; the closest such."""
    best: tuple[Span, ...] | None = None
    for start in groups[0]:
        chosen = [start]
        for group in groups[1:]:
            later = next((span for span in group if span[0] > chosen[-1][1]), None)
            if later is None:
                return best
            chosen.append(later)
        if best is None or chosen[-1][1] - chosen[0][0] < best[-1][1] - best[0][0]:
            best = tuple(chosen)
    return best


def _near(spans: tuple[Span, ...], near: int | None) -> bool:
    return near is None or max(last for _, last in spans) - min(first for first, _ in spans) <= near
