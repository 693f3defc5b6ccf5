"""The tape: append-only records of what was handed in, what was seen and what was decided.

It holds enough to judge a class again after every submission is gone. One process writes it: the judge's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, ForeignKey, LargeBinary, String, Text, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from gradetape.domain import Answer, Array, Ending, Evidence, Fault, canonical_json

FORMAT = 1


class Row(DeclarativeBase):
    """What all tables share."""


class EvidenceRow(Row):
    """What was seen of one exercise of one student."""

    __tablename__ = "evidence"
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String(32))
    student: Mapped[str] = mapped_column(String(256), index=True)
    exercise: Mapped[str] = mapped_column(String(64), index=True)
    source: Mapped[str] = mapped_column(String(80), index=True)
    digest: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    arrays: Mapped[list[ArrayRow]] = relationship(cascade="all", lazy="selectin")


class ArrayRow(Row):
    """One array of evidence: predictions, or the labels they are held against."""

    __tablename__ = "array"
    number: Mapped[int] = mapped_column(primary_key=True)
    evidence: Mapped[int] = mapped_column(ForeignKey("evidence.number"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    dtype: Mapped[str] = mapped_column(String(16))
    shape: Mapped[str] = mapped_column(String(128))
    data: Mapped[bytes] = mapped_column(LargeBinary)


class VerdictRow(Row):
    """What was decided about one student: the report, and by which graders."""

    __tablename__ = "verdict"
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String(32))
    student: Mapped[str] = mapped_column(String(256), index=True)
    by: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class Recorded:
    """Evidence as it stands on the tape. `source` is the digest of what it was made from."""

    student: str
    source: str
    evidence: Evidence


class Tape:
    """Append, and read back the newest. Works with SQLite by default and any SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = create_engine(url)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _write_ahead)
        Row.metadata.create_all(self._engine)

    @classmethod
    def at(cls, path: Path) -> Tape:
        """The tape in a file."""
        return cls(f"sqlite:///{path}")

    def close(self) -> None:
        self._engine.dispose()

    def record(self, student: str, source: str, evidence: Evidence) -> None:
        """Append one exercise's evidence; all of it or, when the disk is full, none."""
        with Session(self._engine) as session, session.begin():
            session.add(
                EvidenceRow(
                    at=_now(),
                    student=student,
                    exercise=evidence.exercise,
                    source=source,
                    digest=evidence.digest(),
                    body=_evidence_to_json(evidence),
                    arrays=[
                        ArrayRow(name=name, dtype=array.dtype, shape=json.dumps(array.shape), data=array.data)
                        for name, array in sorted(evidence.arrays.items())
                    ],
                )
            )

    def decide(self, student: str, by: str, report: dict[str, Any]) -> None:
        """Append a verdict: who or what decided, and the report."""
        with Session(self._engine) as session, session.begin():
            session.add(VerdictRow(at=_now(), student=student, by=by, body=canonical_json(report)))

    def students(self) -> list[str]:
        """Everybody of whom there is evidence, sorted."""
        with Session(self._engine) as session:
            return sorted(session.scalars(select(EvidenceRow.student).distinct()))

    def evidence(self, student: str) -> dict[str, Recorded]:
        """The newest evidence of each of a student's exercises."""
        with Session(self._engine) as session:
            rows = session.scalars(
                select(EvidenceRow).where(EvidenceRow.student == student).order_by(EvidenceRow.number)
            )
            return {row.exercise: Recorded(row.student, row.source, _evidence_from_row(row)) for row in rows}

    def recorded(self, source: str) -> Evidence | None:
        """The newest evidence made from this very source by anybody, or None: a run saved."""
        with Session(self._engine) as session:
            row = session.scalars(
                select(EvidenceRow).where(EvidenceRow.source == source).order_by(EvidenceRow.number.desc()).limit(1)
            ).first()
            return _evidence_from_row(row) if row is not None else None

    def verdicts(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The newest verdict on each student, sorted by student."""
        with Session(self._engine) as session:
            newest = {row.student: row.body for row in session.scalars(select(VerdictRow).order_by(VerdictRow.number))}
        for student in sorted(newest):
            yield student, json.loads(newest[student])


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _write_ahead(connection: Any, _record: Any) -> None:
    """A killed run leaves the tape whole, and a reader never waits for the writer."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _evidence_to_json(evidence: Evidence) -> str:
    return canonical_json(
        {
            "format": FORMAT,
            "exercise": evidence.exercise,
            "answers": {item: [answer.text, answer.attempted] for item, answer in evidence.answers.items()},
            "facts": dict(evidence.facts),
            "ending": evidence.ending.value,
            "faults": [[fault.file, fault.message, fault.exercise] for fault in evidence.faults],
            "seconds": evidence.seconds,
            "isolation": evidence.isolation,
        }
    )


def _evidence_from_row(row: EvidenceRow) -> Evidence:
    body = json.loads(row.body)
    return Evidence(
        exercise=body["exercise"],
        answers={item: Answer(item, text, attempted) for item, (text, attempted) in body["answers"].items()},
        facts=body["facts"],
        arrays={array.name: Array(array.dtype, tuple(json.loads(array.shape)), array.data) for array in row.arrays},
        ending=Ending(body["ending"]),
        faults=tuple(Fault(*fault) for fault in body["faults"]),
        seconds=body["seconds"],
        isolation=body["isolation"],
    )
