"""What the student holds: right values, and their own where an equation went wrong, followed into later steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gradetape.marking.arithmetic import Shape, amount_of, sums_in
from gradetape.marking.claims import Chain, Claims, Link, nearly
from gradetape.marking.sightings import meanings, slack_of
from gradetape.quantity import Unit
from gradetape.question import Misreading, WorkedQuestion

FAITHFUL = 0.02  # a value restated with two digits is still the same value
STRICT = 0.003
BARE = 3  # a number without a unit means itself, and what it is in each unit of its equation
Context = tuple[tuple[float, float], ...]
SAME = 1e-6
FEW_DIGITS = 3
SMALLEST = 500  # numbers below it are sides, kernels and maps, which coincide too easily


@dataclass
class Beliefs:
    """A question as asked, as `carried` from earlier answers, and as `seen` with all of the student's own values.

    Own values are kept to the last digit written and as rounded, since students go on with either.
    `stated_here`: own values that arose in the answer being marked, which earn nothing by being repeated.
    """

    question: WorkedQuestion
    sharp: dict[str, float] = field(default_factory=dict)
    rounded: dict[str, float] = field(default_factory=dict)
    misreadings: dict[str, Misreading] = field(default_factory=dict)
    stated_here: set[float] = field(default_factory=set)
    carried: tuple[WorkedQuestion, ...] = ()
    seen: tuple[WorkedQuestion, ...] = ()

    @property
    def worlds(self) -> tuple[WorkedQuestion, ...]:
        """The question as asked, as it follows from earlier answers, and from this one; each once."""
        return tuple({id(world): world for world in (self.question, *self.carried, *self.seen)}.values())

    def believe(self, name: str, sharp: float, rounded: float, *, here: bool) -> None:
        """Take these as the student's own value for `name`, and see the question anew."""
        expected = [world.values[name] for world in self.worlds if name in world.values]
        for value in (sharp, rounded) if here else ():
            if not any(abs(value - right) <= _rounding(value) * abs(right) for right in expected):
                self.stated_here.add(value)
        if self.question.again is None or (self.sharp.get(name), self.rounded.get(name)) == (sharp, rounded):
            return
        self.sharp[name], self.rounded[name] = sharp, rounded
        again = self.question.again
        self.seen = (again(self.sharp),) if self.sharp == self.rounded else (again(self.sharp), again(self.rounded))
        if not here:
            self.carried = self.seen

    def follow(self, claims: Claims, *, here: bool) -> None:
        """Read a text from beginning to end: equations that define a known value give the student's own for it."""
        for chain in claims.chains:
            self._follow_chain(chain, here)

    def _follow_chain(self, chain: Chain, here: bool) -> None:
        context = _context(chain)
        sides = [_side(link, context) for link in chain.links if not isinstance(link.node, Shape)]
        if max((abs(value) for side in sides for value in side.values), default=0) < SMALLEST:
            return
        names = [
            name for world in self.worlds for name, value in world.values.items() if self._names(sides, name, value)
        ]
        misread = [] if names else self._misread(sides, here)
        held = _held(chain)
        for name in dict.fromkeys(names + misread) if held else ():
            self.believe(name, *held, here=here)
        for names_listed in self.question.series:
            self._follow_series(names_listed, chain, context, here)

    def _follow_series(self, names: Sequence[str], chain: Chain, context: Context, here: bool) -> None:
        """Take the terms of a sum as the student's own values, where most of them are the values listed so."""
        for terms in (terms for link in chain.links for terms in sums_in(link.node) if len(terms) == len(names)):
            said = [Link(term, chain.start, chain.end, stated=True) for term in terms]
            agree = [self._is_restated(link, name, context) for link, name in zip(said, names, strict=True)]
            if sum(agree) * 2 > len(names):
                for link, name in zip(said, names, strict=True):
                    value = _in_unit(meanings(amount_of(link.node), context))
                    self.believe(name, value, value, here=here)

    def _is_restated(self, link: Link, name: str, context: Context) -> bool:
        side = _side(link, context)
        return any(self._is(side, name, world.values[name], side.slack) for world in self.worlds)

    def _names(self, sides: Sequence[_Side], name: str, value: float) -> bool:
        """Whether the sharpest of the sides that come near `value` is it."""
        near = [side for side in sides if self._is(side, name, value, FAITHFUL)]
        if any(side.made and self._is(side, name, value, SAME) for side in near):
            return True  # the expression is it, whatever is stated behind it
        sharpest = min(near, key=lambda side: side.slack, default=None)
        return sharpest is not None and self._is(sharpest, name, value, sharpest.slack)

    def _is(self, side: _Side, name: str, value: float, slack: float) -> bool:
        if value < SMALLEST or value in self.question.given:
            return False
        memory = self.question.units.get(name, self.question.unit) == "bytes"
        if side.unit is (Unit.COUNT if memory else Unit.BYTES):
            return False
        return any(abs(seen - value) <= max(slack, side.slack) * value for seen in side.values)

    def _shows_only(self, side: _Side, name: str, value: float) -> bool:
        """Whether this side is a misread value, and no right one that is as near."""
        if side.slack > STRICT or not self._is(side, name, value, side.slack):
            return False
        right = [world.values[name] for world in self.worlds if name in world.values]
        return not any(_distance(side, other) <= _distance(side, value) for other in right)

    def _misread(self, sides: Sequence[_Side], here: bool) -> list[str]:
        for misreading in self.question.misreadings:
            for name, value in misreading.values.items():
                if any(self._shows_only(side, name, value) for side in sides):
                    if here:
                        self.misreadings[misreading.name] = misreading
                    return [name]
        return []


