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
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gradetape.probes import channel, pictures, pipeline, structure
from gradetape.probes.backbone import Base, base_facts, find_base, head_of, reaching_base, shown_layers
from gradetape.probes.fit_watch import watch_fit
from gradetape.probes.look import (
    STEP_PICTURES,
    TRAINING_PICTURES,
    VALIDATION_PICTURES,
    Facts,
    Look,
    Picture,
    input_shape,
)
from gradetape.probes.phases import look_at_phases, shorten
from gradetape.probes.pretrained import pretrained_offline
from gradetape.probes.program import load


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
        with watch_fit(1, 1, lambda _, arguments: shorten(arguments, look), eagerly=True) as look.watch:
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
    shape = input_shape(model)
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


if __name__ == "__main__":
    main()
