"""The command line keeps its contracts: exit codes, one JSON document, one sentence for each fault of ours."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gradetape.cli import main
from mini_course import QUIZ, write_course


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course")


def call(root: Path, *words: object) -> Result:
    return CliRunner().invoke(main, ["--course", str(root), *map(str, words)])


def answers(folder: Path, **given: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "answers.json").write_text(json.dumps(given))
    return folder


def test_check_exits_with_0_when_all_is_met_and_1_while_something_is_missing(root: Path, tmp_path: Path) -> None:
    assert call(root, "check", answers(tmp_path / "ann", t1a="33", t1b="a")).exit_code == 0
    missing = call(root, "check", answers(tmp_path / "bob", t1a="30", t1b="a"))
    assert missing.exit_code == 1
    assert "Each unit also owns a bias." in missing.stdout


def test_check_prints_one_json_document_and_nothing_else(root: Path, tmp_path: Path) -> None:
    done = call(root, "check", "--json", answers(tmp_path / "ann", t1a="33", t1b="b"))
    told = json.loads(done.stdout)
    assert told["format_version"] == 1
    assert {"student", "score", "items", "run"} <= told.keys()
    assert {"item", "exercise", "state", "route", "earned", "possible", "findings", "slips"} <= told["items"][0].keys()


def test_grade_writes_a_page_for_the_class_and_each_student(root: Path, tmp_path: Path) -> None:
    answers(tmp_path / "in" / "ann", t1a="33", t1b="a")
    done = call(root, "grade", tmp_path / "in", "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert {"index.html", "scores.csv", "tape.db", "ann"} <= {path.name for path in (tmp_path / "out").iterdir()}


def test_grade_refuses_an_isolation_that_this_version_does_not_reach(root: Path, tmp_path: Path) -> None:
    done = call(root, "grade", answers(tmp_path / "ann"), "--isolation", "strict", "--out", tmp_path / "out")
    assert done.exit_code == 3
    assert "--isolation limits" in done.stderr
    assert not (tmp_path / "out").exists()


def test_mark_prints_a_json_line_for_each_answer_and_names_the_lines_it_cannot_mark(root: Path, tmp_path: Path) -> None:
    rows = [
        {"learner": "L1", "question": "t1a", "text": "33"},
        {"learner": "L1", "question": "q99", "text": "?"},
        {"learner": "L2", "question": "t1a", "text": "30"},
    ]
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{broken\n")
    done = call(root, "mark", path)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert [(line["learner"], line["score"], line["slips"]) for line in lines] == [
        ("L1", 1, []),
        ("L2", 0, ["forgets-biases"]),
    ]
    assert {"low", "high", "route", "points", "reasons"} <= lines[0].keys()
    assert "line 2" in done.stderr
    assert "line 4" in done.stderr


def test_a_hint_is_given_by_level(root: Path) -> None:
    assert call(root, "hint", "t1a").stdout == "Look again.\n"
    assert call(root, "hint", "t1a", "--level", 3).stdout == "Count its arrows.\n"


def test_an_unknown_item_is_a_usage_error(root: Path) -> None:
    done = call(root, "hint", "q99")
    assert done.exit_code == 2
    assert "t1a" in done.stderr


def test_a_broken_course_file_is_one_located_sentence_and_exit_1(root: Path, tmp_path: Path) -> None:
    write_course(root, **{"quizzes/t01_counting.yaml": QUIZ.replace("points: 2", "points: two")})
    done = call(root, "hint", "t1a")
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "quizzes/t01_counting.yaml, item t1a, points" in done.stderr


def test_validate_fails_while_the_course_has_no_solution_and_no_stub(root: Path) -> None:
    done = call(root, "validate")
    assert done.exit_code == 1
    assert "t01_counting" in done.stdout


def test_a_proved_course_exits_with_0_and_writes_junit(root: Path, tmp_path: Path) -> None:
    (root / "solutions").mkdir()
    (root / "solutions" / "t01_counting.py").write_text(
        '# %% [markdown] item="t1a"\n# 33\n\n# %% [markdown] item="t1b"\n# a\n'
    )
    done = call(root, "validate", "--write-stubs", "--junit", tmp_path / "junit.xml", "--json")
    (proof,) = json.loads(done.stdout)
    assert done.exit_code == 0, proof
    assert (proof["ok"], proof["solution"], proof["variants"]) == (True, {"earned": 3, "possible": 3}, 200)
    assert 'tests="1"' in (tmp_path / "junit.xml").read_text()
