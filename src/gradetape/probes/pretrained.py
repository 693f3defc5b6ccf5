"""Pretrained networks without a network connection.

A student writes `keras.applications.Xception(weights="imagenet", include_top=False)` and it works here too: with the
ImageNet weights where they are cached, else with a stand-in of random weights whose batch normalisation has been
settled on random pictures, so that signals and gradients keep an ordinary size all the way through.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

Picture = np.ndarray[Any, Any]
STAND_IN = "stand-in:"
SETTLING_IMAGES = 8
SETTLING_SIZE = 96  # the smallest that all networks take; statistics hardly change with size, the cost does
IMAGENET_MEAN = (123.68, 116.779, 103.939)  # red, green, blue; as keras.applications centres images for VGG and ResNet
IMAGENET_DEVIATION = (58.393, 57.12, 57.375)  # .229, .224, .225 of 255, as keras.applications scales for DenseNet
FAMILIES = (  # the first that fits a name in lower case without `-` and `_`
    ("inceptionresnetv2", "InceptionResNetV2", "symmetric"),
    ("inceptionv3", "InceptionV3", "symmetric"),
    ("xception", "Xception", "symmetric"),
    ("mobilenetv3", "MobileNetV3", "raw"),
    ("mobilenetv2", "MobileNetV2", "symmetric"),
    ("mobilenet", "MobileNet", "symmetric"),
    ("efficientnetv2", "EfficientNetV2", "raw"),
    ("efficientnet", "EfficientNet", "raw"),
    ("convnext", "ConvNeXt", "raw"),
    ("densenet", "DenseNet", "standardised"),
    ("nasnet", "NASNet", "symmetric"),
    (r"resnet\d+v2", "ResNetV2", "symmetric"),
    (r"resnet\d+", "ResNet", "centred"),
    (r"vgg\d+", "VGG", "centred"),
)
WITHOUT_OWN_SCALING = {"MobileNetV3": "symmetric", "EfficientNetV2": "symmetric", "ConvNeXt": "standardised"}


@dataclass(frozen=True)
class Family:
    """A family of keras.applications and how it wants its images (see SCALES)."""

    name: str
    scale: str


@dataclass
class Loaded:
    """One network for which pretrained weights were asked for. `weights` is "imagenet" or "stand-in"."""

    model: keras.Model
    file: str
    weights: str

    @property
    def with_top(self) -> bool:
        """Whether the file is of the whole classifier; keras.applications names the others `notop` in some spelling."""
        return not re.search(r"no_?-?top", self.file.lower())


@dataclass
class Shelf:
    """Where cached weights lie, and every network that asked for some."""

    folder: Path | None
    loaded: list[Loaded] = field(default_factory=list)


def _symmetric(image: Picture) -> Picture:
    return image / 127.5 - 1


def _centred(image: Picture) -> Picture:
    return np.asarray(image[..., ::-1] - np.asarray(IMAGENET_MEAN[::-1]))


def _standardised(image: Picture) -> Picture:
    return np.asarray((image - np.asarray(IMAGENET_MEAN)) / np.asarray(IMAGENET_DEVIATION))


SCALES: dict[str, Callable[[Picture], Picture]] = {
    "symmetric": _symmetric,
    "centred": _centred,
    "standardised": _standardised,
    "raw": lambda image: image * 1.0,
    "unit": lambda image: image / 255,
    "standardised unit": lambda image: _standardised(image / 255),
    "centred unit": lambda image: _centred(image / 255),
    "symmetric twice": lambda image: _symmetric(_symmetric(image)),
    "symmetric of unit": lambda image: _symmetric(image / 255),
}


def family_of(name: str) -> Family | None:
    """The family a model's or weights file's name belongs to.

    >>> family_of("resnet50v2").name, family_of("mobilenetv2_1.00_224").name, family_of("sequential_3")
    ('ResNetV2', 'MobileNetV2', None)
    """
    plain = re.sub(r"[-_]", "", name.lower())
    return next((Family(family, scale) for sign, family, scale in FAMILIES if re.search(sign, plain)), None)


def expected_scale(family: Family, network: keras.Model) -> str:
    """The scale `network` wants its input in, seeing whether its first layers rescale by themselves."""
    scales_itself = any("rescaling" in layer.name or "prestem" in layer.name for layer in network.layers[:4])
    return family.scale if scales_itself or family.scale != "raw" else WITHOUT_OWN_SCALING.get(family.name, "raw")


@contextmanager
def pretrained_offline(folder: Path | None) -> Iterator[Shelf]:
    """Inside the block keras.applications takes its weights from `folder`, else a stand-in; nothing is downloaded."""
    shelf = Shelf(folder)
    files: Any = sys.modules[keras.utils.get_file.__module__]  # where keras.applications look `get_file` up
    get_file, load_weights, retrieve = files.get_file, keras.Model.load_weights, files.urlretrieve

    def find(fname: str | None = None, origin: str | None = None, *args: Any, **kwargs: Any) -> str:
        if kwargs.get("cache_subdir") != "models":
            return str(get_file(fname, origin, *args, **kwargs))
        cached = folder / "models" / str(fname) if folder is not None else None
        return str(cached) if cached is not None and cached.is_file() else STAND_IN + str(fname)

    def load(self: keras.Model, filepath: Any, *args: Any, **kwargs: Any) -> None:
        path = str(filepath)
        if path.startswith(STAND_IN):
            settle(self, family_of(path))
            shelf.loaded.append(Loaded(self, path.removeprefix(STAND_IN), "stand-in"))
            return
        load_weights(self, filepath, *args, **kwargs)
        if folder is not None and Path(path).parent == folder / "models":
            shelf.loaded.append(Loaded(self, Path(path).name, "imagenet"))

    files.get_file, keras.Model.load_weights, files.urlretrieve = find, load, _refuse
    try:
        yield shelf
    finally:
        files.get_file, keras.Model.load_weights, files.urlretrieve = get_file, load_weights, retrieve


def _refuse(origin: str, *args: Any, **kwargs: Any) -> None:
    raise FileNotFoundError(f"`{Path(origin).name}` is not on this machine, and nothing is downloaded while grading.")


def settle(network: keras.Model, family: Family | None) -> None:
    """The batch normalisations of a random `network` know the statistics of random pictures passed through it.

    Without this the features of a random Xception have a standard deviation near 1e-5 and nothing can learn from them.
    """
    norms = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    if not norms or len(network.inputs) != 1:
        return
    height, width = (size or SETTLING_SIZE for size in network.input_shape[1:3])
    pictures = SCALES[expected_scale(family, network) if family else "symmetric"](_patchwork(height, width))
    momenta = [layer.momentum for layer in norms]
    for layer in norms:
        layer.momentum = 0.0
    keras.ops.convert_to_numpy(network(pictures.astype("float32"), training=True)).sum()
    for layer, momentum in zip(norms, momenta, strict=True):
        layer.momentum = momentum


def _patchwork(height: int, width: int) -> Picture:
    """Pictures of coloured patches, 0..255: like photographs at least in that neighbours resemble each other."""
    chance = np.random.default_rng(0)
    patches = chance.uniform(0, 255, (SETTLING_IMAGES, 8, 8, 3))
    rows, columns = np.arange(height) * 8 // height, np.arange(width) * 8 // width
    return np.clip(patches[:, rows][:, :, columns] + chance.normal(0, 8, (SETTLING_IMAGES, height, width, 3)), 0, 255)
