"""What a text shows: every number stated or worked out in it, in all the meanings its context allows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from gradetape.marking.arithmetic import Amount, Leaf, Node, Part, amount_of, parts_of
from gradetape.marking.claims import Chain, Claims, Link, nearly
from gradetape.quantity import Unit

# Factors that change only the unit: bytes of a float, bits, and the steps from bytes to MB and MiB.
CONVERSIONS = frozenset({1.0, 4.0, 8.0, 32.0, 0.125, 1e3, 1024.0, 1e6, 1024.0**2, 1e9, 1024.0**3, 0.25})
EXACT = 1e-9
ROUNDED = 0.0025
FINEST = 0.0005
FOUR_DIGITS = 0.0005
COARSEST = 0.02
BY_CONTEXT = 0.01
NOT_EVEN = 0.006  # roundings of an equation that holds
MOST_SIGHTINGS = 1_500
MOST_LOOKED_AT = 12_000


@dataclass(frozen=True)
class Sighting:
    """A number seen in the text. `values`: what it may be in base units; `slack`: what rounding may hide, relative.

    `worth` is 1 when the student vouches for it (stated, or part of an equation that holds) and ½ when only the
    expression is there. `scaled`: it is multiplied on, by more than a change of unit. `root`: what the whole
    expression comes to; `beside`: for a run of terms, the other terms of the sum.
    """

    values: tuple[float, ...]
    slack: float
    stated: bool
    worth: float
    scaled: bool
    root: tuple[float, ...]
    unit: Unit
    chain: int
    start: int
    end: int
    factors: tuple[float, ...] = ()
    beside: tuple[float, ...] = ()

    def shows(self, value: float, *, memory: bool) -> bool:
        """Whether this is `value`, within what was rounded away. `memory`: the value is in bytes."""
        if (self.unit is Unit.COUNT and memory) or (self.unit is Unit.BYTES and not memory):
            return False
        if not self.values:
            return False
        first, *others = self.values
        closer = min(self.slack, BY_CONTEXT)  # a meaning that is not the written one must fit better
        return abs(first - value) <= self.slack * abs(value) or any(
            abs(seen - value) <= closer * abs(value) for seen in others
        )

    def root_shows(self, value: float) -> bool:
        return any(abs(seen - value) <= max(self.slack, ROUNDED) * abs(value) for seen in self.root)


def sightings_of(claims: Claims) -> list[Sighting]:
    """All that the text states and works out, in its order."""
    found: dict[Sighting, Sighting] = {}
    for sighting in islice(_all_of(claims), MOST_LOOKED_AT):
        found.setdefault(replace(sighting, chain=0, start=0, end=0), sighting)
    return list(found.values())[:MOST_SIGHTINGS]


def _all_of(claims: Claims) -> Iterator[Sighting]:
    for place, chain in enumerate(claims.chains):
        context = _units_of(chain)
        for at, link in enumerate(chain.links):
            seen = _of_link(link, _holds(chain, at), context, place)
            yield from (_as_written(each) for each in seen) if contradicted(chain, link) else seen


def _units_of(chain: Chain) -> tuple[tuple[float, float], ...]:
    """The units a bare number of this chain may be in: those of the values stated in it."""
    units = {}
    for link in chain.links:
        amount = amount_of(link.node)
        if amount.unit is Unit.BYTES:
            units[(amount.scale, amount.other)] = True
    return tuple(units)


def _holds(chain: Chain, at: int) -> bool | None:
    """Whether the expression equals the value stated for it; None where no value is stated."""
    stated = next((link for link in chain.links[at + 1 :] if link.stated), None)
    if stated is None or (chain.broken and at == 0):
        return None
    return nearly(chain.links[at].node, stated.node, slack_of(stated.node))


def contradicted(chain: Chain, link: Link) -> bool:
    """Whether the value stated here is not what its working makes: then it means no more than it says."""
    made = [each for each in chain.links if not each.stated]
    return link.stated and bool(made) and not any(nearly(each.node, link.node, NOT_EVEN) for each in made)


def _as_written(sighting: Sighting) -> Sighting:
    return replace(sighting, values=sighting.values[:1]) if sighting.unit is Unit.BYTES else sighting


def slack_of(node: Node) -> float:
    """How much rounding may hide in a value, relative to it."""
    if not isinstance(node, Leaf):
        return EXACT if amount_of(node).exact else ROUNDED
    quantity = node.quantity
    size = abs(float(quantity.value))
    digit = quantity.half_digit / size * 1.001 if size else 0.0
    prefixed = quantity.unit is Unit.BYTES and quantity.scale >= 1000
    if prefixed or quantity.approximate or not float(quantity.value).is_integer():
        coarse = ROUNDED if quantity.approximate else FINEST
        if quantity.unit is not Unit.BYTES and float(quantity.value).is_integer() and digit < FOUR_DIGITS:
            coarse = 0.0  # "about 903,400" of a count is that count
        digit = max(2 * digit, coarse)  # many cut digits off instead of rounding
    return min(max(digit, 5e-7), COARSEST)


def _of_link(
    link: Link, holds: bool | None, context: tuple[tuple[float, float], ...], place: int
) -> Iterator[Sighting]:
    root = meanings(amount_of(link.node), context)
    for part in parts_of(link.node):
        if math.isnan(part.amount.raw):
            continue
        stated = part.leaf is not None or part.sides > 0
        yield Sighting(
            values=_values(part, context),
            slack=slack_of(part.leaf) if part.leaf else (EXACT if part.amount.exact else ROUNDED),
            stated=stated,
            worth=1.0 if stated or holds else 0.5,
            scaled=any(factor not in CONVERSIONS and 1 / factor not in CONVERSIONS for factor in part.rest if factor),
            root=root,
            unit=part.amount.unit,
            chain=place,
            start=link.start,
            end=link.end,
            factors=tuple(sorted(part.factors)),
            beside=tuple(value for other in part.beside for value in meanings(other, context)),
        )


def _values(part: Part, context: tuple[tuple[float, float], ...]) -> tuple[float, ...]:
    others = part.leaf.quantity.values[1:] if part.leaf else ()
    return (*meanings(part.amount, context), *(float(value) for value in others))


def meanings(amount: Amount, context: tuple[tuple[float, float], ...] = ()) -> tuple[float, ...]:
    """What a result may be in base units: as written first, then in the units of its equation."""
    if math.isnan(amount.raw):
        return ()
    if amount.unit is Unit.BYTES:
        found = [amount.raw * amount.scale, amount.raw * amount.other]
        found += [amount.raw * scale for scale, _ in context if scale < 1 or amount.scale < 1]
        return tuple(dict.fromkeys(found))
    found = [amount.raw]
    for scale, other in context:
        found += [amount.raw * scale, amount.raw * other]
    return tuple(dict.fromkeys(found))
