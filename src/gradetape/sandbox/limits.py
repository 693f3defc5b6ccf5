"""Which limits the kernel is asked to hold, computed here and applied by the child before any student's code."""

from __future__ import annotations

from collections.abc import Mapping

from gradetape.sandbox.environment import may_see_accelerator
from gradetape.sandbox.job import Limits

MEBIBYTE = 1024 * 1024
ROOM_FOR_LIBRARIES = 2048  # mebibytes that a quiet TensorFlow maps but never touches
GRACE_SECONDS = 2  # between the kernel's warning signal and its last one
OPEN_FILES = 256


def kernel_limits(limits: Limits, environment: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Soft and hard value by the name of the `resource` module's constant.

    Addresses stay unbounded where a GPU may be used, whose driver maps more than any sensible bound; there the
    supervisor's watch over real memory is the only one.
    """
    held = {
        "RLIMIT_CORE": (0, 0),
        "RLIMIT_CPU": (int(limits.cpu_seconds), int(limits.cpu_seconds) + GRACE_SECONDS),
        "RLIMIT_FSIZE": (limits.file_mebibytes * MEBIBYTE,) * 2,
        "RLIMIT_NOFILE": (OPEN_FILES, OPEN_FILES),
    }
    if not may_see_accelerator(environment):
        held["RLIMIT_AS"] = ((limits.memory_mebibytes + ROOM_FOR_LIBRARIES) * MEBIBYTE,) * 2
    return held
