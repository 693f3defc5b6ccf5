"""Course files: read whole, or refused with one located error."""

from pathlib import Path

import pytest

from gradetape.course import find_course, load_course
from gradetape.errors import CourseError, UsageError
from mini_course import GRADER, QUIZ, write_course


def test_a_course_is_read_whole(tmp_path: Path) -> None:
    course = load_course(write_course(tmp_path))
    exercise = course.exercises["t01_counting"]
    assert exercise.item_ids == ("t1a", "t1b")
    assert exercise.canonical == {"units": 3}
    assert exercise.hints["t1a"][0] == "Look again."
    assert course.exercise_of("t1b") is exercise


def test_the_digest_changes_with_the_grader_and_the_quiz_only(tmp_path: Path) -> None:
    digest = load_course(write_course(tmp_path)).exercises["t01_counting"].digest
    statement = {"exercises/t01_counting/statement.md": "# Counting\n\nOther words.\n"}
    assert load_course(write_course(tmp_path, **statement)).exercises["t01_counting"].digest == digest
    grader = {"graders/t01_counting.py": GRADER + "\n# changed\n"}
    assert load_course(write_course(tmp_path, **grader)).exercises["t01_counting"].digest != digest


BROKEN = {
    "unknown key": ({"quizzes/t01_counting.yaml": QUIZ.replace("unit: parameters", "units: parameters")}, "item t1a"),
    "not a number": ({"quizzes/t01_counting.yaml": QUIZ.replace("points: 2", "points: two")}, "item t1a, points"),
    "equal keys": ({"quizzes/t01_counting.yaml": QUIZ.replace("points: 2", "points: 2\n    points: 3")}, "line"),
    "two right choices": (
        {"quizzes/t01_counting.yaml": QUIZ.replace("reply: Every", "right: true, reply: Every")},
        "t1b",
    ),
    "a wrong choice without reply": (
        {"quizzes/t01_counting.yaml": QUIZ.replace(", reply: Every kernel is made of weights.", "")},
        "choice b",
    ),
    "bad YAML": ({"quizzes/t01_counting.yaml": "exercise: [1,\n"}, "quizzes/t01_counting.yaml, line"),
    "a grader that fails": ({"graders/t01_counting.py": "1 / 0\n"}, "ZeroDivisionError"),
    "a grader without exercise": ({"graders/t01_counting.py": "x = 1\n"}, "one Exercise"),
    "a number nobody computes": (
        {"graders/t01_counting.py": 'from gradetape import Exercise\n\nc = Exercise("t01_counting")\n'},
        "t1a",
    ),
    "two hints": ({"exercises/t01_counting/hints.yaml": "t1a: [a, b]\n"}, "three hints"),
    "unknown exercise": ({"course.yaml": "course: X\nexercises: [t02_absent]\n"}, "t02_absent"),
    "unknown setting": ({"course.yaml": "course: X\nexercises: [t01_counting]\nseeds: 3\n"}, "`seeds`"),
}


@pytest.mark.parametrize(("changed", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_course_file_is_one_located_error(tmp_path: Path, changed: dict[str, str], told: str) -> None:
    with pytest.raises(CourseError) as caught:
        load_course(write_course(tmp_path, **changed))
    assert told in str(caught.value)
    assert caught.value.exit_code == 1
    assert caught.value.next_step.endswith(".") or caught.value.next_step.endswith(")")


def test_no_is_a_word_in_yaml(tmp_path: Path) -> None:
    quiz = {"quizzes/t01_counting.yaml": QUIZ.replace("title: Counting", "title: no")}
    assert load_course(write_course(tmp_path, **quiz)).exercises["t01_counting"].title == "no"


def test_a_course_is_found_from_a_folder_below_it(tmp_path: Path) -> None:
    write_course(tmp_path)
    assert find_course(tmp_path / "exercises" / "t01_counting") == tmp_path.resolve()


def test_an_unknown_item_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="t1a, t1b"):
        load_course(write_course(tmp_path)).exercise_of("q99")
