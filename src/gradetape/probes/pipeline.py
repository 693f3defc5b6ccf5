"""What a student's `load_data` and `prepare` make: splits, batches, and whether anything in them is left to chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds

from gradetape.probes.pictures import Picture, Pictures, fingerprint, label_of, picture_of

JsonFacts = dict[str, Any]
SPLITS = ("training", "validation", "test")
MOST_READ = 600  # pictures a split; the course's drawn scenes are far fewer
MADE_UP_BATCH = 8
STEPS = ("shuffle", "batch", "prefetch", "cache", "repeat")


class NotHere(FileNotFoundError):
    """A data set that was asked for is not on this machine."""


@contextmanager
def only_prepared_data(folders: Sequence[str] = ()) -> Iterator[None]:
    """Inside the block tfds loads what is prepared in TFDS_DATA_DIR or `folders`, and refuses the rest at once."""
    for folder in folders:
        tfds.core.add_data_dir(folder)
    builder = tfds.core.DatasetBuilder
    prepare = builder.download_and_prepare

    def refuse_downloads(self: Any, **settings: Any) -> None:
        if not self.data_path.exists():
            raise NotHere(
                f"The data set `{self.name}` is not on this machine, and nothing is downloaded while grading. "
                "Load the one whose name `load_data` is given."
            )

    tfds.core.utils.gcs_utils._is_gcs_disabled = True  # the only switch tfds has for this
    builder.download_and_prepare = refuse_downloads
    try:
        yield
    finally:
        builder.download_and_prepare = prepare


@contextmanager
def counted_steps() -> Iterator[Counter[str]]:
    """Inside the block, counts how often each pipeline step is added to a tf.data pipeline."""
    counts: Counter[str] = Counter()
    own = {name: getattr(tf.data.Dataset, name) for name in STEPS}

    def counting(name: str) -> Any:
        def step(self: Any, *args: Any, **kwargs: Any) -> Any:
            counts[name] += 1
            return own[name](self, *args, **kwargs)

        return step

    for name in STEPS:
        setattr(tf.data.Dataset, name, counting(name))
    try:
        yield counts
    finally:
        for name, step in own.items():
            setattr(tf.data.Dataset, name, step)


def three_splits(returned: Any) -> tuple[list[Any], int]:
    """The three raw data sets and the number of classes, from `((train, valid, test), n)` or the four in a row.

    Raises TypeError, in words for the student, for anything else.
    """
    parts = list(returned) if isinstance(returned, (tuple, list)) else [returned]
    if parts and isinstance(parts[0], (tuple, list)):
        parts = [*parts[0], *parts[1:]]
    found = ", ".join(type(part).__name__ for part in parts)
    if len(parts) != 4 or not all(isinstance(part, tf.data.Dataset) for part in parts[:3]):
        raise TypeError(f"load_data: expected (three data sets), number of classes; found {found}.")
    if isinstance(parts[3], bool) or not isinstance(parts[3], (int, np.integer)):
        raise TypeError(f"load_data: expected the number of classes as an integer; found {type(parts[3]).__name__}.")
    return parts[:3], int(parts[3])


def read_raw(dataset: tf.data.Dataset) -> tuple[list[Picture], list[int]]:
    """The pictures of a raw split and their labels as numbers; batches are taken apart."""
    pictures: list[Picture] = []
    labels: list[int] = []
    for element in dataset.take(MOST_READ).as_numpy_iterator():
        picture, label = picture_of(element), label_of(element)
        batched = picture.ndim == 4
        pictures += list(picture) if batched else [picture]
        if label is not None:
            labels += [_number_of(row) for row in label] if batched else [_number_of(label)]
    return pictures, labels


def _number_of(label: Any) -> int:
    row = np.asarray(label).ravel()
    return int(row.argmax()) if row.size > 1 else int(row[0])


def read_all(raw: Mapping[str, Any]) -> tuple[dict[str, list[Picture]], list[int]]:
    """The pictures of every split, and all their labels together."""
    read = {name: read_raw(dataset) for name, dataset in raw.items()}
    return {name: found[0] for name, found in read.items()}, [label for _, labels in read.values() for label in labels]


def own_splits(name: str) -> tuple[dict[str, Any], int]:
    """The splits as `load_data` should have made them, and the number of classes."""
    parts, info = tfds.load(name, split=["train[:80%]", "train[80%:]", "test"], as_supervised=True, with_info=True)
    return dict(zip(SPLITS, parts, strict=True)), int(info.features["label"].num_classes)


def split_facts(raw: Mapping[str, Pictures], labels: Sequence[int], n_classes: int) -> JsonFacts:
    """Sizes, classes, and how many pictures stand in two splits at once."""
    prints = {name: {fingerprint(picture) for picture in pictures} for name, pictures in raw.items()}
    return {
        "sizes": {name: len(pictures) for name, pictures in raw.items()},
        "classes": len(set(labels)),
        "classes_returned": n_classes,
        "shared": {
            f"{one} and {other}": len(prints[one] & prints[other])
            for one, other in (("training", "validation"), ("training", "test"), ("validation", "test"))
        },
    }


def first_batch(prepared: Any) -> Any:
    """The first element of a prepared pipeline, or None when it is empty."""
    return next(iter(prepared.take(1)), None)


def batch_facts(batch: Any, steps: Counter[str]) -> JsonFacts:
    """Shapes and types of a batch, and which steps its pipeline has."""
    if batch is None:
        return {"empty": True, "steps": dict(steps)}
    images, labels = parts_of(batch)
    return {
        "empty": False,
        "shape": list(images.shape),
        "dtype": images.dtype.name,
        "labels_shape": list(labels.shape) if labels is not None else None,
        "steps": dict(steps),
    }


def batched(prepared: Any, batch: Any) -> Any:
    """`prepared` with single pictures put into batches; None where it has none."""
    if batch is None:
        return None
    return prepared.batch(MADE_UP_BATCH) if len(parts_of(batch)[0].shape) == 3 else prepared


def parts_of(batch: Any) -> tuple[Any, Any]:
    """Images and labels of a batch; labels are None where it has none."""
    parts = batch if isinstance(batch, (tuple, list)) else (batch,)
    return parts[0], parts[1] if len(parts) > 1 else None


def shortened(dataset: tf.data.Dataset, images: int) -> tf.data.Dataset:
    """One batch of at most `images` images: the first of the data set's first batch."""
    return dataset.take(1).map(lambda *batch: tf.nest.map_structure(lambda part: part[:images], batch))
