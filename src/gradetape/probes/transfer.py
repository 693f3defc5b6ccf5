"""Looks at a student's transfer learning: the data, the pipeline, the model, and the two phases of training.

The request: {"defines": […], "dataset": "drawn_shapes", "weights": folder or "", "seed": 7, "file": "submission.py",
"data_dirs": […]}; TFDS_DATA_DIR holds the prepared data set, `data_dirs` what else tfds may find here. Facts are noted stage by stage:

    program   attempted, defined, missing, unfinished, errors
    data      splits: sizes, classes, pictures that stand in two splits
    pipeline  pipeline: batches of training and validation, whether validation is left to chance
    model     model (see structure.py, the base as one layer), base, base_input, head
    phases    outputs; head_phase, fine_phase: what each `fit` was asked for and which weights really changed
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gradetape.probes import channel, pictures, pipeline, structure
from gradetape.probes.backbone import Base, base_facts, find_base, head_of, learned, reaching_base, shown_layers
from gradetape.probes.fit_watch import FitCall, Watch, watch_fit
from gradetape.probes.patience import patience
from gradetape.probes.pictures import Splits
from gradetape.probes.pretrained import SCALES, Shelf, pretrained_offline
from gradetape.probes.program import Program, load

SIDE = 224
TRAINING_PICTURES = 16
VALIDATION_PICTURES = 6
STEP_PICTURES = 2  # in the one real training step of each phase
LOOP_SECONDS = 40  # CPU time for a phase; a training loop of the student's own cannot be capped by steps

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


def main() -> None:
    """Look at the program named in the request and send what was seen."""
    asked = channel.request()
    seed = int(asked.get("seed", 0))
    keras.utils.set_random_seed(seed)
    folder = Path(asked["weights"]) if asked.get("weights") else None
    with pretrained_offline(folder) as shelf, pipeline.only_prepared_data(asked.get("data_dirs", ())):
        look = Look(load(Path(asked.get("file", "submission.py")), asked["defines"]), shelf)
        channel.note("loaded", {**look.program.facts, "run": _run_facts(asked["dataset"], seed)})
        look_at_data(look, asked["dataset"])
        look_at_pipelines(look)
        look_at_model(look)
        if look.base is not None:
            look_at_phases(look)
    channel.send(look.program.facts)


def _run_facts(dataset: str, seed: int) -> Facts:
    device = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    budget = f"one training step of {STEP_PICTURES} pictures in each phase"
    return {"dataset": dataset, "device": device, "seed": seed, "budget": budget}


def look_at_data(look: Look, name: str) -> None:
    """Read the three raw splits and note how they relate; where they cannot be read, go on with the course's own."""
    returned, error = look.program.call("load_data", name)
    found, read = None, None
    if error is None:
        found, error = look.program.attempt("load_data", lambda: pipeline.three_splits(returned))
    if found is not None:
        look.raw, look.n_classes = dict(zip(pipeline.SPLITS, found[0], strict=True)), found[1]
        read, error = look.program.attempt("load_data", lambda: pipeline.read_all(look.raw))
    if read is None:
        look.raw, look.n_classes = pipeline.own_splits(name)
        look.pictures, _ = pipeline.read_all(look.raw)
        channel.note("data", look.program.facts)
        return
    look.pictures, labels = read
    channel.note("data", {"splits": pipeline.split_facts(look.pictures, labels, look.n_classes)})


def look_at_pipelines(look: Look) -> None:
    """Make both pipelines from few pictures and note their batches."""
    facts: Facts = {}
    for split, few in (("training", TRAINING_PICTURES), ("validation", VALIDATION_PICTURES)):
        with pipeline.counted_steps() as steps:
            prepared, batch = _prepared(look, split, few)
        facts[split] = pipeline.batch_facts(batch, steps)
        setattr(look, split, pipeline.batched(prepared, batch))
    channel.note("pipeline", {"pipeline": facts, **look.program.facts})


def _prepared(look: Look, split: str, few: int) -> tuple[Any, Any]:
    """The student's pipeline over few pictures of a split, or over all where few make no whole batch."""
    for raw in (look.raw[split].take(few), look.raw[split]):
        prepared, error = look.program.call("prepare", raw, split == "training")
        if error is not None:
            return None, None
        batch, error = look.program.attempt("prepare", functools.partial(pipeline.first_batch, prepared))
        if error is not None:
            return None, None
        if batch is not None:
            return prepared, batch
    return None, None


def look_at_model(look: Look) -> None:
    """Build the student's model and note its structure, its base, and what reaches the base."""
    returned, error = look.program.call("build_model", look.n_classes or 4)
    if error is not None:
        return
    parts = list(returned) if isinstance(returned, (tuple, list)) else [returned]
    model = next((part for part in parts if isinstance(part, keras.Model)), None)
    channel.note("built", {"returned": [type(part).__name__ for part in parts]})
    if model is None:
        return
    shape = _input_shape(model)
    described, error = look.program.attempt("calling the model", lambda: structure.describe(model, shape))
    if error is not None:
        return
    look.model = model
    look.base = find_base(model, parts[1] if len(parts) > 1 else None, look.shelf)
    facts = {**described, "layers": shown_layers(described, look.base), "operations": {}}
    head = head_of(described, look.base)
    channel.note("model", {"model": facts, "base": base_facts(model, look.base), "head": head})
    if look.base is not None and look.training is not None and look.validation is not None:
        seen, error = look.program.attempt("calling the model", lambda: what_reaches_base(look, look.base))
        channel.note("base input", {"base_input": seen or {}})


def _input_shape(model: keras.Model) -> tuple[int, int, int]:
    """224×224×3, or the shape that the model was built for where that is another."""
    try:
        height, width, maps = model.input_shape[1:]
    except (AttributeError, ValueError, TypeError):  # not built yet, or several inputs
        return SIDE, SIDE, 3
    return height or SIDE, width or SIDE, maps or 3


