"""What `expect` says, and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradetape import State, expect, partly
from gradetape.expect import show


def test_a_missed_expectation_says_what_was_expected_and_what_was_found() -> None:
    finding = expect("`Conv2D` layers", 1).at_least(2, hint="One finds strokes; the next, shapes.")
    assert finding.state is State.MISSED
    assert finding.message == "`Conv2D` layers: expected at least 2, found 1."
    assert finding.hint == "One finds strokes; the next, shapes."


def test_shapes_are_equal_whether_lists_or_tuples() -> None:
    assert expect("output shape", [None, 10]).equals((None, 10)).state is State.MET


@pytest.mark.parametrize("found", [None, "3", True, [3], {}])
def test_what_is_no_number_is_never_at_least_anything(found: object) -> None:
    assert expect("layers", found).at_least(0).state is State.MISSED


@given(st.integers(), st.integers(), st.integers())
def test_between_is_at_least_and_at_most(found: int, least: int, most: int) -> None:
    both = {expect("x", found).at_least(least).state, expect("x", found).at_most(most).state}
    assert (expect("x", found).between(least, most).state is State.MET) == (both == {State.MET})


def test_a_part_is_neither_nothing_nor_all() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        partly(1.0, "all of it")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(), st.lists, max_leaves=8))
def test_everything_can_be_shown(value: object) -> None:
    assert show(value)
