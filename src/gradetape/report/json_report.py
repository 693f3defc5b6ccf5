"""A Report as the JSON that other tools rely on, and back. Nothing is lost on the way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from gradetape.domain import (
    Ending,
    Fault,
    Finding,
    ItemReport,
    JsonValue,
    Report,
    Route,
    RunRecord,
    Score,
    State,
    canonical_json,
)
from gradetape.report.safe_text import json_safe

FORMAT_VERSION = 1
_FROM_STRONG_TO_WEAK = ("strict", "landlock", "limits")


def to_json(report: Report) -> dict[str, JsonValue]:
    """The report as plain JSON values, format version 1, keys always in the same order."""
    score = report.score
    return {
        "format_version": FORMAT_VERSION,
        "student": report.student,
        "score": {
            "earned": _number(round(score.earned, 6)),
            "possible": _number(round(score.possible, 6)),
            "pending": _number(round(score.pending, 6)),
        },
        "items": [_item(item) for item in report.items],
        "run": {
            "isolation": weakest_isolation(report.runs),
            "seed": report.seed,
            "grader": _joint_digest([run.grader for run in report.runs]),
            "evidence": _joint_digest([run.evidence for run in report.runs]),
            "cpu_seconds": round(sum(run.cpu_seconds for run in report.runs), 3),
        },
        "runs": [_run(run) for run in report.runs],
        "faults": [
            {"file": fault.file, "message": fault.message, "exercise": fault.exercise} for fault in report.faults
        ],
    }


def json_text(report: Report) -> str:
    """The report as a JSON document that can be written as UTF-8, with a line end."""
    return json_safe(json.dumps(to_json(report), ensure_ascii=False, allow_nan=False, indent=1)) + "\n"


def from_json(plain: Mapping[str, JsonValue]) -> Report:
    """The Report that `to_json` was given. Raises ValueError on another format version."""
    if plain.get("format_version") != FORMAT_VERSION:
        raise ValueError(
            f"report.json: expected format_version {FORMAT_VERSION}, found {plain.get('format_version')!r}. "
            "Grade again, or read it with the version of gradetape that wrote it."
        )
    return Report(
        student=plain["student"],
        items=tuple(_read_item(item) for item in plain["items"]),
        runs=tuple(_read_run(run) for run in plain.get("runs", ())),
        faults=tuple(
            Fault(fault["file"], fault["message"], fault.get("exercise", "")) for fault in plain.get("faults", ())
        ),
        seed=plain["run"]["seed"],
    )


def weakest_isolation(runs: Sequence[RunRecord]) -> str:
    """The isolation that all runs of student code had at least; "none" where none was run. An unknown name is the weakest."""

    def weakness(level: str) -> int:
        return _FROM_STRONG_TO_WEAK.index(level) if level in _FROM_STRONG_TO_WEAK else len(_FROM_STRONG_TO_WEAK)

    return max((run.isolation for run in runs if run.isolation != "none"), key=weakness, default="none")


def _item(item: ItemReport) -> dict[str, JsonValue]:
    return {
        "item": item.item,
        "exercise": item.exercise,
        "title": item.title,
        "state": item.state.value,
        "route": item.route.value,
        "earned": _number(item.score.earned),
        "possible": _number(item.score.possible),
        "pending": _number(item.score.pending),
        "suggested": _number(item.suggested),
        "findings": [_finding(finding) for finding in item.findings],
        "slips": list(item.slips),
        "reasons": list(item.reasons),
    }


def _read_item(plain: Mapping[str, JsonValue]) -> ItemReport:
    return ItemReport(
        item=plain["item"],
        exercise=plain["exercise"],
        title=plain.get("title", ""),
        state=State(plain["state"]),
        route=Route(plain["route"]),
        score=Score(float(plain["earned"]), float(plain["possible"]), float(plain.get("pending", 0))),
        findings=tuple(_read_finding(finding) for finding in plain["findings"]),
        slips=tuple(plain["slips"]),
        reasons=tuple(plain.get("reasons", ())),
        suggested=float(plain.get("suggested", 0)),
    )


def _finding(finding: Finding) -> dict[str, JsonValue]:
    return {
        "check": finding.check,
        "state": finding.state.value,
        "message": finding.message,
        "hint": finding.hint,
        "earned": _number(finding.earned),
        "possible": _number(finding.possible),
        "evidence": list(finding.evidence),
        "hidden": finding.hidden,
        "demand": finding.demand,
    }


def _read_finding(plain: Mapping[str, JsonValue]) -> Finding:
    return Finding(
        check=plain["check"],
        state=State(plain["state"]),
        message=plain["message"],
        hint=plain["hint"],
        earned=float(plain["earned"]),
        possible=float(plain["possible"]),
        evidence=tuple(plain.get("evidence", ())),
        hidden=plain.get("hidden", False),
        demand=plain.get("demand", ""),
    )


def _run(run: RunRecord) -> dict[str, JsonValue]:
    return {
        "exercise": run.exercise,
        "isolation": run.isolation,
        "ending": run.ending.value,
        "grader": run.grader,
        "evidence": run.evidence,
        "cpu_seconds": run.cpu_seconds,
        "variant": _ordered(run.variant),
        "facts": _ordered(run.facts),
    }


def _read_run(plain: Mapping[str, JsonValue]) -> RunRecord:
    return RunRecord(
        exercise=plain["exercise"],
        isolation=plain["isolation"],
        ending=Ending(plain["ending"]),
        grader=plain["grader"],
        evidence=plain["evidence"],
        cpu_seconds=plain["cpu_seconds"],
        variant=plain.get("variant", {}),
        facts=plain.get("facts", {}),
    )


def _number(value: float) -> float:
    """A whole number of points is written `20`, not `20.0`."""
    return int(value) if float(value).is_integer() else value


def _joint_digest(digests: Sequence[str]) -> str:
    """One digest for several runs: the only one there is, or a digest of them all in order."""
    if len(set(digests)) <= 1:
        return digests[0] if digests else ""
    return "sha256:" + hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _ordered(facts: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Facts with their keys in order, so that a run and its tape give the same text."""
    ordered: dict[str, JsonValue] = json.loads(canonical_json(dict(facts)))
    return ordered