def what_reaches_base(look: Look, base: Base | None) -> Facts:
    """The scale of the numbers that come to the base in training and validation, and how the latter were altered."""
    if base is None:
        return {}
    first, again = (_reaching(look, base, look.validation, training=False) for _ in range(2))
    trained_on = _reaching(look, base, look.training, training=True)
    if first is None or again is None or trained_on is None:
        return {"reached": False}
    raw = look.pictures["validation"][: len(first)]
    scale = pictures.scale_of(first, raw)
    alterations, in_order = _alterations(first, raw, scale) if scale != "unknown" else ([], False)
    return {
        "reached": True,
        "expected": base.scale,
        "validation": scale,
        "training": pictures.scale_of(trained_on, look.pictures["training"][:TRAINING_PICTURES]),
        "low": float(first.min()),
        "high": float(first.max()),
        "repeats": first.shape == again.shape and bool(np.allclose(first, again, atol=1e-3)),
        "same_set": _same_set(first, again),
        "in_order": in_order,
        "alteration": max(alterations, default=None),
        "unaltered": bool(alterations) and max(alterations) < pictures.UNALTERED,
    }


def _reaching(look: Look, base: Base, prepared: Any, training: bool) -> np.ndarray[Any, Any] | None:
    images, _ = pipeline.parts_of(pipeline.first_batch(prepared))
    limit = TRAINING_PICTURES if training else VALIDATION_PICTURES
    return reaching_base(base, lambda: look.model(images[:limit], training=training))


def _alterations(prepared: np.ndarray[Any, Any], raw: list[Picture], scale: str) -> tuple[list[float], bool]:
    """How far each prepared picture is from its raw one, or from the nearest one where they are not in order."""
    pairs = [pictures.alteration(picture, plain, scale) for picture, plain in zip(prepared, raw, strict=False)]
    if max(pairs, default=0.0) < pictures.UNALTERED:
        return pairs, True
    return [min(pictures.alteration(picture, plain, scale) for plain in raw) for picture in prepared], False


def _same_set(first: np.ndarray[Any, Any], again: np.ndarray[Any, Any]) -> bool:
    def seen(images: np.ndarray[Any, Any]) -> list[str]:
        return sorted(pictures.fingerprint(image.round(3)) for image in images)

    return seen(first) == seen(again)


def look_at_phases(look: Look) -> None:
    """Let both phases take one real training step, and note what was asked, frozen and changed in each."""
    splits = Splits(look.pictures)
    sets = {
        name: pipeline.shortened(made if made is not None else _own_pipeline(look, name), STEP_PICTURES)
        for name, made in (("training", look.training), ("validation", look.validation))
    }
    batch = pipeline.first_batch(sets["validation"])
    with watch_fit(1, 1, lambda model, arguments: shorten(arguments, sets, splits, sources), eagerly=True) as watch:
        sources: list[Facts] = []
        for function, name in (("train_head", "head_phase"), ("fine_tune", "fine_phase")):
            facts = _phase(look, function, sets, watch, sources)
            channel.note(name, {name: facts, **look.program.facts})
    outputs, _ = look.program.attempt("calling the model", lambda: output_facts(look.model, batch))
    channel.note("outputs", {"outputs": outputs or {}})


def _own_pipeline(look: Look, split: str) -> tf.data.Dataset:
    """What `prepare` should have made, so that the phases can be looked at although it did not."""
    side, _, _ = _input_shape(look.model)
    scale = SCALES.get(look.base.scale if look.base else "raw", SCALES["raw"])
    shown = [scale(pictures.plainly_resized(each, side, side)[0]) for each in look.pictures[split][:STEP_PICTURES]]
    labels = np.arange(len(shown)) % max(look.n_classes, 1)
    return tf.data.Dataset.from_tensor_slices((np.stack(shown).astype("float32"), labels)).batch(STEP_PICTURES)


def _phase(look: Look, function: str, sets: dict[str, Any], watch: Watch, sources: list[Facts]) -> Facts:
    compiles, fits = len(watch.compiles), len(watch.fits)
    sources.clear()
    before = _digests(look.model)
    arguments = (look.model, look.base.network if look.base else None, sets["training"], sets["validation"])

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
        "fits": [_fit_facts(fit, watch, compiles, look) for fit in mine],
        "sources": list(sources),
        **_change_facts(look, mine, changed),
    }


def _fit_facts(fit: FitCall, watch: Watch, compiles: int, look: Look) -> Facts:
    compiled = watch.compiles[fit.compiled] if fit.compiled >= 0 else None
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


def shorten(arguments: Facts, sets: dict[str, Any], splits: Splits, sources: list[Facts]) -> None:
    """Note which split the data of a `fit` come from, and cut them to one small batch."""
    x, validation = arguments.get("x"), arguments.get("validation_data")
    facts: Facts = {"training": _source(x, sets, splits), "validation": "none"}
    if isinstance(x, tf.data.Dataset) and x is not sets["training"]:
        arguments["x"] = pipeline.shortened(x, STEP_PICTURES)
    if validation is not None:
        facts["validation"] = _source(validation, sets, splits)
        if isinstance(validation, tf.data.Dataset) and validation is not sets["validation"]:
            arguments["validation_data"] = pipeline.shortened(validation, STEP_PICTURES)
    sources.append(facts)


def _source(data: Any, sets: dict[str, Any], splits: Splits) -> str:
    """Which split `data` hold: training, validation, test, or unknown."""
    for name, own in sets.items():
        if data is own:
            return name
    images = _some_images(data)
    return "unknown" if images is None else splits.name_of(images)


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


if __name__ == "__main__":
    main()
