"""What stands under a path -> who handed in what. Looks at names only; files are opened later, one by one."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from gradetape.domain import Fault
from gradetape.errors import UsageError
from gradetape.intake.answers_file import LINE_FORMATS, read_answers
from gradetape.intake.outline import IntakeLimits
from gradetape.intake.text import shown

WORK = (".ipynb", ".py", ".zip")
# Handed in by mistake often enough to deserve an answer rather than silence.
UNREADABLE = (".rar", ".7z", ".gz", ".tar", ".tgz", ".pdf", ".doc", ".docx", ".odt", ".html", ".pages")
LITTER = frozenset({"__pycache__", "__MACOSX", "node_modules", "venv", "env"})


@dataclass(frozen=True)
class Handed:
    """One student's files, not yet opened. `student` is safe to show.

    `below` is the folder that all of them stand in; `learner` whose rows of an answers file are meant.
    """

    student: str
    files: tuple[Path, ...]
    below: Path | None = None
    faults: tuple[Fault, ...] = ()
    learner: str = ""


@dataclass
class _Found:
    files: list[Path] = field(default_factory=list)
    unreadable: list[Path] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def find_submissions(path: Path, slugs: Collection[str], limits: IntakeLimits | None = None) -> list[Handed]:
    """Everybody's hand-ins under `path`, sorted by student: a file, one student's folder, or a folder of these.

    A folder is one student's when a file or folder in it is named like an exercise, or it holds an answers
    file; else every file and folder in it is a student. Raises UsageError when there is no such path.
    """
    limits = limits or IntakeLimits()
    if not os.path.lexists(path):
        raise UsageError(f"{path}: there is no such file or folder. Check the spelling, or go to where it is.")
    whole = path.resolve() if path.is_dir() else path.parent.resolve() / path.name
    known = {plain_name(slug) for slug in slugs}
    if not whole.is_dir() or is_work(whole.name):
        return _from_file(whole, known)
    if (whole / "submitted").is_dir() and plain_name("submitted") not in known:
        whole = whole / "submitted"  # the folder of an nbgrader course
    try:
        entries = _entries(whole)
    except OSError as error:
        raise UsageError(f"{path}: the folder could not be opened: {error.strerror}.") from None
    if any(_belongs_to_one(entry.name, known) for entry in entries):
        return [_from_folder(whole.name, whole, limits)]
    return _class(whole, entries, limits)


def plain_name(name: str) -> str:
    """A name without its case and with every mark alike, as a download or a rename may change them.

    >>> plain_name("Q09-MNIST cnn") == plain_name("q09_mnist_cnn")
    True
    """
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


def is_work(name: str) -> bool:
    """Whether a file of this name can hold answers."""
    return Path(name).suffix.lower() in WORK or is_answers_file(name)


def is_answers_file(name: str) -> bool:
    """Whether a file of this name is a student's answers file: answers.json, answers-2.csv …"""
    plain = Path(name)
    return plain.stem.lower().startswith("answers") and plain.suffix.lower() in (".json", *LINE_FORMATS)


def _belongs_to_one(name: str, known: Collection[str]) -> bool:
    named = {plain_name(name), plain_name(Path(name).stem)}
    return not named.isdisjoint(known) or (is_answers_file(name) and name.lower().endswith(".json"))


def _from_file(path: Path, known: Collection[str]) -> list[Handed]:
    if path.suffix.lower() in LINE_FORMATS and path.is_file():
        rows, _ = read_answers(path)
        return [Handed(shown(name), (path,), learner=name) for name in sorted({row.learner for row in rows})]
    student = path.parent.name if _belongs_to_one(path.name, known) else path.stem
    return [Handed(shown(student), (path,), path.parent)]


def _class(whole: Path, entries: list[os.DirEntry[str]], limits: IntakeLimits) -> list[Handed]:
    """A Handed for each student; a folder and a zip of the same name belong to the same one."""
    handed: dict[str, Handed] = {}
    for entry in entries:
        place = whole / entry.name
        if entry.is_dir(follow_symlinks=False) and not is_work(entry.name):
            one = _from_folder(entry.name, place, limits, whole)
        elif Path(entry.name).suffix.lower() in (*WORK, *UNREADABLE, ".json"):
            one = Handed(shown(place.stem), (place,), whole)
        elif entry.is_symlink() and not place.suffix:
            one = Handed(shown(entry.name), (place,), whole)  # a link to a folder: refused when it is opened
        else:
            continue
        before = handed.get(one.student)
        handed[one.student] = (
            Handed(one.student, before.files + one.files, whole, before.faults + one.faults) if before else one
        )
    return [handed[student] for student in sorted(handed)]


def _from_folder(name: str, folder: Path, limits: IntakeLimits, below: Path | None = None) -> Handed:
    """All work in a student's folder, its subfolders included."""
    found = _Found()
    _gather(folder, folder, limits, found)
    faults = found.faults
    if len(found.files) > limits.files:
        faults.append(
            Fault(shown(name), f"{len(found.files):,} files were handed in; only the first {limits.files:,} are read.")
        )
    files = sorted(found.files)[: limits.files] or sorted(found.unreadable)[: limits.files]
    return Handed(shown(name), tuple(files), below or folder, tuple(faults))


def _gather(folder: Path, top: Path, limits: IntakeLimits, found: _Found) -> None:
    here = shown(str(folder.relative_to(top)))
    depth = len(folder.relative_to(top).parts)
    if depth > limits.folders_deep:
        found.faults.append(Fault(here, "This folder lies too deep and was not looked into. Hand in fewer folders."))
        return
    try:
        entries = _entries(folder)
    except OSError as error:
        found.faults.append(Fault(here, f"The folder could not be opened: {error.strerror}."))
        return
    for entry in entries:
        place = folder / entry.name
        if entry.is_dir(follow_symlinks=False) and not is_work(entry.name):
            _gather(place, top, limits, found)
        elif is_work(entry.name) or (entry.is_symlink() and not place.suffix):
            found.files.append(place)
        elif place.suffix.lower() in UNREADABLE:
            found.unreadable.append(place)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What a folder holds, in order, without hidden things and what tools leave behind."""
    with os.scandir(folder) as entries:
        kept = [entry for entry in entries if not entry.name.startswith(".") and entry.name not in LITTER]
    return sorted(kept, key=lambda entry: entry.name)
