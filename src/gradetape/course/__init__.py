"""A course: folders of text, YAML and graders -> one frozen Course, or one located error."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradetape.course.items import Item, NumberItem, Quiz, WorkedItem
from gradetape.course.settings import Settings
from gradetape.errors import CourseError, UsageError
from gradetape.exercise import Exercise
from gradetape.facts import read_facts, read_text, read_yaml

__all__ = ["Course", "CourseExercise", "find_course", "load_course"]


@dataclass(frozen=True)
class CourseExercise:
    """One exercise, whole: its text, its quiz (theory) or its starter (program), and its grader.

    `digest` is the SHA-256 of everything that decides a mark: grader, quiz and thresholds.
    """

    slug: str
    title: str
    folder: Path
    statement: str
    hints: Mapping[str, tuple[str, ...]]
    grader: Exercise
    digest: str
    quiz: Quiz | None = None
    starter: str = ""

    @property
    def is_program(self) -> bool:
        return self.quiz is None

    @property
    def items(self) -> tuple[Item, ...]:
        """The theory items; none for a program."""
        return self.quiz.items if self.quiz else ()

    @property
    def item_ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.items) if self.quiz else (self.grader.item,)

    @property
    def canonical(self) -> Mapping[str, Any]:
        """The variant that everybody gets unless the course draws one per student."""
        return self.quiz.canonical if self.quiz else {}


@dataclass(frozen=True)
class Course:
    """All exercises, in the order students meet them."""

    root: Path
    settings: Settings
    exercises: Mapping[str, CourseExercise]

    @property
    def title(self) -> str:
        return self.settings.course

    def exercise_of(self, item: str) -> CourseExercise:
        """The exercise that an item id, or a slug, belongs to. Raises UsageError naming those there are."""
        for exercise in self.exercises.values():
            if item == exercise.slug or item in exercise.item_ids:
                return exercise
        known = ", ".join(name for exercise in self.exercises.values() for name in exercise.item_ids)
        raise UsageError(f"no item is called {item!r} here; there are {known}.")


def find_course(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a course.yaml. Raises UsageError when there is none."""
    for folder in [start.resolve(), *start.resolve().parents]:
        if (folder / "course.yaml").is_file():
            return folder
    raise UsageError(f"no course.yaml in {start} or above it. Go to the course's folder, or name it with --course.")


def load_course(root: Path) -> Course:
    """Read and check the whole course. Raises CourseError at the first thing that is wrong."""
    settings = read_facts(Settings, root / "course.yaml", "course.yaml")
    exercises = {slug: _load_exercise(root, slug) for slug in settings.exercises}
    return Course(root, settings, exercises)


def _load_exercise(root: Path, slug: str) -> CourseExercise:
    folder = root / "exercises" / slug
    grader_path, quiz_path = root / "graders" / f"{slug}.py", root / "quizzes" / f"{slug}.yaml"
    deciding = [grader_path, quiz_path, root / "graders" / "thresholds.yaml"]
    grader = _load_grader(grader_path, slug)
    quiz = None if grader.item else read_facts(Quiz, quiz_path, f"quizzes/{slug}.yaml")
    if quiz is not None:
        _check_computed(slug, quiz, grader)
    statement = read_text(folder / "statement.md", f"exercises/{slug}/statement.md")
    return CourseExercise(
        slug=slug,
        title=quiz.title if quiz else _heading(statement, slug),
        folder=folder,
        statement=statement,
        hints=_load_hints(folder / "hints.yaml", slug),
        grader=grader,
        digest=_digest(deciding),
        quiz=quiz,
        starter=read_text(folder / "starter.py", f"exercises/{slug}/starter.py") if grader.item else "",
    )


def _load_grader(path: Path, slug: str) -> Exercise:
    """Import one grader. It is the course author's code, not a student's."""
    name = f"graders/{slug}.py"
    read_text(path, name)
    module_name = f"gradetape_graders_{slug}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    assert spec is not None, "a path that ends in .py always has a spec"
    assert spec.loader is not None, "and a loader"
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # dataclasses inside a grader look their module up here
    try:
        spec.loader.exec_module(module)
    except CourseError:
        raise
    except Exception as error:
        raise CourseError(
            name,
            expected="a module that can be imported",
            found=f"{type(error).__name__}: {error}",
            next_step="Correct the grader.",
        ) from error
    found = [value for value in vars(module).values() if isinstance(value, Exercise)]
    if len(found) != 1 or found[0].slug != slug:
        raise CourseError(
            name,
            expected=f'one Exercise("{slug}")',
            found=", ".join(exercise.slug for exercise in found) or "none",
            next_step="Define exactly one Exercise, named like its file.",
        )
    return found[0]


def _check_computed(slug: str, quiz: Quiz, grader: Exercise) -> None:
    """Every computed item of the quiz has its computation in the grader, and the other way round."""
    asked = {item.id for item in quiz.items if isinstance(item, (NumberItem, WorkedItem))}
    known = set(grader.computed)
    if asked != known:
        raise CourseError(
            f"graders/{slug}.py",
            expected=f"computed answers for {', '.join(sorted(asked)) or 'no item'} (the number and worked items of the quiz)",
            found=", ".join(sorted(known)) or "none",
            next_step="Declare each with computes(), or correct the quiz.",
        )


def _load_hints(path: Path, slug: str) -> dict[str, tuple[str, ...]]:
    plain = read_yaml(path, f"exercises/{slug}/hints.yaml")
    if not isinstance(plain, dict) or not all(isinstance(hints, list) and len(hints) == 3 for hints in plain.values()):
        raise CourseError(
            f"exercises/{slug}/hints.yaml",
            expected="three hints for each item id",
            found=str(plain)[:60],
            next_step="Write a nudge, a direction and nearly the way.",
        )
    return {str(item): tuple(str(hint) for hint in hints) for item, hints in plain.items()}


def _heading(statement: str, slug: str) -> str:
    first = statement.lstrip().split("\n", 1)[0]
    if not first.startswith("# "):
        raise CourseError(
            f"exercises/{slug}/statement.md",
            expected="a first line `# Title`",
            found=first[:60],
            next_step="Add a title.",
        )
    return first.removeprefix("# ").strip()


def _digest(paths: list[Path]) -> str:
    seen = hashlib.sha256()
    for path in paths:
        if path.is_file():
            seen.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return "sha256:" + seen.hexdigest()
