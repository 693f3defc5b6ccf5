"""Every quantity and every `expression = value` in a text, as chains of links.

`4 * 100 * 150 * 100 = 6,000,000 bytes (6 MB)` is one chain: an expression and two statements of its value.
Words between numbers and operators are labels ("100 filters × 3 × 3"); operators may stand on lines of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gradetape.marking.arithmetic import Node, amount_of
from gradetape.quantity import Unit


@dataclass(frozen=True)
class Link:
    """One side of an equation. `stated`: a bare number, which the student vouches for."""

    node: Node
    start: int
    end: int
    stated: bool


@dataclass(frozen=True)
class Chain:
    """Things said to be equal, in order. `broken`: torn out of an expression we could not read."""

    links: tuple[Link, ...]
    broken: bool = False

    @property
    def start(self) -> int:
        return self.links[0].start

    @property
    def end(self) -> int:
        return self.links[-1].end


@dataclass(frozen=True)
class Claims:
    """The text as it was read, and the chains in it."""

    text: str
    chains: tuple[Chain, ...] = ()
    words: frozenset[str] = field(default_factory=frozenset)

    def sentence_before(self, place: int) -> str:
        """What stands before `place` in its line and sentence."""
        start = (
            max(self.text.rfind("\n", 0, place), self.text.rfind(". ", 0, place), self.text.rfind("; ", 0, place)) + 1
        )
        return self.text[max(start, place - 300) : place].strip()


def nearly(one: Node, other: Node, slack: float) -> bool:
    """Whether two sides agree up to `slack`, with MB meant as MiB, bits as bytes or a unit left out."""
    left, right = amount_of(one), amount_of(other)
    return any(abs(a - b) <= slack * max(abs(a), abs(b)) for a in _meanings(left) for b in _meanings(right))


def _meanings(amount: object) -> list[float]:
    raw, scale, other = (getattr(amount, name) for name in ("raw", "scale", "other"))
    if scale == 1.0 and getattr(amount, "unit", None) is not Unit.BYTES:
        return [raw * factor for factor in (1, 1e3, 1024, 1e6, 1024**2, 1e9, 1024**3, 1 / 8)]
    return [raw * scale, raw * other]
