"""Q8: how much of the image lies under one cell of a classifier's last feature maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradetape import Exercise, cnn

STRIDE = 2


@dataclass(frozen=True)
class Chessboard:
    """An image, and the last feature maps laid over it."""

    net: cnn.Stack

    @property
    def cells_per_side(self) -> int:
        return self.net.shapes[-1][0]

    @property
    def cell_side(self) -> int:
        """In pixels of the image; the sides are chosen so that nothing is left over."""
        return self.net.input_shape[0] // self.cells_per_side


def chessboard(variant: Mapping[str, int]) -> Chessboard:
    """The board for one variant's numbers. How many filters the layers have is of no matter here."""
    side = variant["side"]
    return Chessboard(cnn.Stack((side, side, 3), (cnn.Conv(8, stride=STRIDE),) * variant["layers"]))


segmentation = Exercise("q08_semantic_segmentation", subject=chessboard)
q8a = segmentation.computes("q8a", unit="pixels")


@q8a.answer
def pixels_under_a_cell(board: Chessboard) -> int:
    """The strides multiply to the side of a cell; its area is the square of that."""
    return board.cell_side**2


@q8a.slip("That is the side of a cell, in pixels. How many pixels does a square of that side hold?", share=0.5)
def gives_the_side(board: Chessboard) -> int:
    return board.cell_side


@q8a.slip("You added the strides up. Halve something twice: is it a quarter, or is it gone?")
def adds_the_strides(board: Chessboard) -> int:
    return (STRIDE * len(board.net.layers)) ** 2


@q8a.slip("That is how many cells the board has. The question is about the inside of one.")
def counts_the_cells(board: Chessboard) -> int:
    return board.cells_per_side**2
