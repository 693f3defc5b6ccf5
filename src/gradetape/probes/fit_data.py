"""What the data given to `fit` are: which of our images, how they were changed, and how their labels are written.

A student may hand arrays, a tf.data pipeline or a generator to `fit`. One batch is looked at and compared, image by
image, with the images that `train` was given; brightness and contrast do not matter to the comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import GeneratorType
from typing import Any

import keras
import numpy as np

Floats = np.ndarray[Any, Any]
LOOKED_AT = 64
ALIKE = 0.6  # correlation above which an image is taken for a changed copy of ours
THE_SAME = 0.9995


@dataclass(frozen=True)
class Given:
    """The images and labels that `train` was given."""

    x_train: Floats
    y_train: Floats
    x_valid: Floats
    y_valid: Floats


@dataclass(frozen=True)
class Batch:
    """The first of what a data argument holds. `kind`: arrays, dataset, generator or unknown."""

    kind: str
    images: Floats | None
    labels: Floats | None


def first_batch(x: Any, y: Any = None) -> tuple[Batch, Any]:
    """One batch of `x` (and `y`), and what to use in the place of `x` so that nothing is lost by having looked."""
    if isinstance(x, keras.utils.PyDataset) or hasattr(x, "element_spec"):
        kind = "dataset" if hasattr(x, "element_spec") else "generator"
        try:
            item = x[0] if kind == "generator" else next(iter(x))
        except Exception:  # noqa: BLE001 - fit will meet the same fault and say so
            return Batch(kind, None, None), x
        return _batch(kind, item), x
    if isinstance(x, GeneratorType):
        try:
            item = next(x)
        except Exception:  # noqa: BLE001 - as above
            return Batch("generator", None, None), x
        return _batch("generator", item), _resumed(item, x)
    images = _array(x)
    labels = _array(y)
    few = slice(0, LOOKED_AT)
    if images is None or images.ndim == 0:
        return Batch("unknown", None, None), x
    return Batch("arrays", images[few], None if labels is None or labels.ndim == 0 else labels[few]), x


def look(batch: Batch, given: Given) -> dict[str, Any]:
    """Plain facts of a batch: sizes, range, labels, whose images these are, and an affine change of brightness."""
    facts: dict[str, Any] = {"kind": batch.kind, **_labels(batch.labels)}
    if batch.images is None or not np.issubdtype(batch.images.dtype, np.number) or not batch.images.size:
        return facts
    images = batch.images[:LOOKED_AT].astype("float64")
    facts |= {
        "shape": [None, *images.shape[1:]],
        "low": float(np.min(images)),
        "high": float(np.max(images)),
        "finite": bool(np.isfinite(images).all()),
    }
    if images[0].size == given.x_train[0].size and facts["finite"]:
        facts |= _compared(images, batch.labels, given)
    return facts


def _compared(images: Floats, labels: Floats | None, given: Given) -> dict[str, Any]:
    ours = np.concatenate([given.x_train, given.x_valid]).astype("float64")
    likeness = _unit(images) @ _unit(ours).T
    best, alike = likeness.argmax(axis=1), likeness.max(axis=1)
    known = alike > ALIKE
    facts: dict[str, Any] = {
        "from_validation": _share(best[known] >= len(given.x_train)),
        "changed": _share(alike < THE_SAME),
        "known": _share(known),
    }
    same = alike >= THE_SAME
    if same.any():
        facts |= _affine(ours[best[same]], images[same])
    written = _digits(labels)
    if written is not None and known.any():
        truth = np.concatenate([given.y_train, given.y_valid])[best]
        facts["labels_right"] = _share(written[: len(known)][known] == truth[known])
    return facts


def _affine(before: Floats, after: Floats) -> dict[str, Any]:
    """`after` ≈ scale · `before` + offset."""
    scale, offset = np.polyfit(before.ravel(), after.ravel(), 1)
    return {"scale": float(scale), "offset": float(offset)}


def _labels(labels: Floats | None) -> dict[str, Any]:
    if labels is None:
        return {"labels": "none"}
    shape = [None, *labels.shape[1:]]
    if labels.ndim == 1 or labels.shape[1:] == (1,):
        return {"labels": "integers", "label_shape": shape}
    rows = labels.reshape(len(labels), -1)
    hot = rows.shape[1] > 1 and np.allclose(rows.sum(axis=1), 1)
    return {"labels": "one-hot" if hot else "other", "label_shape": shape}


def _digits(labels: Floats | None) -> Floats | None:
    if labels is None or not np.issubdtype(labels.dtype, np.number):
        return None
    return labels.reshape(-1) if labels.size == len(labels) else labels.reshape(len(labels), -1).argmax(axis=1)


def _resumed(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    """A generator that begins with what was taken out of `rest`; Keras takes no other kind of iterator."""
    yield first
    yield from rest


def _batch(kind: str, item: Any) -> Batch:
    x, y = (item[0], item[1]) if isinstance(item, (tuple, list)) and len(item) >= 2 else (item, None)
    images, labels = _array(x), _array(y)
    return Batch(kind, images, None if labels is None or labels.ndim == 0 else labels)


def _array(value: Any) -> Floats | None:
    if value is None or isinstance(value, (dict, str)):
        return None
    try:
        found = np.asarray(value if isinstance(value, np.ndarray) else keras.ops.convert_to_numpy(value))
    except Exception:  # noqa: BLE001 - whatever else was given, fit has to say what it thinks of it
        return None
    return found if np.issubdtype(found.dtype, np.number) or found.dtype == bool else None


def _unit(images: Floats) -> Floats:
    flat = images.reshape(len(images), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.asarray(flat / np.where(lengths == 0, 1, lengths))


def _share(which: Floats) -> float:
    return float(np.mean(which)) if len(which) else 0.0
