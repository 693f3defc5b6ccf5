"""Q6: the weights of Xception's favourite layer, a depthwise separable convolution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradetape import Exercise, cnn

SIDE = 32  # any size does: the weights of a convolution do not depend on it


@dataclass(frozen=True)
class Separated:
    """The two halves of a separable convolution, and the ordinary one that it stands in for."""

    separable: cnn.Stack
    ordinary: cnn.Stack
    inputs: int
    outputs: int
    kernel: int


def separated(variant: Mapping[str, int]) -> Separated:
    """The layer for one variant's numbers, without biases."""
    inputs, outputs, kernel = variant["inputs"], variant["outputs"], variant["kernel"]
    maps = (SIDE, SIDE, inputs)
    return Separated(
        separable=cnn.Stack(maps, (cnn.SeparableConv(outputs, kernel, bias=False),)),
        ordinary=cnn.Stack(maps, (cnn.Conv(outputs, kernel, bias=False),)),
        inputs=inputs,
        outputs=outputs,
        kernel=kernel,
    )


landmarks = Exercise("q06_landmark_architectures", subject=separated)
q6c = landmarks.computes("q6c", unit="weights")


@q6c.answer
def separable_weights(layer: Separated) -> int:
    """One flat kernel for each incoming map, then one weight for each pair of an incoming and an outgoing map."""
    return layer.separable.weights


@q6c.slip("That is an ordinary convolution, where every kernel reads all maps. Xception takes the two jobs apart.")
def convolves_as_usual(layer: Separated) -> int:
    return layer.ordinary.weights


@q6c.slip("That is the first half: every map filtered by itself. Who mixes the maps?", share=0.25)
def stops_after_the_flat_kernels(layer: Separated) -> int:
    return layer.kernel**2 * layer.inputs


@q6c.slip(
    "That is the second half, which mixes the maps. Who has looked at the neighbouring pixels before?", share=0.25
)
def counts_only_the_mixing(layer: Separated) -> int:
    return layer.inputs * layer.outputs


@q6c.slip(
    "The paper draws the mixing first, as you did, and says that it hardly matters; the layer that is in use filters each map first. "
    "What does that change?",
    share=0.5,
)
def mixes_first(layer: Separated) -> int:
    return layer.inputs * layer.outputs + layer.kernel**2 * layer.outputs


@q6c.slip("The weights are right, and you added biases. Read the question's second sentence again.", share=0.5)
def adds_biases(layer: Separated) -> int:
    return layer.separable.weights + layer.outputs
