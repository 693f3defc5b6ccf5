"""Trains a checked architecture from fresh random weights. No student's code is in this process, and no held-out label.

The request: {"architecture": …, "recipe": …, "seed", "data": "training.npz", "budgets": {"cpu": …, "gpu": … or null}}
with a budget of {"images", "batch_size", "passes"}. The data file holds x_train, y_train and x_held_out.
Sends what it ran on, the learning curve, and what the trained model says of the held-out inputs.
"""

from __future__ import annotations

import os
from typing import Any

import keras
import numpy as np

from gradetape.probes import channel
from gradetape.probes.devices import devices
from gradetape.probes.structure import every_layer

BATCH_NORMALISATION = keras.layers.BatchNormalization
POINTS = 10  # of the learning curve
SETTLING = (16, 64, 0.8)  # batches, images in each, and how much of the old statistics each of them leaves
PREDICTED_AT_ONCE = 200


def main() -> None:
    """Build, train, predict, send."""
    asked = channel.request()
    device = ready_device()
    budget = asked["budgets"].get("gpu") if device["kind"] == "GPU" else None
    budget = budget or asked["budgets"]["cpu"]
    seed = int(asked["seed"])
    begin_from(seed)
    with np.load(asked["data"], allow_pickle=False) as stored:
        x_train, y_train, x_held_out = (stored[name] for name in ("x_train", "y_train", "x_held_out"))
    scale, offset = asked["recipe"]["scale"], asked["recipe"]["offset"]
    model = assembled(asked["architecture"])
    compile_by(model, asked["recipe"])
    channel.note("assembled", {"ran_on": ran_on(device), "parameters": model.count_params(), "budget": budget})
    labels = keras.utils.to_categorical(y_train, model.output_shape[-1]) if asked["recipe"]["one_hot"] else y_train
    curve = learn(model, x_train * scale + offset, labels, budget, seed)
    settle(model, x_train * scale + offset)
    scores = model.predict(x_held_out * scale + offset, batch_size=PREDICTED_AT_ONCE, verbose=0)
    channel.send({"curve": curve}, {"predictions": np.asarray(scores, dtype="float32")})


def begin_from(seed: int) -> None:
    """Weights, order and everything else that is random follow from `seed` alone, where the backend can promise it."""
    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf  # only this backend needs to be told

        tf.config.experimental.enable_op_determinism()


def ready_device() -> dict[str, str]:
    """The device Keras will compute on: a GPU if the backend sees one, which then takes memory only as it needs it."""
    seen = devices(keras.backend.backend())
    graphics = [device for device in seen if device["kind"] in ("GPU", "CUDA", "ROCM")]
    if graphics and keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        for device in tf.config.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(device, True)
    return {**graphics[0], "kind": "GPU"} if graphics else {"kind": "CPU", "name": "CPU", "model": ""}


def ran_on(device: dict[str, str]) -> dict[str, str]:
    """Backend, its version, Keras' version, device: what a report has to name."""
    return {
        "backend": keras.backend.backend(),
        "keras": keras.__version__,
        "device": f"{device['kind']} {device['model']}".strip(),
        "threads": os.environ.get("TF_NUM_INTRAOP_THREADS", ""),
    }


def assembled(architecture: dict[str, Any]) -> keras.Model:
    """The Keras model of a checked architecture, with fresh weights; layers that only disturb training are left out."""
    start = keras.Input(tuple(architecture["input_shape"]))
    made: dict[str, Any] = {"": start}
    layers: dict[str, Any] = {}
    last: Any = start
    for node in architecture["nodes"]:
        fed = [made.get(name, start) for name in node["inputs"]]
        if node["quiet"]:
            last = made[node["name"]] = fed[0]
            continue
        if node["repeats"]:
            layer = layers[node["repeats"]]
        else:
            layer = getattr(keras.layers, node["layer"])(**{k: _object(k, v) for k, v in node["settings"].items()})
            layer.trainable = node["trainable"]
            layers[node["name"]] = layer
        last = made[node["name"]] = layer(fed if len(fed) > 1 else fed[0])
    return keras.Model(start, last)


def _object(setting: str, value: Any) -> Any:
    """An initialiser or regulariser from its checked description; everything else as it is."""
    if not isinstance(value, dict):
        return value
    home = keras.regularizers if setting.endswith("regularizer") else keras.initializers
    return getattr(home, value["class"])(**{key: part for key, part in value.items() if key != "class"})


def compile_by(model: keras.Model, recipe: dict[str, Any]) -> None:
    """`model` is compiled as the checked recipe says."""
    loss, optimizer = dict(recipe["loss"]), dict(recipe["optimizer"])
    accuracy = "categorical_accuracy" if recipe["one_hot"] else "sparse_categorical_accuracy"
    model.compile(
        loss=getattr(keras.losses, loss.pop("class"))(**loss),
        optimizer=getattr(keras.optimizers, optimizer.pop("class"))(**optimizer),
        metrics=[accuracy],
    )


def learn(model: keras.Model, x: Any, y: Any, budget: dict[str, Any], seed: int) -> list[dict[str, Any]]:
    """Train within the budget; the loss and accuracy over each tenth of it, before each step changed the weights."""
    order = np.random.default_rng(seed)
    count = min(int(budget["images"]), len(x))
    seen = np.concatenate([order.permutation(len(x))[:count] for _ in range(int(budget["passes"]))])
    batch = int(budget["batch_size"])
    piece = batch * max(1, -(-len(seen) // (POINTS * batch)))  # whole batches: batch normalisation fails on one image
    curve, done = [], 0
    for start in range(0, len(seen), piece):
        chosen = seen[start : start + piece]
        history = model.fit(x[chosen], y[chosen], batch_size=batch, shuffle=False, verbose=0).history
        done += len(chosen)
        named = {("loss" if name == "loss" else "accuracy"): float(values[-1]) for name, values in history.items()}
        curve.append({"images": done, **named})
        channel.note("learning", {"curve": curve})
    return curve


def settle(model: keras.Model, x: Any) -> None:
    """Batch normalisation knows the statistics of the weights as they are now.

    Its moving averages trail behind by hundreds of steps. In a training of a few hundred they would still describe
    weights that are long gone, and a sound model would look broken.
    """
    norms = [layer for layer in every_layer(model) if isinstance(layer, BATCH_NORMALISATION) and layer.trainable]
    if not norms:
        return
    batches, size, kept = SETTLING
    for norm in norms:
        norm.momentum = kept
    for number in range(batches):
        model(x[np.arange(number * size, (number + 1) * size) % len(x)], training=True)  # round and round a small set


if __name__ == "__main__":
    main()
