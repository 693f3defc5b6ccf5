"""The thresholds of training checks, read from the one file that holds them beside the runs that justify them.

LIMITS = thresholds("q09_mnist_cnn", beside=__file__)       # in graders/q09_mnist_cnn.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from gradetape.errors import CourseError
from gradetape.facts import Facts, checked, read_yaml

FILE = "thresholds.yaml"
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[int, Field(gt=0)]


class Budget(Facts):
    """How much a model may see and use: images a pass, passes, images a step, CPU seconds and threads for the whole run.

    `loop_seconds`: CPU time for a training loop of the student's own.
    """

    images: Positive
    batch_size: Positive
    passes: Positive = 1
    cpu_seconds: Positive = 300
    threads: Positive = 1
    loop_seconds: Positive = 60


class Bounds(Facts):
    """Accuracy on held-out images: from `pass_at` on the check is met, below `fail_below` it is missed.

    Between them a second seed decides, and if that does not, a human.
    """

    fail_below: Share
    pass_at: Share

    @model_validator(mode="after")
    def _in_order(self) -> Bounds:
        if self.fail_below > self.pass_at:
            raise ValueError("fail_below must not lie above pass_at")
        return self


class Graphics(Facts):
    """Budget and bounds on a GPU. Bounds are null until they have been calibrated there; those of the CPU hold then."""

    budget: Budget
    bounds: Bounds | None = None


class CalibratedRun(Facts):
    """One model of the calibration: whether it ought to pass, and its accuracy for each seed."""

    model: str
    sound: bool
    accuracies: Annotated[tuple[Share, ...], Field(min_length=1)]


class Calibration(Facts):
    """Where the bounds come from: when, with which versions, by which command, and every run."""

    date: str
    command: str
    versions: str
    machine: str
    data: str
    note: str = ""
    runs: tuple[CalibratedRun, ...] = ()


class Thresholds(Facts):
    """All that a training check of one exercise goes by."""

    budget: Budget
    bounds: Bounds
    gpu: Graphics | None = None
    calibration: Calibration | None = None

    def bounds_on(self, device: str) -> Bounds:
        """The bounds for a run on `device`, as the training probe names it ("CPU", "GPU NVIDIA …")."""
        if device.startswith("GPU") and self.gpu is not None and self.gpu.bounds is not None:
            return self.gpu.bounds
        return self.bounds


def thresholds(slug: str, *, beside: str) -> Thresholds:
    """What `thresholds.yaml` in the folder of the file `beside` says of exercise `slug`. Raises CourseError."""
    path = Path(beside).with_name(FILE)
    name = f"{path.parent.name}/{FILE}"
    held = read_yaml(path, name)
    if not isinstance(held, dict) or slug not in held:
        raise CourseError(
            f"{name}, {slug}", expected="an entry of that name", found="none", next_step="Run the calibration."
        )
    return checked(Thresholds, held[slug], f"{name}, {slug}")
