"""Small colour scenes drawn by formula: a data set for image pipelines that needs no download.

Four kinds of picture (a boat, a house, a mountain, a tree), of changing size and shape, light and colour. The same
index always gives the same picture, so everybody's copy is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import tensorflow_datasets as tfds

CLASSES = ("boat", "house", "mountain", "tree")
TRAIN_IMAGES = 128
TEST_IMAGES = 48
WIDTHS = (112, 176)
HEIGHTS = (96, 152)
SEED = 10
BACKGROUNDS = {  # sky and ground; each kind of picture has a light of its own, as photographs of different places do
    "boat": ((0.5, 0.72, 0.95), (0.08, 0.25, 0.6)),
    "house": ((0.95, 0.8, 0.55), (0.6, 0.5, 0.4)),
    "mountain": ((0.72, 0.74, 0.8), (0.5, 0.52, 0.5)),
    "tree": ((0.7, 0.88, 0.75), (0.4, 0.65, 0.25)),
}


class Canvas:
    """A picture being painted: colours 0..1 on a grid whose points run from 0 to 1 to the right and downwards."""

    def __init__(self, height: int, width: int) -> None:
        self.colours = np.zeros((height, width, 3))
        self.down, self.right = np.meshgrid(np.linspace(0, 1, height), np.linspace(0, 1, width), indexing="ij")

    def paint(self, where: np.ndarray, colour: np.ndarray) -> None:
        """Give the points of a mask one colour."""
        self.colours[where] = colour

    def box(self, left: float, top: float, right: float, bottom: float) -> np.ndarray:
        """The mask of an upright rectangle."""
        return (self.right >= left) & (self.right <= right) & (self.down >= top) & (self.down <= bottom)

    def disc(self, across: float, down: float, radius: float) -> np.ndarray:
        """The mask of a filled ellipse, a circle where the picture is square."""
        return (self.right - across) ** 2 + (self.down - down) ** 2 <= radius**2

    def peak(self, across: float, top: float, bottom: float, half_width: float) -> np.ndarray:
        """The mask of a triangle standing on its base."""
        height = np.clip((self.down - top) / (bottom - top), 0, 1)
        inside = (self.down >= top) & (self.down <= bottom)
        return inside & (np.abs(self.right - across) <= half_width * height)

    def pixels(self, grain: np.ndarray) -> np.ndarray:
        """The picture as uint8, with a little grain so that no two areas are quite flat."""
        return np.clip(255 * (self.colours + grain), 0, 255).round().astype(np.uint8)


def draw(kind: str, index: int) -> np.ndarray:
    """The picture number `index` of a kind: uint8, (height, width, 3).

    >>> bool((draw("boat", 3) == draw("boat", 3)).all())
    True
    """
    chance = np.random.default_rng([SEED, CLASSES.index(kind), index])
    canvas = Canvas(int(chance.integers(*HEIGHTS)), int(chance.integers(*WIDTHS)))
    horizon = chance.uniform(0.55, 0.7)
    _paint_background(canvas, kind, horizon, chance)
    {"boat": _boat, "house": _house, "mountain": _mountain, "tree": _tree}[kind](canvas, horizon, chance)
    return canvas.pixels(chance.normal(0, 0.03, canvas.colours.shape))


def _paint_background(canvas: Canvas, kind: str, horizon: float, chance: np.random.Generator) -> None:
    sky, ground = BACKGROUNDS[kind]
    light = chance.uniform(0.8, 1.0)
    canvas.paint(canvas.down < horizon, light * _near(sky, 0.07, chance))
    canvas.paint(canvas.down >= horizon, light * _near(ground, 0.07, chance))
    if chance.random() < 0.5:
        canvas.paint(canvas.disc(chance.uniform(0.1, 0.9), 0.15, 0.08), _near((0.95, 0.9, 0.5), 0.08, chance))


def _boat(canvas: Canvas, horizon: float, chance: np.random.Generator) -> None:
    across, size = chance.uniform(0.35, 0.65), chance.uniform(0.2, 0.3)
    waves = np.sin(2 * np.pi * (18 * canvas.down + chance.uniform(0, 1) + 0.3 * np.sin(9 * canvas.right))) > 0.4
    canvas.paint(waves & (canvas.down >= horizon), _near((0.35, 0.6, 0.85), 0.06, chance))
    sail = canvas.peak(across + size / 3, horizon - 2 * size, horizon, size / 1.5)
    canvas.paint(sail, _near((0.95, 0.95, 0.95), 0.05, chance))
    hull = canvas.box(across - size, horizon, across + size, horizon + size / 2)
    bow = np.abs(canvas.right - across) <= size - (canvas.down - horizon)
    canvas.paint(hull & bow, _near((0.6, 0.15, 0.15), 0.1, chance))


def _house(canvas: Canvas, horizon: float, chance: np.random.Generator) -> None:
    across, size = chance.uniform(0.4, 0.6), chance.uniform(0.24, 0.32)
    floor = horizon + 0.2
    roof = floor - 1.4 * size
    canvas.paint(canvas.box(across - size, roof, across + size, floor), _near((0.85, 0.65, 0.45), 0.08, chance))
    joints = (canvas.down * 22) % 1 < 0.25
    bricks = canvas.box(across - size, roof, across + size, floor) & joints
    canvas.paint(bricks, _near((0.6, 0.3, 0.2), 0.06, chance))
    canvas.paint(canvas.peak(across, roof - size, roof, 1.25 * size), _near((0.75, 0.2, 0.1), 0.08, chance))
    door = canvas.box(across - size / 5, floor - size, across + size / 5, floor)
    canvas.paint(door, _near((0.3, 0.2, 0.15), 0.08, chance))


def _mountain(canvas: Canvas, horizon: float, chance: np.random.Generator) -> None:
    for _ in range(3):
        across, height, width = chance.uniform(0.1, 0.9), chance.uniform(0.35, 0.55), chance.uniform(0.3, 0.5)
        top = horizon - height
        canvas.paint(canvas.peak(across, top, horizon, width), _near((0.35, 0.33, 0.36), 0.06, chance))
        canvas.paint(canvas.peak(across, top, top + height / 2, width / 2), _near((0.95, 0.95, 0.97), 0.03, chance))


def _tree(canvas: Canvas, horizon: float, chance: np.random.Generator) -> None:
    across, size = chance.uniform(0.35, 0.65), chance.uniform(0.2, 0.28)
    foot = horizon + 0.25
    trunk = canvas.box(across - size / 5, foot - 2 * size, across + size / 5, foot)
    canvas.paint(trunk, _near((0.4, 0.25, 0.12), 0.06, chance))
    leaves, shade = _near((0.15, 0.5, 0.12), 0.06, chance), _near((0.05, 0.3, 0.05), 0.04, chance)
    speckle = np.sin(70 * canvas.right + 5 * np.sin(40 * canvas.down)) * np.sin(60 * canvas.down) > 0.3
    for right, up in ((-0.6, 1.8), (0.6, 1.8), (0.0, 2.5)):
        crown = canvas.disc(across + right * size, foot - up * size, size * 0.95)
        canvas.paint(crown, leaves)
        canvas.paint(crown & speckle, shade)


def _near(colour: tuple[float, float, float], spread: float, chance: np.random.Generator) -> np.ndarray:
    return np.asarray(colour) + chance.uniform(-spread, spread, 3)


class DrawnShapes(tfds.core.GeneratorBasedBuilder):
    """The drawn scenes as a TensorFlow data set, with a `train` and a `test` split of balanced classes."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES: ClassVar[dict[str, str]] = {"1.0.0": "First pictures."}

    def _info(self) -> tfds.core.DatasetInfo:
        return tfds.core.DatasetInfo(
            builder=self,
            description="Drawn scenes of four kinds, for trying out image pipelines without a download.",
            features=tfds.features.FeaturesDict(
                {
                    "image": tfds.features.Image(shape=(None, None, 3)),
                    "label": tfds.features.ClassLabel(names=list(CLASSES)),
                }
            ),
            supervised_keys=("image", "label"),
        )

    def _split_generators(self, dl_manager: tfds.download.DownloadManager) -> dict[str, Iterator]:
        del dl_manager  # nothing is downloaded
        return {
            "train": self._generate_examples(0, TRAIN_IMAGES),
            "test": self._generate_examples(TRAIN_IMAGES, TRAIN_IMAGES + TEST_IMAGES),
        }

    def _generate_examples(self, first: int, end: int) -> Iterator[tuple[int, dict]]:
        for number in range(first, end):
            kind = CLASSES[number % len(CLASSES)]
            yield number, {"image": draw(kind, number // len(CLASSES)), "label": kind}
