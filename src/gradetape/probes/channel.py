"""How a probe hears what is asked and says what it saw.

    asked = channel.request()
    channel.note("structure", {"layers": [...]})        # kept even if the process dies in the next line
    channel.send({"accuracy": 0.91}, {"predictions": scores})

`note` and `send` make plain JSON of what they get: numpy's numbers become Python's, tuples become lists, and numbers
that JSON does not know become the texts "NaN", "Infinity" and "-Infinity". The judge sees all facts in one mapping;
a later fact replaces an earlier one of the same name.
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

MARK = b"GTF1"
DEPTH = 24  # well within what the reader accepts
_request: dict[str, Any] = {}
_pipe: int | None = None
_owner = os.getpid()
_closed = False


def open_channel(asked: Mapping[str, Any], pipe: int) -> None:
    """`request()` answers `asked`, and what is sent goes into `pipe`, which no child process inherits."""
    global _pipe, _owner
    _request.update(asked)
    os.set_inheritable(pipe, False)
    _pipe, _owner = pipe, os.getpid()


def request() -> dict[str, Any]:
    """What this probe was asked."""
    return dict(_request)


def is_closed() -> bool:
    """Whether the last word has been said."""
    return _closed


def note(stage: str, facts: Mapping[str, Any] | None = None, arrays: Mapping[str, Any] | None = None) -> None:
    """`facts` are safe with the judge's side, and `stage` has been reached."""
    _put("note", stage, facts or {}, arrays or {})


def send(facts: Mapping[str, Any] | None = None, arrays: Mapping[str, Any] | None = None) -> None:
    """The probe's last word: it has reported all that it wanted to. Nothing may follow."""
    _put("final", "", facts or {}, arrays or {})


def fault(reason: str) -> None:
    """The probe's last word when it failed itself: nothing is to be held against the student."""
    if not _closed:
        _put("fault", "", {"fault": reason}, {})


def _put(kind: str, stage: str, facts: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
    global _closed
    if os.getpid() != _owner:
        return  # a copy that the submission forked off runs on from here, but only the original speaks
    if _closed:
        raise RuntimeError("the channel is closed: send() is a probe's last word")
    frame = encode(kind, stage, facts, arrays)
    _closed = kind != "note"
    if _pipe is None:
        return  # a probe tried by hand, with nobody listening
    left = memoryview(frame)
    while left:
        left = left[os.write(_pipe, left) :]


def encode(kind: str, stage: str, facts: Mapping[str, Any], arrays: Mapping[str, Any]) -> bytes:
    """One frame: mark, length of the header, header, raw arrays (C order, little-endian)."""
    blocks = {name: _block(array) for name, array in arrays.items()}
    header = {
        "kind": kind,
        "stage": stage,
        "facts": plain(dict(facts)),
        "arrays": [
            {"name": name, "dtype": block.dtype.name, "shape": list(block.shape)} for name, block in blocks.items()
        ],
    }
    text = json.dumps(header, allow_nan=False).encode("ascii")
    return b"".join([struct.pack(">4sI", MARK, len(text)), text, *(block.tobytes() for block in blocks.values())])


def _block(array: Any) -> np.ndarray[Any, Any]:
    block = np.asarray(array)
    if block.dtype.name == "bfloat16":  # no dtype of numpy's own
        block = block.astype("float32")
    if block.dtype.kind == "f" and block.dtype.itemsize > 8:
        block = block.astype("float64")
    if block.dtype.kind not in "biuf":
        raise TypeError(f"an array of type {block.dtype} cannot be sent; turn it into numbers first")
    return np.array(block, dtype=block.dtype.newbyteorder("<"), order="C")


def plain(value: Any, depth: int = 0) -> Any:
    """The JSON of `value`; what is none becomes its text.

    >>> plain({"loss": float("nan"), "shape": (None, 10)})
    {'loss': 'NaN', 'shape': [None, 10]}
    """
    if value is None or type(value) in (bool, str, int):
        return _text(value) if type(value) is str else _bounded(value)
    if isinstance(value, (float, np.floating)):
        return _number(float(value))
    if depth > DEPTH:
        return "…"
    if isinstance(value, Mapping):
        return {_text(str(key)): plain(part, depth + 1) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(part, depth + 1) for part in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return plain(value.tolist(), depth + 1)
    if isinstance(value, (bool, int)):
        return _bounded(int(value))
    return _text(str(value))


def _number(value: float) -> float | str:
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else "Infinity" if value > 0 else "-Infinity"


def _bounded(value: Any) -> Any:
    return (
        value
        if type(value) is not int or abs(value) < 10**18
        else _number(float(value))
        if _fits(value)
        else "Infinity"
    )


def _fits(value: int) -> bool:
    return abs(value).bit_length() < 1000


def _text(value: str) -> str:
    return value.encode("utf-8", errors="replace").decode("utf-8")
