"""A quantity as it was written: what was read, in which unit, and what rounding may hide."""

from __future__ import annotations

import enum
from dataclasses import dataclass

Number = float


class QuantityState(str, enum.Enum):
    """What could be made of a written number."""

    READ = "read"
    AMBIGUOUS = "ambiguous"
    MISGROUPED = "misgrouped"
    ABSENT = "absent"


class Unit(str, enum.Enum):
    """What a number counts: bytes (bits are bytes by eighths), things named by a noun, or nothing said."""

    NONE = "none"
    COUNT = "count"
    BYTES = "bytes"


@dataclass(frozen=True)
class Quantity:
    """One quantity as written. `values` are in base units: one when read, several when it stays ambiguous.

    `scale` is what one written unit is worth; `other_scale` the same if MB was meant as MiB or the reverse;
    `half_digit` is half a unit of the last written digit, in base units: what rounding may hide.
    """

    state: QuantityState
    values: tuple[Number, ...] = ()
    unit: Unit = Unit.NONE
    written: str = ""
    start: int = 0
    end: int = 0
    scale: float = 1.0
    other_scale: float = 1.0
    half_digit: float = 0.0
    approximate: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def value(self) -> Number:
        """The number read; of an ambiguous one, the reading the locales favour."""
        if not self.values:
            raise ValueError("an absent quantity has no value")
        return self.values[0]

    @property
    def bits(self) -> bool:
        return self.unit is Unit.BYTES and self.written.rstrip(") ").lower().endswith(("bit", "bits"))


ABSENT = Quantity(QuantityState.ABSENT)
