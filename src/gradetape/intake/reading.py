"""One student's files -> one Submission, with a Fault for everything that could not be taken as it stood."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath

from gradetape.domain import Answer, Fault, Submission
from gradetape.intake.answers_file import LINE_FORMATS, answers_of_json, rows_of
from gradetape.intake.archive import unpack
from gradetape.intake.document import Document, assign
from gradetape.intake.door import read_bytes
from gradetape.intake.layout import UNREADABLE, Handed, is_work
from gradetape.intake.matching import answer_of, match_answers
from gradetape.intake.outline import ExerciseOutline, IntakeLimits, Outline
from gradetape.intake.programs import is_untouched, unseen_remark
from gradetape.intake.remarks import Noted, Remark, faults_of
from gradetape.intake.text import Refused, shown, sound

MOST_FAULTS = 50
WRONG_KIND = "This kind of file cannot be read. Hand in .ipynb, .py, a .zip of them, or answers.json."


@dataclass
class _Reading:
    """What has been read so far of one student's files."""

    handed: Handed
    outline: Outline
    limits: IntakeLimits
    documents: list[Document] = field(default_factory=list)
    typed: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    noted: list[tuple[str, str, Noted]] = field(default_factory=list)

    def attempt(self, name: str, action: Callable[[], None], exercise: str = "") -> None:
        """Do `action`; whatever is wrong with the file becomes a Fault."""
        try:
            action()
        except Refused as refusal:
            self.fault(name, str(refusal), exercise)
        except Exception as error:  # noqa: BLE001 - hostile bytes may upset any library; the class must not pay for it
            self.fault(
                name, f"The file could not be read ({type(error).__name__}). A human should look at it.", exercise
            )

    def fault(self, name: str, message: str, exercise: str = "") -> None:
        self.faults.append(Fault(shown(name), message, exercise))

    def note(self, name: str, exercise: str, *noted: Noted) -> None:
        """Keep remarks on how answers were found; those of one kind become one Fault in the end."""
        self.noted += [(shown(name), exercise, one) for one in noted]


def read_submission(handed: Handed, outline: Outline, limits: IntakeLimits | None = None) -> Submission:
    """What `handed` holds, as checked text. Never raises for what a student handed in.

    Every theory item of the outline has an Answer, attempted or not. A program is there when it was touched.
    """
    reading = _Reading(handed, outline, limits or IntakeLimits(), faults=list(handed.faults))
    for path in handed.files:
        reading.attempt(_name(path, handed), partial(_read_file, reading, path))
    assigned = _assign_all(reading)
    answers: dict[str, Answer] = {}
    programs: dict[str, str] = {}
    for exercise in outline.exercises:
        documents = assigned.get(exercise.slug, [])
        answers.update(_answers(reading, exercise, documents))
        if exercise.is_program:
            read_program = partial(_program, reading, exercise, documents, programs)
            reading.attempt(exercise.slug, read_program, exercise.slug)
    _check_typed(reading)
    return Submission(handed.student, answers, programs, _bounded([*reading.faults, *faults_of(reading.noted)]))


def _name(path: Path, handed: Handed) -> str:
    below = handed.below
    if below is None or below not in path.parents:
        return path.name
    parts = path.relative_to(below).parts
    return "/".join(parts[1:] if len(parts) > 1 and shown(parts[0]) == handed.student else parts)


def _read_file(reading: _Reading, path: Path) -> None:
    limits, suffix = reading.limits, path.suffix.lower()
    most = {".zip": limits.archive_bytes, ".ipynb": limits.notebook_bytes, ".py": limits.source_bytes}
    name = _name(path, reading.handed)
    if suffix in UNREADABLE:
        raise Refused(WRONG_KIND)
    others = limits.archive_bytes if reading.handed.learner else limits.answers_bytes  # a whole class's, or one's own
    data = read_bytes(path, most.get(suffix, others), below=reading.handed.below)
    if suffix == ".zip":
        _read_archive(reading, name, data)
    else:
        _take(reading, name, data)


def _read_archive(reading: _Reading, name: str, data: bytes) -> None:
    unpacked = unpack(data, reading.limits, wanted=is_work)
    for member, why in unpacked.refusals:
        reading.fault(f"{name}: {member}", why)
    if not unpacked.files and not unpacked.refusals:
        raise Refused("The zip holds no notebook, program or answers file.")
    for number, (member, content) in enumerate(unpacked.files.items()):
        if number >= reading.limits.files:
            raise Refused(f"The zip holds many files; only the first {reading.limits.files:,} are read.")
        inside = f"{name}: {member}"
        reading.attempt(inside, partial(_take, reading, inside, content))


def _take(reading: _Reading, name: str, data: bytes) -> None:
    """Keep one file's content as a document or as typed answers."""
    suffix = PurePath(name).suffix.lower()
    if suffix in (".ipynb", ".py"):
        reading.documents.append(Document.read(name, data, reading.limits))
    elif suffix == ".json":
        reading.typed.append((name, answers_of_json(data)))
    elif suffix in LINE_FORMATS:
        reading.typed.append((name, _own_rows(reading, name, data)))
    else:
        raise Refused(WRONG_KIND)


