"""Watches `compile`, `fit` and `evaluate` of every Keras model, and keeps each run of them short.

    with watch_fit(limit_steps=1, limit_epochs=1) as watch:
        train(model, ...)
    watch.fits[-1].optimizer["learning_rate"]

A student's program may then train as long as it likes: what it asked for is recorded, what is run is capped.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import keras

from gradetape.probes.compiled import compile_facts, optimizer_facts

Arguments = dict[str, Any]
Facts = dict[str, Any]
WATCHED = ("compile", "fit", "evaluate")


@dataclass(frozen=True)
class CompileCall:
    """One `compile`: loss and optimizer as compiled.py tells them, and the paths of what was trainable at that moment."""

    model: int
    facts: Facts
    trainable: tuple[str, ...]


@dataclass(frozen=True)
class FitCall:
    """One `fit`: what was asked for, what was trainable, and what became of the capped run of it.

    `compiled` is the index in `Watch.compiles` of the compile in force, or -1. `stale` is true when the variables
    that are trainable now are not those an earlier fit under the same compile trained; then nothing is run, as Keras
    would either raise or go on training the old ones. `history` is empty when nothing was run.
    """

    model: int
    compiled: int
    optimizer: Facts
    trainable: tuple[str, ...]
    epochs: int
    batch_size: int | None
    validation_split: float
    validated: bool
    callbacks: tuple[str, ...]
    stale: bool
    history: dict[str, list[float]] = field(default_factory=dict)


@dataclass
class Watch:
    """All that was seen. `evaluations` counts the student's own calls of `evaluate`."""

    compiles: list[CompileCall] = field(default_factory=list)
    fits: list[FitCall] = field(default_factory=list)
    evaluations: int = 0
    inside: bool = False


def trainable_paths(model: keras.Model) -> tuple[str, ...]:
    """The paths of the variables that training would change now, in the model's order."""
    return tuple(variable.path for variable in model.trainable_variables)


@contextmanager
def watch_fit(
    limit_steps: int | None = None,
    limit_epochs: int | None = 1,
    on_fit: Callable[[keras.Model, Arguments], None] | None = None,
    eagerly: bool = False,
) -> Iterator[Watch]:
    """Record every compile and fit inside the block, and cap what is run; Keras is as before when it ends.

    `on_fit(model, arguments)` is called before each run with fit's named arguments, already capped; it may replace
    some of them. `eagerly` runs without tracing, which is cheaper for a single step of a deep model.
    """
    watch = Watch()
    own = {name: keras.Model.__dict__.get(name) for name in WATCHED}
    keras_compile, keras_fit, keras_evaluate = (getattr(keras.Model, name) for name in WATCHED)

    def compile(self: keras.Model, *args: Any, **kwargs: Any) -> None:
        keras_compile(self, *args, **kwargs)
        watch.compiles.append(CompileCall(id(self), compile_facts(self) or {}, trainable_paths(self)))

    def fit(self: keras.Model, *args: Any, **kwargs: Any) -> Any:
        asked = _named(keras_fit, self, args, kwargs)
        call = _fit_call(watch, self, asked)
        watch.fits.append(call)
        if call.stale:
            return _no_history(self, asked)
        arguments = _capped(asked, limit_steps, limit_epochs)
        if on_fit is not None:
            on_fit(self, arguments)
        if eagerly:
            self.run_eagerly = True
        watch.inside = True
        try:
            history = keras_fit(self, **arguments)
        finally:
            watch.inside = False
        for name, values in history.history.items():
            call.history[name] = [float(value) for value in values]
        return history

    def evaluate(self: keras.Model, *args: Any, **kwargs: Any) -> Any:
        if watch.inside:  # fit validates through evaluate, and has been capped already
            return keras_evaluate(self, *args, **kwargs)
        watch.evaluations += 1
        arguments = _named(keras_evaluate, self, args, kwargs)
        arguments["steps"] = _least(arguments.get("steps"), limit_steps)
        return keras_evaluate(self, **{**arguments, "verbose": 0})

    for name, watched in zip(WATCHED, (compile, fit, evaluate), strict=True):
        setattr(keras.Model, name, watched)
    try:
        yield watch
    finally:
        for name in WATCHED:
            delattr(keras.Model, name) if own[name] is None else setattr(keras.Model, name, own[name])


def _fit_call(watch: Watch, model: keras.Model, asked: Arguments) -> FitCall:
    trainable = trainable_paths(model)
    mine = [index for index, call in enumerate(watch.compiles) if call.model == id(model)]
    compiled = mine[-1] if mine else -1
    callbacks = asked.get("callbacks") or []
    return FitCall(
        model=id(model),
        compiled=compiled,
        optimizer=optimizer_facts(model.optimizer) if model.optimizer is not None else {},
        trainable=trainable,
        epochs=int(asked["epochs"]) - int(asked["initial_epoch"]),
        batch_size=asked["batch_size"],
        validation_split=float(asked["validation_split"] or 0.0),
        validated=asked["validation_data"] is not None or bool(asked["validation_split"]),
        callbacks=tuple(type(each).__name__ for each in (callbacks if isinstance(callbacks, list) else [callbacks])),
        stale=_is_stale(watch, compiled, trainable),
    )


def _is_stale(watch: Watch, compiled: int, trainable: tuple[str, ...]) -> bool:
    """Whether a fit under the same compile has already trained other variables than those trainable now."""
    return compiled >= 0 and any(fit.compiled == compiled and fit.trainable != trainable for fit in watch.fits)


def _capped(asked: Arguments, limit_steps: int | None, limit_epochs: int | None) -> Arguments:
    first = int(asked["initial_epoch"])
    epochs = int(asked["epochs"])
    capped = {
        **asked,
        "verbose": 0,
        "epochs": epochs if limit_epochs is None else min(epochs, first + limit_epochs),
    }
    capped["steps_per_epoch"] = _least(asked["steps_per_epoch"], limit_steps)
    if asked["validation_data"] is not None:
        capped["validation_steps"] = _least(asked["validation_steps"], limit_steps)
    return capped


def _no_history(model: keras.Model, asked: Arguments) -> Any:
    history = keras.callbacks.History()
    history.set_model(model)
    history.on_train_begin()
    names = ["loss", "accuracy"] + (["val_loss", "val_accuracy"] if asked["validation_data"] is not None else [])
    history.history = {name: [float("nan")] for name in names}
    history.epoch = [int(asked["initial_epoch"])]
    return history


def _named(
    function: Callable[..., Any],
    model: keras.Model,
    args: tuple[Any, ...],
    kwargs: Arguments,
) -> Arguments:
    """The arguments by name, with defaults; a wrong call raises the TypeError the student would have seen."""
    bound = inspect.signature(function).bind(model, *args, **kwargs)
    bound.apply_defaults()
    arguments = dict(bound.arguments)
    arguments.pop("self", None)
    arguments.update(arguments.pop("kwargs", {}))
    return arguments


def _least(asked: int | None, limit: int | None) -> int | None:
    return asked if limit is None else limit if asked is None else min(int(asked), limit)
