"""A probe that misbehaves on request, in one named way: what the wall is tried with, by tests and by the doctor.

`{"does": "loop"}` runs the function of that name below; `{"does": "submission"}` loads submission.py as a real probe
would and calls its `answer()`, where there is one.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gradetape.probes import channel, program

LONG_SECONDS = 600
MEBIBYTE = 1024 * 1024


def well(asked: dict[str, Any]) -> None:
    """Sends one of each kind of thing."""
    channel.note("structure", {"layers": ["Conv2D"], "shape": (None, 10)})
    channel.send({"loss": float("nan"), "steps": np.int64(3)}, {"ramp": np.arange(6, dtype=">f4").reshape(2, 3)})


def submission(asked: dict[str, Any]) -> None:
    """Loads the student's file and calls `answer`, as a probe of an exercise does."""
    loaded = program.load(Path(program.FILE), defines=asked.get("defines", []))
    value = loaded.call("answer")[0] if loaded.get("answer") else None
    channel.send({**loaded.facts, "value": value})


def loop(asked: dict[str, Any]) -> None:
    """Computes for ever and asks not to be disturbed."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    while True:
        pass


def sleep(asked: dict[str, Any]) -> None:
    """Waits for ever, which uses no computing time."""
    time.sleep(LONG_SECONDS)


def fill_memory(asked: dict[str, Any]) -> None:
    """Takes memory bit by bit and touches all of it."""
    held = []
    while True:
        held.append(bytearray(os.urandom(1024)) * 4096)


def fill_memory_in_children(asked: dict[str, Any]) -> None:
    """Shares the hoarding among processes that are each within bounds."""
    for _ in range(4):
        if os.fork() == 0:
            held = bytearray(b"x" * asked["mebibytes"] * MEBIBYTE)
            time.sleep(LONG_SECONDS + len(held) * 0)
    time.sleep(LONG_SECONDS)


def flood(asked: dict[str, Any]) -> None:
    """Prints without end."""
    while True:
        print("all work and no play " * 40)


def fill_file(asked: dict[str, Any]) -> None:
    """Writes one file until somebody says stop, and reports how far it came."""
    written = 0
    try:
        with open("large", "wb") as file:
            while written < asked["mebibytes"]:
                written += file.write(b"\0" * MEBIBYTE) // MEBIBYTE
                file.flush()
    except OSError as refusal:
        channel.send({"stopped": refusal.strerror, "mebibytes": written})
    else:
        channel.send({"stopped": "", "mebibytes": written})


def fill_files(asked: dict[str, Any]) -> None:
    """Writes many files, each of them within bounds, and reports whether anybody said stop."""
    try:
        for number in range(asked["files"]):
            Path(f"part-{number}").write_bytes(b"\0" * asked["mebibytes"] * MEBIBYTE)
    except OSError as refusal:
        channel.send({"stopped": refusal.strerror})
    else:
        channel.send({"stopped": ""})


def leave(asked: dict[str, Any]) -> None:
    """Ends the process with the exit code of success, results unsent, a forged score on the screen."""
    channel.note("program")
    print(json.dumps({"score": 1.0, "passed": True}))
    sys.stdout.flush()
    os._exit(0)


def kill_itself(asked: dict[str, Any]) -> None:
    """Ends the process as a crash would, after one honest note."""
    channel.note("structure", {"layers": ["Dense"]})
    channel.note("program")
    os.kill(os.getpid(), signal.SIGKILL)


def leave_a_child(asked: dict[str, Any]) -> None:
    """Finishes well, leaving a process of its own group behind."""
    channel.send({"child": subprocess.Popen(["/bin/sleep", str(LONG_SECONDS)]).pid})


def leave_a_daemon(asked: dict[str, Any]) -> None:
    """Finishes well, leaving a process that has a session of its own and no parent."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(writing, struct.pack("i", os.getpid()))
            time.sleep(LONG_SECONDS)
        os._exit(0)
    (number,) = struct.unpack("i", os.read(reading, 4))
    channel.send({"child": number})


def fork_bomb(asked: dict[str, Any]) -> None:
    """Multiplies."""
    while True:
        with contextlib.suppress(OSError):
            os.fork()


def lock_folders(asked: dict[str, Any]) -> None:
    """Leaves folders that cannot be entered, deeper than a path can be long, with a name as long as names get."""
    Path("n" * 255).write_text("long")
    os.symlink("/", "root")
    start = os.getcwd()
    for _ in range(asked["deep"]):
        os.mkdir("inner")
        os.chdir("inner")
    os.chmod(".", 0)
    os.chdir(start)
    os.chmod("inner", 0)
    channel.send({"folder": start})


def look_around(asked: dict[str, Any]) -> None:
    """Reports what can be seen from here."""
    channel.send(
        {
            "environment": dict(os.environ),
            "started_with": Path("/proc/self/environ").read_text().split("\0") if sys.platform == "linux" else [],
            "folder": os.getcwd(),
            "files": sorted(os.listdir(".")),
            "input": sys.stdin.read() if sys.stdin else "",
            "descriptors": _descriptors(),
            "path": sys.path,
            "hash_seed": os.environ.get("PYTHONHASHSEED"),
            "order": list({"conv", "pool", "dense", "flatten", "dropout"}),
        }
    )


def read_file(asked: dict[str, Any]) -> None:
    """Tries to read a file that is none of its business."""
    channel.send({"reached": _works(lambda: Path(asked["path"]).read_bytes())})


def write_file(asked: dict[str, Any]) -> None:
    """Tries to write a file that is none of its business."""
    channel.send({"reached": _works(lambda: Path(asked["path"]).write_text("I was here"))})


def call_out(asked: dict[str, Any]) -> None:
    """Tries to reach a listener on this machine, which stands for any network."""
    channel.send({"reached": _works(lambda: socket.create_connection(("127.0.0.1", asked["port"]), 5).close())})


def send_bytes(asked: dict[str, Any]) -> None:
    """Writes raw bytes, given in hexadecimal, where frames belong."""
    channel.note("program")
    pipe = channel._pipe
    assert pipe is not None
    os.write(pipe, bytes.fromhex(asked["bytes"]))
    os._exit(0)


def send_much(asked: dict[str, Any]) -> None:
    """Sends more than anybody wants to have."""
    channel.send({}, {"much": np.zeros(asked["mebibytes"] * MEBIBYTE, dtype="uint8")})


def fail(asked: dict[str, Any]) -> None:
    """Fails as a probe with a defect would."""
    raise LookupError("this probe has a defect")


def forget(asked: dict[str, Any]) -> None:
    """Ends without a last word."""


def _descriptors() -> list[str]:
    opened = []
    for number in range(256):
        try:
            opened.append(os.readlink(f"/proc/self/fd/{number}"))
        except OSError:
            continue
    return opened


def _works(act: Callable[[], Any]) -> bool:
    try:
        act()
    except OSError:
        return False
    return True


WAYS: dict[str, Callable[[dict[str, Any]], None]] = {
    way.__name__: way
    for way in (
        well,
        submission,
        loop,
        sleep,
        fill_memory,
        fill_memory_in_children,
        flood,
        fill_file,
        fill_files,
        leave,
        kill_itself,
        leave_a_child,
        leave_a_daemon,
        fork_bomb,
        lock_folders,
        look_around,
        read_file,
        write_file,
        call_out,
        send_bytes,
        send_much,
        fail,
        forget,
    )
}

if __name__ == "__main__":
    request = channel.request()
    WAYS[request["does"]](request)
