"""What the course tells intake: which items to look for, what untouched ones look like, and how much is too much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class ItemOutline:
    """One theory item. `placeholder` is what its untouched answer cell holds; `prompt` the prompt cell's whole text.

    Numbers in the prompt, and names in braces, match any number: every student may have a variant of their own.
    """

    id: str
    placeholder: str = ""
    prompt: str = ""


@dataclass(frozen=True)
class ExerciseOutline:
    """One exercise: its theory items, or the functions that its program defines and the starter they stand in."""

    slug: str
    items: tuple[ItemOutline, ...] = ()
    defines: tuple[str, ...] = ()
    starter: str = ""
    is_program: bool = False


@dataclass(frozen=True)
class Outline:
    """All exercises of a course, as far as intake has to know them."""

    exercises: tuple[ExerciseOutline, ...]

    @property
    def items(self) -> Iterator[tuple[ExerciseOutline, ItemOutline]]:
        """Each theory item with its exercise."""
        return ((exercise, item) for exercise in self.exercises for item in exercise.items)


@dataclass(frozen=True)
class IntakeLimits:
    """How much one student may hand in.

    `source_bytes` bounds a .py file, and the characters in all cells of a notebook, whose outputs may take the rest.
    """

    notebook_bytes: int = 20 * MEBIBYTE
    source_bytes: int = 2 * MEBIBYTE
    answers_bytes: int = 2 * MEBIBYTE
    archive_bytes: int = 50 * MEBIBYTE
    unpacked_bytes: int = 100 * MEBIBYTE
    archive_members: int = 2_000
    files: int = 200
    folders_deep: int = 4
    cells: int = 2_000
    answer_characters: int = 20_000
