"""Numbers and units as students write them: "903.400", "12,6 MB", "9,03×10^5", "$3{,}613{,}600$ bytes".

A written quantity becomes a number in base units (bytes for memory), or a named state that says why not.
Nothing is guessed, nothing is evaluated, and no text raises.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = float

LONGEST_TEXT = 40_000
MOST_DIGITS = 36
LARGEST = 10.0**30
MOST_QUANTITIES = 3_000


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

# What a separator means where: languages that group by dots, and those that write a decimal comma without them.
DOT_GROUPS = frozenset({"de", "es", "it", "nl", "pt", "da", "id", "tr", "el", "hr", "sl", "ro", "vi"})
SPACE_GROUPS = frozenset({"fr", "ru", "uk", "pl", "cs", "sk", "sv", "fi", "nb", "no", "hu", "bg"})

THIN = "\u00a0\u2007\u2009\u200a\u202f"
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
SIGNS = str.maketrans(
    {"×": "*", "·": "*", "⋅": "*", "∙": "*", "✕": "*", "∗": "*", "⨯": "*", "÷": "/", "−": "-", "–": "-", "—": ";"}
    | {"≈": "~", "≃": "~", "≅": "~", "≒": "~", "∼": "~", "’": "'", "ʼ": "'", "→": ";", "⇒": ";", "⟶": ";", "➔": ";"}
    | {"⌈": "(", "⌉": ")", "\t": " ", "\r": "\n"}
)
LATEX = (
    (r"\{,\}", ","),
    (r"\\(?:,|;|:|>|\s)", " "),
    (r"\\!", ""),
    (r"\\(?:times|cdot|ast)(?![A-Za-z])", "*"),
    (r"\\div(?![A-Za-z])", "/"),
    (r"\\(?:approx|simeq|cong|sim)(?![A-Za-z])", "~"),
    (r"\\q?quad(?![A-Za-z])", " "),
    (r"\\(?:rightarrow|Rightarrow|to|implies|Leftrightarrow|longrightarrow)(?![A-Za-z])", ";"),
    (r"\\(?:left|right|[bB]igg?[lr]?)(?=[\s()\[\]|.\\])", ""),
    (r"\\(?:text|mathrm|textbf|mathbf|textit|operatorname|boxed|rm|mathit|underline)\s*\{([^{}]{0,200})\}", r"\1"),
    (r"\\[lr](?:ceil|floor)(?![A-Za-z])", " "),
    (r"\^\s*\{\s*([^{}]{1,40}?)\s*\}", r"^\1"),
    (r"\\d?frac\s*\{([^{}]{0,200})\}\s*\{([^{}]{0,200})\}", r"((\1)/(\2))"),
    (r"\\\\", "\n"),
    (r"\\[#_%&$]", " "),
    (r"\\[A-Za-z]{1,30}", " "),
)
MARKUP = (
    (r"<\s*/?\s*(?:br|p|li|div|tr)\b[^<>]{0,80}>", "\n"),
    (r"</?[a-z][^<>]{0,80}>", " "),
    (r"&times;", "*"),
    (r"&(?:nbsp|thinsp);", " "),
    (r"&(?:asymp|approx);", "~"),
    (r"(?:=>|->)", ";"),
    (r"(?<=[\d)])\s?\*\*\s?(?=[\d(]{1,3}\b)(?!\d[\d,.]*\*\*)", "^"),
    (r"\*\*|`|__", ""),
    (r"//", "/"),
    (r"≥|≤|>=|<=", " "),
)


def plain(text: str) -> str:
    """The text with LaTeX, Markdown and typographic signs written as plain `+ - * / ^ ( ) = ~`.

    >>> plain(r"$12.6\\,\\text{MB} \\approx 3{,}150{,}000 \\times 4$").split()
    ['12.6', 'MB', '~', '3,150,000', '*', '4']
    """
    text = re.sub(r"(?<=\d)[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda raised: "^" + raised[0], text[:LONGEST_TEXT])
    text = text.translate(SUPERSCRIPTS).translate(SIGNS)
    if "\\" in text or "{" in text:
        for _ in range(4):  # fractions and text nest; four deep is deeper than any student
            text = _replace_all(LATEX, text)
        text = text.replace("{", " ").replace("}", " ").replace("\\", " ").replace("&", " ")
    return _replace_all(MARKUP, text).replace("$", " ")


def _replace_all(rules: Sequence[tuple[str, str]], text: str) -> str:
    for pattern, replacement in rules:
        text = re.sub(pattern, replacement, text)
    return text[: 2 * LONGEST_TEXT]


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
    state, numbers, places = read_digits(written, locales=locales, whole=whole)
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


def read_digits(
    written: str, *, locales: Sequence[str] = ("en",), whole: bool = False
) -> tuple[QuantityState, tuple[Number, ...], int]:
    """(state, numbers, decimal places) of digits with separators.

    >>> read_digits("903.400", locales=("en", "de"))
    (<QuantityState.AMBIGUOUS: 'ambiguous'>, (903.4, 903400), 3)
    >>> read_digits("1,802,00")
    (<QuantityState.MISGROUPED: 'misgrouped'>, (180200,), 0)
    """
    bare = re.sub(r"\D", "", written)
    if not bare or len(bare) > MOST_DIGITS or not bare.isascii():
        return QuantityState.ABSENT, (), 0
    if re.search(r"\d, \d", written):
        written = written.replace(", ", ",")
    groups = re.split(r"\D", written)
    marks = re.findall(rf"[^\d{THIN}]|[{THIN}]", re.sub(f"[{THIN}]", " ", written))
    if not marks:
        return QuantityState.READ, (int(bare),), 0
    if written.startswith("."):
        return _decimal(groups[:-1], groups[-1])
    if len(set(marks)) == 1:
        return _one_kind(marks[0], groups, bare, locales, whole)
    decimal = marks[-1] in ".," and marks.count(marks[-1]) == 1 and len(set(marks[:-1])) == 1
    if decimal and _well_grouped(groups[:-1]):
        return _decimal(groups[:-1], groups[-1])
    return QuantityState.MISGROUPED, (int(bare),), 0


def _one_kind(
    mark: str, groups: list[str], bare: str, locales: Sequence[str], whole: bool
) -> tuple[QuantityState, tuple[Number, ...], int]:
    grouped = QuantityState.READ, (int(bare),), 0
    if mark == "_" or (mark in " '" and _well_grouped(groups)):
        return grouped
    if mark in " '" or len(groups) > 2:
        return grouped if _well_grouped(groups) else (QuantityState.MISGROUPED, (int(bare),), 0)
    decimal = _decimal(groups[:-1], groups[-1])
    if not _well_grouped(groups) or groups[0].startswith("0"):
        return decimal
    votes = {_groups_by(mark, locale) for locale in locales} - {None}
    if whole and False in votes and groups[1] != "000":
        votes = votes - {False} if True in votes else {True, False}  # a count has no thousandths
    if votes == {True}:
        return grouped
    if votes == {False}:
        return decimal
    return QuantityState.AMBIGUOUS, (*decimal[1], int(bare)), 3


def _groups_by(mark: str, locale: str) -> bool | None:
    """Whether `mark` groups thousands where this language is written; None where it is not used at all."""
    language = locale.lower().replace("_", "-").split("-")[0]
    if language in DOT_GROUPS:
        return mark == "."
    if language in SPACE_GROUPS:
        return False if mark == "," else None
    return mark == ","


def _well_grouped(groups: Sequence[str]) -> bool:
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


def _decimal(wholes: Sequence[str], fraction: str) -> tuple[QuantityState, tuple[Number, ...], int]:
    return QuantityState.READ, (float(f"{''.join(wholes) or '0'}.{fraction}"),), len(fraction)
