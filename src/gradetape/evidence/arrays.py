"""Between numpy's arrays and the plain ones that evidence holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradetape.domain import Array


def packed(values: Any) -> Array:
    """`values` as an Array: C order, little-endian.

    >>> packed(np.array([[1, 2]], dtype="uint8")).shape
    (1, 2)
    """
    found = np.asarray(values)
    if found.dtype.kind not in "biuf":
        raise TypeError(f"an array of numbers is needed, not one of {found.dtype}")
    plain = np.ascontiguousarray(found, dtype=found.dtype.newbyteorder("<"))
    return Array(found.dtype.name, tuple(int(size) for size in found.shape), plain.tobytes())


def unpacked(array: Array) -> np.ndarray[Any, Any]:
    """The numpy array of an Array, read-only."""
    return np.frombuffer(array.data, dtype=np.dtype(array.dtype).newbyteorder("<")).reshape(array.shape)
