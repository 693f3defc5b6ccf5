"""A class: everybody gets a verdict, whatever the others handed in; the tape is enough to judge them all again."""

import json
import shutil
from pathlib import Path

import pytest

from gradetape import batch
from gradetape.batch import check_own_work, grade, rejudge, report_again
from gradetape.course import Course, load_course
from gradetape.domain import State
from gradetape.errors import GradeTapeError
from gradetape.report import to_json
from mini_course import QUIZ, write_course

ANSWERS = {"ann": {"t1a": "33", "t1b": "a"}, "bob": {"t1a": "30", "t1b": ""}, "cleo": {}}


def hand_in(folder: Path) -> Path:
    for student, answers in ANSWERS.items():
        (folder / student).mkdir(parents=True)
        (folder / student / "answers.json").write_text(json.dumps(answers))
    (folder / "dan").mkdir()
    (folder / "dan" / "t01_counting.ipynb").write_bytes(b'{"cells": [')
    return folder


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return load_course(write_course(tmp_path / "course"))


def test_everybody_gets_a_verdict_and_a_page(course: Course, tmp_path: Path) -> None:
    reports = grade(course, [hand_in(tmp_path / "in")], tmp_path / "out")
    assert {report.student: report.score.earned for report in reports} == {"ann": 3, "bob": 0, "cleo": 0, "dan": 0}
    for report in reports:
        told = json.loads((tmp_path / "out" / report.student / "report.json").read_text())
        assert told == to_json(report)
        assert (tmp_path / "out" / report.student / "report.html").stat().st_size > 1000
    assert "ann" in (tmp_path / "out" / "index.html").read_text()
    assert (tmp_path / "out" / "scores.csv").read_text().count("\n") == 5


def test_a_damaged_file_is_a_fault_on_its_own_submission_only(course: Course, tmp_path: Path) -> None:
    reports = {report.student: report for report in grade(course, [hand_in(tmp_path / "in")], tmp_path / "out")}
    assert [bool(report.faults) for report in reports.values()] == [False, False, False, True]
    assert "t01_counting.ipynb" in reports["dan"].faults[0].file


def test_two_workers_give_the_verdicts_of_one(course: Course, tmp_path: Path) -> None:
    folder = hand_in(tmp_path / "in")
    one = [to_json(report)["items"] for report in grade(course, [folder], tmp_path / "one", workers=1)]
    assert one == [to_json(report)["items"] for report in grade(course, [folder], tmp_path / "two", workers=2)]


def test_the_tape_is_enough_to_judge_the_class_again(course: Course, tmp_path: Path) -> None:
    folder = hand_in(tmp_path / "in")
    first = grade(course, [folder], tmp_path / "out")
    told = {path: path.read_bytes() for path in (tmp_path / "out").glob("*/report.json")}
    shutil.rmtree(folder)
    assert rejudge(course, tmp_path / "out") == first
    assert {path: path.read_bytes() for path in told} == told
    assert report_again(course, tmp_path / "out") == first


def test_a_changed_rubric_changes_exactly_the_marks_it_should(course: Course, tmp_path: Path) -> None:
    first = {report.student: report for report in grade(course, [hand_in(tmp_path / "in")], tmp_path / "out")}
    quiz = {"quizzes/t01_counting.yaml": QUIZ.replace("points: 2", "points: 4")}
    changed = load_course(write_course(tmp_path / "course", **quiz))
    for report in rejudge(changed, tmp_path / "out"):
        before, after = first[report.student].items, report.items
        assert after[1] == before[1]
        assert after[0].score.possible == 4
        assert after[0].score.earned == 2 * before[0].score.earned


def test_the_next_run_goes_on_from_what_is_kept(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = hand_in(tmp_path / "in")
    judged = batch.judge_student

    def until_bob(course: Course, student: str, evidence: object) -> object:
        if student == "cleo":
            raise KeyboardInterrupt
        return judged(course, student, evidence)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(batch, "judge_student", until_bob)
    with pytest.raises(KeyboardInterrupt):
        grade(course, [folder], tmp_path / "out")
    assert (tmp_path / "out" / "ann" / "report.json").exists()
    assert "ann" in (tmp_path / "out" / "index.html").read_text()
    monkeypatch.setattr(batch, "judge_student", judged)
    monkeypatch.setattr(batch, "observe", lambda *_: pytest.fail("what is on the tape is not looked at again"))
    (folder / "dan" / "t01_counting.ipynb").unlink()
    (folder / "dan").rmdir()
    shutil.rmtree(folder / "cleo")
    assert [report.student for report in grade(course, [folder], tmp_path / "out")] == ["ann", "bob"]


def test_a_full_disk_is_told_and_keeps_what_was_graded(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = batch.write_student

    def full(course: Course, report: object, out: Path) -> object:
        if getattr(report, "student", "") == "bob":
            raise OSError(28, "No space left on device")
        return kept(course, report, out)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(batch, "write_student", full)
    with pytest.raises(GradeTapeError, match="No space left on device"):
        grade(course, [hand_in(tmp_path / "in")], tmp_path / "out")
    assert (tmp_path / "out" / "ann" / "report.json").exists()


def test_a_student_checks_only_what_they_have(course: Course, tmp_path: Path) -> None:
    folder = hand_in(tmp_path / "in")
    report = check_own_work(course, [folder / "ann"])
    assert [item.state for item in report.items] == [State.MET, State.MET]
    assert not check_own_work(course, [folder / "cleo"]).items
