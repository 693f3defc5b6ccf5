"""probes/patience.py: work without an end is left, work that ends is not disturbed."""

from __future__ import annotations

import signal

from gradetape.probes.patience import patience


def test_an_endless_loop_is_left_when_its_time_is_up() -> None:
    rounds = 0
    with patience(0.2):
        while True:
            rounds += 1
    assert rounds > 0


def test_an_except_of_all_exceptions_does_not_hold_it_back() -> None:
    swallowed = 0
    with patience(0.2):
        while True:
            try:
                sum(range(1000))
            except Exception:  # noqa: BLE001 - what a student might write
                swallowed += 1
    assert swallowed == 0


def test_the_timer_is_off_afterwards() -> None:
    with patience(5):
        pass
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
