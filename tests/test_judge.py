"""The judge: one cause, one complaint; a fault of ours never costs a point; the same evidence, the same verdict."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from gradetape import Exercise, Finding, State, cannot_tell, expect, met, missed, partly, undecided
from gradetape.course import CourseExercise, load_course
from gradetape.domain import Answer, Ending, Evidence, ItemReport, Route
from gradetape.evidence import VIEWS
from gradetape.judge import judge_exercise, needs_of_view_are_met
from mini_course import QUIZ, write_course


@dataclasses.dataclass(frozen=True)
class Ran:
    """A view that holds the facts as they are."""

    facts: object

    @classmethod
    def of(cls, evidence: Evidence) -> "Ran":
        return cls(evidence.facts)


@pytest.fixture(autouse=True)
def _view(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VIEWS, "Ran", Ran)


def program(*judges: tuple[str, Finding | Exception, tuple[int, ...]]) -> CourseExercise:
    """An exercise whose checks find what they are told to, two points each; needs by position."""
    grader = Exercise("p01", item="p1")
    made = []
    for name, found, needs in judges:
        judge = _judge(name, found)
        made.append(grader.check(points=2, needs=[made[need] for need in needs])(judge))
    return CourseExercise("p01", "P", Path(), "# P", {}, grader, "sha256:0")


def _judge(name: str, found: Finding | Exception) -> Callable[[Ran], Finding]:
    def judge(ran: Ran) -> Finding:
        if isinstance(found, Exception):
            raise found
        return found

    judge.__name__, judge.__doc__ = name, f"The program {name}."
    return judge


def judged(exercise: CourseExercise, **evidence: object) -> ItemReport:
    facts = {"facts": {"attempted": True}, **evidence}
    (item,) = judge_exercise(exercise, Evidence("p01", **facts), {}, "en")  # type: ignore[arg-type]  # told by name
    return item


def test_all_met_is_full_marks() -> None:
    item = judged(program(("runs", met("It runs."), ()), ("learns", met("It learns."), (0,))))
    assert (item.state, item.score.earned, item.score.possible) == (State.MET, 4, 4)
    assert item.findings[0].demand == "The program runs."


def test_unmet_need_leaves_the_check_unjudged() -> None:
    item = judged(program(("runs", missed("It stops."), ()), ("learns", met("It learns."), (0,))))
    assert [finding.state for finding in item.findings] == [State.MISSED, State.NOT_JUDGED]
    assert "The program runs." in item.findings[1].message
    assert item.score.earned == 0


def test_what_needs_something_unjudged_is_told_the_root_of_it() -> None:
    item = judged(
        program(("runs", missed("It stops."), ()), ("fits", met("Yes."), (0,)), ("learns", met("Yes."), (1,)))
    )
    assert "The program runs." in item.findings[2].message


def test_a_part_earns_its_share() -> None:
    item = judged(program(("runs", partly(0.25, "In part."), ())))
    assert (item.state, item.score.earned) == (State.PARTLY, 0.5)


def test_an_exception_in_a_check_is_pending_not_lost() -> None:
    item = judged(program(("runs", met("It runs."), ()), ("learns", ZeroDivisionError("ours"), ())))
    assert (item.state, item.route) == (State.PENDING, Route.REVIEW)
    assert (item.score.earned, item.score.pending) == (2, 2)
    assert "our fault" in item.findings[1].message


@pytest.mark.parametrize("found", [undecided("Too close."), cannot_tell("It was not trained.")])
def test_what_is_undecided_waits_for_a_human(found: Finding) -> None:
    item = judged(program(("learns", found, ())))
    assert (item.state, item.score.earned, item.score.pending) == (State.PENDING, 0, 2)


def test_what_needs_something_pending_is_pending_too() -> None:
    item = judged(program(("runs", undecided("Too close."), ()), ("learns", met("It learns."), (0,))))
    assert item.score.pending == 4


def test_a_run_that_failed_through_us_costs_nothing() -> None:
    item = judged(program(("runs", missed("It stops."), ())), ending=Ending.OUR_FAULT)
    assert (item.score.earned, item.score.pending) == (0, 2)


def test_an_untouched_program_is_not_attempted_rather_than_wrong() -> None:
    item = judged(program(("runs", missed("It stops."), ())), facts={"attempted": False})
    assert item.state is State.NOT_ATTEMPTED
    assert not item.findings


def test_a_view_is_worth_its_cost_once_a_check_that_reads_it_has_all_it_needs() -> None:
    runs = program(("runs", met("It runs."), ()), ("learns", met("It learns."), (0,)))
    stops = program(("runs", missed("It stops."), ()), ("learns", met("It learns."), (0,)))
    evidence = Evidence("p01", facts={"attempted": True})
    assert needs_of_view_are_met(runs, evidence, "Ran")
    only_learning = dataclasses.replace(stops)
    only_learning.grader.checks[0] = dataclasses.replace(stops.grader.checks[0], view="Other")
    assert not needs_of_view_are_met(only_learning, evidence, "Ran")


def theory(tmp_path: Path, answers: dict[str, str], quiz: str = QUIZ) -> dict[str, ItemReport]:
    course = load_course(write_course(tmp_path, **{"quizzes/t01_counting.yaml": quiz}))
    exercise = course.exercises["t01_counting"]
    given = {item: Answer(item, text) for item, text in answers.items()}
    items = judge_exercise(exercise, Evidence(exercise.slug, given), exercise.canonical, "en")
    return {item.item: item for item in items}


def test_right_answers_earn_all_points(tmp_path: Path) -> None:
    items = theory(tmp_path, {"t1a": "33 parameters", "t1b": "a"})
    assert [item.score.earned for item in items.values()] == [2, 1]


def test_a_recognised_slip_is_answered_with_its_reply(tmp_path: Path) -> None:
    item = theory(tmp_path, {"t1a": "30"})["t1a"]
    assert item.slips == ("forgets-biases",)
    assert any("Each unit also owns a bias." in finding.message + finding.hint for finding in item.findings)


def test_an_item_left_out_is_not_attempted(tmp_path: Path) -> None:
    items = theory(tmp_path, {"t1a": "33"})
    assert items["t1b"].state is State.NOT_ATTEMPTED
    assert items["t1b"].score.possible == 1


def test_a_changed_rubric_changes_exactly_the_marks_it_names(tmp_path: Path) -> None:
    answers = {"t1a": "33", "t1b": "a"}
    before = theory(tmp_path, answers)
    after = theory(tmp_path, answers, QUIZ.replace("points: 2", "points: 5"))
    assert (before["t1a"].score.earned, after["t1a"].score.earned) == (2, 5)
    assert before["t1b"] == after["t1b"]


def test_expect_stays_what_a_check_returns() -> None:
    item = judged(program(("counts", expect("layers", 1).at_least(2, hint="Add one."), ())))
    assert item.findings[0].message == "layers: expected at least 2, found 1."
    assert item.findings[0].hint == "Add one."
