"""The student's model as a drawing: each layer a box, its face the size of a map, its depth the number of maps.

The facts come from a run of student code, so every value is checked for its type and size before it is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradetape.domain import JsonValue
from gradetape.report.safe_text import count, excerpt, one_line

MOST_LAYERS_DRAWN = 24
LAYERS_AT_EACH_END = 8
MOST_LAYERS_LISTED = 600
_LONGEST_NAME = 60

_KINDS = (
    ("convolution", ("Conv",)),
    ("pooling", ("Pool",)),
    ("dense", ("Dense", "EinsumDense")),
    ("regularisation", ("Dropout", "Normalization", "Regularization", "Noise")),
    ("shape", ("Flatten", "Reshape", "Input", "Permute", "ZeroPadding", "Cropping", "Rescaling", "Resizing")),
)


@dataclass(frozen=True)
class Box:
    """A box in oblique projection. `face` is its side, `depth` how far it reaches back; both in SVG units."""

    face: float
    depth: float

    @property
    def outlines(self) -> tuple[str, str, str]:
        """Front, top and right side, each as the points of an SVG polygon in a 76 by 44 frame."""
        side, over, up = self.face, self.depth * 0.9, self.depth * 0.32
        left, bottom = (76 - side - over) / 2, (44 + side + up) / 2
        top, right = bottom - side, left + side
        front = [(left, bottom), (right, bottom), (right, top), (left, top)]
        lid = [(left, top), (right, top), (right + over, top - up), (left + over, top - up)]
        flank = [(right, bottom), (right + over, bottom - up), (right + over, top - up), (right, top)]
        return _points(front), _points(lid), _points(flank)


@dataclass(frozen=True)
class Layer:
    """One layer as it is shown. `share` is its part of all parameters, in percent."""

    kind: str
    class_name: str
    name: str
    detail: str
    shape: str
    parameters: str
    share: float
    frozen: bool
    box: Box


@dataclass(frozen=True)
class Drawing:
    """A model: its first and last layers drawn, those between them counted, all of them listed."""

    first: tuple[Layer, ...]
    last: tuple[Layer, ...]
    between: str
    layers: tuple[Layer, ...]
    summary: str


def draw_model(facts: Mapping[str, JsonValue]) -> Drawing | None:
    """The model that a run saw, or None where it saw none."""
    model = facts.get("model")
    listed = model.get("layers") if isinstance(model, Mapping) else None
    plain = [layer for layer in listed if isinstance(layer, Mapping)] if isinstance(listed, Sequence) else []
    if not plain or not isinstance(model, Mapping):
        return None
    plain = plain[:MOST_LAYERS_LISTED]
    total = model.get("parameters", sum(_whole(layer.get("parameters")) for layer in plain))
    widest = max([_face_and_depth(layer.get("output_shape"))[0] for layer in plain])
    layers = tuple(_layer(layer, widest, max(1, _whole(total))) for layer in plain)
    long = len(layers) > MOST_LAYERS_DRAWN
    first = layers[:LAYERS_AT_EACH_END] if long else layers
    last = layers[-LAYERS_AT_EACH_END:] if long else ()
    hidden = plain[LAYERS_AT_EACH_END:-LAYERS_AT_EACH_END] if long else []
    inside = sum(_whole(layer.get("parameters")) for layer in hidden)
    return Drawing(
        first=first,
        last=last,
        between=f"{len(hidden):,} more layers with {count(inside)} parameters" if hidden else "",
        layers=layers,
        summary=_summary(layers, total, model.get("trainable_parameters")),
    )


def shape_text(shape: JsonValue) -> str:
    """An output shape as a student reads it, without the batch.

    >>> shape_text([None, 28, 28, 64]), shape_text([None, 10]), shape_text([None, None, None, 3]), shape_text("?")
    ('28 × 28 × 64', '10', 'any × any × 3', 'unknown')
    """
    sizes = _sizes(shape)
    if sizes is None:
        return "unknown"
    return " × ".join("any" if size is None else count(size) for size in sizes[1:]) or "one number"


def _layer(plain: Mapping[str, JsonValue], widest: float, total: int) -> Layer:
    class_name = _word(plain.get("class")) or "Layer"
    face, depth = _face_and_depth(plain.get("output_shape"))
    parameters = plain.get("parameters")
    return Layer(
        kind=_kind(class_name),
        class_name=class_name,
        name=_word(plain.get("name")),
        detail=_detail(plain),
        shape=shape_text(plain.get("output_shape")),
        parameters=count(parameters),
        share=round(min(100.0, 100 * _whole(parameters) / total), 2),
        frozen=_whole(parameters) > 0 and (plain.get("trainable") is False or plain.get("trainable_parameters") == 0),
        box=Box(face=3 + 27 * math.sqrt(face / widest) if face > 1 else 3, depth=depth),
    )


def _detail(plain: Mapping[str, JsonValue]) -> str:
    """What a layer was told: kernel or window, strides, padding, rate, activation; of a whole network, its weights."""
    config = plain.get("config")
    told = {**config, **plain} if isinstance(config, Mapping) else plain
    windows = [_sizes(told.get(key)) for key in ("kernel_size", "pool_size")]
    parts = ["×".join(count(side) for side in window) for window in windows if window and None not in window]
    strides = _sizes(told.get("strides"))
    if strides and strides != _sizes(told.get("pool_size")) and any(stride not in (None, 1) for stride in strides):
        parts.append("stride " + "×".join(count(stride) for stride in strides))
    if told.get("padding") == "same" and "Conv" in str(plain.get("class")):
        parts.append("same padding")
    rate = told.get("rate")
    if isinstance(rate, (int, float)) and not isinstance(rate, bool) and 0 <= rate <= 1:
        parts.append(f"rate {rate:g}")
    inside = told.get("layers")
    if isinstance(inside, int) and not isinstance(inside, bool):
        parts.append(f"{count(inside)} layers")
    if weights := _word(told.get("weights")):
        parts.append(f"weights: {weights}")
    activation = _named(told.get("activation"))
    if activation and activation != "linear":
        parts.append(activation)
    return ", ".join(parts)


def _kind(class_name: str) -> str:
    if "GlobalAverage" in class_name or "GlobalMax" in class_name:
        return "pooling"
    return next((kind for kind, words in _KINDS if any(word in class_name for word in words)), "other")


def _face_and_depth(shape: JsonValue) -> tuple[float, float]:
    """The side of a map (in pixels) and the depth of the box (in SVG units, growing with the log of the maps)."""
    sizes = _sizes(shape)
    if not sizes or len(sizes) < 2:
        return 1.0, 3.0
    *spatial, maps = sizes[1:]
    known = [min(side, 10**6) for side in spatial if side]
    side = math.prod(known) ** (1 / len(known)) if known else 1.0
    return max(1.0, side), 2 + 3 * math.log2(1 + min(maps or 1, 10**6))


def _sizes(shape: JsonValue) -> list[int | None] | None:
    """A flat list of sizes, or None when it is anything else. Of several outputs, the first."""
    if isinstance(shape, int) and not isinstance(shape, bool):
        return [shape]
    if not isinstance(shape, (list, tuple)) or not 0 < len(shape) <= 8:
        return None
    if isinstance(shape[0], (list, tuple)):
        return _sizes(shape[0]) if shape[0] and not isinstance(shape[0][0], (list, tuple)) else None
    sizes = [_size(size) for size in shape]
    return None if any(size == -1 for size in sizes) else sizes


def _size(size: JsonValue) -> int | None:
    if size is None:
        return None
    return size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else -1


def _whole(value: JsonValue) -> int:
    return min(value, 10**18) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _word(value: JsonValue) -> str:
    return one_line(excerpt(value, _LONGEST_NAME)) if isinstance(value, str) else ""


def _named(value: JsonValue) -> str:
    """An activation given by name, or as an object with a class."""
    return _word(value.get("class") or value.get("named")) if isinstance(value, Mapping) else _word(value)


def _summary(layers: Sequence[Layer], total: JsonValue, trainable: JsonValue) -> str:
    learning = [layer for layer in layers if layer.kind in ("convolution", "dense")]
    convolutions = sum(layer.kind == "convolution" for layer in learning)
    return (
        f"{len(layers):,} layers, {convolutions} of them convolutional and {len(learning) - convolutions} dense; "
        f"{count(total)} parameters{_learning(total, trainable)}; output {layers[-1].shape}."
    )


def _learning(total: JsonValue, trainable: JsonValue) -> str:
    if not isinstance(trainable, int) or isinstance(trainable, bool):
        return ""
    return ", all of which can learn" if trainable == total else f", {count(trainable)} of which can learn"


def _points(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
