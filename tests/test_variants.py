"""Variants are the student's own, repeatable, within their ranges, and consistent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradetape.errors import CourseError
from gradetape.question import ComputedSlip, Reading, WorkedQuestion
from gradetape.variants import consistent_question, draw, seed

KEY = b"a key of the course"
CANONICAL = {"height": 200, "kernel": 3, "batch": 50}
RANGES = {"height": [160, 200, 240], "kernel": [3, 5]}

NAMES = st.text(min_size=1, max_size=12)
WHOLE = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.integers(0, 99), min_size=1, max_size=5), min_size=1, max_size=5
)


def always(_variant):
    return True


@given(WHOLE, NAMES, NAMES)
def test_every_value_comes_from_its_range_and_the_rest_stays_canonical(ranges, student, exercise):
    canonical = {**dict.fromkeys(ranges, -1), "fixed": 7}
    variant = draw(ranges, canonical, key=KEY, student=student, exercise=exercise, consistent=always)
    assert set(variant) == set(canonical)
    assert variant["fixed"] == 7
    assert all(variant[name] in values for name, values in ranges.items())


@given(WHOLE, NAMES, st.binary(min_size=1))
def test_the_same_student_always_gets_the_same_variant_however_the_ranges_are_ordered(ranges, student, key):
    canonical = dict.fromkeys(ranges, -1)
    backwards = dict(reversed(ranges.items()))
    once = draw(ranges, canonical, key=key, student=student, exercise="q", consistent=always)
    again = draw(backwards, canonical, key=key, student=student, exercise="q", consistent=always)
    assert once == again


@given(st.tuples(NAMES, NAMES), st.tuples(NAMES, NAMES))
def test_another_student_or_exercise_has_another_seed(one, other):
    assert (seed(KEY, *one) == seed(KEY, *other)) == (one == other)


def test_another_key_gives_a_class_other_variants():
    def drawn(key):
        return [
            draw(RANGES, CANONICAL, key=key, student=f"s{n}", exercise="q", consistent=always)["height"]
            for n in range(40)
        ]

    assert drawn(b"one") != drawn(b"two")


def test_every_allowed_value_is_drawn_for_somebody():
    seen = {
        (variant["height"], variant["kernel"])
        for variant in (
            draw(RANGES, CANONICAL, key=KEY, student=f"s{n}", exercise="q", consistent=always) for n in range(200)
        )
    }
    assert len(seen) == 6


@given(NAMES)
def test_an_inconsistent_variant_is_never_handed_out(student):
    def not_the_smallest(variant):
        return variant["height"] != 160

    variant = draw(RANGES, CANONICAL, key=KEY, student=student, exercise="q", consistent=not_the_smallest)
    assert variant["height"] != 160


def test_ranges_without_a_consistent_variant_are_the_authors_fault():
    with pytest.raises(CourseError, match=r"quizzes/q02\.yaml, variant: .*200 draws.*Widen"):
        draw(RANGES, CANONICAL, key=KEY, student="ann", exercise="q02", consistent=lambda variant: False)


def test_a_range_for_an_unknown_name_and_an_empty_range_are_the_authors_fault():
    with pytest.raises(CourseError, match=r"variant, width: .*Add width to canonical"):
        draw({"width": [1]}, CANONICAL, key=KEY, student="ann", exercise="q", consistent=always)
    with pytest.raises(CourseError, match="variant, height: expected a list"):
        draw({"height": []}, CANONICAL, key=KEY, student="ann", exercise="q", consistent=always)


def test_without_ranges_or_without_a_student_the_variant_is_the_canonical_one():
    assert draw({}, CANONICAL, key=KEY, student="ann", exercise="q", consistent=always) == CANONICAL
    assert draw(RANGES, CANONICAL, key=KEY, student="", exercise="q", consistent=always) == CANONICAL


QUESTION = WorkedQuestion(
    "q2b",
    "bytes",
    readings=(Reading("all-resident", 100, 95, 105), Reading("streamed", 70, 70, 70)),
    slips=(ComputedSlip("forgets-biases", 90, "…"), ComputedSlip("ignores-stride", 400, "…")),
)


def test_a_question_whose_numbers_all_differ_is_consistent():
    assert consistent_question(QUESTION) == ""


@pytest.mark.parametrize("value", [70, 95, 100, 105])
def test_a_slip_that_a_right_reading_accepts_is_inconsistent(value):
    blurred = replace(QUESTION, slips=(ComputedSlip("forgets-biases", value, "…"),))
    assert "forgets-biases" in consistent_question(blurred)


def test_two_slips_with_the_same_number_are_inconsistent():
    blurred = replace(QUESTION, slips=(*QUESTION.slips, ComputedSlip("forgets-depth", 400, "…")))
    assert consistent_question(blurred) == "q2b: the slips ignores-stride and forgets-depth both give 400"


@given(st.lists(st.integers(0, 200), max_size=5), st.integers(0, 20))
def test_a_question_is_consistent_exactly_when_each_number_stands_for_one_thing(values, margin):
    question = replace(
        QUESTION,
        readings=(Reading("right", 100, 100 - margin, 100 + margin),),
        slips=tuple(ComputedSlip(f"slip-{place}", value, "…") for place, value in enumerate(values)),
    )
    apart = len(set(values)) == len(values) and all(abs(value - 100) > margin for value in values)
    assert (consistent_question(question) == "") == apart
