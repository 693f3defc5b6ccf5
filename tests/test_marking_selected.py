"""Choices, pairs and orders, in the ways students write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradetape.course.items import ChoiceItem, ChoicesItem, MatchingItem, OrderingItem
from gradetape.domain import Mark, Route, State
from gradetape.marking.selected import mark_choice, mark_choices, mark_matching, mark_ordering

COMMON: dict[str, Any] = {"id": "x1", "points": 1, "prompt": "Which?"}
ONE = ChoiceItem.model_validate(
    COMMON
    | {
        "kind": "choice",
        "choices": [
            {"key": "a", "text": "The dense network.", "reply": "It knows no neighbours."},
            {"key": "b", "text": "The convolutional network.", "right": True},
            {"key": "c", "text": "Neither of them.", "reply": "One of them is hurt."},
        ],
    }
)
SEVERAL = ChoicesItem.model_validate(
    COMMON
    | {
        "kind": "choices",
        "choices": [
            {"key": "a", "text": "Smaller batches", "right": True},
            {"key": "b", "text": "Larger images", "reply": "They take more room."},
            {"key": "c", "text": "Fewer layers", "right": True},
            {"key": "d", "text": "More epochs", "reply": "They only take longer."},
            {"key": "e", "text": "A prayer", "reply": "The GPU does not listen."},
        ],
    }
)
PAIRS = MatchingItem.model_validate(
    COMMON
    | {
        "kind": "matching",
        "left": {"1": "AlexNet", "2": "GoogLeNet", "3": "ResNet", "4": "Xception"},
        "right": {"a": "modules", "b": "detours", "c": "dropout", "d": "separable", "e": "patches"},
        "pairs": {"1": "c", "2": "a", "3": "b", "4": "d"},
        "replies": {"1-e": "Patches came later."},
    }
)
ORDER = OrderingItem.model_validate(
    COMMON
    | {
        "kind": "ordering",
        "steps": {"a": "Build it", "b": "Copy the weights", "c": "Note the shape", "d": "Compare"},
        "order": ["c", "a", "b", "d"],
    }
)


def verdict(mark: Mark) -> tuple[float, Route]:
    return round(mark.score, 3), mark.route


@pytest.mark.parametrize(
    "text",
    [
        "b",
        "B",
        " (b) ",
        "b)",
        "b.",
        "**b**",
        "`b`",
        "Answer: b",
        "the answer is (B).",
        "I think b",
        "option b",
        "b, b",
        "the convolutional network",
        "The convolutional network.",
        "b) The convolutional network.",
    ],
)
def test_the_right_choice_earns_all_however_it_is_written(text: str) -> None:
    assert verdict(mark_choice(ONE, text)) == (1.0, Route.AUTO)


def test_a_wrong_choice_is_told_why() -> None:
    mark = mark_choice(ONE, "(A)")
    assert verdict(mark) == (0.0, Route.AUTO)
    assert "It knows no neighbours." in mark.findings[0].message


@pytest.mark.parametrize("text", ["b, c", "a and b", "abc"])
def test_several_letters_for_one_choice_are_missed_with_a_message(text: str) -> None:
    mark = mark_choice(ONE, text)
    assert verdict(mark) == (0.0, Route.AUTO)
    assert mark.findings[0].state is State.MISSED
    assert "Expected one letter" in mark.findings[0].message


@pytest.mark.parametrize("text", ["not b", "everything except b", "d", "banana", "b. It cannot be a", "🙂", "b" * 9999])
def test_what_cannot_be_read_for_certain_goes_to_a_human(text: str) -> None:
    mark = mark_choice(ONE, text)
    assert mark.route is Route.REVIEW
    assert mark.reasons
    assert (mark.low, mark.high) == (0.0, 1.0)


def test_a_blank_is_not_attempted_and_a_shrug_is() -> None:
    for marker, item in ((mark_choice, ONE), (mark_choices, SEVERAL), (mark_matching, PAIRS), (mark_ordering, ORDER)):
        blank, shrug = marker(item, " \n"), marker(item, "I don't know")  # type: ignore[arg-type]  # each with its own item
        assert (blank.score, blank.route, blank.attempted) == (0.0, Route.AUTO, False)
        assert (shrug.score, shrug.route, shrug.attempted) == (0.0, Route.AUTO, True)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("a, c", 1.0),
        ("C and A", 1.0),
        ("ac", 1.0),
        ("a)\nc)", 1.0),
        ("Smaller batches\nFewer layers", 1.0),
        ("a", 0.5),
        ("a, b, c", 0.5),
        ("a, b", 0.0),
        ("b, d", 0.0),
        ("a, b, c, d, e", 0.0),
        ("none of them", 0.0),
    ],
)
def test_omissions_and_extras_both_cost(text: str, score: float) -> None:
    assert verdict(mark_choices(SEVERAL, text)) == (score, Route.AUTO)


def test_each_wrong_tick_gets_its_reply() -> None:
    findings = {finding.check: finding for finding in mark_choices(SEVERAL, "a, b").findings}
    assert findings["choice-a"].state is State.MET
    assert "They take more room." in findings["choice-b"].message
    assert findings["choice-c"].state is State.MISSED
    assert findings["choice-d"].state is State.MET


@pytest.mark.parametrize(
    "text",
    [
        "1-c, 2-a, 3-b, 4-d",
        "1: c\n2: a\n3: b\n4: d",
        "1 → c; 2 → a; 3 → b; 4 → d",
        "1c 2a 3b 4d",
        "1) c 2) a 3) b 4) d",
        "AlexNet: c, GoogLeNet: a, ResNet: b, Xception: d",
        "AlexNet - dropout\nGoogLeNet - modules\nResNet - detours\nXception - D",
        "1 is c, 2 is a, 3 is b and 4 is d",
        "1. C\n2. A\n3. B\n4. D",
    ],
)
def test_right_pairs_earn_all_however_they_are_written(text: str) -> None:
    assert verdict(mark_matching(PAIRS, text)) == (1.0, Route.AUTO)


def test_pairs_are_marked_one_by_one() -> None:
    mark = mark_matching(PAIRS, "1-e, 2-a, 3-b, 3-c")
    states = {finding.check: finding.state for finding in mark.findings}
    assert states == {
        "pair-1": State.MISSED,
        "pair-2": State.MET,
        "pair-3": State.MISSED,
        "pair-4": State.NOT_ATTEMPTED,
    }
    assert verdict(mark) == (0.25, Route.AUTO)
    assert "Patches came later." in mark.findings[0].message


@pytest.mark.parametrize("text", ["c a b d", "1-c, 9-a", "c-1, a-2", "the first with the third"])
def test_pairs_that_cannot_be_read_go_to_a_human(text: str) -> None:
    assert mark_matching(PAIRS, text).route is Route.REVIEW


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("c, a, b, d", 1.0),
        ("c > a > b > d", 1.0),
        ("cabd", 1.0),
        ("1. c\n2. a\n3. b\n4. d", 1.0),
        ("Note the shape\nBuild it\nCopy the weights\nCompare", 1.0),
        ("a, c, b, d", 4 / 6),
        ("c, a, b", 3 / 6),
        ("d, b, a, c", 0.0),
    ],
)
def test_an_order_earns_its_rank_correlation(text: str, score: float) -> None:
    assert verdict(mark_ordering(ORDER, text)) == (round(score, 3), Route.AUTO)


@pytest.mark.parametrize(
    ("text", "score"),
    [("c, a, b, d, c", 3 / 6), ("c, c, a, b, d", 3 / 6), ("c, a, b, d, c, a, b, d", 0.0), ("cabdc", 3 / 6)],
)
def test_a_step_in_several_places_is_in_none(text: str, score: float) -> None:
    mark = mark_ordering(ORDER, text)
    assert verdict(mark) == (round(score, 3), Route.AUTO)
    assert "named more than once" in mark.findings[0].message


@pytest.mark.parametrize("text", ["1-a, 1-b, 1-c", "1-a 1-b 1-c 1-d 1-e", "1: c\n1: a\n1: b"])
def test_an_entry_with_several_partners_earns_nothing(text: str) -> None:
    mark = mark_matching(PAIRS, text)
    assert verdict(mark) == (0.0, Route.AUTO)
    assert "expected one partner" in mark.findings[0].message


@pytest.mark.parametrize("text", ["1-c/a/b", "1-c, a, b; 2-a", "1-c-a", "1-(c)(a)", "1 - c or a, 2-a", "1-ca, 2-a"])
def test_several_partners_behind_one_entry_never_earn_at_once(text: str) -> None:
    mark = mark_matching(PAIRS, text)
    assert mark.route is Route.REVIEW or mark.score <= 0.25


def test_an_unknown_step_goes_to_a_human() -> None:
    assert mark_ordering(ORDER, "c a b z").route is Route.REVIEW


@given(st.permutations(["a", "b", "c", "d"]))
def test_only_the_right_order_earns_all(keys: list[str]) -> None:
    assert (mark_ordering(ORDER, " > ".join(keys)).score == 1.0) == (tuple(keys) == ORDER.order)


@given(st.sets(st.sampled_from("abcde")))
def test_only_the_right_ticks_earn_all(keys: set[str]) -> None:
    assert (mark_choices(SEVERAL, ", ".join(sorted(keys)) or "none").score == 1.0) == (keys == {"a", "c"})


ANSWERS = st.one_of(
    st.text(), st.text(alphabet="abcd1234 ,;:->→().\n'`*"), st.binary().map(lambda raw: raw.decode("latin-1"))
)


@given(ANSWERS)
def test_any_text_at_all_gets_a_mark(text: str) -> None:
    marks = (
        mark_choice(ONE, text),
        mark_choices(SEVERAL, text),
        mark_matching(PAIRS, text),
        mark_ordering(ORDER, text),
    )
    for mark in marks:
        assert 0 <= mark.low <= mark.score <= mark.high <= 1
        assert mark.findings
        assert bool(mark.reasons) == (mark.route is Route.REVIEW)