def _own_rows(reading: _Reading, name: str, data: bytes) -> dict[str, str]:
    """The rows of an answers file that belong to this student: in their own folder, all of them."""
    rows, faults = rows_of(data, PurePath(name).name, learner=reading.handed.student)
    wanted = reading.handed.learner
    if not wanted:
        reading.faults += faults
        if len({row.learner for row in rows}) > 1:
            raise Refused("The file holds answers of several learners; hand in your own only.")
    return {row.question: row.text for row in rows if not wanted or row.learner == wanted}


def _assign_all(reading: _Reading) -> dict[str, list[Document]]:
    """The documents of each exercise, notebooks first."""
    assigned: dict[str, list[Document]] = {}
    for document in sorted(reading.documents, key=lambda document: (not document.is_notebook, document.name)):
        reading.attempt(document.name, partial(_assign, reading, document, assigned))
    return assigned


def _assign(reading: _Reading, document: Document, assigned: dict[str, list[Document]]) -> None:
    slugs, remark = assign(document, reading.outline)
    if remark:
        reading.fault(document.name, remark, slugs[0] if slugs else "")
    for slug in slugs:
        assigned.setdefault(slug, []).append(document)


def _answers(
    reading: _Reading, exercise: ExerciseOutline, documents: Sequence[Document]
) -> Iterator[tuple[str, Answer]]:
    """Each item of the exercise with its answer: typed ones first, then notebooks, then .py files.

    Cells are handed out and can get lost; a key that typed answers lack is no more than an item not attempted.
    """
    found = list(_typed_answers(reading, exercise))
    typed = len(found)
    for document in documents if exercise.items else ():
        reading.attempt(document.name, partial(_match, reading, exercise, document, found), exercise.slug)
    for item in exercise.items:
        places = [(name, answers[item.id]) for name, answers in found if item.id in answers]
        attempted = [(name, answer) for name, answer in places if answer.attempted]
        if not places and len(found) > typed:
            reading.note(found[-1][0], exercise.slug, Noted(Remark.NO_CELL, item.id))
        if len({answer.text for _, answer in attempted}) > 1:
            others = ", ".join(shown(name) for name, _ in attempted[1:])
            reading.note(attempted[0][0], exercise.slug, Noted(Remark.DIFFERS, item.id, others))
        yield item.id, attempted[0][1] if attempted else Answer(item.id, "", False)


def _match(
    reading: _Reading, exercise: ExerciseOutline, document: Document, found: list[tuple[str, dict[str, Answer]]]
) -> None:
    matched = match_answers(document.cells, exercise, reading.limits.answer_characters)
    found.append((document.name, matched.answers))
    reading.note(document.name, exercise.slug, *matched.remarks)


def _typed_answers(reading: _Reading, exercise: ExerciseOutline) -> Iterator[tuple[str, dict[str, Answer]]]:
    for name, typed in reading.typed:
        by_id = {item.casefold(): text for item, text in typed.items()}
        answers = {}
        for item in exercise.items:
            if item.id.casefold() in by_id:
                text = by_id[item.id.casefold()]
                answers[item.id], cut = answer_of(item, text, reading.limits.answer_characters)
                reading.note(name, exercise.slug, *cut)
        if answers:
            yield name, answers


def _check_typed(reading: _Reading) -> None:
    """Say which ids in answers files belong to no theory item."""
    known = {item.id.casefold() for _, item in reading.outline.items}
    for name, typed in reading.typed:
        if unknown := [item for item in typed if item.casefold() not in known]:
            listed = ", ".join(shown(item[:40]) for item in unknown[:5]) + (" …" if len(unknown) > 5 else "")
            reading.fault(name, f"No theory item is called {listed}; left out.")


def _program(
    reading: _Reading, exercise: ExerciseOutline, documents: Sequence[Document], programs: dict[str, str]
) -> None:
    """Put the exercise's program among `programs`, if one was touched: a notebook before a .py file."""
    touched = [document for document in documents if not is_untouched(document.program, exercise.starter)]
    if not touched:
        return
    first, *rest = touched
    if different := [document for document in rest if not first.same_program(document)]:
        names = ", ".join(shown(document.name) for document in different)
        message = f"There is a different program for this exercise in {names}; this file counts."
        reading.fault(first.name, message, exercise.slug)
    if remark := unseen_remark(first.program):
        reading.fault(first.name, remark, exercise.slug)
    programs[exercise.slug] = sound(first.program)


def _bounded(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    if len(faults) <= MOST_FAULTS:
        return tuple(faults)
    left_out = Fault("", f"{len(faults) - MOST_FAULTS:,} more faults of this kind are not listed.")
    return (*faults[:MOST_FAULTS], left_out)
