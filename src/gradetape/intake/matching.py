"""Which cell answers which item, also where cells were renamed, copied, moved, or lost their metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from gradetape.domain import Answer
from gradetape.intake.cells import Cell
from gradetape.intake.outline import ExerciseOutline, ItemOutline
from gradetape.intake.remarks import Noted, Remark

WORD = re.compile(r"[^\W_]+")
ANY_NUMBER = r"[^\W_]+(?:[.,][^\W_]+)*"
BETWEEN = r"[\W_]*"
LEADING_MARKS = re.compile(BETWEEN)

Told: TypeAlias = tuple[Remark, str]
"""A remark and its detail, before it is known which item it is told of."""


@dataclass(frozen=True)
class Matched:
    """The answers found in one file, by item, and remarks on how they were found."""

    answers: dict[str, Answer] = field(default_factory=dict)
    remarks: tuple[Noted, ...] = ()


@dataclass(frozen=True)
class _Placed:
    """A cell with its part in the exercise: "answer", "prompt", "headed" (begins with "q1a:") or "loose"."""

    part: str
    item: str
    text: str
    is_code: bool = False


def match_answers(cells: Sequence[Cell], exercise: ExerciseOutline, most_characters: int) -> Matched:
    """The answer to each item of `exercise` for which `cells` have a place; items without one are left out."""
    placed = [part for cell in cells if cell.item or cell.text.strip() for part in _place(cell, exercise)]
    answers, noted = {}, []
    for item in exercise.items:
        text, remarks = _find(placed, item)
        noted += [Noted(remark, item.id, detail) for remark, detail in remarks]
        if text is not None:
            answers[item.id], cut = answer_of(item, text, most_characters)
            noted += cut
    return Matched(answers, tuple(noted))


def answer_of(item: ItemOutline, text: str, most_characters: int) -> tuple[Answer, tuple[Noted, ...]]:
    """The Answer that `text` is to `item`, and a remark when it had to be cut."""
    own = own_text(item, text)
    if len(own) <= most_characters:
        return Answer(item.id, own, _says_something(own)), ()
    return Answer(item.id, own[:most_characters], True), (Noted(Remark.CUT, item.id, f"{most_characters:,}"),)


def own_text(item: ItemOutline, text: str) -> str:
    """What the student wrote: without the placeholder's line and without the item's own label in front."""
    blank = _words(item.placeholder)
    lines = [line for line in text.split("\n") if not blank or _words(line) != blank]
    text = "\n".join(lines).strip()
    label = _label((item.id,)).match(text)
    return text[label.end() :].strip() if label else text


def items_in(cells: Sequence[Cell], exercise: ExerciseOutline) -> int:
    """How many items of `exercise` have a cell here, by metadata, prompt or label."""
    return len({part.item for cell in cells for part in _place(cell, exercise) if part.item})


def _place(cell: Cell, exercise: ExerciseOutline) -> list[_Placed]:
    ids = {item.id.casefold(): item.id for item in exercise.items}
    if cell.item:
        return (
            [_Placed("answer", ids[cell.item], cell.text, cell.kind == "code")]
            if cell.item in ids
            else [_Placed("other", "", "")]
        )
    start = LEADING_MARKS.match(cell.text)
    for item in exercise.items:
        prompt = _prompt(item).match(cell.text, start.end() if start else 0)
        if prompt:
            return [_Placed("prompt", item.id, _below_prompt(cell.text[prompt.end() :]))]
    labels = list(_label(tuple(ids.values())).finditer(cell.text))
    if not labels:
        return [_Placed("loose", "", cell.text)]
    ends = [label.start() for label in labels[1:]] + [len(cell.text)]
    return [
        _Placed("headed", ids[label.group(1).casefold()], cell.text[label.end() : end].strip())
        for label, end in zip(labels, ends, strict=True)
    ]


def _below_prompt(rest: str) -> str:
    """What stands under the prompt's last word, without the marks that end its line."""
    ending, _, below = rest.partition("\n")
    return f"{ending.lstrip(' .:?!*_)')}\n{below}".strip()


