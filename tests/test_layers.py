"""Imports point down, and only probes know keras."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOMES = {
    "keras": "probes",
    "tensorflow": "probes",
    "tensorflow_datasets": "probes",
    "click": "cli.py",
    "jinja2": "report",
}


def test_import_linter_keeps_every_contract() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_each_heavy_library_has_one_home() -> None:
    strays = [
        f"{path.relative_to(ROOT)}: {library}"
        for path in (ROOT / "src" / "gradetape").rglob("*.py")
        for library, home in HOMES.items()
        if home not in path.relative_to(ROOT / "src" / "gradetape").parts
        and re.search(rf"^\s*(import|from) {library}\b", path.read_text("utf-8"), re.M)
    ]
    assert not strays
