"""Numbers and units as students write them: "903.400", "12,6 MB", "9,03×10^5", "$3{,}613{,}600$ bytes".

A written quantity becomes a number in base units (bytes for memory), or a named state that says why not.
Nothing is guessed, nothing is evaluated, and no text raises.
"""

from gradetape.quantity.digits import read_digits
from gradetape.quantity.reading import find_quantities, quantity_at, read_quantity
from gradetape.quantity.record import ABSENT, Number, Quantity, QuantityState, Unit
from gradetape.quantity.signs import plain

__all__ = [
    "ABSENT",
    "Number",
    "Quantity",
    "QuantityState",
    "Unit",
    "find_quantities",
    "plain",
    "quantity_at",
    "read_digits",
    "read_quantity",
]
