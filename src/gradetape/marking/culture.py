"""How the writer groups thousands, where an equation of theirs proves it."""

from __future__ import annotations

from gradetape.marking.arithmetic import Leaf, amount_of
from gradetape.marking.claims import Chain, Claims
from gradetape.quantity import Quantity, QuantityState

SAME = 1e-9
DOT_GROUPS, COMMA_GROUPS = "de", "en"


def proven_locale(claims: Claims) -> str:
    """A language that writes numbers as this text proves its writer does, or "" where nothing or both are proven.

    `(9 * 200 + 1) * 400 = 720.400` holds with a dot for thousands only; then 903.400 in the same text is no riddle.
    """
    proven = {locale for chain in claims.chains for locale in _proven_by(chain)}
    return proven.pop() if len(proven) == 1 else ""


def _proven_by(chain: Chain) -> set[str]:
    made = [amount_of(link.node) for link in chain.links if not link.stated]
    said = [link.node.quantity for link in chain.links if isinstance(link.node, Leaf)]
    return {
        _writing(quantity, place)
        for quantity in said
        if quantity.state is QuantityState.AMBIGUOUS
        for place, value in enumerate(quantity.values)
        if any(amount.exact and abs(amount.raw - value) <= SAME * value for amount in made)
    }


def _writing(quantity: Quantity, place: int) -> str:
    """The language of the reading at `place`: the decimal one stands first, the one with thousands last."""
    dot, grouped = "." in quantity.written, place > 0
    return DOT_GROUPS if dot == grouped else COMMA_GROUPS
