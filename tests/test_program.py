"""How a student's program is loaded, and how what goes wrong in it is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gradetape.probes.program import load

WANTED = ["build_model", "train"]
STUB = '''
import math

EPOCHS = 3

def build_model():
    """Return the network."""
    raise NotImplementedError

def train(model, images):
    """Train it."""
    raise NotImplementedError("your turn")
'''


@pytest.fixture(autouse=True)
def no_submission_left() -> Iterator[None]:
    yield
    sys.modules.pop("submission", None)


def test_an_untouched_stub_is_not_attempted() -> None:
    program = load(STUB, WANTED)
    assert not program.facts["attempted"]
    assert program.facts["unfinished"] == ["build_model", "train"]
    assert program.facts["errors"] == []


@pytest.mark.parametrize("source", ["", "\n\n", "# only a comment\n", '"""Only words."""\nimport keras_is_not_here\n'])
def test_an_empty_file_is_not_attempted(source: str) -> None:
    assert not load(source, WANTED).attempted


def test_one_finished_function_is_an_attempt() -> None:
    program = load("def build_model():\n    return 3\n" + STUB[STUB.index("def train") :], WANTED)
    assert program.attempted
    assert program.facts["defined"] == ["build_model", "train"]
    assert program.facts["unfinished"] == ["train"]


def test_a_renamed_function_is_an_attempt_with_something_missing() -> None:
    program = load("def make_model():\n    return 3\n", WANTED)
    assert program.attempted
    assert program.facts["missing"] == ["build_model", "train"]


def test_a_program_with_a_syntax_error_is_an_attempt() -> None:
    assert load("def build_model(:\n", WANTED).attempted


def test_functions_may_be_given_as_values() -> None:
    program = load("build_model = lambda: 7\n", WANTED)
    assert program.attempted
    assert program.call("build_model") == (7, None)


def test_a_file_is_read_like_its_text(tmp_path: Path) -> None:
    (tmp_path / "submission.py").write_text("def train(): return 'grün'\n", encoding="utf-8")
    assert load(tmp_path / "submission.py", WANTED).call("train") == ("grün", None)


def test_what_guards_a_script_does_not_run() -> None:
    assert load("if __name__ == '__main__':\n    raise RuntimeError\n", WANTED).errors == []


def test_classes_are_found_by_their_modules_name() -> None:
    program = load("import pickle\nclass Net: pass\ndef train(): return pickle.loads(pickle.dumps(Net()))\n", WANTED)
    value, error = program.call("train")
    assert error is None
    assert type(value).__name__ == "Net"


def test_a_line_of_the_top_level_is_named() -> None:
    program = load("x = 1\n\nlayers = [][3]\n\ndef train(): pass\n", WANTED)
    (error,) = program.errors
    assert (error["stage"], error["type"], error["line"]) == ("import", "IndexError", 3)
    assert error["traceback"] == ["line 3, in <module>: layers = [][3]"]


def test_lines_of_libraries_are_left_out_of_the_traceback() -> None:
    program = load("import json\ndef train():\n    return json.loads('{')\n", WANTED)
    _, error = program.call("train")
    assert error is not None
    assert error["traceback"] == ["line 3, in train: return json.loads('{')"]
    assert error["line"] == 3


def test_an_error_outside_of_the_program_has_no_line() -> None:
    program = load("", WANTED)
    _, error = program.attempt("training", lambda: [].pop())
    assert error is not None
    assert (error["line"], error["traceback"], error["stage"]) == (None, [], "training")


def test_calling_what_is_not_there_is_a_finding_not_a_fault() -> None:
    value, error = load("", WANTED).call("build_model")
    assert value is None
    assert error is not None
    assert (error["type"], error["message"]) == ("NameError", "`build_model` is not defined in the submission.")


@pytest.mark.parametrize("kind", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "MemoryError"])
def test_nothing_the_program_raises_gets_through(kind: str) -> None:
    _, error = load(f"def train():\n    raise {kind}\n", WANTED).call("train")
    assert error is not None
    assert error["type"] == kind


def test_endless_recursion_is_told_briefly() -> None:
    _, error = load("def train():\n    return train()\n", WANTED).call("train")
    assert error is not None
    assert error["type"] == "RecursionError"
    assert len(error["traceback"]) == 8


def test_an_exception_that_cannot_be_printed_is_told_all_the_same() -> None:
    source = "class Sly(Exception):\n    def __str__(self): raise SystemExit\ndef train(): raise Sly\n"
    _, error = load(source, WANTED).call("train")
    assert error is not None
    assert error["type"] == "Sly"
    assert error["message"]


def test_a_long_message_is_cut_and_its_colours_are_taken_off() -> None:
    _, error = load("def train():\n    raise ValueError('\\x1b[1mbold\\x1b[0m ' + 'x' * 10**6)\n", WANTED).call("train")
    assert error is not None
    assert error["message"].startswith("bold x")
    assert len(error["message"]) <= 800


@pytest.mark.parametrize(
    ("source", "kind", "line"),
    [
        ("def f():\nreturn 1\n", "IndentationError", 2),
        ("x = 'open\n", "SyntaxError", 1),
        ("if True:\n\tx = 1\n        y = 2\n", "TabError", 3),
        ("!pip install keras\n", "SyntaxError", 1),
    ],
)
def test_a_syntax_error_names_its_line(source: str, kind: str, line: int) -> None:
    (error,) = load(source, WANTED).errors
    assert (error["type"], error["line"], error["stage"]) == (kind, line, "syntax")


def test_a_text_that_python_cannot_read_is_a_finding() -> None:
    for source in ("x = 1\0", "(" * 5000 + ")" * 5000, "x = '\ud800'"):
        assert load(source, WANTED).errors, source[:10]


@given(some.text(max_size=60).filter(lambda text: "import" not in text and "(" not in text))
def test_any_text_is_loaded_or_told_why_not(source: str) -> None:
    facts = load(source, WANTED).facts
    assert isinstance(facts["attempted"], bool)
    assert all(error["type"] and isinstance(error["message"], str) for error in facts["errors"])


def test_lines_of_ours_that_a_message_quotes_are_left_out() -> None:
    source = (
        "def answer():\n"
        "    raise ValueError('in user code:\\n\\n"
        '    File "/somewhere/keras/trainer.py", line 105, in one_step\\n        return self.step(data)\\n'
        '    File "submission.py", line 7, in call\\n        return x + y\\n\\n'
        "    shapes differ')\n"
    )
    _, error = load(source, ["answer"]).call("answer")
    assert error is not None
    assert "somewhere" not in error["message"]
    assert "self.step" not in error["message"]
    assert "return x + y" in error["message"]
    assert error["message"].endswith("shapes differ")
