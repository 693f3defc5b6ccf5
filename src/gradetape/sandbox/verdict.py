"""Tells the endings apart: what the supervisor saw and what the probe sent, as one Ending and a sentence."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from typing import Any

from gradetape.domain import Ending, JsonValue
from gradetape.sandbox.artefacts import Artefacts
from gradetape.sandbox.job import Limits
from gradetape.sandbox.supervisor import Watched

PROGRAM_STAGE = "program"  # the probe notes it right before the first line of the student's runs
MEMORY_ERRORS = ("MemoryError", "ResourceExhaustedError")
ALLOCATION_FAILED = ("bad_alloc", "Unable to allocate", "out of memory")


def ending_of(watched: Watched, sent: Artefacts, limits: Limits) -> tuple[Ending, str]:
    """How the run ended, and why, in words that finish "the program was ended because …" or stand alone."""
    if watched.verdict is not None:
        return watched.verdict, watched.reason
    if sent.fault:
        return Ending.OUR_FAULT, f"the probe failed: {sent.fault}"
    if sent.final:
        return _reported(sent.facts)
    if _used_up_its_time(watched, limits):
        return Ending.OUT_OF_TIME, f"it used more than {limits.cpu_seconds} seconds of computing"
    if any(words in watched.output[-2000:] for words in ALLOCATION_FAILED) and watched.code != 0:
        return Ending.OUT_OF_MEMORY, f"it asked for more memory than the {limits.memory_mebibytes:,} MiB it may use"
    if PROGRAM_STAGE not in sent.stages:
        return Ending.OUR_FAULT, f"the probe ended before it came to the submission ({_way_out(watched.code)})"
    if watched.code < 0:
        return Ending.KILLED, _way_out(watched.code)
    if sent.cut_short:
        return Ending.BAD_ARTEFACT, "what it sent stops in the middle"
    return Ending.EXITED, f"it left before its results were in ({_way_out(watched.code)})"


def _reported(facts: Mapping[str, JsonValue]) -> tuple[Ending, str]:
    errors: Any = facts.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else None
    if first is None:
        return Ending.FINISHED, ""
    kind, sentence = str(first.get("type", "an exception")), str(first.get("message", ""))
    if kind in MEMORY_ERRORS:
        return Ending.OUT_OF_MEMORY, f"{kind}: {sentence}"
    if kind == "SystemExit":
        return Ending.EXITED, "it called sys.exit"
    return Ending.RAISED, f"{kind}: {sentence}"


def _used_up_its_time(watched: Watched, limits: Limits) -> bool:
    by_the_kernel = watched.code in (-signal.SIGXCPU, -signal.SIGKILL)
    return watched.code == -signal.SIGXCPU or (by_the_kernel and watched.cpu_seconds >= limits.cpu_seconds)


def _way_out(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
