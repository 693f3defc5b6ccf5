"""Shapes, parameters and memory of a stack of layers, by arithmetic alone. Standard library only.

The source of truth of every computed question about a network; the tests prove it equal to Keras
over random stacks. Shapes are (height, width, channels), or (features,), without the batch.

Sizes follow Keras' definitions (keras.ops.conv and keras.ops.max_pool), for each of height and width:

    same    ceil(size / stride)
    valid   floor((size - reach) / stride) + 1,  where reach = dilation · (kernel - 1) + 1

>>> net = Stack((200, 300, 3), [Conv(100, stride=2), Conv(200, stride=2), Conv(400, stride=2)])
>>> net.shapes
((100, 150, 100), (50, 75, 200), (25, 38, 400))
>>> net.layer_parameters, net.parameters
((2800, 180200, 720400), 903400)
>>> net.floats * FLOAT32_BYTES
10520000
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

FLOAT32_BYTES = 4

Shape: TypeAlias = tuple[int, ...]
Size: TypeAlias = int | tuple[int, int]


@dataclass(frozen=True)
class Conv:
    """A two-dimensional convolution: each of `filters` reads all channels under its kernel, and owns one bias.

    weights = kernel height · kernel width · channels · filters; biases = filters.

    >>> Conv(100).weights((200, 300, 3)), Conv(100).biases((200, 300, 3))
    (2700, 100)
    """

    filters: int
    kernel: Size = 3
    stride: Size = 1
    padding: str = "same"
    bias: bool = True
    dilation: Size = 1

    def __post_init__(self) -> None:
        _check_positive("filters", self.filters)
        _check_window(self.kernel, self.stride, self.padding, self.dilation)

    def output_shape(self, shape: Shape) -> Shape:
        height, width, _ = _image(shape)
        return (*_slide((height, width), self.kernel, self.stride, self.padding, self.dilation), self.filters)

    def weights(self, shape: Shape) -> int:
        return math.prod(_pair(self.kernel)) * _image(shape)[2] * self.filters

    def biases(self, shape: Shape) -> int:
        return self.filters if self.bias else 0


@dataclass(frozen=True)
class SeparableConv:
    """A depthwise separable convolution: one spatial filter per channel, then a 1×1 convolution across them.

    weights = kernel height · kernel width · channels · m + channels · m · filters, where m is
    `depth_multiplier`, the spatial filters per channel; biases = filters, owned by the 1×1 part.

    >>> SeparableConv(64).weights((28, 28, 32))
    2336
    """

    filters: int
    kernel: Size = 3
    stride: Size = 1
    padding: str = "same"
    bias: bool = True
    dilation: Size = 1
    depth_multiplier: int = 1

    def __post_init__(self) -> None:
        _check_positive("filters", self.filters)
        _check_positive("depth_multiplier", self.depth_multiplier)
        _check_window(self.kernel, self.stride, self.padding, self.dilation)

    def output_shape(self, shape: Shape) -> Shape:
        height, width, _ = _image(shape)
        return (*_slide((height, width), self.kernel, self.stride, self.padding, self.dilation), self.filters)

    def weights(self, shape: Shape) -> int:
        maps = _image(shape)[2] * self.depth_multiplier
        return math.prod(_pair(self.kernel)) * maps + maps * self.filters

    def biases(self, shape: Shape) -> int:
        return self.filters if self.bias else 0


@dataclass(frozen=True)
class Pool:
    """Max or average pooling: no parameters, every channel by itself. Without a `stride` it steps by its size.

    >>> Pool(2).output_shape((25, 38, 400))
    (12, 19, 400)
    """

    size: Size = 2
    stride: Size | None = None
    padding: str = "valid"

    def __post_init__(self) -> None:
        _check_window(self.size, self._step, self.padding, 1)

    @property
    def _step(self) -> Size:
        return self.size if self.stride is None else self.stride

    def output_shape(self, shape: Shape) -> Shape:
        height, width, channels = _image(shape)
        return (*_slide((height, width), self.size, self._step, self.padding, 1), channels)

    def weights(self, shape: Shape) -> int:
        return 0

    def biases(self, shape: Shape) -> int:
        return 0


@dataclass(frozen=True)
class Dense:
    """A fully connected layer over the last axis, as in Keras: weights = features · units; biases = units.

    >>> Dense(10).weights((64,)), Dense(10).output_shape((64,))
    (640, (10,))
    """

    units: int
    bias: bool = True

    def __post_init__(self) -> None:
        _check_positive("units", self.units)

    def output_shape(self, shape: Shape) -> Shape:
        return (*shape[:-1], self.units)

    def weights(self, shape: Shape) -> int:
        return shape[-1] * self.units

    def biases(self, shape: Shape) -> int:
        return self.units if self.bias else 0


@dataclass(frozen=True)
class Flatten:
    """All features in one row; no parameters.

    >>> Flatten().output_shape((25, 38, 400))
    (380000,)
    """

    def output_shape(self, shape: Shape) -> Shape:
        return (math.prod(shape),)

    def weights(self, shape: Shape) -> int:
        return 0

    def biases(self, shape: Shape) -> int:
        return 0


Layer: TypeAlias = Conv | SeparableConv | Pool | Dense | Flatten


@dataclass(frozen=True)
class Stack:
    """Layers one after the other, each reading the output of the one before.

    Raises ValueError, naming the layer, where a layer cannot read its input.
    """

    input_shape: Shape = (200, 300, 3)
    layers: tuple[Layer, ...] = ()

    def __post_init__(self) -> None:
        # Lists are welcome; a frozen record keeps tuples.
        object.__setattr__(self, "input_shape", tuple(self.input_shape))
        object.__setattr__(self, "layers", tuple(self.layers))
        if not self.input_shape:
            raise ValueError("input shape: expected (height, width, channels) or (features,), found ()")
        for size in self.input_shape:
            _check_positive("input shape", size)
        for _ in self._steps():
            pass

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The output shape of each layer."""
        return tuple(layer.output_shape(shape) for layer, shape in self._steps())

    @property
    def layer_weights(self) -> tuple[int, ...]:
        """The weights of each layer, without its biases."""
        return tuple(layer.weights(shape) for layer, shape in self._steps())

    @property
    def layer_biases(self) -> tuple[int, ...]:
        """The biases of each layer."""
        return tuple(layer.biases(shape) for layer, shape in self._steps())

    @property
    def layer_parameters(self) -> tuple[int, ...]:
        """The weights and biases of each layer."""
        return tuple(weights + biases for weights, biases in zip(self.layer_weights, self.layer_biases, strict=True))

    @property
    def weights(self) -> int:
        """All weights, without biases."""
        return sum(self.layer_weights)

    @property
    def biases(self) -> int:
        """All biases."""
        return sum(self.layer_biases)

    @property
    def parameters(self) -> int:
        """All weights and biases."""
        return self.weights + self.biases

    @property
    def input_floats(self) -> int:
        """Numbers in one input."""
        return math.prod(self.input_shape)

    @property
    def layer_floats(self) -> tuple[int, ...]:
        """Numbers that each layer puts out for one input."""
        return tuple(math.prod(shape) for shape in self.shapes)

    @property
    def floats(self) -> int:
        """Numbers that all layers together put out for one input; the input itself is not among them."""
        return sum(self.layer_floats)

    def _steps(self) -> Iterator[tuple[Layer, Shape]]:
        """Each layer with the shape it reads."""
        shape = self.input_shape
        for place, layer in enumerate(self.layers, start=1):
            try:
                following = layer.output_shape(shape)
            except ValueError as refusal:
                raise ValueError(f"layer {place}, {type(layer).__name__}: {refusal}") from None
            yield layer, shape
            shape = following


