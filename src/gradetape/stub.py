"""The file a student starts from: a percent-format .py and the notebook paired with it, made from the course's facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gradetape.course import Course, CourseExercise
from gradetape.course.items import ChoiceItem, ChoicesItem, Item, MatchingItem, NumberItem, OrderingItem, WorkedItem
from gradetape.intake import ExerciseOutline, ItemOutline, Outline

PLACEHOLDER = "*Replace this line by your answer.*"

HOW_TO_ANSWER = {
    "number": "Answer with one number and, where it has one, its unit.",
    "worked": "Show your working and end with your result: a right path with a slip in it still earns marks.",
    "choice": "Answer with one letter.",
    "choices": "Answer with all letters that apply; a wrong one costs as much as a right one earns.",
    "matching": "Answer in pairs, such as `1-c, 2-a`.",
    "ordering": "Answer with all letters in order, such as `c, a, b`.",
    "written": "Answer in a few sentences of your own.",
}


def stub_source(exercise: CourseExercise, variant: Mapping[str, Any] | None = None) -> str:
    """The student's percent-format file: statement, then prompts with answer cells, or the program to fill in."""
    cells = [_markdown(exercise.statement.strip())]
    if exercise.is_program:
        cells.append(exercise.starter.strip())
    else:
        values = exercise.canonical if variant is None else variant
        for item in exercise.items:
            cells.append(_markdown(prompt_text(item, values)))
            cells.append(_markdown(PLACEHOLDER, item.id))
    return "\n\n".join(cells) + "\n"


def notebook_text(source: str) -> str:
    """The notebook paired with a percent-format source, byte for byte the same each time."""
    import jupytext  # here, because it takes a third of a second and only authors need it
    import nbformat

    notebook = jupytext.reads(source, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{cell.metadata.get('item', 'cell')}-{number}"
    notebook.metadata = nbformat.from_dict(  # type: ignore[no-untyped-call]  # nbformat has no annotations
        {
            "jupytext": {"formats": "ipynb,py:percent"},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def stubs(course: Course) -> Iterator[tuple[Path, str]]:
    """Each stub file of the course with the text it must have."""
    for exercise in course.exercises.values():
        source = stub_source(exercise)
        yield exercise.folder / f"{exercise.slug}.py", source
        yield exercise.folder / f"{exercise.slug}.ipynb", notebook_text(source)


def outline_of(course: Course) -> Outline:
    """What intake has to know of the course to find each student's work in the file they made of a stub."""
    return Outline(
        tuple(
            ExerciseOutline(
                slug=exercise.slug,
                items=tuple(
                    ItemOutline(item.id, PLACEHOLDER, prompt_text(item, exercise.canonical)) for item in exercise.items
                ),
                defines=exercise.grader.defines,
                starter=exercise.starter,
                is_program=exercise.is_program,
            )
            for exercise in course.exercises.values()
        )
    )


def prompt_text(item: Item, variant: Mapping[str, Any]) -> str:
    """An item's prompt as a student reads it, with the variant's numbers filled in."""
    points = f"{item.points:g} point{'' if item.points == 1 else 's'}"
    lines = [f"**{item.id}** ({points}) {fill(item.prompt.strip(), variant)}", ""]
    if isinstance(item, (ChoiceItem, ChoicesItem)):
        lines += [f"- **{choice.key}** {fill(choice.text, variant)}" for choice in item.choices] + [""]
    if isinstance(item, OrderingItem):
        lines += [f"- **{key}** {text}" for key, text in item.steps.items()] + [""]
    if isinstance(item, MatchingItem):
        lines += [f"- **{key}** {text}" for key, text in item.left.items()] + [""]
        lines += [f"- **{key}** {text}" for key, text in item.right.items()] + [""]
    unit = f" Count {item.unit}." if isinstance(item, (NumberItem, WorkedItem)) and item.unit != "bytes" else ""
    return "\n".join([*lines, f"*{HOW_TO_ANSWER[item.kind]}{unit}*"])


def fill(text: str, variant: Mapping[str, Any]) -> str:
    """`{name}` replaced by the variant's value; every other brace left as it is, because LaTeX needs them."""
    for name, value in variant.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def _markdown(text: str, item: str = "") -> str:
    head = "# %% [markdown]" + (f' item="{item}"' if item else "")
    return "\n".join([head, *(f"# {line}".rstrip() for line in text.split("\n"))])
