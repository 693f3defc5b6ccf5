"""Worked answers are marked as a human marks them: the final claim, then each step, then the known slips."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fresh_q2_answers import ALL, Fresh
from gradetape.domain import Mark, Route, State
from gradetape.exercise import Exercise
from gradetape.marking.arithmetic import amount_of
from gradetape.marking.claims_reader import read_claims
from gradetape.marking.worked import mark_worked
from gradetape.question import WorkedQuestion
from gradetape.variants import consistent_question

ROOT = Path(__file__).parents[1]
LEARNERS = ROOT.parent / "shared" / "data" / "learners" / "answers.jsonl"
CANONICAL = {
    "height": 200,
    "width": 300,
    "maps1": 100,
    "maps2": 200,
    "maps3": 400,
    "kernel": 3,
    "stride": 2,
    "batch": 50,
}


@pytest.fixture(scope="module")
def memory() -> Exercise:
    import importlib.util
    import sys

    spec = importlib.util.spec_from_file_location("q02_of_tests", ROOT / "graders" / "q02_parameters_and_memory.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    exercise: Exercise = module.memory
    return exercise


def question(memory: Exercise, item: str, **variant: int) -> WorkedQuestion:
    return memory.computed[item].question(memory.subject({**CANONICAL, **variant}))


def told(mark: Mark) -> set[str]:
    lost = {finding.check for finding in mark.findings if finding.state in (State.MISSED, State.PARTLY)}
    return lost | set(mark.slips)


# --- the numbers of the course ----------------------------------------------------------------------------------


def test_q2_right_answers_are_those_of_the_table(memory: Exercise) -> None:
    assert [r.value for r in question(memory, "q2a").readings] == [903_400]
    assert [r.value for r in question(memory, "q2b").readings] == [12_613_600, 13_333_600, 9_720_800]
    assert [r.value for r in question(memory, "q2c").readings] == [565_613_600, 569_227_200]


def test_the_known_slips_of_q2a_have_their_known_numbers(memory: Exercise) -> None:
    values = {slip.name: slip.value for slip in question(memory, "q2a").slips}
    assert values["forgets-biases"] == 902_700
    assert values["grey-input"] == 901_600
    assert values["depth-ignored"] == 7_000
    assert values["depth-stays-at-input"] == 19_600
    assert values["depth-stays-at-input-without-biases"] == 18_900
    assert values["nine-weights-a-map"] == 6_300


@pytest.mark.parametrize("item", ["q2a", "q2b", "q2c"])
def test_the_canonical_variant_tells_its_slips_apart(memory: Exercise, item: str) -> None:
    assert consistent_question(question(memory, item)) == ""


@pytest.mark.parametrize("item", ["q2a", "q2b", "q2c"])
def test_the_shares_of_the_steps_add_up_to_one(memory: Exercise, item: str) -> None:
    assert sum(step.share for step in question(memory, item).steps) == pytest.approx(1)


@pytest.mark.parametrize("item", ["q2a", "q2b", "q2c"])
def test_every_slip_is_recognised_by_its_bare_number(memory: Exercise, item: str) -> None:
    asked = question(memory, item)
    for slip in asked.slips:
        mark = mark_worked(asked, f"{slip.value:,.0f}")
        assert mark.slips[0] == slip.name
        assert mark.score == pytest.approx(slip.share)


@settings(max_examples=25, deadline=None)  # the first question imports and computes; no time is claimed here
@given(data=st.data())
def test_every_variant_marks_its_own_right_answer_full(memory: Exercise, data: st.DataObject) -> None:
    variant = {
        "height": data.draw(st.sampled_from([160, 200, 220, 240])),
        "width": data.draw(st.sampled_from([260, 280, 300, 340])),
        "maps1": data.draw(st.sampled_from([50, 60, 80, 100])),
        "kernel": data.draw(st.sampled_from([3, 5])),
        "batch": data.draw(st.sampled_from([20, 40, 50, 64])),
    }
    for item in ("q2a", "q2b", "q2c"):
        asked = question(memory, item, **variant)
        if not consistent_question(asked):
            for reading in asked.readings:
                assert mark_worked(asked, f"In total {reading.value:,.0f}").score == 1.0


# --- fresh answers, made up before the marker saw them ----------------------------------------------------------


@pytest.mark.parametrize("fresh", ALL, ids=lambda fresh: f"{fresh.item}: {fresh.name}")
def test_a_fresh_answer_is_marked_as_a_human_would(memory: Exercise, fresh: Fresh) -> None:
    mark = mark_worked(question(memory, fresh.item, **fresh.variant), fresh.text, carried=fresh.earlier)
    assert mark.score == pytest.approx(fresh.score, abs=fresh.within)
    assert not fresh.route or mark.route.value == fresh.route
    assert not fresh.slip or fresh.slip in told(mark)


def test_fresh_answers_are_marked_well_on_the_whole(memory: Exercise) -> None:
    errors = [
        abs(
            mark_worked(question(memory, fresh.item, **fresh.variant), fresh.text, carried=fresh.earlier).score
            - fresh.score
        )
        for fresh in ALL
    ]
    assert fmean(errors) <= 0.08


# --- rules a human marker would state ---------------------------------------------------------------------------


def test_a_right_expression_without_its_value_earns_half(memory: Exercise) -> None:
    mark = mark_worked(question(memory, "q2a"), "(3*3*3+1)*100 and (3*3*100+1)*200 and (3*3*200+1)*400")
    formula = next(finding for finding in mark.findings if finding.check == "formula")
    assert formula.earned == pytest.approx(formula.possible / 2)


def test_an_error_of_an_earlier_answer_is_charged_there_only(memory: Exercise) -> None:
    text = "6 MB + 3 MB + 19,600 * 4 bytes = 9,078,400 bytes"
    own = mark_worked(question(memory, "q2b"), text, carried={"q2a": "28 * 700 = 19,600"})
    alone = mark_worked(question(memory, "q2b"), text)
    assert own.score == 1.0
    assert alone.score < 1.0


def test_a_product_gone_wrong_costs_its_step_and_not_the_sum(memory: Exercise) -> None:
    text = "28*100 = 2,800\n901*200 = 182,200\n1801*400 = 720,400\nTotal: 905,400"
    mark = mark_worked(question(memory, "q2a"), text)
    assert 0.75 <= mark.score < 1.0
    assert next(finding for finding in mark.findings if finding.check == "total").earned > 0


def test_mixing_mb_and_mib_is_a_remark(memory: Exercise) -> None:
    mark = mark_worked(question(memory, "q2b"), "6 MB + 3 MB = 9 MB; 903400*4/1024/1024 = 3.446 MB; total 12.45 MB")
    assert mark.score == 1.0
    assert "units-mixed" in {finding.check for finding in mark.findings}


def test_an_equation_that_does_not_hold_is_shown_to_the_student(memory: Exercise) -> None:
    mark = mark_worked(question(memory, "q2a"), "901 * 200 = 182,200")
    assert any("180,200" in finding.message for finding in mark.findings if finding.check == "arithmetic")


def test_a_list_of_guesses_earns_nothing_by_itself(memory: Exercise) -> None:
    mark = mark_worked(question(memory, "q2a"), "903,400\n902,700\n19,600\n7,000")
    assert mark.route is Route.REVIEW
    assert mark.low == 0.0


def test_the_report_names_the_reading_it_recognised(memory: Exercise) -> None:
    mark = mark_worked(question(memory, "q2b"), "9,720,800 bytes")
    assert any("layer by layer" in finding.message for finding in mark.findings if finding.check == "reading")


def test_nothing_written_is_not_attempted(memory: Exercise) -> None:
    assert not mark_worked(question(memory, "q2a"), " ").attempted


def test_what_the_findings_earn_is_the_score_of_an_automatic_mark(memory: Exercise) -> None:
    for fresh in ALL:
        mark = mark_worked(question(memory, fresh.item, **fresh.variant), fresh.text, carried=fresh.earlier)
        if mark.route is Route.AUTO:
            assert sum(finding.earned for finding in mark.findings) == pytest.approx(mark.score)


@settings(max_examples=60, deadline=None)  # marks read every piece of a text; no time is claimed here
@given(text=st.text(alphabet="0123456789 .,+-*/^=()xMBikmlayer\n≈×\\{}$", max_size=160))
def test_any_text_gets_a_mark(memory: Exercise, text: str) -> None:
    assert isinstance(mark_worked(question(memory, "q2b"), text, carried={"q2a": text}), Mark)


@pytest.mark.parametrize("text", ["9**9**9**9", "(" * 5000, "3*" * 5000, "1/0 = 2", "=" * 5000, "9" * 5000])
def test_hostile_arithmetic_is_only_text(memory: Exercise, text: str) -> None:
    assert mark_worked(question(memory, "q2c"), text).score <= 0.75


# --- reading of claims ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("3 * (4 + 5)", 27),
        ("100 kernels x 3 x 3 pixels x 3 colours and + 100 for their biases", 2_800),
        (r"\frac{200}{2} \times \frac{300}{2}", 15_000),
        ("2800\n+\n180200\n+\n720400", 903_400),
        ("(903400 * 32) / 8", 3_613_600),
        ("2**10 * 3", 3_072),
        ("50 by 75", 3_750),
        ("6 MB + 3,000,000 bytes", 9_000_000),
    ],
)
def test_an_expression_is_worked_out(text: str, worth: float) -> None:
    amount = amount_of(read_claims(text).chains[0].links[0].node)
    assert amount.raw * amount.scale == pytest.approx(worth)


def test_bullets_and_enumerations_are_no_operators() -> None:
    chains = read_claims("- 28 * 100 = 2800\n* 901 * 200 = 180200\n2. 1801 * 400 = 720400").chains
    assert [len(chain.links) for chain in chains] == [2, 2, 2]


# --- real learners ----------------------------------------------------------------------------------------------


def test_real_learners_are_marked_close_to_two_examiners(memory: Exercise) -> None:
    if not LEARNERS.exists():
        pytest.skip("../shared/data/learners/answers.jsonl is not here; the benchmark data is not part of the project")
    rows = [json.loads(line) for line in LEARNERS.read_text(encoding="utf-8").splitlines()]
    earlier: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        earlier[row["learner"]][row["question"]] = row["text"]
    errors, humans = [], []
    for row in rows:
        if row["question"].startswith("q2") and row["learner"] != "L00":
            mark = mark_worked(question(memory, row["question"]), row["text"], carried=earlier[row["learner"]])
            errors.append(abs(mark.score - row["score"]))
            humans.append(mark.route is Route.REVIEW)
    assert fmean(errors) <= 0.10
    assert fmean(humans) <= 0.15
