"""What the student holds: right values, and their own where an equation went wrong, followed into later steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gradetape.exercise import Misreading, WorkedQuestion
from gradetape.marking.arithmetic import Shape, amount_of
from gradetape.marking.claims import Chain, Claims, Link
from gradetape.marking.sightings import meanings, slack_of
from gradetape.quantity import Unit

SMALLEST = 500  # numbers below it are sides, kernels and maps, which coincide too easily


@dataclass
class Beliefs:
    """A question as asked, and as it looks with the student's own values in it.

    `stated_here`: own values that arose in the answer being marked, which earn nothing by being repeated.
    """

    question: WorkedQuestion
    own: dict[str, float] = field(default_factory=dict)
    seen: WorkedQuestion = field(init=False)
    misreadings: dict[str, Misreading] = field(default_factory=dict)
    stated_here: set[float] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.seen = self.question

    def believe(self, name: str, value: float, *, here: bool) -> None:
        """Take `value` as the student's own for `name`, and see the question anew."""
        if here:
            self.stated_here.add(value)
        if self.question.again is None or self.own.get(name) == value:
            return
        self.own[name] = value
        self.seen = self.question.again(self.own)

    def follow(self, claims: Claims, *, here: bool) -> None:
        """Read a text from beginning to end: equations that define a known value give the student's own for it."""
        for chain in claims.chains:
            self._follow_chain(chain, here)

    def _follow_chain(self, chain: Chain, here: bool) -> None:
        names = {name: None for link in chain.links for name in self._names_of(link, chain)}
        misread = self._misread(chain) if not names else {}
        held = _held(chain)
        if held is None:
            return
        for name in (*names, *misread):
            self.believe(name, held, here=here)

    def _names_of(self, link: Link, chain: Chain) -> list[str]:
        found = []
        for values in (self.question.values, self.seen.values):
            found += [name for name, value in values.items() if self._is(link, chain, name, value)]
        return found

    def _is(self, link: Link, chain: Chain, name: str, value: float) -> bool:
        if value < SMALLEST or value in self.question.given or isinstance(link.node, Shape):
            return False
        memory = self.question.units.get(name, self.question.unit) == "bytes"
        amount = amount_of(link.node)
        if (amount.unit is Unit.COUNT and memory) or (amount.unit is Unit.BYTES and not memory):
            return False
        return any(abs(seen - value) <= slack_of(link.node) * value for seen in meanings(amount, _context(chain)))

    def _misread(self, chain: Chain) -> dict[str, float]:
        for misreading in self.question.misreadings:
            for name, value in misreading.values.items():
                if any(self._is(link, chain, name, value) for link in chain.links):
                    self.misreadings[misreading.name] = misreading
                    return {name: value}
        return {}


def _context(chain: Chain) -> tuple[tuple[float, float], ...]:
    amounts = [amount_of(link.node) for link in chain.links]
    return tuple({(amount.scale, amount.other): 0 for amount in amounts if amount.unit is Unit.BYTES})


def _held(chain: Chain) -> float | None:
    """The value the student goes on with: the one stated last, as written."""
    stated = [link for link in chain.links if link.stated] or chain.links[-1:]
    seen = meanings(amount_of(stated[-1].node), _context(chain))
    return seen[0] if seen else None


def beliefs_of(question: WorkedQuestion, earlier: Iterable[tuple[Claims, dict[str, float]]], claims: Claims) -> Beliefs:
    """The student's beliefs after their earlier answers (each with the values it was the answer to) and this one."""
    beliefs = Beliefs(question)
    for before, finals in earlier:
        beliefs.follow(before, here=False)
        for name, value in finals.items():
            beliefs.believe(name, value, here=False)
    beliefs.follow(claims, here=True)
    return beliefs
