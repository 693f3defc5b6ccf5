"""The class that `make demo` grades: it holds what real classes hold, and all of it is read and judged. Runs no program."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from gradetape.batch import judge_student, read_all
from gradetape.course import Course, load_course
from gradetape.course.items import WrittenItem
from gradetape.domain import Evidence, ItemReport, Route, State, Submission
from gradetape.run import observe

ROOT = Path(__file__).parents[1]
CLASS = ROOT / "examples" / "class"
PROGRAMS = {"q09_mnist_cnn", "q10_transfer_learning"}
NUMBERS = ("q1a", "q1b", "q2a", "q2b", "q2c", "q3a", "q4a", "q5a", "q6c", "q7a", "q7b", "q8a")

Judged = Mapping[str, Mapping[str, ItemReport]]


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(ROOT)


@pytest.fixture(scope="module")
def handed_in(course: Course) -> dict[str, Submission]:
    return {submission.student: submission for submission in read_all(course, [CLASS])}


@pytest.fixture(scope="module")
def judged(course: Course, handed_in: dict[str, Submission]) -> Judged:
    """Each student's theory items, judged. Programs are left unrun."""
    return {student: theory_of(course, submission) for student, submission in handed_in.items()}


def theory_of(course: Course, submission: Submission) -> dict[str, ItemReport]:
    evidence: dict[str, Evidence] = {
        slug: observe(course, exercise, submission)
        for slug, exercise in course.exercises.items()
        if not exercise.is_program
    }
    report = judge_student(course, submission.student, evidence)
    return {item.item: item for item in report.items if item.exercise in evidence}


def attempted(submission: Submission) -> set[str]:
    return {item for item, answer in submission.answers.items() if answer.attempted}


def test_at_least_twelve_submissions_attempt_all_ten_exercises(course, handed_in):
    done = {
        slug
        for submission in handed_in.values()
        for slug, exercise in course.exercises.items()
        if slug in submission.programs or attempted(submission).intersection(exercise.item_ids)
    }
    assert len(handed_in) >= 12
    assert done == set(course.exercises)


def test_every_kind_of_file_that_students_hand_in_is_there():
    kinds = {path.suffix for path in CLASS.rglob("*") if path.is_file()}
    assert {".ipynb", ".py", ".json", ".zip"} <= kinds


def test_no_file_is_large_enough_to_slow_a_clone_down():
    assert max(path.stat().st_size for path in CLASS.rglob("*") if path.is_file()) < 100_000


def test_no_file_upsets_a_library(handed_in):
    upset = [
        fault
        for submission in handed_in.values()
        for fault in submission.faults
        if "could not be read (" in fault.message
    ]
    assert upset == []


@pytest.mark.parametrize(
    ("student", "file", "reason"),
    [
        ("oscar", "q01_cnn_advantages.ipynb", "cut off"),
        ("oscar", "q02_parameters_and_memory.py", "not UTF-8"),
        ("oscar", "homework.zip: ../../q03_gpu_out_of_memory.py", "leads out of the archive"),
        ("oscar", "q05_local_response_normalization.ipynb", "folder where a file was expected"),
        ("oscar", "q06_landmark_architectures.ipynb", "nested too deeply"),
        ("oscar", "q07_fully_convolutional.ipynb", "empty"),
        ("oscar", "q09_mnist_cnn.py", "UTF-16"),
        ("oscar", "q8 final (2).py", "not named after the exercise"),
        ("devon", "q2.py", "not named after the exercise"),
        ("elif", "homework.ipynb", "not named after the exercise"),
        ("farid", "answers.json", "No theory item is called q9"),
        ("kasper", "q03_gpu_out_of_memory.ipynb", "2 different answers"),
        ("priya", "q04_max_pooling.ipynb", "read from the cell below its place"),
        ("bruno", "q06_landmark_architectures.py", "read from the cells below their places"),
    ],
)
def test_fault_names_the_file_and_the_reason(handed_in, student, file, reason):
    assert any(fault.file == file and reason in fault.message for fault in handed_in[student].faults)


@pytest.mark.parametrize("student", ["amara", "greta", "hiro", "jonas", "lena", "noor", "quentin"])
def test_sound_files_have_no_faults(handed_in, student):
    assert handed_in[student].faults == ()


