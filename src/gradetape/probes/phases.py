"""The two phases of a transfer-learning program: one real training step in each, watched."""

from __future__ import annotations

import hashlib
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gradetape.probes import channel, pictures, pipeline
from gradetape.probes.backbone import learned
from gradetape.probes.fit_watch import FitCall
from gradetape.probes.look import STEP_PICTURES, VALIDATION_PICTURES, Facts, Look, input_shape
from gradetape.probes.patience import patience
from gradetape.probes.pictures import Splits
from gradetape.probes.pretrained import SCALES

LOOP_SECONDS = 40  # CPU time for a phase; a training loop of the student's own cannot be capped by steps


def look_at_phases(look: Look) -> None:
    """Let both phases take one real training step, and note what was asked, frozen and changed in each."""
    look.sets = {
        name: pipeline.shortened(made if made is not None else _own_pipeline(look, name), STEP_PICTURES)
        for name, made in (("training", look.training), ("validation", look.validation))
    }
    batch = pipeline.first_batch(look.sets["validation"])
    for function, name in (("train_head", "head_phase"), ("fine_tune", "fine_phase")):
        facts = _phase(look, function)
        channel.note(name, {name: facts, **look.program.facts})
    outputs, _ = look.program.attempt("calling the model", lambda: output_facts(look.model, batch))
    channel.note("outputs", {"outputs": outputs or {}})


def _own_pipeline(look: Look, split: str) -> tf.data.Dataset:
    """What `prepare` should have made, so that the phases can be looked at although it did not."""
    side, _, _ = input_shape(look.model)
    scale = SCALES.get(look.base.scale if look.base else "raw", SCALES["raw"])
    shown = [scale(pictures.plainly_resized(each, side, side)[0]) for each in look.pictures[split][:STEP_PICTURES]]
    labels = np.arange(len(shown)) % max(look.n_classes, 1)
    return tf.data.Dataset.from_tensor_slices((np.stack(shown).astype("float32"), labels)).batch(STEP_PICTURES)


def _phase(look: Look, function: str) -> Facts:
    watch = look.watch
    compiles, fits = len(watch.compiles), len(watch.fits)
    look.sources = []
    before = _digests(look.model)
    arguments = (look.model, look.base.network if look.base else None, look.sets["training"], look.sets["validation"])

    def run() -> None:
        with patience(LOOP_SECONDS):
            look.program.get(function)(*arguments)

    if callable(look.program.get(function)):
        _, error = look.program.attempt(function, run)
    else:
        _, error = look.program.call(function)
    after = _digests(look.model)
    changed = {path for path, digest in after.items() if digest != before.get(path)}
    mine = watch.fits[fits:]
    return {
        "finished": error is None,
        "compiles": len(watch.compiles) - compiles,
        "fits": [_fit_facts(fit, compiles, look) for fit in mine],
        "sources": look.sources,
        **_change_facts(look, mine, changed),
    }


def _fit_facts(fit: FitCall, compiles: int, look: Look) -> Facts:
    compiled = look.watch.compiles[fit.compiled] if fit.compiled >= 0 else None
    now = set(fit.trainable)
    base = look.base.paths if look.base else frozenset()
    kernels = {variable.path for variable in learned(look.model.variables) if len(variable.shape) > 1}
    return {
        "own_model": fit.model == id(look.model),
        "compiled": fit.compiled >= compiles,
        "as_compiled": compiled is not None and set(compiled.trainable) == now,
        "stale": fit.stale,
        "loss": compiled.facts.get("loss") if compiled else None,
        "optimizer": fit.optimizer,
        "epochs": fit.epochs,
        "validated": fit.validated,
        "callbacks": list(fit.callbacks),
        "trainable_base": len(now & base),
        "trainable_base_kernels": len(now & base & kernels),
        "trainable_head": len(now - base),
        "history": fit.history,
    }


def _change_facts(look: Look, fits: list[FitCall], changed: set[str]) -> Facts:
    base = look.base.paths if look.base else frozenset()
    inside = {variable.path for variable in learned(look.model.variables)}
    trainable = {path for fit in fits for path in fit.trainable}
    return {
        "base_variables": len(inside & base),
        "changed_base": len(changed & base),
        "changed_head": len(changed - base),
        "changed_though_frozen": len(changed - trainable) if fits else 0,
    }


def shorten(arguments: Facts, look: Look) -> None:
    """Note which split the data of a `fit` come from, and cut them to one small batch."""
    facts: Facts = {}
    for split, argument in (("training", "x"), ("validation", "validation_data")):
        data = arguments.get(argument)
        facts[split] = "none" if data is None else _source(data, look)
        if isinstance(data, tf.data.Dataset) and data is not look.sets.get(split):
            arguments[argument] = pipeline.shortened(data, STEP_PICTURES)
    look.sources.append(facts)


def _source(data: Any, look: Look) -> str:
    """Which split `data` hold: training, validation, test, or unknown."""
    for name, own in look.sets.items():
        if data is own:
            return name
    images = _some_images(data)
    return "unknown" if images is None else Splits(look.pictures).name_of(images)


def _some_images(data: Any) -> np.ndarray[Any, Any] | None:
    part = pipeline.first_batch(data) if isinstance(data, tf.data.Dataset) else data
    images = pipeline.parts_of(part)[0]
    try:
        found = np.asarray(images)[:VALIDATION_PICTURES]
    except Exception:  # noqa: BLE001 - whatever was given, fit has to say what it thinks of it
        return None
    return found if found.ndim == 4 else None


def _digests(model: keras.Model) -> dict[str, bytes]:
    """A short print of every variable that gradients could change."""
    return {
        variable.path: hashlib.blake2b(
            np.ascontiguousarray(keras.ops.convert_to_numpy(variable)).tobytes(), digest_size=8
        ).digest()
        for variable in learned(model.variables)
    }


def output_facts(model: keras.Model, batch: Any) -> Facts:
    """What kind of numbers the model gives, and how the labels beside them are written."""
    images, labels = pipeline.parts_of(batch)
    numbers = np.asarray(keras.ops.convert_to_numpy(model(images, training=False)), dtype="float64")
    sums = numbers.reshape(len(numbers), -1).sum(axis=1)
    finite = bool(np.isfinite(numbers).all())
    return {
        "shape": [None, *numbers.shape[1:]],
        "finite": finite,
        "probabilities": bool(finite and numbers.min() >= 0 and np.allclose(sums, 1, atol=1e-3)),
        "within_unit": bool(finite and numbers.min() >= 0 and numbers.max() <= 1),
        "labels": "none"
        if labels is None
        else "one-hot"
        if len(labels.shape) > 1 and labels.shape[-1] > 1
        else "numbers",
    }
