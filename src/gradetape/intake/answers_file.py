"""Files of answers: one student's answers.json, or many learners' JSON lines or CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gradetape.domain import Fault, JsonValue
from gradetape.errors import UsageError
from gradetape.intake.outline import MEBIBYTE
from gradetape.intake.text import Refused, decode, read_json, shown, sound

COLUMNS = ("learner", "question", "text")
LINE_FORMATS = (".jsonl", ".ndjson", ".csv")
MOST_BAD_LINES = 1_000
UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class AnswerRow:
    """One learner's answer to one question, and the line of the file it stands in."""

    learner: str
    question: str
    text: str
    line: int


def read_answers(path: Path, *, most: int = 200 * MEBIBYTE) -> tuple[list[AnswerRow], list[Fault]]:
    """The rows of an answers file (.jsonl, .csv or .json), and a Fault for each line that is not one.

    The file is the instructor's, so links are followed and `most` bytes are many. Raises UsageError when it cannot
    be read at all.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        raise UsageError(f"{path}: the answers could not be read: {error.strerror or error}.") from None
    if len(data) > most:
        raise UsageError(f"{path}: expected at most {most:,} bytes of answers, found more. Split the file.")
    try:
        return rows_of(data, path.name, learner=path.resolve().parent.name)
    except Refused as error:
        raise UsageError(f"{path}: {error}") from None


def rows_of(data: bytes, name: str, *, learner: str = "") -> tuple[list[AnswerRow], list[Fault]]:
    """As read_answers, from bytes. `learner` is who a file without learners belongs to. Raises Refused."""
    if not data.strip():
        return [], [Fault(shown(name), "The file is empty; expected answers, one a line.")]
    suffix = Path(name).suffix.lower()
    if suffix == ".json":
        return [AnswerRow(learner, item, text, 1) for item, text in answers_of_json(data).items()], []
    # Undecodable bytes spoil their own line only.
    text = data.decode("utf-8-sig", "surrogateescape")
    lines = _csv_rows(text) if suffix == ".csv" else _json_rows(text)
    rows, faults = [], []
    for line, row in lines:
        if isinstance(row, AnswerRow):
            rows.append(row)
        else:
            faults.append(Fault(f"{shown(name)}, line {line}", row))
        if len(faults) == MOST_BAD_LINES:
            message = f"{MOST_BAD_LINES:,} lines are no answers; nothing after line {line} was read."
            faults.append(Fault(shown(name), message))
            break
    return rows, faults


def answers_of_json(data: bytes) -> dict[str, str]:
    """Item ids to answers, out of `{"q1a": "b"}` or `{"answers": {"q1a": "b"}}`. Raises Refused."""
    plain = read_json(decode(data))
    if isinstance(plain, dict) and isinstance(plain.get("answers"), dict):
        plain = plain["answers"]
    if not isinstance(plain, dict):
        raise Refused('The file holds no answers: expected an object such as {"q1a": "b"}.')
    return {sound(str(item)).strip(): sound(_as_text(answer)) for item, answer in plain.items()}


def _as_text(answer: JsonValue) -> str:
    """A selected answer as a student would type it: ["a", "c"] is "a, c", {"1": "c"} is "1-c"."""
    if answer is None:
        return ""
    if isinstance(answer, list):
        return ", ".join(_plain_text(part) for part in answer)
    if isinstance(answer, dict):
        return ", ".join(f"{left}-{_plain_text(right)}" for left, right in answer.items())
    return _plain_text(answer)


def _plain_text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _json_rows(text: str) -> Iterator[tuple[int, AnswerRow | str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield number, _row(_checked_json(line), number)
        except Refused as error:
            yield number, str(error)


def _checked_json(line: str) -> dict[str, JsonValue]:
    _check_decoded(line)
    try:
        row = read_json(line)
    except Refused:
        raise Refused("The line is not valid JSON; it was left out.") from None
    if not isinstance(row, dict):
        raise Refused("Expected an object with learner, question and text; the line was left out.")
    return row


def _csv_rows(text: str) -> Iterator[tuple[int, AnswerRow | str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    header: list[str] | None = None
    while True:
        first = reader.line_num + 1
        try:
            fields = next(reader, None)
        except csv.Error as error:
            yield first, f"The row could not be read ({error}); it was left out."
            continue
        if fields is None:
            return
        if not any(field.strip() for field in fields):
            continue
        if header is None:
            header = [field.strip().lower() for field in fields]
            if missing := [column for column in COLUMNS if column not in header]:
                yield first, f"Expected the columns learner, question and text; {', '.join(missing)} missing."
                return
            continue
        try:
            _check_decoded("".join(fields))
            yield first, _row(dict(zip(header, fields, strict=False)), first)  # a short row lacks its last columns
        except Refused as error:
            yield first, str(error)


def _delimiter(text: str) -> str:
    """Comma, or what a spreadsheet with decimal commas writes instead."""
    header = text.lstrip().split("\n", 1)[0]
    return max(",;\t", key=header.count)


def _row(row: dict[str, JsonValue], line: int) -> AnswerRow:
    missing = [column for column in COLUMNS if not isinstance(row.get(column), (str, int, float))]
    if missing:
        raise Refused(f"Expected learner, question and text; {', '.join(missing)} missing. The line was left out.")
    learner, question, text = (sound(str(row[column])) for column in COLUMNS)
    if not learner.strip() or not question.strip():
        raise Refused("The learner or the question is empty; the line was left out.")
    return AnswerRow(learner.strip(), question.strip(), text, line)


def _check_decoded(text: str) -> None:
    if UNDECODED.search(text):
        raise Refused("The line is not UTF-8 text; it was left out.")