def test_what_is_sound_in_a_damaged_submission_still_counts(judged, handed_in):
    assert attempted(handed_in["oscar"]) == {"q4a", "q4b", "q4c", "q4", "q8a", "q8b", "q8c", "q8"}
    assert all(judged["oscar"][item].state is State.MET for item in ("q4a", "q4b", "q4c", "q8a", "q8b", "q8c"))


def test_perfect_student_earns_every_point_or_waits_for_a_human(judged, course):
    for item in judged["amara"].values():
        assert item.score.earned + item.score.pending == pytest.approx(item.score.possible), item.item
    written = {
        item.id for exercise in course.exercises.values() for item in exercise.items if isinstance(item, WrittenItem)
    }
    unsure = {item.item for item in judged["amara"].values() if item.route is Route.REVIEW}
    assert unsure <= written


@pytest.mark.parametrize("student", ["lena", "noor"])
def test_untouched_stubs_and_an_empty_folder_are_not_attempted(handed_in, judged, student):
    assert handed_in[student].programs == {}
    assert {item.state for item in judged[student].values()} == {State.NOT_ATTEMPTED}
    assert all(item.score.earned == item.score.pending == 0 for item in judged[student].values())


def test_partly_done_is_not_attempted_after_the_fifth_exercise(handed_in, judged):
    done = {item.exercise[:3] for item in judged["elif"].values() if item.state is not State.NOT_ATTEMPTED}
    assert done == {"q01", "q02", "q03", "q04", "q05"}
    assert handed_in["elif"].programs == {}


@pytest.mark.parametrize("student", ["farid", "lena", "noor", "elif", "oscar"])
def test_students_without_a_program_have_none(handed_in, student):
    assert not PROGRAMS.intersection(handed_in[student].programs)


@pytest.mark.parametrize(
    "student", ["amara", "bruno", "chiara", "devon", "greta", "hiro", "jonas", "kasper", "priya", "quentin"]
)
def test_students_with_both_programs_have_both_found_under_whatever_name(handed_in, student):
    assert set(handed_in[student].programs) == PROGRAMS


@pytest.mark.parametrize(
    ("student", "item", "slip"),
    [
        ("elif", "q2a", "forgets-biases"),
        ("elif", "q2c", "feature-maps-only"),
        ("bruno", "q2c", "leaves-out-parameters-in-training"),
        ("farid", "q2b", "keeps-all-maps"),
        ("greta", "q2a", "nine-weights-a-map"),
        ("greta", "q2b", "parameters-only"),
        ("greta", "q2c", "parameters-times-batch"),
        ("greta", "q4", "pooling-reduces-the-parameters-of-the-network"),
        ("devon", "q5", "within-one-map"),
        ("devon", "q1", "invariant-to-rotation-or-scale"),
    ],
)
def test_slip_that_was_planted_is_recognised(judged, student, item, slip):
    assert slip in judged[student][item].slips


def test_slip_in_arithmetic_costs_a_part_and_is_not_charged_again(judged):
    right_method = judged["devon"]
    assert (
        right_method["q2a"].score.possible / 2 < right_method["q2a"].score.earned < right_method["q2a"].score.possible
    )
    assert right_method["q2b"].score.earned == right_method["q2b"].score.possible


def test_order_of_students_is_the_order_of_what_they_know(judged):
    earned = {student: sum(item.score.earned for item in items.values()) for student, items in judged.items()}
    assert earned["amara"] > earned["bruno"] > earned["devon"] > earned["greta"] > earned["noor"]


def test_european_number_is_never_counted_as_wrong(judged):
    wrong = [item for item in NUMBERS if judged["jonas"][item].state is State.MISSED]
    assert wrong == []


@pytest.mark.parametrize("item", ["q1", "q3", "q6", "q7"])
def test_demands_key_words_and_parroting_earn_nothing_for_certain(judged, item):
    assert judged["kasper"][item].score.earned == 0


@pytest.mark.parametrize("item", ["q1a", "q1d", "q2b", "q2c", "q3c", "q4c"])
def test_naming_several_answers_earns_less_than_naming_the_right_one(judged, item):
    assert judged["kasper"][item].score.earned < judged["amara"][item].score.earned


def test_forged_metadata_changes_no_points(judged):
    for item in judged["kasper"].values():
        assert item.score.possible == judged["amara"][item.item].score.possible
