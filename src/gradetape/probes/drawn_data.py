"""Prepares a data set that the course draws itself, in a process without any student's code.

The request: {"builder": "drawn_shapes.py", "class": "DrawnShapes"}, with that file in the run's folder. Sends every
file of the prepared data set as bytes, named by its path below the data directory.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

from gradetape.probes import channel

PREPARED = Path("prepared")


def main() -> None:
    """Prepare, and send what has come of it."""
    asked = channel.request()
    tfds.core.utils.gcs_utils._is_gcs_disabled = True  # the only switch tfds has against asking the network first
    tfds.disable_progress_bar()
    builder = getattr(_module(Path(asked["builder"])), asked["class"])(data_dir=str(PREPARED))
    builder.download_and_prepare()
    files = sorted(path for path in Path(builder.data_path).rglob("*") if path.is_file())
    contents = {path.relative_to(PREPARED.resolve() if path.is_absolute() else PREPARED): path for path in files}
    channel.send(
        {"name": builder.name, "splits": {name: info.num_examples for name, info in builder.info.splits.items()}},
        {name.as_posix(): np.frombuffer(path.read_bytes(), dtype="uint8") for name, path in contents.items()},
    )


def _module(file: Path) -> Any:
    """The builder's module, known to Python by its own name, which tfds needs to see."""
    specification = importlib.util.spec_from_file_location(file.stem, file)
    if specification is None or specification.loader is None:
        raise ImportError(f"{file} cannot be imported")
    module = importlib.util.module_from_spec(specification)
    sys.modules[file.stem] = module
    specification.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
