"""Q1: what a convolutional layer spares, in numbers: the same image into a dense layer and into a convolution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradetape import Exercise, cnn

CHANNELS = 3


@dataclass(frozen=True)
class Rivals:
    """One colour image, and the two layers that may read it."""

    dense: cnn.Stack
    conv: cnn.Stack
    units: int
    kernel: int

    @property
    def pixels(self) -> int:
        height, width, _ = self.conv.input_shape
        return height * width


def rivals(variant: Mapping[str, int]) -> Rivals:
    """Both layers for one variant's numbers."""
    image = (variant["height"], variant["width"], CHANNELS)
    units, kernel = variant["units"], variant["kernel"]
    return Rivals(
        dense=cnn.Stack(image, (cnn.Flatten(), cnn.Dense(units))),
        conv=cnn.Stack(image, (cnn.Conv(units, kernel),)),
        units=units,
        kernel=kernel,
    )


advantages = Exercise("q01_cnn_advantages", subject=rivals)
q1a = advantages.computes("q1a", unit="parameters")
q1b = advantages.computes("q1b", unit="parameters")


@q1a.answer
def dense_parameters(both: Rivals) -> int:
    """Every unit has a weight for each value of the image, and one bias."""
    return both.dense.parameters


@q1a.slip("Those are all the weights. What does each unit own besides them?")
def dense_forgets_biases(both: Rivals) -> int:
    return both.dense.weights


@q1a.slip("A pixel of a colour image is more than one number. How many values does flattening leave?")
def dense_forgets_channels(both: Rivals) -> int:
    return (both.pixels + 1) * both.units


@q1a.slip("You gave the whole layer a single bias. Who owns the biases of a dense layer?")
def dense_shares_one_bias(both: Rivals) -> int:
    return both.dense.weights + 1


@q1a.slip("That is how many numbers go into the layer. Each unit needs weights of its own for all of them.")
def dense_counts_inputs(both: Rivals) -> int:
    return both.dense.input_floats


@q1b.answer
def conv_parameters(both: Rivals) -> int:
    """Every filter has a weight for each value under its kernel, all channels included, and one bias."""
    return both.conv.parameters


@q1b.slip("Those are all the weights. What does each filter own besides them?")
def conv_forgets_biases(both: Rivals) -> int:
    return both.conv.weights


@q1b.slip("Your filters are flat. The image has more than one channel, and a filter reads all of them at once.")
def conv_forgets_channels(both: Rivals) -> int:
    return (both.kernel**2 + 1) * both.units


@q1b.slip(
    "You gave each filter a bias for every channel. It adds up what it sees first; how many sums are left to shift?"
)
def conv_has_a_bias_for_each_channel(both: Rivals) -> int:
    return both.conv.weights + CHANNELS * both.units


@q1b.slip("You counted new weights at every position. What does a filter do with its weights as it slides along?")
def conv_shares_nothing(both: Rivals) -> int:
    return both.conv.parameters * both.pixels


@q1b.slip("That is how many numbers the layer puts out. How many does it have to learn?")
def conv_counts_outputs(both: Rivals) -> int:
    return both.conv.layer_floats[0]
