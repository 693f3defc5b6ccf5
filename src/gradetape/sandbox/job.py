"""What is asked of the wall, and what comes back: the face that stays when the inside changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gradetape.domain import Array, Ending, JsonValue


@dataclass(frozen=True)
class Limits:
    """How much one run may use. All are upper bounds; passing any of them ends the run."""

    wall_seconds: float = 120
    cpu_seconds: int = 120
    memory_mebibytes: int = 6144
    output_bytes: int = 1_000_000
    artefact_bytes: int = 64 * 1024 * 1024
    file_mebibytes: int = 256
    threads: int = 1
    processes: int = 64


@dataclass(frozen=True)
class Job:
    """One confined run.

    `probe` names a module of gradetape.probes; `request` (strict JSON) is what it is asked; `files` are put into the
    run's own folder, which is also where it starts. `readable` folders may be read, never written. `environment`
    adds a few variables that the wall knows to be harmless, such as TFDS_DATA_DIR. No secret belongs in any of these.
    """

    probe: str
    request: Mapping[str, JsonValue] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    readable: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a run ended and what it left. `facts` and `arrays` hold what was observed up to the end, however it ended.

    `output` is a trimmed stdout and stderr for display; `detail` says in one sentence why the run ended as it did.
    `facts["stages"]` names the probe's notes in the order in which they came.
    """

    ending: Ending
    facts: Mapping[str, JsonValue] = field(default_factory=dict)
    arrays: Mapping[str, Array] = field(default_factory=dict)
    output: str = ""
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_mebibytes: float = 0.0
    isolation: str = "limits"
    detail: str = ""
