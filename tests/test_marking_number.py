"""Short numeric answers: right, a slip with its reply, ambiguous, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradetape.domain import Mark, Route, State
from gradetape.marking.number import mark_number
from gradetape.question import ComputedSlip, Reading, WorkedQuestion

RIGHT = 3_612_800
REPLY = "The weights are right. What does each filter own besides them?"
COUNT = WorkedQuestion(
    item="q0",
    unit="parameters",
    readings=(Reading("parameters", RIGHT, RIGHT, RIGHT, "Every filter owns one bias."),),
    slips=(
        ComputedSlip("forgets-biases", 3_612_000, REPLY, share=0.5),
        ComputedSlip("sees-nothing", 0, "Count again."),
    ),
)
MEMORY = WorkedQuestion("q0", "bytes", (Reading("all", 12_613_600, 12_500_000, 12_700_000),))


def test_the_right_number_is_full() -> None:
    mark = mark_number(COUNT, "3,612,800")
    assert (mark.score, mark.route) == (1.0, Route.AUTO)
    assert mark.findings[0].state is State.MET


def test_a_slip_earns_its_share_and_its_reply() -> None:
    mark = mark_number(COUNT, "3 612 000 parameters")
    assert (mark.score, mark.slips) == (0.5, ("forgets-biases",))
    assert mark.findings[0].hint == REPLY


def test_zero_can_be_a_slip() -> None:
    assert mark_number(COUNT, "0").slips == ("sees-nothing",)


def test_another_number_is_wrong_and_says_what_was_found() -> None:
    mark = mark_number(COUNT, "17")
    assert (mark.score, mark.route) == (0.0, Route.AUTO)
    assert "17" in mark.findings[0].message


def test_a_number_that_can_be_read_in_two_ways_waits_for_a_human() -> None:
    two = WorkedQuestion("q0", "parameters", (Reading("all", 903_400, 903_400, 903_400),), locale="en")
    mark = mark_number(two, "903.400")
    assert mark.route is Route.REVIEW
    assert mark.reasons


def test_the_locales_of_the_question_settle_it() -> None:
    german = WorkedQuestion("q0", "parameters", (Reading("all", 903_400, 903_400, 903_400),), locale="de")
    assert mark_number(german, "903.400").score == 1.0


def test_two_numbers_with_an_or_wait_for_a_human() -> None:
    assert mark_number(COUNT, "3,612,800 or 3,612,000").route is Route.REVIEW


def test_no_number_in_a_few_words_is_wrong() -> None:
    mark = mark_number(COUNT, "quite a lot")
    assert (mark.score, mark.route, mark.attempted) == (0.0, Route.AUTO, True)


def test_nothing_written_is_not_attempted() -> None:
    assert not mark_number(COUNT, "  \n").attempted


@pytest.mark.parametrize(
    "written", ["12.6 MB", "12.03 MiB", "12613600 bytes", "12,6 MB", "100,908,800 bits", "0.0126 GB"]
)
def test_memory_is_right_in_any_unit(written: str) -> None:
    assert mark_number(MEMORY, written).score == 1.0


@given(st.text(max_size=300))
def test_any_text_gets_a_mark(text: str) -> None:
    assert isinstance(mark_number(COUNT, text), Mark)
