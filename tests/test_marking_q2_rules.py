"""Rules of marking Q2 that a human marker would state, each on answers of its own, and the later fresh answers."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from statistics import fmean

import pytest

from fresh_q2_answers import Fresh
from gradetape.domain import Mark, Route, State
from gradetape.exercise import Exercise
from gradetape.marking.number import mark_number
from gradetape.marking.worked import mark_worked
from gradetape.quantity import read_quantity
from gradetape.question import ComputedSlip, Reading, WorkedQuestion
from later_q2_answers import LATER

GRADER = Path(__file__).parents[1] / "graders" / "q02_parameters_and_memory.py"
CANONICAL = {"height": 200, "width": 300, "maps1": 100, "maps2": 200, "maps3": 400, "kernel": 3, "stride": 2}


@pytest.fixture(scope="module")
def memory() -> Exercise:
    spec = importlib.util.spec_from_file_location("q02_of_rules", GRADER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    exercise: Exercise = module.memory
    return exercise


def marked(memory: Exercise, item: str, text: str, **carried: str) -> Mark:
    question = memory.computed[item].question(memory.subject({**CANONICAL, "batch": 50}))
    return mark_worked(question, text, carried=carried)


def earned(mark: Mark, step: str) -> float:
    return next(finding.earned for finding in mark.findings if finding.check == step)


# --- later fresh answers, made up before the marker saw them ----------------------------------------------------


@pytest.mark.parametrize("fresh", LATER, ids=lambda fresh: f"{fresh.item}: {fresh.name}")
def test_a_later_answer_is_marked_as_a_human_would(memory: Exercise, fresh: Fresh) -> None:
    mark = marked(memory, fresh.item, fresh.text, **fresh.earlier)
    told = {finding.check for finding in mark.findings if finding.state in (State.MISSED, State.PARTLY)}
    assert mark.score == pytest.approx(fresh.score, abs=fresh.within)
    assert not fresh.route or mark.route.value == fresh.route
    assert not fresh.slip or fresh.slip in told | set(mark.slips)


def test_later_answers_are_marked_well_on_the_whole(memory: Exercise) -> None:
    marks = [(marked(memory, fresh.item, fresh.text, **fresh.earlier), fresh.score) for fresh in LATER]
    assert fmean(abs(mark.score - score) for mark, score in marks) <= 0.05


# --- sums of per-layer sums -------------------------------------------------------------------------------------

PER_LAYER = (
    "4 * 1,682,800 = 6,731,200 bytes ~ 5.45 MB\n4 * 2,430,200 = 9,720,800 bytes ~ 9.3 MB\n"
    "4 * 1,845,400 = 7,381,600 bytes ~ 7 MB\nSo 9.3 MB"
)


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("5.45 + 9.3 + 7 = 21.75 MB\n21.75 * 50 = 1,087 MB", PER_LAYER),
        ("5.45 + 9.3 + 7 = 21.75 MB\n21.75 * 50 = 1,087 MB", ""),
        ("(6.42 + 9.27 + 7.06) * 50 = 1137.5 MiB", ""),
        ("6.7 + 9.7 + 7.4 = 23.8 MB; 23.8 * 50 = 1190 MB", ""),
        ("about 1,192.7 MB", ""),
    ],
)
def test_per_layer_sums_times_the_batch_count_maps_twice(memory: Exercise, text: str, earlier: str) -> None:
    mark = marked(memory, "q2c", text, q2b=earlier)
    assert mark.slips == ("counts-maps-twice",)
    assert mark.route is Route.AUTO
    assert earned(mark, "all-maps-of-the-batch") == pytest.approx(0.2, abs=0.02)


def test_a_sum_of_maps_is_no_sum_of_per_layer_sums(memory: Exercise) -> None:
    mark = marked(memory, "q2c", "(6 + 3 + 1.52) * 50 = 526 MB")
    assert mark.slips == ("feature-maps-only",)


# --- which number is the answer ---------------------------------------------------------------------------------

WAY = (
    "50·(6,000,000 + 3,000,000 + 1,520,000) = 526,000,000 bytes of maps, images 36,000,000 bytes, parameters 3,613,600"
)


@pytest.mark.parametrize(
    "aside",
    [
        "The gradients of the parameters would add another 3.6 MB.",
        "An optimizer with momentum might need 3.6 MB more.",
        "The 3.6 MB of gradients are not counted.",
        "I neglect the gradients of 3.6 MB.",
    ],
)
def test_an_aside_behind_the_answer_is_not_the_answer(memory: Exercise, aside: str) -> None:
    mark = marked(memory, "q2c", f"{WAY} bytes, so about **565.6 MB**. {aside}")
    assert mark.score == 1.0
    assert mark.route is Route.AUTO


def test_a_total_in_the_sentence_of_an_aside_is_the_answer(memory: Exercise) -> None:
    mark = marked(memory, "q2c", "562 MB for maps and images. The parameters would add 3.6 MB: in total 565.6 MB.")
    assert mark.score == 1.0


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("12.6 MB, or 9.72 MB, or 14.13 MB, or 3.61 MB, or 10.52 MB", 0.0),
        ("12.6 MB, 9.72 MB, 14.13 MB or 3.61 MB", 0.0),
        ("either 14.13 MB or 12.6 MB", 0.5),
        ("from 10 to 13 MB", 0.5),
    ],
)
def test_alternatives_are_not_an_answer(memory: Exercise, text: str, most: float) -> None:
    mark = marked(memory, "q2b", text)
    assert mark.route is Route.REVIEW
    assert mark.low == 0.0
    assert mark.score <= most


def test_one_value_in_two_units_is_one_answer(memory: Exercise) -> None:
    assert marked(memory, "q2b", "12.6 MB, or 12.03 MiB").score == 1.0


def test_a_first_try_put_right_is_no_rival(memory: Exercise) -> None:
    mark = marked(memory, "q2b", "I first took 14.13 MB, but layer 1 can be released, so 12.6 MB.")
    assert mark.score == 1.0
    assert mark.route is Route.AUTO


def test_the_whole_expression_without_its_value_earns_half(memory: Exercise) -> None:
    mark = marked(memory, "q2c", "50 * (10,520,000 + 720,000) + 903,400 * 4")
    assert mark.score == pytest.approx(0.5)


# --- only what is shown -----------------------------------------------------------------------------------------


def test_a_product_gone_wrong_is_named_and_nothing_else(memory: Exercise) -> None:
    mark = marked(memory, "q2c", "50 x 10.52 = 536 MB")
    assert mark.slips == ("feature-maps-only",)
    assert mark.score == pytest.approx(0.4)
    assert {finding.check for finding in mark.findings if not finding.possible} == {"feature-maps-only", "arithmetic"}


def test_half_pixels_are_named_where_they_are_shown(memory: Exercise) -> None:
    mark = marked(memory, "q2c", "Layer 3: 25 * 37.5 * 400 * 4 = 1,500,000 bytes; (6 + 3 + 1.5) * 50 = 525 MB")
    assert "half-pixels" in mark.slips


# --- how numbers are written ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("102.8 million", 102_800_000),
        ("1.234 million", 1_234_000),
        ("9.034×10^5", 903_400),
        ("1,234 thousand", 1_234_000),
    ],
)
def test_a_dot_before_a_multiplier_is_a_decimal_point(text: str, value: int) -> None:
    assert read_quantity(text, whole=True).values == (value,)


def test_an_equation_proves_how_its_writer_groups_thousands(memory: Exercise) -> None:
    text = "(3 * 3 * 3 + 1) * 100 + (3 * 3 * 100 + 1) * 200 = 183.000\n(3 * 3 * 200 + 1) * 400 = 720.400\n903.400"
    mark = marked(memory, "q2a", text)
    assert mark.score == 1.0
    assert mark.route is Route.AUTO


def test_without_such_an_equation_a_human_reads_the_dot(memory: Exercise) -> None:
    assert marked(memory, "q2a", "903.400").route is Route.REVIEW


def test_a_count_said_to_be_about_all_its_digits_is_that_count(memory: Exercise) -> None:
    assert marked(memory, "q2a", "about 903,400").score == 1.0


# --- short answers ----------------------------------------------------------------------------------------------


def short(unit: str) -> WorkedQuestion:
    slips = (ComputedSlip("sees-no-difference", 0, "One of them has weights."),)
    return WorkedQuestion("q4a", unit, (Reading("right", 1_000_000, 1_000_000, 1_000_000),), slips)


@pytest.mark.parametrize("text", ["0", "0 parameters", "zero", "none", "No parameters at all."])
def test_zero_is_a_number(text: str) -> None:
    assert mark_number(short("parameters"), text).slips == ("sees-no-difference",)


def test_zero_bytes_is_a_number() -> None:
    assert mark_number(short("bytes"), "0 bytes").slips == ("sees-no-difference",)


def test_no_idea_is_not_zero() -> None:
    assert mark_number(short("parameters"), "no idea").slips == ()


def test_a_count_rounded_onto_a_slip_waits_and_says_why() -> None:
    readings = (Reading("right", 1_000_400, 1_000_400, 1_000_400),)
    asked = WorkedQuestion("q7a", "parameters", readings, (ComputedSlip("no-biases", 1_000_000, "And the biases?"),))
    mark = mark_number(asked, "1.0 million")
    assert mark.route is Route.REVIEW
    assert "rounded" in mark.reasons[0]
