"""Remarks on a worked answer that cost nothing: an equation that does not hold, units mixed, commas misplaced."""

from __future__ import annotations

from gradetape.domain import Finding, State
from gradetape.expect import show
from gradetape.marking.arithmetic import Leaf, Product, Sum, amount_of
from gradetape.marking.claims import Chain, Claims, nearly
from gradetape.marking.finals import Result
from gradetape.marking.sightings import slack_of
from gradetape.quantity import Quantity, QuantityState, Unit
from gradetape.question import WorkedQuestion

MOST_REMARKS = 3


def remarks_on(claims: Claims, question: WorkedQuestion, final: Result | None, *, right: bool) -> list[Finding]:
    """What a kind reader would note in the margin. A remark is never missed and earns nothing."""
    notes = [*_equations(claims), *_units(claims, question, final), *_groups(claims)]
    return [Finding(name, State.MET, message) for name, message in notes[:MOST_REMARKS]]


def _equations(claims: Claims) -> list[tuple[str, str]]:
    notes = []
    for chain in claims.chains:
        for left, right in zip(chain.links, chain.links[1:], strict=False):
            worked = isinstance(left.node, (Product, Sum)) and right.stated and not chain.broken
            if worked and isinstance(right.node, Leaf) and not nearly(left.node, right.node, slack_of(right.node)):
                written = " ".join(claims.text[left.start : right.end].split())
                if len(written) <= 120:
                    makes = show(_whole(amount_of(left.node).raw))
                    notes.append(("arithmetic", f"Look again at “{written}”: the left side makes {makes}."))
    return notes


def _whole(number: float) -> float:
    return int(number) if float(number).is_integer() else number


def _units(claims: Claims, question: WorkedQuestion, final: Result | None) -> list[tuple[str, str]]:
    if question.unit != "bytes":
        return []
    written = [quantity for chain in claims.chains for quantity in _leaves(chain)]
    trusted = [quantity for chain in claims.chains if not _fails(chain) for quantity in _leaves(chain)]
    notes = []
    if remark := next((remark for quantity in written for remark in quantity.remarks), ""):
        notes.append(("unit-spelling", remark))
    if len(_meant(trusted, question)) > 1:
        notes.append(
            (
                "units-mixed",
                "You use both MB of 1,000,000 and MB of 1,048,576 bytes (MiB). Both are fine; stay with one.",
            )
        )
    if final is not None and final.unit is Unit.NONE and final.values[0] < 1e5 and len(claims.chains) <= 2:
        notes.append(("unit-missing", "Say the unit: a number of bytes, MB or MiB."))
    return notes


def _fails(chain: Chain) -> bool:
    """Whether one of its equations does not hold: then its numbers say nothing of their units."""
    pairs = zip(chain.links, chain.links[1:], strict=False)
    return any(
        isinstance(left.node, (Product, Sum))
        and right.stated
        and not nearly(left.node, right.node, slack_of(right.node))
        for left, right in pairs
    )


def _leaves(chain: Chain) -> list[Quantity]:
    return [link.node.quantity for link in chain.links if isinstance(link.node, Leaf)]


def _meant(written: list[Quantity], question: WorkedQuestion) -> set[bool]:
    """In which ways known values are written in prefixed units: decimal (False) or binary (True)."""
    meant = set()
    known = [*question.values.values(), *(reading.value for reading in question.readings)]
    for quantity in written:
        if quantity.unit is not Unit.BYTES or quantity.scale < 1000:
            continue
        slack = slack_of(Leaf(quantity))
        plain, other = quantity.value, quantity.value / quantity.scale * quantity.other_scale
        hits = [min(abs(seen - value) / value for value in known if value) <= slack for seen in (plain, other)]
        if hits[0] != hits[1]:
            meant.add(hits[1] != (quantity.scale > quantity.other_scale))
    return meant


def _groups(claims: Claims) -> list[tuple[str, str]]:
    for chain in claims.chains:
        for quantity in _leaves(chain):
            if quantity.state is QuantityState.MISGROUPED:
                return [
                    ("digit-groups", f"“{quantity.written.strip()}”: three digits stand behind every thousands comma.")
                ]
    return []
