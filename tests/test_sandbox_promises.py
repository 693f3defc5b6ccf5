"""The wall's promises hold on this machine, and those it does not make are not claimed."""

from __future__ import annotations

import os

import pytest

from gradetape.sandbox.processes import WATCHED
from gradetape.sandbox.promises import Canary, try_all

pytestmark = pytest.mark.skipif(not WATCHED or os.name != "posix", reason="some promises are made on Linux only")


@pytest.fixture(scope="module")
def canaries() -> tuple[Canary, ...]:
    return try_all()


def test_every_promise_of_this_level_holds(canaries: tuple[Canary, ...]) -> None:
    assert [canary.promise for canary in canaries if canary.level == "limits" and not canary.held] == []
    assert len([canary for canary in canaries if canary.held]) >= 15


def test_what_this_level_cannot_keep_is_said(canaries: tuple[Canary, ...]) -> None:
    not_held = {canary.promise for canary in canaries if not canary.held}
    assert not_held == {
        "Files outside cannot be read",
        "Files outside cannot be written",
        "Many files cannot fill the disk",
        "The network cannot be reached",
    }
