"""What the wall promises, each promise tried by a small hostile program that really runs behind it.

A promise that this level does not make is tried all the same and reported as not held: better an honest "no" than silence.
"""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradetape.domain import Ending
from gradetape.sandbox.environment import clean_environment
from gradetape.sandbox.job import Job, Limits, Outcome
from gradetape.sandbox.processes import WATCHED, is_alive
from gradetape.sandbox.running import run

Ask = dict[str, Any]
ADDED_BY_PYTHON = {"LC_CTYPE"}
PATIENCE_SECONDS = 60.0  # a canary that is only ended by this one is still ended
NOTHING_YET = "none at level limits"


@dataclass(frozen=True)
class Promise:
    """A sentence, what keeps it, the canary that tries to break it, and how to tell from the outcome that it held.

    `level` is the lowest level of isolation that makes this promise.
    """

    sentence: str
    mechanism: str
    does: str
    held: Callable[[Outcome], bool]
    asked: Ask = field(default_factory=dict)
    limits: Limits = field(default_factory=lambda: Limits(wall_seconds=PATIENCE_SECONDS))
    level: str = "limits"


@dataclass(frozen=True)
class Canary:
    """What became of one promise on this machine."""

    promise: str
    mechanism: str
    held: bool
    level: str


def try_all(workers: int = 2) -> tuple[Canary, ...]:
    """Every promise, tried now on this machine, in the order in which they are told."""
    with _outside() as (secret, target, port), ThreadPoolExecutor(workers) as pool:
        return tuple(pool.map(_try, promises(secret, target, port)))


def _try(promise: Promise) -> Canary:
    if os.name != "posix":
        return Canary(promise.sentence, "none on this system", False, promise.level)
    outcome = run(Job("canary", {"does": promise.does, **promise.asked}, limits=promise.limits))
    return Canary(promise.sentence, promise.mechanism, bool(promise.held(outcome)), promise.level)