def _pair(size: Size) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else size


def _slide(sizes: tuple[int, int], kernel: Size, stride: Size, padding: str, dilation: Size) -> tuple[int, int]:
    """The output height and width of a window that slides over `sizes`."""
    (high, wide), kernels, strides, dilations = sizes, _pair(kernel), _pair(stride), _pair(dilation)
    return (
        _positions(high, kernels[0], strides[0], dilations[0], padding),
        _positions(wide, kernels[1], strides[1], dilations[1], padding),
    )


def _positions(size: int, kernel: int, stride: int, dilation: int, padding: str) -> int:
    if padding == "same":
        return -(-size // stride)
    reach = dilation * (kernel - 1) + 1
    if reach > size:
        raise ValueError(
            f"with `valid` padding a window of {reach} does not fit into an input of {size}; "
            "use `same` padding, a smaller kernel or a larger input"
        )
    return (size - reach) // stride + 1


def _image(shape: Shape) -> tuple[int, int, int]:
    if len(shape) != 3:
        raise ValueError(f"expected an input of (height, width, channels), found {shape}")
    height, width, channels = shape
    return height, width, channels


def _check_window(kernel: Size, stride: Size, padding: str, dilation: Size) -> None:
    for name, size in (("kernel", kernel), ("stride", stride), ("dilation", dilation)):
        if not isinstance(size, int) and len(size) != 2:
            raise ValueError(f"{name}: expected one size or a pair (height, width), found {size}")
        for part in _pair(size):
            _check_positive(name, part)
    if padding not in ("same", "valid"):
        raise ValueError(f"padding: expected 'same' or 'valid', found {padding!r}")
    if max(_pair(stride)) > 1 and max(_pair(dilation)) > 1:
        raise ValueError(f"stride {stride} with dilation {dilation}: Keras allows only one of them above 1")


def _check_positive(name: str, value: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name}: expected a whole number of at least 1, found {value!r}")
