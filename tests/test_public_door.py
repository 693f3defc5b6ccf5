"""One public door: what `__all__` names can be imported, and nothing heavy comes with it."""

import subprocess
import sys

import gradetape


def test_everything_in_all_can_be_imported() -> None:
    assert all(hasattr(gradetape, name) for name in gradetape.__all__)


def test_expect_is_the_function_even_after_its_module_was_imported() -> None:
    code = "import gradetape.expect; from gradetape import expect; print(callable(expect))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "True\n"


def test_help_imports_nothing_heavy() -> None:
    heavy = {"tensorflow", "keras", "jinja2", "nbgrader", "numpy", "sqlalchemy", "pydantic", "nbformat", "matplotlib"}
    code = (
        "import sys\nfrom gradetape.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print('LOADED', *sorted(m for m in sys.modules if '.' not in m))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    loaded = set(done.stdout.rsplit("LOADED", 1)[1].split())
    assert done.returncode == 0
    assert not loaded & heavy
