"""A student's program: the code to run, whether it was touched at all, and what cannot be seen in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradetape.intake.cells import Cell
from gradetape.intake.magics import without_magics

DEFINITION = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)|^class[ \t]+(\w+)", re.MULTILINE)
# Direction marks make a line read differently from how it runs (CVE-2021-42574); zero-width ones part equal names.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def program_of_cells(cells: Sequence[Cell]) -> str:
    """All code cells in order, as one program without notebook commands."""
    codes = [without_magics(cell.text).strip("\n") for cell in cells if cell.kind == "code" and cell.text.strip()]
    return "\n\n".join(codes) + "\n" if codes else ""


def program_of_source(source: str) -> str:
    """A .py file as it stands, so that line numbers are the student's own; notebook commands become comments."""
    return without_magics(source.replace("\r\n", "\n"))


def is_untouched(program: str, starter: str) -> bool:
    """Whether `program` holds nothing but comments, or the same code as the starter."""
    code = essence(program)
    return not code or code == essence(without_magics(starter))


def essence(program: str) -> list[str]:
    """The lines that do something. Text only: a parser could be made to crash by a hostile program."""
    lines = (line.rstrip() for line in program.split("\n"))
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def definitions(program: str) -> set[str]:
    """The names of the functions and classes defined at the outermost level."""
    return {function or class_ for function, class_ in DEFINITION.findall(program)}


def unseen_remark(program: str) -> str:
    """Where the program holds characters that cannot be seen, or ""."""
    found = UNSEEN.search(program)
    if found is None:
        return ""
    line = program.count("\n", 0, found.start()) + 1
    return (
        f"Line {line} of the program holds a character that cannot be seen (U+{ord(found.group()):04X}). "
        "It is run as it stands; type the line again if it fails."
    )
