"""Looks at a student's image classifier: what `build_model()` returns, and what `train(...)` does with it.

The request: {"defines": […], "input_shape": [28, 28, 1], "seed": 7, "file": "submission.py", "images": "images.npz"}.
Facts are noted stage by stage, so that a crash in a late one leaves the earlier ones standing:

    program   attempted, defined, missing, unfinished, errors
    model     returned, model (see structure.py)
    output    output: what kind of numbers the untrained model gives
    training  fits (what each `fit` was asked for), losses, optimizers, moved, compile
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np

from gradetape.probes import channel
from gradetape.probes.compiled import compile_facts, loss_facts, optimizer_facts
from gradetape.probes.fit_data import Batch, Given, first_batch, look
from gradetape.probes.fit_watch import watch_fit
from gradetape.probes.patience import patience
from gradetape.probes.program import Program, load
from gradetape.probes.structure import build, describe, every_layer, scalars

FEW_STEPS = 3
FEW_IMAGES = 32  # at most so many in a step of the short run
LOOP_SECONDS = 20  # CPU time for a training loop of the student's own, which cannot be capped by steps
RANDOM_PICTURES = 64

Facts = dict[str, Any]


def main() -> None:
    """Look at the program named in the request and send what was seen."""
    asked = channel.request()
    keras.utils.set_random_seed(int(asked.get("seed", 0)))
    program = load(Path(asked.get("file", "submission.py")), asked["defines"])
    channel.note("loaded", program.facts)
    shape = tuple(asked["input_shape"])
    model = look_at_model(program, shape)
    if model is not None:
        look_at_training(program, model, given_images(asked["images"]))
    channel.send(program.facts)


def given_images(path: str) -> Given:
    """The images and labels that the student's `train` gets."""
    with np.load(path, allow_pickle=False) as stored:
        return Given(*(stored[name] for name in ("x_train", "y_train", "x_valid", "y_valid")))


def look_at_model(program: Program, shape: tuple[int, ...]) -> keras.Model | None:
    """The student's model, built, once its structure has been noted; None where there is none to look at."""
    model, error = program.call("build_model")
    if error is not None:
        return None
    is_model = isinstance(model, keras.Model)
    channel.note("built", {"returned": {"class": type(model).__name__, "is_model": is_model}})
    if not is_model:
        return None
    _, error = program.attempt("calling the model", lambda: build(model, shape))
    if error is not None:
        channel.note("built", {"asked_shape": _asked_shape(model), **program.facts})
        return None
    facts, error = program.attempt("calling the model", lambda: describe(model, shape))
    if error is not None:
        return None
    channel.note("model", {"model": facts, "compile": compile_facts(model)})
    output, error = program.attempt("calling the model", lambda: look_at_output(model, shape))
    channel.note("output", {"output": output} if error is None else program.facts)
    return model if error is None else None


def look_at_output(model: keras.Model, shape: tuple[int, ...]) -> Facts:
    """What the numbers of the untrained model look like for random pictures, seen without knowing its last layer."""
    chance = np.random.default_rng(0)
    pictures = chance.normal(0.5, 1.0, (RANDOM_PICTURES, *shape)).astype("float32")
    given = keras.tree.flatten(model(pictures, training=False))
    numbers = np.asarray(keras.ops.convert_to_numpy(given[0]), dtype="float64")
    finite = bool(np.isfinite(numbers).all())
    sums = numbers.reshape(len(numbers), -1).sum(axis=1)
    return {
        "finite": finite,
        "low": float(numbers.min()) if finite else None,
        "high": float(numbers.max()) if finite else None,
        "sums_to_one": bool(finite and np.allclose(sums, 1, atol=1e-3) and numbers.min() >= 0),
        "zeros": float(np.mean(numbers == 0)) if finite else 0.0,
    }


