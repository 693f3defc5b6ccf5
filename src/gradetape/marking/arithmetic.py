"""Arithmetic as students write it, worked out by us: sums, products and powers of quantities, nothing else.

Trees are built by claims_reader.py and never from Python; depth and size are capped there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from gradetape.quantity import Quantity, Unit

MOST_FACTORS = 8
LARGEST = 1e30


@dataclass(frozen=True)
class Leaf:
    """A written number."""

    quantity: Quantity


@dataclass(frozen=True)
class Product:
    """Factors above and below the line."""

    over: tuple[Node, ...]
    under: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Sum:
    """Terms, each with its sign."""

    terms: tuple[tuple[int, Node], ...]


@dataclass(frozen=True)
class Power:
    """A base and a whole exponent."""

    base: Node
    exponent: int


@dataclass(frozen=True)
class Shape:
    """Numbers in brackets, as (100, 150, 100). `leaf`: the same read as one number with separators."""

    sides: tuple[float, ...]
    leaf: Leaf | None = None


Node: TypeAlias = "Leaf | Product | Sum | Power | Shape"


@dataclass(frozen=True)
class Amount:
    """A result: `raw` written units, each worth `scale` base units (`other` if MB was meant as MiB)."""

    raw: float
    scale: float = 1.0
    other: float = 1.0
    unit: Unit = Unit.NONE
    exact: bool = True


NOTHING = Amount(math.nan)


@dataclass(frozen=True)
class Part:
    """A piece of an expression with what it comes to. `rest`: the factors it is multiplied by further on.

    `factors`: of a product or shape. `beside`: of a run of terms, the other terms of the sum.
    """

    amount: Amount
    rest: tuple[float, ...] = ()
    leaf: Leaf | None = None
    sides: int = 0
    factors: tuple[float, ...] = ()
    beside: tuple[Amount, ...] = ()


def amount_of(node: Node) -> Amount:
    """What the expression comes to; NOTHING where that is undefined or too large.

    >>> amount_of(Product((Leaf(Quantity(state="read", values=(6,))), Leaf(Quantity(state="read", values=(7,)))))).raw
    42.0
    """
    try:
        amount = _amount(node)
    except (OverflowError, ZeroDivisionError):
        return NOTHING
    return amount if abs(amount.raw * amount.scale) <= LARGEST else NOTHING


def _amount(node: Node) -> Amount:
    if isinstance(node, Leaf):
        return _of_quantity(node.quantity)
    if isinstance(node, Product):
        return _of_product([_amount(part) for part in node.over], [_amount(part) for part in node.under])
    if isinstance(node, Sum):
        return _of_sum([(sign, _amount(term)) for sign, term in node.terms])
    if isinstance(node, Power):
        base = _amount(node.base)
        return Amount(base.raw**node.exponent, base.scale, base.other, base.unit, base.exact)
    return Amount(math.prod(node.sides))


def _of_quantity(quantity: Quantity) -> Amount:
    value = float(quantity.value)
    exact = value.is_integer() and not quantity.approximate and abs(quantity.scale) <= 1
    if quantity.unit is not Unit.BYTES:
        return Amount(value, unit=quantity.unit, exact=exact)
    return Amount(value / quantity.scale, quantity.scale, quantity.other_scale, Unit.BYTES, exact)


def _of_product(over: list[Amount], under: list[Amount]) -> Amount:
    raw = math.prod(part.raw for part in over) / math.prod(part.raw for part in under)
    exact = all(part.exact for part in (*over, *under))
    measured, divided = [part for part in over if part.unit is Unit.BYTES], [p for p in under if p.unit is Unit.BYTES]
    if not measured:
        return Amount(raw, exact=exact)
    scale = math.prod(part.scale for part in measured) / math.prod(part.scale for part in divided)
    other = math.prod(part.other for part in measured) / math.prod(part.other for part in divided)
    return Amount(raw, scale, other, Unit.BYTES, exact)


def _of_sum(terms: list[tuple[int, Amount]]) -> Amount:
    """A sum in which bare numbers take the unit of the others: 525 + 36 + 3.6 MB."""
    exact = all(term.exact for _, term in terms)
    scales = {(term.scale, term.other) for _, term in terms if term.unit is Unit.BYTES}
    if not scales:
        return Amount(sum(sign * term.raw for sign, term in terms), exact=exact)
    scale, other = next(iter(scales))
    far_apart = scale >= 1e5 and any(term.unit is not Unit.BYTES and term.raw >= 1e4 for _, term in terms)
    if len(scales) > 1 or far_apart:
        return Amount(sum(sign * term.raw * term.scale for sign, term in terms), unit=Unit.BYTES, exact=exact)
    return Amount(sum(sign * term.raw for sign, term in terms), scale, other, Unit.BYTES, exact)


def parts_of(node: Node, rest: tuple[float, ...] = ()) -> Iterator[Part]:
    """The expression, and every piece of it that a student may have meant: factors of a product, runs of a sum."""
    if isinstance(node, Leaf):
        yield Part(amount_of(node), rest, node)
        return
    if isinstance(node, Shape):
        yield from _sides_of(node)
        return
    factors = tuple(amount_of(part).raw for part in node.over) if isinstance(node, Product) and not node.under else ()
    yield Part(amount_of(node), rest, factors=factors)
    if isinstance(node, Power):
        return
    yield from _pieces_of_product(node, rest) if isinstance(node, Product) else _pieces_of_sum(node, rest)


def _sides_of(shape: Shape) -> Iterator[Part]:
    if shape.leaf is not None:
        yield Part(amount_of(shape.leaf), leaf=shape.leaf)
    for many in range(2, len(shape.sides) + 1):
        yield Part(Amount(math.prod(shape.sides[:many])), sides=many, factors=shape.sides[:many])


def _pieces_of_product(product: Product, rest: tuple[float, ...]) -> Iterator[Part]:
    over, under = product.over[:MOST_FACTORS], product.under
    worth = [amount_of(part).raw for part in over]
    divisors = tuple(1 / raw for raw in (amount_of(part).raw for part in under) if raw)
    for size in range(2, len(over) + 1):
        for chosen in combinations(range(len(over)), size):
            left = tuple(worth[place] for place in range(len(over)) if place not in chosen)
            pieces = tuple(over[place] for place in chosen)
            if under:
                yield Part(amount_of(Product(pieces)), (*rest, *left, *divisors))
            if left:
                factors = tuple(worth[place] for place in chosen)
                yield Part(amount_of(Product(pieces, under)), (*rest, *left), factors=factors)
    for place, part in enumerate(over):
        others = tuple(raw for at, raw in enumerate(worth) if at != place)
        yield from parts_of(part, (*rest, *others, *divisors))


def _pieces_of_sum(total: Sum, rest: tuple[float, ...]) -> Iterator[Part]:
    terms = total.terms
    for first in range(len(terms)):
        for last in range(first + 2, min(len(terms), first + MOST_FACTORS) + 1):
            if last - first < len(terms):
                others = tuple(amount_of(term) for _, term in (*terms[:first], *terms[last:]))
                yield Part(amount_of(Sum(terms[first:last])), rest, beside=others)
    for _, term in terms:
        yield from parts_of(term, rest)


def sums_in(node: Node) -> Iterator[tuple[Node, ...]]:
    """The terms of every sum without a minus in the expression, whether it is multiplied on or not."""
    if isinstance(node, Sum) and all(sign > 0 for sign, _ in node.terms):
        yield tuple(term for _, term in node.terms)
    for part in (*node.over, *node.under) if isinstance(node, Product) else ():
        yield from sums_in(part)
