"""What each allowed Keras layer may be told, what shape it gives, and how many parameters it owns.

Formulas for sizes: `same` padding gives ⌈n / stride⌉, `valid` ⌊(n - dilation·(kernel - 1) - 1) / stride⌋ + 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from gradetape.domain import JsonValue

Shape: TypeAlias = tuple[int, ...]
Settings: TypeAlias = dict[str, Any]
Reader: TypeAlias = Callable[[JsonValue], Any]
Size: TypeAlias = tuple[Shape, int]

ACTIVATIONS = frozenset(
    [
        "linear",
        "relu",
        "relu6",
        "leaky_relu",
        "elu",
        "selu",
        "celu",
        "gelu",
        "silu",
        "swish",
        "mish",
        "softplus",
        "softsign",
        "sigmoid",
        "hard_sigmoid",
        "hard_silu",
        "hard_swish",
        "tanh",
        "exponential",
        "softmax",
        "log_softmax",
    ]
)
INITIALIZERS = {
    **dict.fromkeys(("GlorotUniform", "GlorotNormal", "HeNormal", "HeUniform", "Zeros", "Ones"), ()),
    **dict.fromkeys(("LecunNormal", "LecunUniform"), ()),
    "RandomNormal": ("mean", "stddev"),
    "TruncatedNormal": ("mean", "stddev"),
    "RandomUniform": ("minval", "maxval"),
    "Orthogonal": ("gain",),
    "Constant": ("value",),
    "VarianceScaling": ("scale", "mode", "distribution"),
}
REGULARIZERS = {"L1": ("l1",), "L2": ("l2",), "L1L2": ("l1", "l2")}
SCALING = ("fan_in", "fan_out", "fan_avg", "normal", "truncated_normal", "untruncated_normal", "uniform")
LARGEST_FACTOR = 1e4
NEEDED = (
    "units",
    "filters",
    "kernel_size",
    "pool_size",
    "target_shape",
    "height",
    "width",
)  # Keras has no default for these


class OutOfRange(Exception):
    """A setting that is not allowed. The message names it and what is."""


@dataclass(frozen=True)
class Rule:
    """`settings` says how each setting is read; what is not named there is left at Keras' own default."""

    settings: Mapping[str, Reader]
    size: Callable[[Settings, Sequence[Shape]], Size]

    def read(self, config: Mapping[str, JsonValue]) -> Settings:
        found = {}
        for name, reader in self.settings.items():
            if name in config:
                try:
                    found[name] = reader(config[name])
                except OutOfRange as fault:
                    raise OutOfRange(f"{name} {fault}") from None
            elif name in NEEDED:
                raise OutOfRange(f"{name} is missing")
        return found


def whole(least: int, most: int) -> Reader:
    """Reads a whole number within bounds."""

    def read(value: JsonValue) -> int:
        if type(value) is not int or not least <= value <= most:
            raise OutOfRange(f"must be a whole number from {least} to {most}, not {str(value)[:40]}")
        return value

    return read


def real(least: float = -LARGEST_FACTOR, most: float = LARGEST_FACTOR) -> Reader:
    """Reads a finite number within bounds."""

    def read(value: JsonValue) -> float:
        if type(value) not in (int, float) or not least <= value <= most:
            raise OutOfRange(f"must be a number from {least:g} to {most:g}, not {str(value)[:40]}")
        return float(value)

    return read


def word(*allowed: str) -> Reader:
    """Reads one of a few words."""

    def read(value: JsonValue) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise OutOfRange(f"must be {' or '.join(allowed)}, not {str(value)[:40]}")
        return value

    return read


def flag(value: JsonValue) -> bool:
    """Reads a yes or no."""
    if type(value) is not bool:
        raise OutOfRange(f"must be true or false, not {str(value)[:40]}")
    return value


def pair(least: int, most: int) -> Reader:
    """Reads two whole numbers, given as two or as one for both."""
    one = whole(least, most)

    def read(value: JsonValue) -> list[int]:
        parts = value if isinstance(value, list) else [value, value]
        if len(parts) != 2:
            raise OutOfRange(f"must be two numbers, not {len(parts)}")
        return [one(part) for part in parts]

    return read


