"""A number with its exponent, its word for thousands or millions, and its unit -> a Quantity in base units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from gradetape.quantity.digits import THIN, read_digits
from gradetape.quantity.record import ABSENT, Number, Quantity, QuantityState, Unit
from gradetape.quantity.signs import plain

LARGEST = 10.0**30
MOST_QUANTITIES = 3_000

GAP = f"[ {THIN}]"
DIGITS = re.compile(rf"\d+(?:[.,'_]\d+|, (?=0\d\d(?!\d))\d{{3}}|{GAP}\d{{3}}(?![\d.,]*\d))*|\.\d+")
EXPONENT = re.compile(r"[eE]([+-]?\d{1,3})(?![\w])")
TIMES_TEN = re.compile(r" {0,3}[*xX] {0,3}10 {0,3}\^ {0,3}\(?([+-]?\d{1,3})\)?(?!\d)")
POWER = re.compile(r" {0,3}\^ {0,3}\(?(\d{1,3})\)?(?![\d.])")
SUFFIX = re.compile(
    r" ?(?:([kKMG])(?=[ )=,.;+*/]|$|\n)|(thousand|million|billion|mio|mn|bn)\.?(?![A-Za-z]))", re.IGNORECASE
)
WORDS_WORTH = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mio": 1e6, "mn": 1e6, "million": 1e6}
WORDS_WORTH |= {"g": 1e9, "bn": 1e9, "billion": 1e9}
UNIT = re.compile(
    r"[ \-]{0,3}(?P<open>[(\[] ?)?"
    r"(?:(?P<letter>[kKmMgGtT])(?P<binary>i)?[ \-]?|(?P<word>kilo|mega|giga|tera|kibi|mebi|gibi)[ \-]?)?"
    r"(?P<base>[bB]ytes?|BYTES?|[oO]ctets?|[bB]its?|BITS?|B|b)(?![A-Za-z0-9_])(?(open) ?[)\]])"
)
NOUN = re.compile(
    r" ?(?:trainable |learnable |total |model |float |floating.point )?"
    r"(?:param(?:eter)?s?|weights?|neurons?|floats?|values?|pixels?|activations?|biases|elements?|numbers)\b",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"(?:~|\babout|\bapproximately|\bapprox\.?|\baround|\broughly|\bcirca|\bca\.?|\bnearly|\balmost) {0,2}$", re.I
)
POWERS = {"k": 1, "m": 2, "g": 3, "t": 4}


def find_quantities(text: str, *, locales: Sequence[str] = ("en",), whole: bool = False) -> tuple[Quantity, ...]:
    """Every quantity in a text that `plain` has been through, in order. `whole`: only whole numbers make sense.

    >>> [quantity.value for quantity in find_quantities("2,800 weights, 12.6 MB and 3x3")]
    [2800, 12600000, 3, 3]
    """
    found: list[Quantity] = []
    place = 0
    while len(found) < MOST_QUANTITIES and (match := DIGITS.search(text, place)):
        quantity = quantity_at(text, match.start(), locales=locales, whole=whole)
        if quantity.state is not QuantityState.ABSENT and not _inside_a_word(text, quantity):
            found.append(quantity)
        place = max(quantity.end, match.end())
    return tuple(found)


def _inside_a_word(text: str, quantity: Quantity) -> bool:
    before, after = text[quantity.start - 1 : quantity.start], text[quantity.end : quantity.end + 2]
    return (before.isalpha() and before not in "xX*") or before == "_" or bool(re.match(r"[A-WYZa-wyz_]|x[a-z]", after))


def read_quantity(text: str, *, locales: Sequence[str] = ("en",), whole: bool = False) -> Quantity:
    """The one quantity of a short answer. Several different ones make it ambiguous; none makes it absent.

    >>> read_quantity("about 12,6 MB").value
    12600000
    >>> read_quantity("903.400", locales=("en", "de"), whole=True).state.value
    'read'
    >>> read_quantity("two or three").state.value
    'absent'
    """
    found = find_quantities(plain(text), locales=locales, whole=whole)
    if not found:
        return ABSENT
    last = found[-1]
    apart = [other for other in found if not _same(other, last)]
    if not apart:
        return min(found, key=lambda quantity: quantity.half_digit)
    every = tuple(dict.fromkeys(value for quantity in found for value in quantity.values))
    return Quantity(QuantityState.AMBIGUOUS, every, last.unit, text.strip()[:200], 0, len(text))


def _same(one: Quantity, other: Quantity) -> bool:
    slack = max(one.half_digit, other.half_digit) * 1.001
    scales = {1.0, other.other_scale / other.scale, one.scale / one.other_scale}
    return any(abs(a - b * scale) <= slack for a in one.values for b in other.values for scale in scales)


def quantity_at(text: str, start: int, *, locales: Sequence[str] = ("en",), whole: bool = False) -> Quantity:
    """The quantity that begins at `start`, with its exponent, suffix and unit; absent where none does."""
    match = DIGITS.match(text, start)
    if match is None:
        return ABSENT
    written, end = match[0], match.end()
    words = SUFFIX.match(text, end)  # what is multiplied on has decimals: 1.234 million is no thousand million
    many = bool((words and words[2]) or EXPONENT.match(text, end) or TIMES_TEN.match(text, end))
    state, numbers, places = read_digits(written, locales=locales, whole=whole and not many)
    if state is QuantityState.ABSENT:
        return Quantity(QuantityState.ABSENT, start=start, end=end)
    factor, end = _factor_after(text, written, end)
    scale, other, unit, remarks, end = _unit_after(text, end)
    values = tuple(_times(number, factor * scale) for number in numbers)
    if any(abs(value) > LARGEST for value in values):
        return Quantity(QuantityState.ABSENT, start=start, end=end)
    half = 0.5 * 10.0**-places * factor * scale if written not in ("10", "2") or factor == 1 else 0.0
    if not places and factor == 1 and written.endswith("0") and ABOUT.search(text[max(0, start - 16) : start]):
        half *= 10.0 ** (len(written) - len(written.rstrip("0,.' ")))
    return Quantity(
        state, values, unit, text[start:end], start, end, factor * scale, factor * other, half,
        bool(ABOUT.search(text[max(0, start - 16) : start])), remarks,
    )  # fmt: skip  # one field a line would hide that this is the record, in its own order


def _times(number: Number, factor: float) -> Number:
    """The product in decimal, as on paper: 9.03 · 10^5 is 903,000 and not a hair less."""
    product = Decimal(repr(number)) * Decimal(repr(factor))
    return int(product) if product == product.to_integral_value() and product.adjusted() <= 30 else float(product)


def _factor_after(text: str, written: str, end: int) -> tuple[float, int]:
    """What stands between the digits and the unit: an exponent, a power of ten, thousand or million."""
    if match := EXPONENT.match(text, end) or TIMES_TEN.match(text, end):
        power = int(match[1])
        return (10.0**power, match.end()) if abs(power) <= 30 else (1.0, end)
    if written in ("10", "2") and (match := POWER.match(text, end)):
        power = int(match[1])
        return (float(written) ** (power - 1), match.end()) if power <= 60 else (1.0, end)
    if match := SUFFIX.match(text, end):
        return WORDS_WORTH[(match[1] or match[2]).lower()], match.end()
    return 1.0, end


def _unit_after(text: str, end: int) -> tuple[float, float, Unit, tuple[str, ...], int]:
    match = UNIT.match(text, end)
    if match is None or (match["base"] == "b" and not match["letter"]):
        noun = NOUN.match(text, end)
        return (1.0, 1.0, Unit.COUNT, (), end) if noun else (1.0, 1.0, Unit.NONE, (), end)
    letter, word, base = (match["letter"] or "").lower(), match["word"] or "", match["base"]
    power = POWERS[letter] if letter else POWERS[word[0]] if word else 0
    binary = bool(match["binary"]) or word.endswith("bi")
    scales = [1000.0**power, 1024.0**power]
    scale, other = (scales[1], scales[0]) if binary else (scales[0], scales[1])
    remarks: tuple[str, ...] = ()
    if base.lower().startswith("bit"):
        scale, other = scale / 8, other / 8
    elif base == "b":
        remarks = (f"`{match[0].strip()}` is read as bytes; `b` alone would mean bits, so write `B`.",)
    return scale, other, Unit.BYTES, remarks, match.end()
