"""Where a confined process begins: takes its limits upon itself, then becomes the probe it was asked to be.

The arguments are the probe's name, the run's folder, and the number of the pipe that artefacts go into.
"""

from __future__ import annotations

import sys
from pathlib import Path

# Python 3.10 knows no safe path: it would put this folder, and not only the installed packages, on the search path.
if sys.path and Path(sys.path[0]).resolve() == Path(__file__).resolve().parent:
    del sys.path[0]

import contextlib
import ctypes
import json
import os
import resource
import runpy
import signal
import traceback

from gradetape.probes import channel, program

PR_SET_PDEATHSIG = 1


def main(probe: str, folder: Path, pipe: int) -> None:
    """Run the probe to its end and leave without a word more, so that nothing registered for later gets a turn."""
    try:
        asked = json.loads((folder / "request.json").read_text(encoding="utf-8"))
        die_with_parent()
        take_limits(asked["limits"])
        channel.open_channel(asked["request"], pipe)
        runpy.run_module(f"gradetape.probes.{probe}", run_name="__main__", alter_sys=True)
        if not channel.is_closed():
            channel.fault("it ended without sending its facts")
    except BaseException as error:  # noqa: BLE001  sys.exit included: nothing may leave here unsaid
        say_what_escaped(error)
    finally:
        for stream in (sys.stdout, sys.stderr):
            flush(stream)
        os._exit(0)


def say_what_escaped(error: BaseException) -> None:
    """What arose in a line of the submission is the student's; anything else is a fault of the probe, hence ours."""
    if channel.is_closed():
        return
    if program.is_students(error):
        channel.send({"errors": [program.describe(error, "running")]})
    else:
        channel.fault(traceback.format_exc()[-4000:])


def take_limits(limits: dict[str, tuple[int, int]]) -> None:
    """The kernel holds this process and its children to `limits` from here on."""
    for name, (soft, hard) in limits.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        # a system without this limit, as macOS has no RLIMIT_AS, still has the supervisor's own limits
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (soft, hard))


def die_with_parent() -> None:
    """Should the supervisor be killed, the kernel ends this process too (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def flush(stream: object) -> None:
    """What was printed is out, as far as the stream still lets us."""
    with contextlib.suppress(BaseException):
        stream.flush()  # type: ignore[attr-defined]  # students may have put anything in a stream's place


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