def perhaps(reader: Reader) -> Reader:
    """Reads null as it is, everything else by `reader`."""
    return lambda value: None if value is None else reader(value)


def activation(value: JsonValue) -> str:
    """Reads the name of an activation function; none at all is `linear`. `tf.nn.relu` counts as `relu`."""
    if value is None:
        return "linear"
    if isinstance(value, Mapping) and value.get("class") == "function":
        value = value.get("named")
    if not isinstance(value, str) or value not in ACTIVATIONS:
        raise OutOfRange(f"{_named(value)} is not an activation that can be rebuilt")
    return value


def of_class(allowed: Mapping[str, Sequence[str]], what: str) -> Reader:
    """Reads {"class": name, …its numbers} of an allowed class; its random seed is left out."""

    def read(value: JsonValue) -> dict[str, JsonValue]:
        name = value.get("class") if isinstance(value, Mapping) else None
        if not isinstance(value, Mapping) or name not in allowed:
            raise OutOfRange(f"{_named(value)} is not {what} that can be rebuilt")
        read_word, read_number = word(*SCALING), real()
        return {
            "class": name,
            **{
                key: read_word(value[key]) if isinstance(value[key], str) else read_number(value[key])
                for key in allowed[str(name)]
                if key in value
            },
        }

    return read


initializer = of_class(INITIALIZERS, "an initialiser")
regularizer = perhaps(of_class(REGULARIZERS, "a regulariser"))


def sizes(value: JsonValue) -> list[int]:
    """Reads a target shape: up to four sizes, one of which may be -1."""
    if not isinstance(value, list) or not 1 <= len(value) <= 4:
        raise OutOfRange(f"must be one to four sizes, not {str(value)[:40]}")
    return [size if size == -1 and type(size) is int else whole(1, 65536)(size) for size in value]


def margins(value: JsonValue) -> list[list[int]]:
    """Reads ((top, bottom), (left, right))."""
    if not isinstance(value, list) or len(value) != 2:
        raise OutOfRange(f"must be two pairs, not {str(value)[:40]}")
    return [pair(0, 32)(part) for part in value]


def axis(value: JsonValue) -> JsonValue:
    """Reads the last axis, which is the only one allowed here."""
    found = value[0] if isinstance(value, list) and len(value) == 1 else value
    if type(found) is not int or found not in (-1, 3):
        raise OutOfRange(f"must be the last one, not {str(value)[:40]}")
    return -1


def _named(value: JsonValue) -> str:
    name = value.get("named") or value.get("class") if isinstance(value, Mapping) else value
    return f"`{str(name)[:60]}`"


def _one(shapes: Sequence[Shape], rank: int | None = None) -> Shape:
    if len(shapes) != 1:
        raise OutOfRange(f"takes one input, not {len(shapes)}")
    if rank is not None and len(shapes[0]) != rank:
        raise OutOfRange(f"takes maps of {rank} dimensions, not {shapes[0]}")
    return shapes[0]


