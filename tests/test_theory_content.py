"""The theory exercises as texts: what a student reads is whole, kind, short and gives nothing away."""

from __future__ import annotations

import importlib.util
import itertools
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gradetape.exercise import Exercise
from gradetape.facts import read_yaml
from gradetape.marking.number import mark_number
from gradetape.question import WorkedQuestion
from gradetape.stub import PLACEHOLDER, fill
from gradetape.variants import consistent_question

ROOT = Path(__file__).parents[1]
SELECTED = {"choice", "choices", "matching", "ordering"}
ANSWER_CELL = re.compile(r'^# %% \[markdown\] item="(\w+)"\n((?:#.*\n)+)', re.MULTILINE)
SLUGS = (
    "q01_cnn_advantages",
    "q02_parameters_and_memory",
    "q03_gpu_out_of_memory",
    "q04_max_pooling",
    "q05_local_response_normalization",
    "q06_landmark_architectures",
    "q07_fully_convolutional",
    "q08_semantic_segmentation",
)
WRITTEN_SLUGS = tuple(slug for slug in SLUGS if slug != "q02_parameters_and_memory")

each_exercise = pytest.mark.parametrize("slug", SLUGS)
each_written_exercise = pytest.mark.parametrize("slug", WRITTEN_SLUGS)


def quiz_of(slug: str) -> dict[str, Any]:
    return read_yaml(ROOT / "quizzes" / f"{slug}.yaml", slug)


def grader_of(slug: str) -> Exercise:
    name = f"theory_content_{slug}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, ROOT / "graders" / f"{slug}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # dataclasses inside a grader look their module up here
        spec.loader.exec_module(module)
    return next(value for value in vars(sys.modules[name]).values() if isinstance(value, Exercise))


def questions_of(slug: str, variant: dict[str, Any]) -> Iterator[WorkedQuestion]:
    grader = grader_of(slug)
    for computed in grader.computed.values():
        yield computed.question(grader.subject(variant))


def canonical_questions_of(slug: str) -> dict[str, WorkedQuestion]:
    return {question.item: question for question in questions_of(slug, quiz_of(slug)["canonical"])}


def answers_in(path: Path) -> dict[str, str]:
    cells = ANSWER_CELL.finditer(path.read_text("utf-8"))
    return {cell[1]: "\n".join(line[2:] for line in cell[2].rstrip("\n").split("\n")) for cell in cells}


def solution_of(slug: str) -> dict[str, str]:
    return answers_in(ROOT / "solutions" / f"{slug}.py")


def hints_of(slug: str) -> dict[str, list[str]]:
    return read_yaml(ROOT / "exercises" / slug / "hints.yaml", slug)


def wrong_submissions(slug: str) -> list[Path]:
    return sorted((ROOT / "tests" / "submissions" / slug).glob("*/"))


def selected_key(item: dict[str, Any]) -> str:
    """The right answer to a selected item, as a student writes it."""
    if item["kind"] == "matching":
        return ", ".join(f"{left}-{right}" for left, right in item["pairs"].items())
    if item["kind"] == "ordering":
        return ", ".join(item["order"])
    return ", ".join(choice["key"] for choice in item["choices"] if choice.get("right"))


def all_replies(item: dict[str, Any]) -> Iterator[str]:
    yield from (choice["reply"] for choice in item.get("choices", ()) if not choice.get("right"))
    yield from item.get("replies", {}).values()


@each_exercise
def test_every_prompt_is_a_question_with_all_its_numbers(slug: str) -> None:
    quiz = quiz_of(slug)
    for item in quiz["items"]:
        prompt = fill(item["prompt"], quiz.get("canonical", {}))
        assert len(prompt.split()) >= 6, item["id"]
        assert not re.search(r"\{[a-z_]+\}", prompt), f"{item['id']}: a placeholder without a canonical value"


@each_exercise
def test_every_varied_number_appears_in_some_prompt(slug: str) -> None:
    quiz = quiz_of(slug)
    prompts = " ".join(item["prompt"] for item in quiz["items"])
    assert [name for name in quiz.get("variant", {}) if "{" + name + "}" not in prompts] == []