def _find(placed: Sequence[_Placed], item: ItemOutline) -> tuple[str | None, list[Told]]:
    """The text that answers `item`, or None when it has no place; and what is to be told if it was not simply there."""
    if tagged := _tagged(placed, item):
        return tagged
    labelled = [part.text for part in placed if part.part == "headed" and _answers(part, item)]
    if labelled:
        return labelled[-1], _repeated(item, labelled) or [(Remark.LABELLED, "")]
    for number, part in enumerate(placed):
        if part.item == item.id and (below := _loose_text(placed[number + 1 :], item)):
            return below, [(Remark.BELOW, "")]
    inline = [part.text for part in placed if part.part == "prompt" and _answers(part, item)]
    if inline:
        return inline[-1], [(Remark.IN_PROMPT, "")]
    return ("" if any(part.item == item.id for part in placed) else None), []


def _tagged(placed: Sequence[_Placed], item: ItemOutline) -> tuple[str, list[Told]] | None:
    """The answer in the cells that were made for `item`: text before code, cells that stand together joined.

    Splitting a cell copies its metadata to both halves, so neighbours are one answer. None when none was attempted.
    """
    kinds = {is_code: _runs(placed, item, is_code) for is_code in (False, True)}
    runs = kinds[False] or kinds[True]
    if not runs:
        return None
    told = _repeated(item, ["\n\n".join(run) for run in runs])
    if not told and len(runs[-1]) > 1:
        told = [(Remark.JOINED, str(len(runs[-1])))]
    if kinds[False] and kinds[True]:
        told.append((Remark.CODE_ASIDE, ""))
    return "\n\n".join(runs[-1]), told


def _runs(placed: Sequence[_Placed], item: ItemOutline, is_code: bool) -> list[list[str]]:
    """The attempted answer cells of one kind, those that stand together in one list, none of them twice."""
    runs: list[list[str]] = []
    goes_on = False
    for part in placed:
        own = part.part == "answer" and part.item == item.id
        counts = own and part.is_code == is_code and _attempted(item, part.text)
        if counts:
            runs = runs if goes_on else [*runs, []]
            text = own_text(item, part.text)
            runs[-1] += [text] if text not in runs[-1] else []
        goes_on = own and (goes_on or counts)
    return runs


def _answers(part: _Placed, item: ItemOutline) -> bool:
    return part.item == item.id and _attempted(item, part.text)


def _loose_text(following: Sequence[_Placed], item: ItemOutline) -> str:
    """The text of the cells that come next and belong to nothing else."""
    texts = []
    for part in following:
        if part.part == "answer" and part.item == item.id:
            continue
        if part.part != "loose":
            break
        if _attempted(item, part.text):
            texts.append(own_text(item, part.text))
    return "\n\n".join(texts)


def _repeated(item: ItemOutline, attempted: list[str]) -> list[Told]:
    different = len({own_text(item, text) for text in attempted})
    return [(Remark.REPEATED, str(len(attempted)))] if different > 1 else []


def _attempted(item: ItemOutline, text: str) -> bool:
    return _says_something(own_text(item, text))


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


@lru_cache(maxsize=512)
def _label(ids: tuple[str, ...]) -> re.Pattern[str]:
    """A line's beginning such as "q1a:", "**Q1a.**" or "# q1a)"."""
    names = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
    return re.compile(rf"^[ \t#>*_]{{0,12}}({names or '(?!)'})[ \t*_]{{0,4}}[:.)=][ \t*_]{{0,4}}", re.I | re.M)


@lru_cache(maxsize=512)
def _prompt(item: ItemOutline) -> re.Pattern[str]:
    """The item's prompt cell, in whatever variant and markup; or at least its label without a mark after it."""
    parts = re.findall(r"\{\w+\}|[^\W_]+(?:[.,]\d+)*", item.prompt)
    words = [ANY_NUMBER if part[0] == "{" or part[0].isdigit() else re.escape(part) for part in parts]
    whole = BETWEEN.join(words) if words else "(?!)"
    # An edited prompt still begins "**q1a** (2 points)": all of that cell is the prompt.
    edited = rf"{re.escape(item.id)}[ *_]{{0,4}}\(\d[^)\n]{{0,20}}\)[\s\S]*"
    return re.compile(f"{whole}|{edited}", re.I)
