"""All processes of one run: how much memory they hold, and the end of every one of them.

Linux only: elsewhere there is no /proc, so memory is not watched and only the process group is ended.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
WATCHED = PROC.joinpath("self", "stat").exists()
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Process:
    """One line of the process table. `started` tells a process from a later one with the same number."""

    number: int
    parent: int
    group: int
    session: int
    started: int
    pages: int
    dead: bool


def table() -> dict[int, Process]:
    """Every process that can be seen now."""
    found = (_read(int(name)) for name in os.listdir(PROC) if name.isdigit()) if WATCHED else ()
    return {process.number: process for process in found if process is not None}


def _read(number: int) -> Process | None:
    try:
        with open(f"/proc/{number}/stat", "rb") as status:
            # the name stands in brackets and may hold anything, so fields are counted after the last bracket
            fields = status.read().rpartition(b")")[2].split()
        parent, group, session, started, pages = (int(fields[index]) for index in (1, 2, 3, 19, 21))
    except (OSError, ValueError, IndexError):
        return None  # it ended while we looked
    return Process(number, parent, group, session, started, pages, fields[0] in (b"Z", b"X"))


class Family:
    """The processes that descend from `root`, remembered even after they leave its group or lose their parent."""

    def __init__(self, root: int, token: str) -> None:
        self.root = root
        self.mark = f"GRADETAPE_RUN={token}".encode()
        self.known: dict[int, int] = {}

    def members(self) -> list[Process]:
        """The living ones, now."""
        processes = table()
        belongs = {
            number
            for number, process in processes.items()
            if self.root in (number, process.group, process.session) or self.known.get(number) == process.started
        }
        growing = True
        while growing:
            children = {n for n, process in processes.items() if process.parent in belongs and n not in belongs}
            belongs |= children
            growing = bool(children)
        self.known = {number: processes[number].started for number in belongs}
        return [processes[number] for number in belongs if not processes[number].dead]

    def mebibytes(self, members: list[Process], limit: float) -> float:
        """Memory the members hold together. Pages shared between them count once when it matters."""
        resident = sum(member.pages for member in members) * PAGE / MEBIBYTE
        if resident <= limit or len(members) == 1:
            return resident
        return sum(_proportional(member.number, member.pages) for member in members)

    def end(self) -> list[int]:
        """Kill all of them, also those that hid in a session of their own; the numbers of any that are left."""
        left: list[int] = []
        for _ in range(50):
            _kill_group(self.root)
            left = [member.number for member in self.members()] + self._strays()
            if not left:
                break
            for number in left:
                _kill(number)
            time.sleep(0.01)  # killing is done by the kernel, in its own time
        return left

    def _strays(self) -> list[int]:
        """Living processes that still carry the run's mark in the environment they were started with."""
        if not WATCHED:
            return []
        numbers = (int(name) for name in os.listdir(PROC) if name.isdigit())
        return [number for number in numbers if number not in self.known and self._is_marked(number)]

    def _is_marked(self, number: int) -> bool:
        try:
            with open(f"/proc/{number}/environ", "rb") as environment:
                return self.mark in environment.read(65536).split(b"\0")
        except OSError:
            return False  # not ours to read, so not ours; or it ended


def _proportional(number: int, pages: int) -> float:
    try:
        with open(f"/proc/{number}/smaps_rollup", encoding="ascii") as rollup:
            for line in rollup:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) / 1024
    except (OSError, ValueError):
        pass  # an older kernel, or it ended: the resident size is the cautious answer
    return pages * PAGE / MEBIBYTE


def is_alive(number: int) -> bool:
    """Whether a process of this number is running; one that is dead and not yet buried is not."""
    if WATCHED:
        process = _read(number)
        return process is not None and not process.dead
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it lives, but is not ours
    return True


def _kill_group(root: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left in it
        os.killpg(root, signal.SIGKILL)


def _kill(number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(number, signal.SIGKILL)
