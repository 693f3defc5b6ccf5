"""What a written answer must say: weighted key points by accepted phrasings. Facts, read from a quiz file.

    rubric:
      concepts:                                   # named alternatives; `*` ends a word stem, or is any one word
        fewer: [fewer, less, reduc*]
        weights: [parameter*, weight*]
      points:
        - name: fewer-parameters
          weight: 0.3
          says: A CNN has far fewer parameters.   # the sentence the student reads
          accepts:
            - [fewer, weights]                    # every concept must stand in one sentence
            - {all: [fewer, [connection*]], near: 6}   # a list inside is a concept without a name

Matching itself is in `gradetape.marking`; nothing here looks at an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from gradetape.facts import Facts

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Phrase = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=80),
]
Phrases: TypeAlias = Annotated[tuple[Phrase, ...], Field(min_length=1)]
Group: TypeAlias = Phrases | Name
"""A concept by its name, or its phrases on the spot."""

_PHRASE = re.compile(r"^[a-z0-9]+\*?( ([a-z0-9]+\*?|\*))*$")


class Phrasing(Facts):
    """One way of saying something: concepts that must stand together.

    `scope` is where they must stand together; `near` how many words may lie from the first to the last of
    them; `in_order` demands the order given (who has fewer than whom); `without` names concepts that spoil
    it. A "not" that is no part of a concept spoils it too, unless `allows_not`. A phrasing that is not
    `strong` is a good guess which a human confirms.
    """

    all: Annotated[tuple[Group, ...], Field(min_length=1, max_length=8)]
    scope: Literal["clause", "sentence", "answer"] = "sentence"
    near: Annotated[int, Field(ge=1, le=200)] | None = None
    in_order: bool = False
    without: tuple[Group, ...] = ()
    allows_not: bool = False
    strong: bool = True

    @model_validator(mode="before")
    @classmethod
    def _list_means_all(cls, value: Any) -> Any:
        return {"all": value} if isinstance(value, (list, tuple)) else value

    def groups(self) -> Iterator[Group]:
        """Every concept this phrasing mentions."""
        yield from self.all
        yield from self.without


Phrasings: TypeAlias = tuple[Phrasing, ...]


class Level(Facts):
    """A lesser way of making a point, which earns `share` of it."""

    share: Annotated[float, Field(gt=0, lt=1)]
    accepts: Annotated[Phrasings, Field(min_length=1)]
    says: Sentence | Literal[""] = ""


class Part(Facts):
    """One of several distinct things that a point asks for; it counts once, however often it is said."""

    name: Name
    accepts: Annotated[Phrasings, Field(min_length=1)]
    says: Sentence | Literal[""] = ""


class KeyPoint(Facts):
    """One thing a full answer says, with its share of the marks.

    Either `accepts` (with `partial` levels), or `parts` of which `needed` distinct ones are full marks.
    A sentence that matches `rejects` merely sounds like the point and earns nothing for it; one that matches
    `contradicted_by` says the opposite, and a human settles it. With a `subject` (a concept) only what the
    answer says about that subject counts. `title` is what the point is about, in words that do not tell the answer.
    """

    name: Name
    weight: Annotated[float, Field(gt=0, le=1)]
    says: Sentence
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""
    hint: str = ""
    accepts: Phrasings = ()
    partial: tuple[Level, ...] = ()
    parts: tuple[Part, ...] = ()
    needed: Annotated[int, Field(ge=0, le=20)] = 0
    subject: Name | Literal[""] = ""
    rejects: Phrasings = ()
    contradicted_by: Phrasings = ()

    @model_validator(mode="after")
    def _accepts_or_parts(self) -> KeyPoint:
        if bool(self.accepts) == bool(self.parts):
            raise ValueError(f"key point {self.name}: expected either `accepts` or `parts`, found both or neither")
        if self.parts and not 1 <= self.needed <= len(self.parts):
            raise ValueError(f"key point {self.name}: `needed` must be 1 to {len(self.parts)}, found {self.needed}")
        if self.needed and not self.parts:
            raise ValueError(f"key point {self.name}: `needed` counts `parts`, and there are none")
        return self

    @property
    def topic(self) -> str:
        """What the point is about, as a student may read it."""
        return self.title or self.name.replace("-", " ")

    def phrasings(self) -> Iterator[Phrasing]:
        """Every phrasing in it, whatever it is for."""
        yield from self.accepts
        yield from self.rejects
        yield from self.contradicted_by
        for level in self.partial:
            yield from level.accepts
        for part in self.parts:
            yield from part.accepts


class Cap(Facts):
    """Without any of the points `unless`, an answer earns `at_most` so much."""

    at_most: Annotated[float, Field(gt=0, lt=1)]
    unless: Annotated[tuple[Name, ...], Field(min_length=1)]
    because: Sentence


class Misconception(Facts):
    """A known wrong belief, and what to say to who holds it. It takes nothing away.

    A human looks, unless `review` is false: then it is remarked and no more.
    """

    name: Name
    shown_by: Annotated[Phrasings, Field(min_length=1)]
    reply: Sentence
    review: bool = True


class Rubric(Facts):
    """All that a written answer is marked against.

    Shares are of 1; weights may add up to more than 1 where several ways lead to full marks, and never to less.
    `form: list` says that short items without verbs are a natural way to answer. `foils` are concepts that the
    question compares with: what is denied of them is not denied of the thing asked about.
    """

    concepts: dict[Name, Phrases] = Field(default_factory=dict)
    points: Annotated[tuple[KeyPoint, ...], Field(min_length=1)]
    caps: tuple[Cap, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    form: Literal["prose", "list"] = "prose"
    foils: tuple[Group, ...] = ()

    def __hash__(self) -> int:
        # equal rubrics have equal names; the fields themselves hold a dict and cannot be hashed
        return hash(tuple(point.name for point in self.points))

    @model_validator(mode="after")
    def _hangs_together(self) -> Rubric:
        for fault in (
            *self._unknown_names(),
            *self._repeated_names(),
            *self._bad_phrases(),
            *self._bad_weights(),
        ):
            raise ValueError(fault)
        return self

    def _phrasings(self) -> Iterator[tuple[str, Phrasing]]:
        for point in self.points:
            yield from ((f"key point {point.name}", phrasing) for phrasing in point.phrasings())
        for belief in self.misconceptions:
            yield from ((f"misconception {belief.name}", phrasing) for phrasing in belief.shown_by)

    def _unknown_names(self) -> Iterator[str]:
        used = [(where, group) for where, phrasing in self._phrasings() for group in phrasing.groups()]
        used += [("foils", group) for group in self.foils]
        used += [(f"key point {point.name}", point.subject) for point in self.points if point.subject]
        for where, group in used:
            if isinstance(group, str) and group not in self.concepts:
                yield f"{where}: {group!r} is none of the concepts; add it, or write its phrases as a list"
        points = {point.name for point in self.points}
        for name in (name for cap in self.caps for name in cap.unless if name not in points):
            yield f"caps: {name!r} is none of the key points"

    def _repeated_names(self) -> Iterator[str]:
        names = [point.name for point in self.points]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"key point {name}: the name is taken twice"

    def _bad_phrases(self) -> Iterator[str]:
        inline = [(where, group) for where, phrasing in self._phrasings() for group in phrasing.groups()]
        inline += [("foils", group) for group in self.foils]
        named = [(f"concept {name}", phrases) for name, phrases in self.concepts.items()]
        for where, group in (*inline, *named):
            for phrase in () if isinstance(group, str) else group:
                if not _PHRASE.match(phrase):
                    yield f"{where}: {phrase!r} is no phrase; expected lower-case words, a * at most at their ends or for a word inside"

    def _bad_weights(self) -> Iterator[str]:
        total = sum(point.weight for point in self.points)
        if total < 1 - 1e-6:
            yield f"points: the weights add up to {total:.3g}; expected at least 1, or nobody can earn full marks"
