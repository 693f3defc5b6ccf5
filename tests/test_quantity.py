"""Numbers as students write them become numbers, or a named state that says why not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradetape.quantity import Quantity, QuantityState, Unit, find_quantities, plain, read_quantity

# culture -> (thousands separator, the locales that read it so)
CULTURES = {
    "English": (",", ("en",)),
    "German": (".", ("de",)),
    "French": ("\u202f", ("fr",)),
    "Swiss": ("'", ("en", "de")),
    "typographic Swiss": ("’", ("en",)),
    "plain space": (" ", ("en", "de")),
    "Python": ("_", ("en",)),
    "LaTeX": ("{,}", ("en",)),
    "LaTeX thin space": (r"\,", ("en",)),
}


def grouped(number: int, separator: str) -> str:
    return f"{number:,}".replace(",", separator)


@pytest.mark.parametrize("culture", CULTURES)
@given(number=st.integers(min_value=0, max_value=10**15))
def test_an_integer_written_in_each_culture_reads_back(culture: str, number: int) -> None:
    separator, locales = CULTURES[culture]
    quantity = read_quantity(grouped(number, separator), locales=locales, whole=True)
    assert quantity.state is QuantityState.READ
    assert quantity.value == number


@given(st.decimals(min_value=1, max_value=10**6, places=2, allow_nan=False))
def test_a_decimal_comma_and_a_decimal_point_read_the_same(number: object) -> None:
    point = f"{number} MB"
    assert read_quantity(point).value == read_quantity(point.replace(".", ",")).value


@given(st.text(max_size=400))
def test_no_text_raises(text: str) -> None:
    assert isinstance(read_quantity(text, locales=("en", "de"), whole=True), Quantity)


@settings(max_examples=200)
@given(st.text(alphabet="0123456789.,'_ ^*eExkKMGBbit×·≈~\\{}()$+-/\u202f²", max_size=200))
def test_no_soup_of_number_signs_raises(text: str) -> None:
    for quantity in find_quantities(plain(text), locales=("en", "fr")):
        assert quantity.values
        assert abs(quantity.value) <= 1e30


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("12.6 MB", 12_600_000, Unit.BYTES),
        ("12,6 MB", 12_600_000, Unit.BYTES),
        ("12.6MB", 12_600_000, Unit.BYTES),
        ("3.6 MByte", 3_600_000, Unit.BYTES),
        ("≈ 12.6 megabytes", 12_600_000, Unit.BYTES),
        ("6000 kB", 6_000_000, Unit.BYTES),
        ("0.566 GB", 566_000_000, Unit.BYTES),
        ("2 KiB", 2048, Unit.BYTES),
        ("1 GiB", 2**30, Unit.BYTES),
        ("28,908,800 bits", 3_613_600, Unit.BYTES),
        ("100.8 Mbit", 12_600_000, Unit.BYTES),
        ("10.03 (MB)", 10_030_000, Unit.BYTES),
        ("900k", 900_000, Unit.NONE),
        ("0.9 million parameters", 900_000, Unit.COUNT),
        ("903,400 parameters", 903_400, Unit.COUNT),
        ("9.03×10^5", 903_000, Unit.NONE),
        (r"9.03 \times 10^{5}", 903_000, Unit.NONE),
        ("1.2e7", 12_000_000, Unit.NONE),
        ("10**6", 1_000_000, Unit.NONE),
        ("10⁶ B", 1_000_000, Unit.BYTES),
        (r"$12.6\,\text{MB}$", 12_600_000, Unit.BYTES),
        ("380, 000", 380_000, Unit.NONE),
        ("1.234.567,5 B", 1_234_567.5, Unit.BYTES),
        ("**903,400**", 903_400, Unit.NONE),
    ],
)
def test_it_reads(written: str, value: float, unit: Unit) -> None:
    quantity = read_quantity(written)
    assert (quantity.state, quantity.value, quantity.unit) == (QuantityState.READ, value, unit)


def test_the_locales_decide_what_a_dot_before_three_digits_is() -> None:
    assert read_quantity("903.400", locales=("de",)).value == 903_400
    assert read_quantity("903.400", locales=("en",)).value == 903.4


def test_locales_that_disagree_make_it_ambiguous() -> None:
    quantity = read_quantity("903.400", locales=("en", "de"))
    assert quantity.state is QuantityState.AMBIGUOUS
    assert set(quantity.values) == {903.4, 903_400}


def test_a_count_is_whole_so_a_locale_that_allows_it_settles_it() -> None:
    assert read_quantity("903.400", locales=("en", "de"), whole=True).value == 903_400
    assert read_quantity("903.400", locales=("en",), whole=True).state is QuantityState.AMBIGUOUS


@pytest.mark.parametrize("written", ["1,802,00", "7,204,00", "9.03.4", "1'80'2"])
def test_misplaced_groups_are_recognised_as_such(written: str) -> None:
    assert read_quantity(written).state is QuantityState.MISGROUPED


def test_mb_with_a_small_b_is_read_as_bytes_with_a_remark() -> None:
    quantity = read_quantity("12.6 Mb")
    assert quantity.value == 12_600_000
    assert quantity.remarks


def test_the_other_meaning_of_mb_is_kept() -> None:
    assert read_quantity("12 MB").other_scale == 2**20
    assert read_quantity("12 MiB").other_scale == 10**6


def test_different_numbers_in_a_short_answer_are_ambiguous() -> None:
    assert read_quantity("12 or 13").state is QuantityState.AMBIGUOUS


def test_the_same_number_said_twice_is_one() -> None:
    assert read_quantity("12,613,600 B = 12.6 MB").value == 12_613_600


@pytest.mark.parametrize("written", ["", "two", "Conv2D", "float32", "9" * 200, "1e400", "٣٤"])
def test_what_is_no_quantity_is_absent(written: str) -> None:
    assert read_quantity(written).state is QuantityState.ABSENT
