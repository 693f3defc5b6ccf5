"""One public door: what `__all__` names can be imported, and nothing heavy comes with it."""

import subprocess
import sys
from pathlib import Path

import gradetape


def test_everything_in_all_can_be_imported() -> None:
    assert all(hasattr(gradetape, name) for name in gradetape.__all__)


def test_expect_is_the_function_even_after_its_module_was_imported() -> None:
    code = "import gradetape.expect; from gradetape import expect; print(callable(expect))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "True\n"


HEAVY = {"tensorflow", "keras", "jinja2", "nbgrader", "numpy", "sqlalchemy", "pydantic", "nbformat", "matplotlib"}
ROOT = Path(__file__).parents[1]


def loaded_by(words: str) -> set[str]:
    """The packages that a call of the command line imports."""
    code = (
        "import sys\nfrom gradetape.cli import main\n"
        f"try: main({words})\nexcept SystemExit as end: assert not end.code\n"
        "print('LOADED', *sorted(m for m in sys.modules if '.' not in m))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rsplit("LOADED", 1)[1].split())


def test_help_imports_nothing_heavy() -> None:
    assert not HEAVY & loaded_by("['--help']")


def test_marking_answers_imports_no_tensorflow(tmp_path: Path) -> None:
    answers = tmp_path / "answers.jsonl"
    answers.write_text('{"learner": "a", "question": "q2a", "text": "903,400"}\n')
    loaded = loaded_by(f"['--course', {str(ROOT)!r}, 'mark', {str(answers)!r}]")
    assert "gradetape" in loaded
    assert not {"tensorflow", "keras", "jupytext", "nbformat"} & loaded
