"""How a model was compiled, as plain facts: its loss and its optimizer, however they were given."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np

from gradetape.probes.structure import scalars

SCHEDULE_STEPS = (0, 1, 10, 100, 1000, 10000)  # where a schedule is looked at to find its highest rate


def compile_facts(model: keras.Model) -> dict[str, Any] | None:
    """{"loss": …, "optimizer": …}, or None while the model has not been compiled."""
    if getattr(model, "optimizer", None) is None or not getattr(model, "compiled", False):
        return None
    return {"loss": loss_facts(getattr(model, "loss", None)), "optimizer": optimizer_facts(model.optimizer)}


def loss_facts(loss: Any) -> dict[str, Any] | None:
    """{"class", "from_logits", "label_smoothing"}: the class by Keras' name also where its function or text was given.

    `own` is true for a loss that Keras does not have.
    """
    if isinstance(loss, (list, tuple)) and len(loss) == 1:
        return loss_facts(loss[0])
    if loss is None:
        return None
    if isinstance(loss, str):
        try:
            loss = keras.losses.get(loss)
        except ValueError:
            return {"class": str(loss)[:80], "own": True, "from_logits": False, "label_smoothing": 0.0}
    config = scalars(loss.get_config()) if isinstance(loss, keras.losses.Loss) else {}
    name = type(loss).__name__ if isinstance(loss, keras.losses.Loss) else str(getattr(loss, "__name__", "function"))
    known = hasattr(keras.losses, name) and getattr(loss, "__module__", "").startswith("keras.src.")
    return {
        "class": name if isinstance(loss, keras.losses.Loss) or not known else _camel(name),
        "own": not known and not type(loss).__module__.startswith("keras.src."),
        "from_logits": config.get("from_logits") is True,
        "label_smoothing": float(config.get("label_smoothing") or 0.0),
    }


def optimizer_facts(optimizer: Any) -> dict[str, Any]:
    """{"class", "learning_rate", "schedule", "settings"}; of a schedule, the highest rate it comes to."""
    given = getattr(optimizer, "_learning_rate", None)  # the public property hides a schedule behind its present value
    schedule = given if isinstance(given, keras.optimizers.schedules.LearningRateSchedule) else None
    if schedule is not None:
        rate = max(_number(schedule(step)) for step in SCHEDULE_STEPS)
    else:
        rate = _number(optimizer.learning_rate)
    try:
        config = {name: scalars(value) for name, value in optimizer.get_config().items()}
    except Exception:  # noqa: BLE001 - an optimizer of the student's own need not have one
        config = {}
    return {
        "class": type(optimizer).__name__,
        "own": not type(optimizer).__module__.startswith("keras.src."),
        "learning_rate": rate,
        "schedule": type(schedule).__name__ if schedule is not None else "",
        "settings": {name: value for name, value in config.items() if isinstance(value, (bool, int, float))},
    }


def _number(value: Any) -> float:
    number = float(np.asarray(keras.ops.convert_to_numpy(value)))
    return number if math.isfinite(number) else 0.0


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_")).replace("Kl", "KL")
