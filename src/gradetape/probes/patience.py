"""Ends a piece of work after so much CPU time, without ending the process.

A training loop that a student wrote cannot be capped by steps. When its time is up it is left where it stands, with
the weights as they are then.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class TimeIsUp(BaseException):
    """Raised inside the work. No Exception, so that a student's `except Exception` lets it pass."""


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """The block has ended after about `seconds` of CPU time; whatever it had done by then is kept."""

    def stop(number: int, frame: Any) -> None:
        raise TimeIsUp

    earlier = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    except TimeIsUp:
        pass
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, earlier)
