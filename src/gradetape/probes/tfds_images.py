"""Reads an image set of tensorflow-datasets into a file of numpy arrays: `python -m gradetape.probes.tfds_images NAME FILE`.

Our own code on public data, so it runs outside the wall, where the cache is. Without `--download` the network stays
untouched. Ends with one line on stderr and a code other than 0 when there is nothing to read.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def main() -> int:
    """Write x_train, y_train, x_held_out, y_held_out (bytes as stored) to the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("target", type=Path)
    parser.add_argument("--download", action="store_true")
    asked = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # its banner would hide the one line that matters
    try:
        store(asked.name, asked.target, asked.download)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the shipped images stand in
        print(f"{type(fault).__name__}: {' '.join(str(fault).split())[:160]}", file=sys.stderr)
        return 1
    return 0


def store(name: str, target: Path, download: bool) -> None:
    """The train and test splits of `name` are in `target`."""
    import numpy as np  # after the environment has been set
    import tensorflow_datasets as tfds

    builder = tfds.builder(name)
    if not download and not builder.is_prepared():
        raise FileNotFoundError(f"{name} is not cached, and downloading was not allowed")
    if download:
        builder.download_and_prepare()
    parts = {}
    for split, ending in (("train", "train"), ("test", "held_out")):
        (found,) = [tfds.as_numpy(builder.as_dataset(split=split, batch_size=-1))]
        parts[f"x_{ending}"], parts[f"y_{ending}"] = found["image"], found["label"]
    np.savez(target, **parts)


if __name__ == "__main__":
    sys.exit(main())
