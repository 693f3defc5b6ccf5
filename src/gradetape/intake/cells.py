"""Notebooks and percent-format files -> the student's own cells: source text and the item each was made for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gradetape.domain import JsonValue
from gradetape.intake.text import Refused, decode, read_json, sound

KINDS = {"code": "code", "markdown": "markdown", "raw": "raw", "heading": "markdown", "html": "markdown"}
PERCENT_CELL = re.compile(r"^# *%%", re.MULTILINE)
LONG_MARK = re.compile(r"^# *%%.{1000}", re.MULTILINE)  # jupytext would take time by the square of its length
PERCENT_HEADER = re.compile(r"\A# ---\n(?:#.*\n)*?# ---\n")
BROKEN_METADATA = "incorrectly_encoded_metadata"


@dataclass(frozen=True)
class Cell:
    """What a student wrote in one cell. Outputs, execution counts and all other metadata stay behind.

    `item` is the item id in the cell's metadata (ours, or nbgrader's grade_id), "" without one.
    """

    kind: str
    text: str
    item: str = ""


def notebook_cells(data: bytes, most: int, most_characters: int) -> tuple[Cell, ...]:
    """The cells of a notebook file, version 3 or 4, with or without cell ids. Raises Refused."""
    plain = read_json(decode(data))
    if not isinstance(plain, dict) or not isinstance(plain.get("cells", plain.get("worksheets")), list):
        raise Refused("The file is JSON but not a notebook: it has no list of cells. Save it from Jupyter as .ipynb.")
    found = list(_raw_cells(plain))
    if len(found) > most:
        raise Refused(f"The notebook has {len(found):,} cells; at most {most:,} are read. Hand in your answers only.")
    _validate(found)
    if (own := sum(len(_joined(cell["source"])) for cell in found)) > most_characters:
        raise Refused(
            f"The notebook's cells hold {own:,} characters; at most {most_characters:,} are read. Take out pasted data."
        )
    return tuple(Cell(cell["cell_type"], sound(_joined(cell["source"])), _item_of(cell["metadata"])) for cell in found)


def percent_cells(source: str, most: int) -> tuple[Cell, ...]:
    """The cells of a percent-format .py file; a file without cell marks is one code cell. Raises Refused."""
    body = PERCENT_HEADER.sub("", source.replace("\r\n", "\n"))  # a header could switch to another format
    if len(PERCENT_CELL.findall(body)) > most:
        raise Refused(f"The file has more than {most:,} cells. Hand in your answers only.")
    if LONG_MARK.search(body):
        raise Refused("A line that begins a cell (`# %%`) is longer than 1,000 characters. Shorten it.")
    import jupytext  # here, because it takes a third of a second and most files are notebooks

    try:
        cells = jupytext.reads(body, fmt="py:percent").cells
    except Exception as error:  # noqa: BLE001 - a reader of free text may stumble over a hostile one in any way
        raise Refused(f"The file could not be read as cells ({type(error).__name__}).") from None
    return tuple(Cell(cell.cell_type, sound(cell.source), _item_of(cell.metadata)) for cell in cells)


def _raw_cells(plain: Mapping[str, Any]) -> Iterator[dict[str, JsonValue]]:
    """Each cell rebuilt from its type, source and metadata alone."""
    sheets = plain["worksheets"] if "cells" not in plain else [plain]
    for sheet in sheets:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        for number, cell in enumerate(cells if isinstance(cells, list) else [], start=1):
            if not isinstance(cell, dict):
                raise Refused(f"Cell {number} of the notebook is not a cell. Save it again from Jupyter.")
            kind = cell.get("cell_type")
            rebuilt: dict[str, JsonValue] = {
                "cell_type": KINDS.get(kind, kind) if isinstance(kind, str) else kind,
                "source": cell.get("source", cell.get("input")),
                "metadata": cell.get("metadata", {}),
            }
            if rebuilt["cell_type"] == "code":
                rebuilt.update(outputs=[], execution_count=None)
            yield rebuilt


def _validate(cells: list[dict[str, JsonValue]]) -> None:
    """Every cell obeys the notebook format, as version 4.4, which has no cell ids that could be missing."""
    for number, cell in enumerate(cells, start=1):
        kind, source = cell["cell_type"], cell["source"]
        lines = source if isinstance(source, list) else [source]
        is_known = isinstance(kind, str) and kind in KINDS.values()
        if not (is_known and isinstance(cell["metadata"], dict) and all(isinstance(line, str) for line in lines)):
            raise Refused(f"Cell {number} of the notebook is malformed. Open it in Jupyter and save it again.")
    import nbformat  # here, because `gradetape mark` does without

    bare = [{**cell, "metadata": {}} for cell in cells]
    try:
        nbformat.validate({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": bare})
    except nbformat.ValidationError:
        raise Refused("The notebook is malformed. Open it in Jupyter and save it again.") from None


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _item_of(metadata: Mapping[str, Any]) -> str:
    """The item id that a cell's metadata name; also out of percent metadata that a student has broken."""
    nbgrader = metadata.get("nbgrader")
    broken = re.search(r"\bitem\s*[=:]\s*[\"']?(\w+)", str(metadata.get(BROKEN_METADATA, ""))[:1_000])
    named = (
        metadata.get("item"),
        nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None,
        broken.group(1) if broken else None,
    )
    return next((name.strip().casefold() for name in named if isinstance(name, str) and name.strip()), "")