@dataclass(frozen=True)
class _Side:
    """One side of an equation, worked out once."""

    values: tuple[float, ...]
    slack: float
    unit: Unit
    made: bool


def _in_unit(values: Sequence[float]) -> float:
    """A bare number in the unit of its equation, as that unit is written."""
    return values[0] if len(values) < BARE else values[1]


def _distance(side: _Side, value: float) -> float:
    return min((abs(seen - value) / value for seen in side.values), default=1.0)


def _side(link: Link, context: tuple[tuple[float, float], ...]) -> _Side:
    amount = amount_of(link.node)
    unit = Unit.BYTES if context and not link.stated and amount.unit is Unit.NONE else amount.unit
    return _Side(meanings(amount, context), slack_of(link.node), unit, not link.stated)


def _rounding(value: float) -> float:
    """How far off a restated value may be and still be the same: two or three digits were rounded, more were not."""
    return FAITHFUL if len(f"{value:.10g}".replace(".", "").strip("0")) <= FEW_DIGITS else STRICT / 10


def _context(chain: Chain) -> tuple[tuple[float, float], ...]:
    amounts = [amount_of(link.node) for link in chain.links]
    return tuple({(amount.scale, amount.other): 0 for amount in amounts if amount.unit is Unit.BYTES})


def _held(chain: Chain) -> tuple[float, float] | tuple[()]:
    """The value the student goes on with: as stated most sharply, and as stated last."""
    stated = [link for link in chain.links if link.stated] or [chain.links[-1]]
    last = meanings(amount_of(stated[-1].node), _context(chain))
    if not last:
        return ()
    same = [link for link in stated if nearly(link.node, stated[-1].node, FAITHFUL)]
    sharp = meanings(amount_of(min(same, key=lambda link: slack_of(link.node)).node), _context(chain))
    return sharp[0], last[0]


def beliefs_of(question: WorkedQuestion, earlier: Iterable[tuple[Claims, dict[str, float]]], claims: Claims) -> Beliefs:
    """The student's beliefs after their earlier answers (each with the values it was the answer to) and this one."""
    beliefs = Beliefs(question)
    for before, finals in earlier:
        beliefs.follow(before, here=False)
        for name, value in finals.items():
            beliefs.believe(name, value, value, here=False)
    beliefs.follow(claims, here=True)
    return beliefs
