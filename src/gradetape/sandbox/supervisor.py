"""Watches one run from outside: its time, its memory, its output, and that nothing of it stays behind."""

from __future__ import annotations

import os
import selectors
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradetape.domain import Ending
from gradetape.sandbox.job import Limits
from gradetape.sandbox.output import Output
from gradetape.sandbox.processes import WATCHED, Family

LOOK_SECONDS = 0.02
WEIGH_SECONDS = 0.1
DRAIN_SECONDS = 2.0  # how long a pipe may stay open after the last process that we know of has gone
CHUNK = 65536


@dataclass(frozen=True)
class Watched:
    """What was seen. `code` is the exit code, or minus the signal; `verdict` is set when we ended the run ourselves."""

    code: int
    stream: bytes
    output: str
    cpu_seconds: float
    wall_seconds: float
    peak_mebibytes: float
    verdict: Ending | None
    reason: str
    survivors: tuple[int, ...]
    stopped: bool


def watch(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    limits: Limits,
    token: str,
    stopping: threading.Event,
) -> Watched:
    """Start `command` in `folder` and see it to its end, or end it where it passes a limit or `stopping` is set.

    The child sits in a session of its own, reads nothing, and inherits one pipe besides its output, whose number
    is its last argument. Nothing of it is left alive afterwards, however this function is left, Ctrl-C included.
    """
    reading, writing = os.pipe()
    started = time.monotonic()
    try:
        process = subprocess.Popen(
            [*command, str(writing)],
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(writing,),
            start_new_session=True,
        )
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    return _Run(process, reading, limits, token, stopping, started).see_through()


class _Run:
    """One process and its two pipes."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        reading: int,
        limits: Limits,
        token: str,
        stopping: threading.Event,
        started: float,
    ) -> None:
        self.process = process
        self.reading = reading
        self.limits = limits
        self.family = Family(process.pid, token)
        self.stopping = stopping
        self.started = started
        self.output = Output()
        self.stream = bytearray()
        self.verdict: Ending | None = None
        self.reason = ""
        self.peak = 0.0
        self.weighed = started
        self.reaped: tuple[int, Any] | None = None

    def see_through(self) -> Watched:
        assert self.process.stdout is not None  # it was asked for
        survivors: list[int] = []
        with selectors.DefaultSelector() as pipes, self.process.stdout, open(self.reading, "rb", buffering=0) as sent:
            pipes.register(self.process.stdout, selectors.EVENT_READ, self._take_output)
            pipes.register(sent, selectors.EVENT_READ, self._take_artefact)
            try:
                while not (self._has_ended() or self.verdict or self.stopping.is_set()):
                    self._read(pipes, LOOK_SECONDS)
                    self._look()
                wall_seconds = time.monotonic() - self.started
            finally:
                survivors = self.family.end()
                code, usage = self._reap()
            deadline = time.monotonic() + DRAIN_SECONDS
            while pipes.get_map() and time.monotonic() < deadline:
                self._read(pipes, LOOK_SECONDS)
        return Watched(
            code=code,
            stream=bytes(self.stream),
            output=self.output.text(),
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            wall_seconds=wall_seconds,
            peak_mebibytes=self.peak,
            verdict=self.verdict,
            reason=self.reason,
            survivors=tuple(survivors),
            stopped=self.stopping.is_set(),
        )

    def _read(self, pipes: selectors.BaseSelector, seconds: float) -> None:
        for key, _ in pipes.select(seconds):
            chunk = os.read(key.fd, CHUNK)
            if chunk:
                key.data(chunk)
            else:
                pipes.unregister(key.fileobj)

    def _take_output(self, chunk: bytes) -> None:
        self.output.add(chunk)
        if self.output.seen > self.limits.output_bytes:
            self._end(Ending.TOO_MUCH_OUTPUT, f"it printed more than {self.limits.output_bytes:,} bytes")

    def _take_artefact(self, chunk: bytes) -> None:
        if len(self.stream) + len(chunk) > self.limits.artefact_bytes:
            self._end(Ending.BAD_ARTEFACT, f"it sent more than {self.limits.artefact_bytes:,} bytes")
        else:
            self.stream += chunk

    def _look(self) -> None:
        now = time.monotonic()
        if now - self.started > self.limits.wall_seconds:
            self._end(Ending.OUT_OF_TIME, f"it ran longer than {self.limits.wall_seconds:g} seconds")
        if WATCHED and now - self.weighed > WEIGH_SECONDS:
            self.weighed = now
            self._weigh()

    def _weigh(self) -> None:
        members = self.family.members()
        held = self.family.mebibytes(members, self.limits.memory_mebibytes)
        self.peak = max(self.peak, held)
        if held > self.limits.memory_mebibytes:
            self._end(Ending.OUT_OF_MEMORY, f"it held more than {self.limits.memory_mebibytes:,} MiB of memory")
        if len(members) > self.limits.processes:
            self._end(Ending.KILLED, f"it ran more than {self.limits.processes} processes at a time")

    def _end(self, verdict: Ending, reason: str) -> None:
        if self.verdict is None:
            self.verdict, self.reason = verdict, reason

    def _has_ended(self) -> bool:
        if self.reaped is None and hasattr(os, "waitid"):
            # looking without reaping keeps the number ours until its whole group has been ended
            return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        if self.reaped is None:
            number, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            self.reaped = (status, usage) if number else None
        return self.reaped is not None

    def _reap(self) -> tuple[int, Any]:
        if self.reaped is None:
            _, status, usage = os.wait4(self.process.pid, 0)
            self.reaped = (status, usage)
        status, usage = self.reaped
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return self.process.returncode, usage
