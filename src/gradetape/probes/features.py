"""What a pretrained base makes of the course's pictures: its feature maps, standardised. No student's code is here.

The request: {"dataset", "base": a class name of keras.applications, "weights": folder or "", "seed", "side": 224}, with
TFDS_DATA_DIR in the environment. Sends x_train, x_held_out (float16), y_train, y_held_out, and whose weights they were.

With random weights the raw features differ by base in size and offset by orders of magnitude, so they are standardised
per feature map over the training pictures (MEASURED: a head learns nothing from Xception's otherwise).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds

from gradetape.probes import channel
from gradetape.probes.pipeline import only_prepared_data
from gradetape.probes.pretrained import SCALES, expected_scale, family_of, pretrained_offline

AT_ONCE = 16
FAINT = 1e-3  # a map that hardly ever answers is not blown up to the size of the others


def main() -> None:
    """Compute and send the features."""
    asked = channel.request()
    keras.utils.set_random_seed(int(asked["seed"]))
    folder = Path(asked["weights"]) if asked.get("weights") else None
    with pretrained_offline(folder) as shelf, only_prepared_data():
        splits = tfds.load(asked["dataset"], split=["train", "test"], as_supervised=True)
        side = int(asked["side"])
        base = getattr(keras.applications, asked["base"])(
            weights="imagenet", include_top=False, input_shape=(side, side, 3)
        )
    family = family_of(shelf.loaded[-1].file)
    if family is None:
        raise ValueError(f"{asked['base']} belongs to no known family")
    scale = SCALES[expected_scale(family, base)]
    (x_train, y_train), (x_held_out, y_held_out) = (_features(base, split, scale, side) for split in splits)
    mean, spread = x_train.mean((0, 1, 2)), x_train.std((0, 1, 2))
    spread = np.maximum(spread, FAINT * spread.max() + 1e-12)
    channel.send(
        {"base": asked["base"], "weights": shelf.loaded[-1].weights, "shape": list(x_train.shape[1:])},
        {
            "x_train": ((x_train - mean) / spread).astype("float16"),
            "y_train": y_train,
            "x_held_out": ((x_held_out - mean) / spread).astype("float16"),
            "y_held_out": y_held_out,
        },
    )


def _features(base: keras.Model, split: Any, scale: Any, side: int) -> tuple[Any, Any]:
    forward = tf.function(lambda pictures: base(pictures, training=False), reduce_retracing=True)
    resized = split.map(lambda picture, label: (tf.image.resize(picture, (side, side)), label))
    maps, labels = [], []
    for pictures, numbers in resized.batch(AT_ONCE).as_numpy_iterator():
        maps.append(forward(tf.constant(scale(pictures), tf.float32)).numpy())
        labels.append(numbers)
    return np.concatenate(maps), np.concatenate(labels).astype("int64")


if __name__ == "__main__":
    main()
