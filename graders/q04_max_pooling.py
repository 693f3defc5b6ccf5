"""Q4: two ways to halve feature maps, and what one of them has to learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradetape import Exercise, cnn

POOL = 2
STRIDE = 2


@dataclass(frozen=True)
class Halvers:
    """The same feature maps, halved by pooling and by a convolution."""

    pooled: cnn.Stack
    convolved: cnn.Stack
    maps: int
    kernel: int

    @property
    def positions(self) -> int:
        height, width, _ = self.convolved.shapes[-1]
        return height * width


def halvers(variant: Mapping[str, int]) -> Halvers:
    """Both networks for one variant's numbers."""
    side, maps, kernel = variant["side"], variant["maps"], variant["kernel"]
    return Halvers(
        pooled=cnn.Stack((side, side, maps), (cnn.Pool(POOL, STRIDE),)),
        convolved=cnn.Stack((side, side, maps), (cnn.Conv(maps, kernel, STRIDE),)),
        maps=maps,
        kernel=kernel,
    )


pooling = Exercise("q04_max_pooling", subject=halvers)
q4a = pooling.computes("q4a", unit="parameters")


@q4a.answer
def difference(both: Halvers) -> int:
    """What the convolution learns, less what the pooling learns."""
    return both.convolved.parameters - both.pooled.parameters


@q4a.slip("The weights are right. What does each filter own besides them?")
def forgets_biases(both: Halvers) -> int:
    return both.convolved.weights


@q4a.slip("Each of your filters reads one map. How many maps does it have in front of it?")
def filters_read_one_map(both: Halvers) -> int:
    return (both.kernel**2 + 1) * both.maps


@q4a.slip(
    "You took something off for the pooling window. What is there to learn in picking the largest of four numbers?"
)
def gives_pooling_weights(both: Halvers) -> int:
    return both.convolved.parameters - POOL**2 * both.maps


@q4a.slip("You counted the weights anew at every position. Does the filter change as it slides along?")
def shares_nothing(both: Halvers) -> int:
    return both.convolved.parameters * both.positions


@q4a.slip("That is one filter. How many are there?")
def counts_one_filter(both: Halvers) -> int:
    return both.kernel**2 * both.maps + 1


@q4a.slip("The two put out maps of the same size, but they do not learn the same amount. What does each have to learn?")
def sees_no_difference(both: Halvers) -> int:
    return 0
