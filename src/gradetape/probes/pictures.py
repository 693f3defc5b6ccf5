"""Compares pictures: which split one comes from, how its numbers are scaled, whether it was altered on the way.

Raw pictures are uint8 arrays (height, width, 3) of any size; prepared ones are float arrays of a batch.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from gradetape.probes.pretrained import SCALES

Picture = np.ndarray[Any, Any]
Pictures = Sequence[Picture]
THUMB = 14
UNALTERED = 0.35  # mean difference in standard deviations; plain ways of resizing stay below .2, a flip is above .5
SAME_SCALE = 0.7  # distance of mean and spread, per colour; brightness and contrast augmentation stay below .5
SAME_PICTURE = 0.8  # correlation of thumbnails; other pictures of the same kind stay below .75


def picture_of(element: Any) -> Picture:
    """The image of a raw data set's element: of a pair, or of a dictionary with an `image`."""
    if isinstance(element, dict):
        return np.asarray(element.get("image", next(iter(element.values()))))
    return np.asarray(element[0] if isinstance(element, (tuple, list)) else element)


def label_of(element: Any) -> Any:
    """The label of a raw data set's element, or None."""
    if isinstance(element, dict):
        return np.asarray(element["label"]) if "label" in element else None
    return np.asarray(element[1]) if isinstance(element, (tuple, list)) and len(element) > 1 else None


def fingerprint(picture: Picture) -> str:
    """The same for the same pixels."""
    return hashlib.sha256(str(picture.shape).encode() + np.ascontiguousarray(picture).tobytes()).hexdigest()[:16]


def plainly_resized(picture: Picture, height: int, width: int) -> list[Picture]:
    """The picture at another size in each of the ways that change nothing else: stretched, cropped, padded."""
    image = tf.convert_to_tensor(picture, tf.float32)
    tall, wide = image.shape[0], image.shape[1]
    factor = max(height / tall, width / wide)
    cropped = tf.image.resize_with_crop_or_pad(
        tf.image.resize(image, (round(tall * factor), round(wide * factor))), height, width
    )
    padded = tf.image.resize_with_pad(image, height, width)
    central = tf.image.resize_with_crop_or_pad(image, min(tall, wide), min(tall, wide))
    ways = [tf.image.resize(image, (height, width)), cropped, padded, tf.image.resize(central, (height, width))]
    return [way.numpy() for way in ways]


def alteration(prepared: Picture, raw: Picture, scale: str) -> float:
    """How far a prepared picture is from every plain resizing of its raw one, in standard deviations."""
    ways = [SCALES[scale](way) for way in plainly_resized(raw, *prepared.shape[:2])]
    return min(float(np.abs(prepared - way).mean() / (way.std() + 1e-6)) for way in ways)


def scale_of(prepared: Picture, raw: Pictures) -> str:
    """The name in SCALES that turns `raw` into the like of `prepared`, pixel by pixel or at least colour by colour.

    "unknown" when none does. Pictures of the two need not correspond one to one, nor be unaltered; they may have
    been resized in any plain way, and the bars of a padded picture are part of its brightness.
    """
    height, width = prepared.shape[1:3]
    resized = [plainly_resized(picture, height, width) for picture in raw]
    ways = [np.stack(way) for way in zip(*resized, strict=True)]
    distances = {name: min(_distance(prepared, scale(way)) for way in ways) for name, scale in SCALES.items()}
    best = min(distances, key=distances.__getitem__)
    return best if distances[best] < SAME_SCALE else "unknown"


def _distance(found: Picture, expected: Picture) -> float:
    axes = (0, 1, 2)
    mean, spread = expected.mean(axes), expected.std(axes) + 1e-6
    shift = np.abs(found.mean(axes) - mean) / spread
    stretch = np.abs(np.log((found.std(axes) + 1e-6) / spread))
    return float((shift + stretch).mean())


class Splits:
    """Recognises which split prepared pictures were made from, whatever was done to their size and scale."""

    def __init__(self, pictures: Mapping[str, Pictures]) -> None:
        self.names = [name for name, members in pictures.items() for _ in members]
        thumbs = [_thumbs(picture) for members in pictures.values() for picture in members]
        self.thumbs = np.stack(thumbs) if thumbs else np.zeros((0, 2, THUMB * THUMB))

    def name_of(self, prepared: Iterable[Picture]) -> str:
        """The split that most of the pictures come from, or "unknown"."""
        votes = Counter(self._nearest(picture) for picture in prepared)
        return votes.most_common(1)[0][0] if votes else "unknown"

    def _nearest(self, picture: Picture) -> str:
        if not self.names or picture.ndim != 3:
            return "unknown"
        likeness = (self.thumbs @ _thumb(picture)).max(axis=1) / (THUMB * THUMB)
        return self.names[int(likeness.argmax())] if likeness.max() > SAME_PICTURE else "unknown"


def _thumbs(picture: Picture) -> Picture:
    tall, wide = picture.shape[:2]
    side = min(tall, wide)
    top, left = (tall - side) // 2, (wide - side) // 2
    return np.stack([_thumb(picture), _thumb(picture[top : top + side, left : left + side])])


def _thumb(picture: Picture) -> Picture:
    grey = np.asarray(picture, dtype="float32").mean(axis=-1, keepdims=True)
    small = tf.image.resize(grey, (THUMB, THUMB), method="area").numpy().ravel()
    return np.asarray((small - small.mean()) / (small.std() + 1e-6))