@each_written_exercise
def test_two_to_four_items_are_marked_at_once_and_one_is_written(slug: str) -> None:
    kinds = [item["kind"] for item in quiz_of(slug)["items"]]
    assert kinds.count("written") == 1
    assert kinds[-1] == "written"
    assert 2 <= len(kinds) - 1 <= 4


def test_every_kind_of_item_occurs() -> None:
    kinds = {item["kind"] for slug in WRITTEN_SLUGS for item in quiz_of(slug)["items"]}
    assert kinds == {"number", "choice", "choices", "matching", "ordering", "written"}


@each_written_exercise
def test_every_wrong_choice_gets_a_reply_of_its_own(slug: str) -> None:
    for item in quiz_of(slug)["items"]:
        wrong = [choice for choice in item.get("choices", ()) if not choice.get("right")]
        replies = [choice.get("reply", "") for choice in wrong]
        assert all(len(reply.split()) >= 8 for reply in replies), item["id"]
        assert len(set(replies)) == len(replies), item["id"]


@each_exercise
def test_no_reply_merely_scolds(slug: str) -> None:
    replies = [reply for item in quiz_of(slug)["items"] for reply in all_replies(item)]
    replies += [slip.reply for question in canonical_questions_of(slug).values() for slip in question.slips]
    assert [reply for reply in replies if re.match(r"(?i)\W*(incorrect|wrong|no)\b[.,!:]", reply)] == []


@each_written_exercise
def test_several_choices_are_neither_all_right_nor_all_wrong(slug: str) -> None:
    for item in quiz_of(slug)["items"]:
        if item["kind"] == "choices":
            assert 0 < sum(bool(choice.get("right")) for choice in item["choices"]) < len(item["choices"]), item["id"]


def test_single_choices_use_different_letters() -> None:
    keys = [selected_key(item) for slug in WRITTEN_SLUGS for item in quiz_of(slug)["items"] if item["kind"] == "choice"]
    assert len(set(keys)) >= 3


