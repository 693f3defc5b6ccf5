"""Runs a job from its folder to its outcome."""

from __future__ import annotations

import os
import secrets
import sys
import threading
from pathlib import Path

import gradetape
from gradetape.domain import Ending
from gradetape.errors import GradeTapeError
from gradetape.sandbox.artefacts import Artefacts, BadArtefact, read
from gradetape.sandbox.environment import clean_environment
from gradetape.sandbox.folder import WORK, own_folder
from gradetape.sandbox.job import Job, Outcome
from gradetape.sandbox.limits import kernel_limits
from gradetape.sandbox.supervisor import Watched, watch
from gradetape.sandbox.verdict import ending_of

LEVELS = ("limits", "landlock", "strict")  # from the weakest to the strongest
LEVEL = "limits"
ENTRY = Path(gradetape.__file__).parent / "probes" / "__main__.py"
NO_POSIX = (
    "Programs can be run on Linux and macOS only: this system cannot hold a run to its limits. "
    "Theory answers are marked all the same; on Windows, use WSL for the rest."
)

_running: set[threading.Event] = set()


class Stopped(GradeTapeError):
    """The run was ended because we were asked to stop; nothing is to be said about the submission."""


def stop_all() -> None:
    """Every run that is under way in this process is ended, and raises Stopped in the thread that waits for it."""
    for stopping in tuple(_running):
        stopping.set()


def run(job: Job) -> Outcome:
    """Run `job` and wait for its end. Threads may do this side by side.

    Whatever the submission does is an Ending. Raises Stopped after `stop_all`, and GradeTapeError for a job that
    cannot be put together (a file name that leads outside, a variable that may not enter).
    """
    if os.name != "posix":
        return Outcome(Ending.OUR_FAULT, isolation="none", detail=NO_POSIX)
    stopping = threading.Event()
    _running.add(stopping)
    try:
        watched = _watched(job, stopping)
    finally:
        _running.discard(stopping)
    if watched.stopped:
        raise Stopped("Stopped while a submission ran; nothing was recorded about it.")
    return _outcome(job, watched)


def _watched(job: Job, stopping: threading.Event) -> Watched:
    token = secrets.token_hex(16)
    asked = {"request": dict(job.request), "limits": kernel_limits(job.limits, job.environment)}
    with own_folder(job.files, asked) as folder:
        return watch(
            # not -I, which would also ignore the fixed hash seed: the environment holds nothing but ours anyway
            [sys.executable, "-s", "-B", str(ENTRY), job.probe, str(folder)],
            clean_environment(folder, job.limits.threads, token, job.environment),
            folder / WORK,
            job.limits,
            token,
            stopping,
        )


def _outcome(job: Job, watched: Watched) -> Outcome:
    try:
        sent = read(watched.stream)
        ending, detail = ending_of(watched, sent, job.limits)
    except BadArtefact as reason:
        sent = Artefacts()
        ending = watched.verdict or Ending.BAD_ARTEFACT
        detail = watched.reason or f"it sent {reason}"
    if watched.survivors:
        detail = f"{detail}; processes {', '.join(map(str, watched.survivors))} could not be ended".lstrip("; ")
    return Outcome(
        ending=ending,
        facts={**sent.facts, "stages": list(sent.stages)},
        arrays=sent.arrays,
        output=watched.output,
        cpu_seconds=watched.cpu_seconds,
        wall_seconds=watched.wall_seconds,
        peak_mebibytes=watched.peak_mebibytes,
        isolation=LEVEL,
        detail=detail,
    )
