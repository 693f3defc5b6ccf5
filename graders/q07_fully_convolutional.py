"""Q7: a dense layer as a convolution: its parameters, and its answers on a larger image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradetape import Exercise, cnn


@dataclass(frozen=True)
class Converted:
    """The layer on feature maps of the size it was made for, and on those of a larger image."""

    fitted: cnn.Stack
    enlarged: cnn.Stack
    units: int

    @property
    def side(self) -> int:
        return self.fitted.input_shape[0]

    @property
    def maps(self) -> int:
        return self.fitted.input_shape[-1]


def converted(variant: Mapping[str, int]) -> Converted:
    """The converted layer for one variant's numbers."""
    side, maps, units = variant["side"], variant["maps"], variant["units"]
    layer = cnn.Conv(units, kernel=side, padding="valid")
    return Converted(
        fitted=cnn.Stack((side, side, maps), (layer,)),
        enlarged=cnn.Stack((variant["height"], variant["width"], maps), (layer,)),
        units=units,
    )


fully_convolutional = Exercise("q07_fully_convolutional", subject=converted)
q7a = fully_convolutional.computes("q7a", unit="parameters")
q7b = fully_convolutional.computes("q7b", unit="positions")


@q7a.answer
def as_many_as_the_dense_layer(layer: Converted) -> int:
    """The same numbers are computed, so the same weights and biases are needed, in another shape."""
    return layer.fitted.parameters


@q7a.slip("The weights are right. The question counts the biases too.")
def forgets_biases(layer: Converted) -> int:
    return layer.fitted.weights


@q7a.slip("That is a kernel of one position, and it sees one position only. What did a unit of the dense layer see?")
def uses_a_one_by_one_kernel(layer: Converted) -> int:
    return (layer.maps + 1) * layer.units


@q7a.slip("Your kernels are flat. Through how many maps does each of them reach?")
def forgets_the_depth(layer: Converted) -> int:
    return (layer.side**2 + 1) * layer.units


@q7a.slip("That is one filter. How many numbers did the dense layer put out?")
def counts_one_filter(layer: Converted) -> int:
    return layer.fitted.weights // layer.units + 1


@q7a.slip("You gave the whole layer a single bias. How many did the dense layer have?")
def shares_one_bias(layer: Converted) -> int:
    return layer.fitted.weights + 1


@q7b.answer
def positions(layer: Converted) -> int:
    """The kernel slides, in steps of one, wherever it fits entirely into the maps."""
    height, width, _ = layer.enlarged.shapes[-1]
    return height * width


@q7b.slip("That was so for the old size. The kernel has room to slide now.")
def stays_at_one(layer: Converted) -> int:
    return 1


@q7b.slip("Count the places once more on a small case: at how many can a window of 3 lie in a row of 4?")
def is_one_short(layer: Converted) -> int:
    height, width, _ = layer.enlarged.input_shape
    return (height - layer.side) * (width - layer.side)


@q7b.slip(
    "You let the kernel hang over the edge of the maps. The dense layer never saw invented zeros; where does the kernel fit?"
)
def pads_with_zeros(layer: Converted) -> int:
    height, width, _ = layer.enlarged.input_shape
    return height * width


@q7b.slip(
    "You laid the windows side by side like tiles. How far does a convolution with stride 1 move between two answers?"
)
def lays_tiles(layer: Converted) -> int:
    height, width, _ = layer.enlarged.input_shape
    return (height // layer.side) * (width // layer.side)


@q7b.slip("That is the height of the output. And its width?")
def gives_the_height(layer: Converted) -> int:
    return layer.enlarged.shapes[-1][0]