def look_at_training(program: Program, model: keras.Model, given: Given) -> None:
    """Let the student's `train` take a few real steps, and note what it asked for and what it moved."""
    before = _weights(model)
    fits: list[Facts] = []
    losses: dict[str, Facts] = {}
    steps: dict[str, Any] = {}

    def on_fit(fitted: keras.Model, arguments: dict[str, Any]) -> None:
        asked = watch.fits[-1]  # before it was capped
        fits.append(
            {**fit_facts(fitted, model, arguments, given), "epochs": asked.epochs, "batch_size": asked.batch_size}
        )
        if fits[-1]["data"]["kind"] == "arrays":
            arguments["batch_size"] = min(int(arguments["batch_size"] or FEW_IMAGES), FEW_IMAGES)

    def training() -> None:
        arrays = (given.x_train, given.y_train, given.x_valid, given.y_valid)
        with _watched_parts(losses, steps), patience(LOOP_SECONDS):
            program.get("train")(model, *(array.copy() for array in arrays))

    if callable(program.get("train")):
        with watch_fit(FEW_STEPS, 1, on_fit, eagerly=True) as watch:
            _, error = program.attempt("train", training)
    else:
        _, error = program.call("train")
    after = _weights(model)
    moved = (
        [name for name in after if not np.array_equal(before[name], after[name])]
        if before.keys() == after.keys()
        else []
    )
    facts: Facts = {
        "fits": fits,
        "losses_called": list(losses.values()),
        "optimizers_called": [optimizer_facts(optimizer) for optimizer in steps.values()],
        "compile": compile_facts(model),
        "train": {
            "finished": error is None,
            "moved": moved,
            "still": [name for name in after if name not in moved],
            "finite": all(bool(np.isfinite(values).all()) for values in after.values()),
            "frozen": [layer.name for layer in list(every_layer(model))[1:] if not layer.trainable and layer.weights],
        },
    }
    channel.note("training", {**facts, **program.facts})


def fit_facts(fitted: keras.Model, model: keras.Model, arguments: dict[str, Any], given: Given) -> Facts:
    """What one `fit` was asked for. Puts back into `arguments` what looking at a generator took out of it."""
    batch, arguments["x"] = first_batch(arguments.get("x"), arguments.get("y"))
    validation: Facts = {"kind": "none"}
    if arguments.get("validation_data") is not None:
        seen, arguments["validation_data"] = _validation_batch(arguments["validation_data"])
        validation = look(seen, given)
    elif arguments.get("validation_split"):
        validation = {"kind": "split", "share": float(arguments["validation_split"])}
    callbacks = arguments.get("callbacks") or []
    return {
        "same_model": fitted is model,
        "data": look(batch, given),
        "validation": validation,
        "compile": compile_facts(fitted),
        "callbacks": [_callback(each) for each in (callbacks if isinstance(callbacks, (list, tuple)) else [callbacks])],
    }


def _validation_batch(data: Any) -> tuple[Batch, Any]:
    if isinstance(data, (tuple, list)) and len(data) >= 2:
        return first_batch(data[0], data[1])[0], data
    return first_batch(data)


def _callback(callback: Any) -> Facts:
    plain = {
        key: value
        for key, value in vars(callback).items()
        if not key.startswith("_") and isinstance(value, (bool, int, float, str))
    }
    kept = ("monitor", "patience", "restore_best_weights", "factor", "min_delta", "mode")
    return {"class": type(callback).__name__, **scalars({key: plain[key] for key in kept if key in plain})}


@contextmanager
def _watched_parts(losses: dict[str, Facts], steps: dict[str, Any]) -> Iterator[None]:
    """Note which loss objects are called and which optimizers step, for training loops that never call `fit`."""
    call, apply = keras.losses.Loss.__call__, keras.optimizers.Optimizer.apply

    def watched_call(loss: Any, y_true: Any, y_pred: Any, *rest: Any, **named: Any) -> Any:
        facts = loss_facts(loss) or {}
        losses.setdefault(str(facts.get("class")), {**facts, "label_rank": len(getattr(y_true, "shape", ()))})
        return call(loss, y_true, y_pred, *rest, **named)

    def watched_apply(optimizer: Any, *rest: Any, **named: Any) -> Any:
        steps[type(optimizer).__name__] = optimizer  # inside a traced function its numbers cannot be read yet
        return apply(optimizer, *rest, **named)

    keras.losses.Loss.__call__, keras.optimizers.Optimizer.apply = watched_call, watched_apply
    try:
        yield
    finally:
        keras.losses.Loss.__call__, keras.optimizers.Optimizer.apply = call, apply


def _weights(model: keras.Model) -> dict[str, np.ndarray[Any, Any]]:
    """A copy of every trainable variable, by its path."""
    named = enumerate(model.trainable_variables)
    return {f"{place}:{variable.path}": np.array(keras.ops.convert_to_numpy(variable)) for place, variable in named}


def _asked_shape(model: keras.Model) -> Any:
    try:
        return [list(tensor.shape) for tensor in model.inputs]
    except Exception:  # noqa: BLE001 - only a model with inputs of its own asks for a shape
        return None


if __name__ == "__main__":
    main()