def _slid(length: int, kernel: int, stride: int, padding: str, dilation: int = 1) -> int:
    if padding == "same":
        return -(-length // stride)
    left = length - dilation * (kernel - 1) - 1
    if left < 0:
        raise OutOfRange(f"its kernel of {kernel} does not fit into {length} pixels")
    return left // stride + 1


def _moved(told: Settings, shape: Shape, window: str) -> tuple[int, int]:
    kernel = told.get(window, [2, 2])
    default = kernel if window == "pool_size" else [1, 1]
    strides = told.get("strides") or default
    dilation = told.get("dilation_rate", [1, 1])
    padding = told.get("padding", "valid")
    height, width = (
        _slid(length, size, stride, padding, spread)
        for length, size, stride, spread in zip(shape[:2], kernel, strides, dilation)  # noqa: B905 - always pairs
    )
    return height, width


def _convolved(told: Settings, shapes: Sequence[Shape]) -> Size:
    shape, groups, filters = _one(shapes, 3), told.get("groups", 1), told.get("filters", 1)
    if shape[2] % groups or filters % groups:
        raise OutOfRange(f"{groups} groups do not divide {shape[2]} maps into {filters}")
    weights = math.prod(told["kernel_size"]) * shape[2] // groups * filters
    return (*_moved(told, shape, "kernel_size"), filters), weights + _biases(told, filters)


def _depthwise(told: Settings, shapes: Sequence[Shape]) -> Size:
    shape = _one(shapes, 3)
    maps = shape[2] * told.get("depth_multiplier", 1)
    return (*_moved(told, shape, "kernel_size"), maps), math.prod(told["kernel_size"]) * maps + _biases(told, maps)


def _separable(told: Settings, shapes: Sequence[Shape]) -> Size:
    shape, filters = _one(shapes, 3), told["filters"]
    maps = shape[2] * told.get("depth_multiplier", 1)
    weights = math.prod(told["kernel_size"]) * maps + maps * filters
    return (*_moved(told, shape, "kernel_size"), filters), weights + _biases(told, filters)


def _dense(told: Settings, shapes: Sequence[Shape]) -> Size:
    shape, units = _one(shapes), told["units"]
    return (*shape[:-1], units), shape[-1] * units + _biases(told, units)


def _biases(told: Settings, filters: int) -> int:
    return filters if told.get("use_bias", True) else 0


def _pooled(told: Settings, shapes: Sequence[Shape]) -> Size:
    shape = _one(shapes, 3)
    return (*_moved(told, shape, "pool_size"), shape[2]), 0


def _global(told: Settings, shapes: Sequence[Shape]) -> Size:
    shape = _one(shapes, 3)
    return ((1, 1, shape[2]) if told.get("keepdims") else (shape[2],)), 0


def _flattened(told: Settings, shapes: Sequence[Shape]) -> Size:
    return (math.prod(_one(shapes)),), 0


def _reshaped(told: Settings, shapes: Sequence[Shape]) -> Size:
    numbers, target = math.prod(_one(shapes)), list(told["target_shape"])
    known = math.prod(size for size in target if size != -1)
    if target.count(-1) > 1 or numbers % known or (-1 not in target and known != numbers):
        raise OutOfRange(f"{numbers} numbers cannot be arranged as {tuple(target)}")
    return tuple(numbers // known if size == -1 else size for size in target), 0


def _padded(told: Settings, shapes: Sequence[Shape]) -> Size:
    shape, (rows, columns) = _one(shapes, 3), told.get("padding", [[1, 1], [1, 1]])
    return (shape[0] + sum(rows), shape[1] + sum(columns), shape[2]), 0


def _resized(told: Settings, shapes: Sequence[Shape]) -> Size:
    return (told["height"], told["width"], _one(shapes, 3)[2]), 0


def _batch_normalised(told: Settings, shapes: Sequence[Shape]) -> Size:
    shape = _one(shapes)
    return shape, shape[-1] * (2 + told.get("center", True) + told.get("scale", True))


def _layer_normalised(told: Settings, shapes: Sequence[Shape]) -> Size:
    shape = _one(shapes)
    return shape, shape[-1] * (told.get("center", True) + told.get("scale", True))


def _sloped(told: Settings, shapes: Sequence[Shape]) -> Size:
    shape, shared = _one(shapes), told.get("shared_axes") or []
    return shape, math.prod(1 if place + 1 in shared else size for place, size in enumerate(shape))


def _same(told: Settings, shapes: Sequence[Shape]) -> Size:
    return _one(shapes), 0


def _merged(told: Settings, shapes: Sequence[Shape]) -> Size:
    if len(shapes) < 2 or len(set(shapes)) != 1:
        raise OutOfRange(f"its inputs must have one shape, not {', '.join(map(str, shapes))}")
    return shapes[0], 0


def _joined(told: Settings, shapes: Sequence[Shape]) -> Size:
    if len(shapes) < 2 or len({shape[:-1] for shape in shapes}) != 1:
        raise OutOfRange(f"its inputs must agree in all but the last size, not {', '.join(map(str, shapes))}")
    return (*shapes[0][:-1], sum(shape[-1] for shape in shapes)), 0


def _axes(value: JsonValue) -> list[int]:
    if not isinstance(value, list) or len(value) > 3:
        raise OutOfRange(f"must be a list of axes, not {str(value)[:40]}")
    return [whole(1, 3)(part) for part in value]


_WEIGHTS: dict[str, Reader] = {
    "use_bias": flag,
    "activation": activation,
    "bias_initializer": initializer,
    "bias_regularizer": regularizer,
    "activity_regularizer": regularizer,
}
_KERNEL: dict[str, Reader] = {"kernel_initializer": initializer, "kernel_regularizer": regularizer}
_DEPTH: dict[str, Reader] = {
    "depth_multiplier": whole(1, 64),
    "depthwise_initializer": initializer,
    "depthwise_regularizer": regularizer,
}
_POINT: dict[str, Reader] = {"pointwise_initializer": initializer, "pointwise_regularizer": regularizer}
_LAST: dict[str, Reader] = {"data_format": perhaps(word("channels_last"))}
_WINDOW: dict[str, Reader] = {
    "kernel_size": pair(1, 64),
    "strides": pair(1, 64),
    "padding": word("same", "valid"),
    "dilation_rate": pair(1, 16),
    **_LAST,
}
_POOL: dict[str, Reader] = {
    "pool_size": pair(1, 64),
    "strides": perhaps(pair(1, 64)),
    "padding": word("same", "valid"),
    **_LAST,
}
_FILTERS: dict[str, Reader] = {"filters": whole(1, 2048)}
_NORM: dict[str, Reader] = {"axis": axis, "epsilon": real(0, 1), "center": flag, "scale": flag}
_FACTORS = real(-1e3, 1e3)

QUIET = frozenset(
    [
        "Dropout",
        "SpatialDropout2D",
        "AlphaDropout",
        "GaussianDropout",
        "GaussianNoise",
        "ActivityRegularization",
        "RandomFlip",
        "RandomRotation",
        "RandomTranslation",
        "RandomZoom",
        "RandomContrast",
        "RandomBrightness",
    ]
)
RULES: dict[str, Rule] = {
    "Dense": Rule({"units": whole(1, 16384), **_WEIGHTS, **_KERNEL}, _dense),
    "Conv2D": Rule({**_FILTERS, **_WINDOW, "groups": whole(1, 2048), **_WEIGHTS, **_KERNEL}, _convolved),
    "SeparableConv2D": Rule({**_FILTERS, **_WINDOW, **_WEIGHTS, **_DEPTH, **_POINT}, _separable),
    "DepthwiseConv2D": Rule({**_WINDOW, **_WEIGHTS, **_DEPTH}, _depthwise),
    "MaxPooling2D": Rule(_POOL, _pooled),
    "AveragePooling2D": Rule(_POOL, _pooled),
    "GlobalMaxPooling2D": Rule({"keepdims": flag, **_LAST}, _global),
    "GlobalAveragePooling2D": Rule({"keepdims": flag, **_LAST}, _global),
    "Flatten": Rule(_LAST, _flattened),
    "Reshape": Rule({"target_shape": sizes}, _reshaped),
    "ZeroPadding2D": Rule({"padding": margins, **_LAST}, _padded),
    "Resizing": Rule({"height": whole(1, 128), "width": whole(1, 128), **_LAST}, _resized),
    "Rescaling": Rule({"scale": real(), "offset": real()}, _same),
    "BatchNormalization": Rule({**_NORM, "momentum": real(0, 1)}, _batch_normalised),
    "LayerNormalization": Rule(_NORM, _layer_normalised),
    "Activation": Rule({"activation": activation}, _same),
    "ReLU": Rule({"max_value": perhaps(real(0)), "negative_slope": real(0), "threshold": real(0)}, _same),
    "LeakyReLU": Rule({"negative_slope": real(0)}, _same),
    "ELU": Rule({"alpha": real()}, _same),
    "PReLU": Rule({"alpha_initializer": initializer, "shared_axes": perhaps(_axes)}, _sloped),
    "Softmax": Rule({"axis": axis}, _same),
    "Add": Rule({}, _merged),
    "Multiply": Rule({}, _merged),
    "Average": Rule({}, _merged),
    "Maximum": Rule({}, _merged),
    "Concatenate": Rule({"axis": axis}, _joined),
    **{name: Rule({}, _same) for name in QUIET},
    "Identity": Rule({}, _same),
}