@each_exercise
def test_slips_differ_from_answers_and_from_each_other_on_most_variants(slug: str) -> None:
    quiz = quiz_of(slug)
    names = sorted(quiz.get("variant", {}))
    grid = list(itertools.product(*(quiz["variant"][name] for name in names)))
    sample = grid[:: 1 + len(grid) // 100]
    variants = [
        quiz["canonical"],
        *({**quiz["canonical"], **dict(zip(names, values, strict=True))} for values in sample),
    ]
    bad = [(variant, consistent_question(q)) for variant in variants for q in questions_of(slug, variant)]
    bad = [(variant, reason) for variant, reason in bad if reason]
    assert quiz["canonical"] not in [variant for variant, _ in bad]
    assert len(bad) <= len(variants) / 4, bad[:3]


@each_written_exercise
def test_every_slip_is_recognised_when_it_is_handed_in(slug: str) -> None:
    for question in canonical_questions_of(slug).values():
        unit = " bytes" if question.unit == "bytes" else ""
        recognised = {slip.name: mark_number(question, f"{slip.value:,}{unit}").slips for slip in question.slips}
        assert recognised == {slip.name: (slip.name,) for slip in question.slips}


@each_exercise
def test_no_slip_reply_tells_the_right_number(slug: str) -> None:
    for question in canonical_questions_of(slug).values():
        told = numbers_of(question)
        assert [slip.name for slip in question.slips if re.search(told, slip.reply)] == [], question.item


@each_exercise
def test_every_item_has_three_hints_that_differ(slug: str) -> None:
    hints = hints_of(slug)
    assert {item["id"] for item in quiz_of(slug)["items"]} <= set(hints)
    for item, three in hints.items():
        assert len(three) == 3, item
        assert len({hint.strip() for hint in three}) == 3, item
        assert all(len(hint.split()) >= 5 for hint in three), item


@each_exercise
def test_no_hint_names_the_right_letter_or_number(slug: str) -> None:
    hints, questions = hints_of(slug), canonical_questions_of(slug)
    for item in quiz_of(slug)["items"]:
        told = " ".join(hints[item["id"]])
        if item["id"] in questions:
            assert not re.search(numbers_of(questions[item["id"]]), told), item["id"]
        if item["kind"] in SELECTED:
            assert not re.search(r"(?i)\b(answer|choice|option|letter|key)s?\W+[a-h]\b", told), item["id"]
            assert not re.search(r"\b\d ?- ?[a-h]\b", told), item["id"]
            assert not re.search(r"\b[a-h], [a-h]\b", told), item["id"]


@each_exercise
def test_statement_has_a_title_and_stays_short(slug: str) -> None:
    statement = (ROOT / "exercises" / slug / "statement.md").read_text("utf-8")
    assert re.match(r"# \S.+\n\n\S", statement)
    assert 60 <= len(statement.split()) < 200
    assert not re.search(r"\{[a-z_]+\}", statement), "only prompts are filled with a variant's numbers"


@each_written_exercise
def test_solution_answers_every_item_and_no_other(slug: str) -> None:
    answers = solution_of(slug)
    assert list(answers) == [item["id"] for item in quiz_of(slug)["items"]]
    assert PLACEHOLDER not in answers.values()


@each_written_exercise
def test_solution_selects_what_the_quiz_calls_right(slug: str) -> None:
    answers = solution_of(slug)
    selected = [item for item in quiz_of(slug)["items"] if item["kind"] in SELECTED]
    assert [answers[item["id"]] for item in selected] == [selected_key(item) for item in selected]


@each_written_exercise
def test_solution_gives_the_computed_counts(slug: str) -> None:
    answers = solution_of(slug)
    counts = {item: q for item, q in canonical_questions_of(slug).items() if q.unit != "bytes"}
    assert {item: answers[item].replace(",", "") for item in counts} == {
        item: str(question.readings[0].value) for item, question in counts.items()
    }


@each_written_exercise
def test_solution_says_why(slug: str) -> None:
    text = (ROOT / "solutions" / f"{slug}.py").read_text("utf-8")
    assert text.count("# %% [markdown]\n# Why") == len(solution_of(slug))


@each_written_exercise
def test_there_are_four_ways_to_fail_and_each_says_what_it_loses(slug: str) -> None:
    ways = wrong_submissions(slug)
    assert len(ways) >= 4
    for way in ways:
        expected = json.loads((way / "expected.json").read_text("utf-8"))
        assert expected["loses"], way.name


@each_written_exercise
def test_a_wrong_submission_loses_just_where_it_differs_from_the_solution(slug: str) -> None:
    right = solution_of(slug)
    for way in wrong_submissions(slug):
        answers = answers_in(way / f"{slug}.py")
        differing = {item for item in right if answers.get(item) != right[item]}
        loses = json.loads((way / "expected.json").read_text("utf-8"))["loses"]
        assert {name.split("/")[0] for name in loses} == differing, way.name


@each_written_exercise
def test_wrong_numbers_handed_in_are_known_slips(slug: str) -> None:
    questions = canonical_questions_of(slug)
    right = solution_of(slug)
    for way in wrong_submissions(slug):
        answers = answers_in(way / f"{slug}.py")
        for item, question in questions.items():
            if question.unit == "bytes" or answers[item] in (right[item], PLACEHOLDER):
                continue
            assert int(re.sub(r"[ ,]", "", answers[item])) in [slip.value for slip in question.slips], (way.name, item)


def numbers_of(question: WorkedQuestion) -> str:
    """A pattern that finds any right reading of a question in a text, with or without separators."""
    spellings = {f"{reading.value:{style}}" for reading in question.readings for style in (",.0f", ".0f")}
    return r"(?<![\d,.])(?:" + "|".join(re.escape(number) for number in sorted(spellings)) + r")(?![\d]|[,.]\d)"