@contextmanager
def _outside() -> Iterator[tuple[Path, Path, int]]:
    """A file worth reading, a place worth writing to, and a port worth calling, none of them the run's business."""
    with (
        tempfile.TemporaryDirectory(prefix="gradetape-outside-") as folder,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        secret = Path(folder, "secret.txt")
        secret.write_text("the answers", encoding="utf-8")
        yield secret, Path(folder, "written.txt"), listener.getsockname()[1]


def promises(secret: Path, target: Path, port: int) -> tuple[Promise, ...]:
    """The wall's promises, to be tried on a file, a place to write and a port that are outside."""
    return (*_endings(), *_surroundings(), *_artefacts(), *_reach(secret, target, port))


def _ended(*endings: Ending) -> Callable[[Outcome], bool]:
    return lambda outcome: outcome.ending in endings


def _bounds(**limits: Any) -> Limits:
    return Limits(**{"wall_seconds": PATIENCE_SECONDS, **limits})


def _endings() -> tuple[Promise, ...]:
    watch = "the supervisor's watch" if WATCHED else "none on this system"
    out_of_memory = _ended(Ending.OUT_OF_MEMORY)
    return (
        Promise(
            "An endless loop is ended",
            "RLIMIT_CPU, wall clock, SIGKILL",
            "loop",
            _ended(Ending.OUT_OF_TIME),
            limits=_bounds(cpu_seconds=1),
        ),
        Promise(
            "Endless waiting is ended",
            "wall clock",
            "sleep",
            _ended(Ending.OUT_OF_TIME),
            limits=_bounds(wall_seconds=2),
        ),
        Promise(
            "Hoarding memory is ended",
            f"RLIMIT_AS, {watch} over memory",
            "fill_memory",
            out_of_memory,
            limits=_bounds(memory_mebibytes=256),
        ),
        Promise(
            "Memory that several processes hold together counts together",
            f"{watch} over memory",
            "fill_memory_in_children",
            out_of_memory,
            {"mebibytes": 100},
            _bounds(memory_mebibytes=256),
        ),
        Promise("Endless printing is ended", "cap on output", "flood", _ended(Ending.TOO_MUCH_OUTPUT)),
        Promise(
            "Processes without end are ended",
            f"{watch} over processes",
            "fork_bomb",
            _ended(Ending.KILLED, Ending.OUT_OF_MEMORY),
        ),
        Promise(
            "One file cannot grow beyond its limit",
            "RLIMIT_FSIZE",
            "fill_file",
            lambda outcome: bool(outcome.facts.get("stopped")),
            {"mebibytes": 12},
            _bounds(file_mebibytes=4),
        ),
        Promise(
            "Many files cannot fill the disk",
            NOTHING_YET,
            "fill_files",
            lambda outcome: bool(outcome.facts.get("stopped")),
            {"files": 4, "mebibytes": 4},
            _bounds(file_mebibytes=4),
            level="strict",
        ),
    )


def _surroundings() -> tuple[Promise, ...]:
    return (
        Promise("The environment holds nothing of ours", "started with a clean one", "look_around", _sees_no_variable),
        Promise("No open file of ours is inherited", "closed at start", "look_around", _sees_no_file),
        Promise("No file waits in the run's folder but its own", "a fresh folder", "look_around", _sees_empty_folder),
        Promise("A process left behind is ended", "process group, SIGKILL", "leave_a_child", _left_nothing_alive),
        Promise(
            "A process that hides in a session of its own is ended",
            "process tree and the run's mark, SIGKILL" if WATCHED else "none on this system",
            "leave_a_daemon",
            _left_nothing_alive,
        ),
        Promise(
            "The run's folder is removed, however deep or locked",
            "levelled, then removed",
            "lock_folders",
            lambda outcome: "folder" in outcome.facts and not os.path.lexists(os.path.dirname(outcome.facts["folder"])),
            {"deep": 1500},
        ),
    )


def _artefacts() -> tuple[Promise, ...]:
    return (
        Promise(
            "Leaving early with a forged score on the screen earns nothing",
            "exit codes and output are never read as a score",
            "leave",
            lambda outcome: outcome.ending is Ending.EXITED and "score" not in outcome.facts,
        ),
        Promise(
            "What is no artefact is refused",
            "strict reader",
            "send_bytes",
            _ended(Ending.BAD_ARTEFACT),
            {"bytes": b"score: 10\n".hex()},
        ),
        Promise(
            "What was seen before a crash is kept",
            "notes sent as the probe proceeds",
            "kill_itself",
            lambda outcome: outcome.ending is Ending.KILLED and outcome.facts.get("layers") == ["Dense"],
        ),
    )


def _reach(secret: Path, target: Path, port: int) -> tuple[Promise, ...]:
    return tuple(
        Promise(sentence, NOTHING_YET, does, _did_not_reach, asked, level="strict")
        for sentence, does, asked in (
            ("Files outside cannot be read", "read_file", {"path": str(secret)}),
            ("Files outside cannot be written", "write_file", {"path": str(target)}),
            ("The network cannot be reached", "call_out", {"port": port}),
        )
    )


def _did_not_reach(outcome: Outcome) -> bool:
    return outcome.facts.get("reached") is False


def _sees_no_variable(outcome: Outcome) -> bool:
    allowed = set(clean_environment(Path("/"), 1, "", {})) | ADDED_BY_PYTHON
    seen = set(outcome.facts.get("environment", {"(nothing reported)": ""}))
    seen |= {entry.partition("=")[0] for entry in outcome.facts.get("started_with", ()) if entry}
    return seen <= allowed


def _sees_no_file(outcome: Outcome) -> bool:
    opened = outcome.facts.get("descriptors", ["(nothing reported)"])
    return all(name == os.devnull or name.startswith("pipe:") for name in opened)


def _sees_empty_folder(outcome: Outcome) -> bool:
    return outcome.facts.get("files") == []


def _left_nothing_alive(outcome: Outcome) -> bool:
    return isinstance(outcome.facts.get("child"), int) and not is_alive(outcome.facts["child"])
