"""What has been found of a transfer-learning program so far: each part serves the stages after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from gradetape.probes.backbone import Base
from gradetape.probes.fit_watch import Watch
from gradetape.probes.pretrained import Shelf
from gradetape.probes.program import Program

SIDE = 224
TRAINING_PICTURES = 16
VALIDATION_PICTURES = 6
STEP_PICTURES = 2  # in the one real training step of each phase

Facts = dict[str, Any]
Picture = np.ndarray[Any, Any]


@dataclass
class Look:
    """What has been found of the student's program so far, each part for the stages after it."""

    program: Program
    shelf: Shelf
    raw: dict[str, Any] = field(default_factory=dict)
    pictures: dict[str, list[Picture]] = field(default_factory=dict)
    n_classes: int = 0
    training: Any = None
    validation: Any = None
    model: Any = None
    base: Base | None = None
    sets: dict[str, Any] = field(default_factory=dict)
    sources: list[Facts] = field(default_factory=list)
    watch: Watch = field(default_factory=Watch)


def input_shape(model: keras.Model) -> tuple[int, int, int]:
    """224×224×3, or the shape that the model was built for where that is another."""
    try:
        height, width, maps = model.input_shape[1:]
    except (AttributeError, ValueError, TypeError):  # not built yet, or several inputs
        return SIDE, SIDE, 3
    return height or SIDE, width or SIDE, maps or 3
