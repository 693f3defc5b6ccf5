"""One notebook or .py file, and the exercises it belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from gradetape.intake.cells import Cell, notebook_cells, percent_cells
from gradetape.intake.layout import plain_name
from gradetape.intake.matching import items_in
from gradetape.intake.outline import ExerciseOutline, IntakeLimits, Outline
from gradetape.intake.programs import definitions, essence, program_of_cells, program_of_source
from gradetape.intake.text import Refused, decode


@dataclass(frozen=True)
class Document:
    """The student's own text in one file: a notebook's cells, or the source of a .py file."""

    name: str
    notebook: tuple[Cell, ...] = ()
    source: str = ""
    most_cells: int = 2_000

    @classmethod
    def read(cls, name: str, data: bytes, limits: IntakeLimits) -> Document:
        """The document in `data`. Raises Refused."""
        if name.lower().endswith(".ipynb"):
            _check_size(data, limits.notebook_bytes)
            return cls(name, notebook=notebook_cells(data, limits.cells, limits.source_bytes))
        _check_size(data, limits.source_bytes)
        return cls(name, source=decode(data), most_cells=limits.cells)

    @property
    def is_notebook(self) -> bool:
        return self.name.lower().endswith(".ipynb")

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells in order. Raises Refused when a .py file cannot be cut into cells."""
        return self.notebook if self.is_notebook else percent_cells(self.source, self.most_cells)

    @cached_property
    def program(self) -> str:
        """The code, ready to run; notebook commands are comments in it."""
        return program_of_cells(self.notebook) if self.is_notebook else program_of_source(self.source)

    def same_program(self, other: Document) -> bool:
        """Whether both do the same, line for line, whatever their comments."""
        return essence(self.program) == essence(other.program)


def assign(document: Document, outline: Outline) -> tuple[tuple[str, ...], str]:
    """The slugs of the exercises that `document` belongs to, and a remark when its name does not say so.

    By the exercise's whole name in its name, whatever else is in it; else by the items and functions in it; else by
    the first part of its name ("q9" for "q09_…").
    """
    name = plain_name(PurePath(document.name).stem)
    named = tuple(exercise for exercise in outline.exercises if f"_{plain_name(exercise.slug)}_" in f"_{name}_")
    if len(named) == 1 and (not named[0].items or items_in(document.cells, named[0])):
        return (named[0].slug,), ""
    slugs = _by_content(document, outline)
    if not slugs and len(named) == 1:
        return (named[0].slug,), ""
    slugs = slugs or _by_number(name, outline)
    if slugs:
        return slugs, f"The file is not named after the exercise in it; it was read as {', '.join(slugs)}."
    example = f", such as {outline.exercises[0].slug}" if outline.exercises else ""
    return (), (
        "The file is named after no exercise and holds no answer cell or function of one; it was left out. "
        f"Name it after its exercise{example}."
    )


def _by_content(document: Document, outline: Outline) -> tuple[str, ...]:
    theory = tuple(
        exercise.slug for exercise in outline.exercises if exercise.items and items_in(document.cells, exercise)
    )
    return theory + _by_functions(document, outline)


def _by_functions(document: Document, outline: Outline) -> tuple[str, ...]:
    """The program exercise most of whose functions are defined here; but what is handed in as q10 is judged as q10."""
    defined = definitions(document.program)
    shares = {
        exercise.slug: len(defined.intersection(exercise.defines)) / len(exercise.defines)
        for exercise in outline.exercises
        if exercise.is_program and exercise.defines
    }
    best = max(shares.values(), default=0)
    likely = [slug for slug, share in shares.items() if share == best and share >= 0.5]
    if not likely:
        return ()
    numbered = [slug for slug in _by_number(plain_name(PurePath(document.name).stem), outline) if slug in shares]
    if len(numbered) == 1:
        return tuple(numbered)
    return tuple(likely) if len(likely) == 1 else tuple(slug for slug in likely if slug in numbered)


def _by_number(name: str, outline: Outline) -> tuple[str, ...]:
    """The exercises whose slug begins with a part of the name: "q9", "Q09 final" and "my_q9" are all q09's."""
    parts = {_without_zeros(part) for part in name.split("_")}
    return tuple(exercise.slug for exercise in outline.exercises if _without_zeros(_first_part(exercise)) in parts)


def _first_part(exercise: ExerciseOutline) -> str:
    return plain_name(exercise.slug).split("_")[0]


def _without_zeros(part: str) -> str:
    return re.sub(r"(?<!\d)0+(?=\d)", "", part)


def _check_size(data: bytes, most: int) -> None:
    if len(data) > most:
        raise Refused(
            f"The file is too large: at most {most:,} bytes, found {len(data):,}. Clear all outputs and save it."
        )
