"""Lets a submission's own code train its model behind the wall: for layers, losses and loops we cannot rebuild.

The request is that of probes/keras_classifier.py with "data" and "budgets" as in probes/training.py. The submission gets
training images only; a part of them serves as validation images. Held-out images come without labels.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np

from gradetape.probes import channel
from gradetape.probes.fit_data import Given, first_batch, look
from gradetape.probes.fit_watch import watch_fit
from gradetape.probes.patience import patience
from gradetape.probes.program import load
from gradetape.probes.structure import build, every_layer
from gradetape.probes.training import PREDICTED_AT_ONCE, begin_from, ran_on, ready_device, settle

VALIDATION_SHARE = 0.1
NOISE = ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout")


def main() -> None:
    """Train as the submission trains, within the budget, and send what the model then says of the held-out images."""
    asked = channel.request()
    device = ready_device()
    budget = (asked["budgets"].get("gpu") if device["kind"] == "GPU" else None) or asked["budgets"]["cpu"]
    begin_from(int(asked["seed"]))
    with np.load(asked["data"], allow_pickle=False) as stored:
        given, held_out = _shared_out(stored["x_train"], stored["y_train"], budget), stored["x_held_out"]
    program = load(Path(asked.get("file", "submission.py")), asked["defines"])
    channel.note("loaded", {"ran_on": ran_on(device), "budget": budget})
    model, error = program.call("build_model")
    if error is None:
        _, error = program.attempt("calling the model", lambda: build(model, asked["input_shape"]))
    if error is not None:
        channel.send(program.facts)
        return
    hush(model)
    scales = [(1.0, 0.0)]

    def on_fit(fitted: keras.Model, arguments: dict[str, Any]) -> None:
        batch, arguments["x"] = first_batch(arguments.get("x"), arguments.get("y"))
        seen = look(batch, given)
        scales.append((seen.get("scale", 1.0), seen.get("offset", 0.0)))
        if batch.kind == "arrays":
            arguments["batch_size"] = int(budget["batch_size"])
            arguments["callbacks"] = None

    def training() -> None:
        with watch_fit(None, int(budget["passes"]), on_fit), patience(float(budget["loop_seconds"])):
            program.get("train")(model, given.x_train, given.y_train, given.x_valid, given.y_valid)

    program.attempt("train", training)
    scale, offset = scales[-1]
    program.attempt("train", lambda: settle(model, given.x_train * scale + offset))
    scores, error = program.attempt("predicting", lambda: predicted(model, held_out * scale + offset))
    channel.send(program.facts, {} if error is not None else {"predictions": scores})


def _shared_out(x: Any, y: Any, budget: dict[str, Any]) -> Given:
    count = min(int(budget["images"]), int(len(x) * (1 - VALIDATION_SHARE)))
    kept = max(1, int(count * VALIDATION_SHARE))
    return Given(x[:count], y[:count], x[count : count + kept], y[count : count + kept])


def hush(model: keras.Model) -> None:
    """Every dropout layer of `model` has the rate 0: with so few images it would only slow learning down."""
    for layer in every_layer(model):
        if type(layer).__name__ in NOISE:
            layer.rate = 0.0


def predicted(model: Any, images: Any) -> np.ndarray[Any, Any]:
    """What the model gives for each image, in inference mode."""
    pieces = [
        keras.ops.convert_to_numpy(model(images[start : start + PREDICTED_AT_ONCE], training=False))
        for start in range(0, len(images), PREDICTED_AT_ONCE)
    ]
    return np.concatenate(pieces).astype("float32")


if __name__ == "__main__":
    main()
