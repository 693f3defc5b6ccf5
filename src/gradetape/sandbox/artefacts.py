"""Reads what a confined run sent. Its bytes are hostile until they have passed through here.

A frame is four bytes of mark, the header's length (unsigned 32 bit, big-endian), the header in strict JSON, then the
raw bytes of the arrays that the header names, in its order. The header: {"kind", "stage", "facts", "arrays"}.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gradetape.domain import Array, JsonValue
from gradetape.sandbox.strict_json import BadJson, parse

MARK = b"GTF1"
HEAD = struct.Struct(">4sI")
KINDS = ("note", "final", "fault")
HEADER_BYTES = 8 * 1024 * 1024
FRAMES = 10_000
ARRAYS = 256
DIMENSIONS = 8
WIDTHS = {
    **dict.fromkeys(("bool", "int8", "uint8"), 1),
    **dict.fromkeys(("float16", "int16", "uint16"), 2),
    **dict.fromkeys(("float32", "int32", "uint32"), 4),
    **dict.fromkeys(("float64", "int64", "uint64"), 8),
}


class BadArtefact(Exception):
    """What the run sent is not what a probe sends. The message says in what way."""


@dataclass(frozen=True)
class Artefacts:
    """What arrived whole. `final` says whether the probe reported to its end, `fault` that the probe itself failed."""

    facts: Mapping[str, JsonValue] = field(default_factory=dict)
    arrays: Mapping[str, Array] = field(default_factory=dict)
    stages: tuple[str, ...] = ()
    final: bool = False
    fault: str = ""
    cut_short: bool = False


def read(stream: bytes) -> Artefacts:
    """The frames of `stream`, merged in order; a later fact replaces an earlier one of the same name.

    A last frame that stops in the middle is left out and said so (`cut_short`): that is how a killed run ends.
    Raises BadArtefact for everything else that is not a frame.
    """
    facts: dict[str, JsonValue] = {}
    arrays: dict[str, Array] = {}
    stages: list[str] = []
    final, fault, cut_short, position, count = False, "", False, 0, 0
    while position < len(stream):
        if final or fault:
            raise BadArtefact("something was sent after the probe's last word")
        if (count := count + 1) > FRAMES:
            raise BadArtefact(f"more than {FRAMES:,} frames")
        frame = _frame(stream, position)
        if frame is None:
            cut_short = True
            break
        header, found, position = frame
        if header["kind"] == "fault":
            fault = str(header["facts"].get("fault", "no reason given"))
        else:
            facts.update(header["facts"])
        arrays.update(found)
        if header["stage"] and header["stage"] not in stages:
            stages.append(header["stage"])
        final = header["kind"] == "final"
    return Artefacts(facts, arrays, tuple(stages), final, fault, cut_short)


def _frame(stream: bytes, start: int) -> tuple[dict[str, Any], dict[str, Array], int] | None:
    """One frame and where the next begins; None when the stream ends inside it."""
    if len(stream) < start + HEAD.size:
        if not MARK.startswith(stream[start : start + len(MARK)]):
            raise BadArtefact("bytes that begin no frame")
        return None
    mark, length = HEAD.unpack_from(stream, start)
    if mark != MARK:
        raise BadArtefact("bytes that begin no frame")
    if length > HEADER_BYTES:
        raise BadArtefact(f"a header of {length:,} bytes; at most {HEADER_BYTES:,} are read")
    begin = start + HEAD.size
    if len(stream) < begin + length:
        return None
    try:
        header = parse(stream[begin : begin + length])
    except BadJson as reason:
        raise BadArtefact(f"a header that is not strict JSON: {reason}") from None
    shapes = _check_header(header)
    arrays: dict[str, Array] = {}
    position = begin + length
    for name, dtype, shape in shapes:
        size = math.prod(shape) * WIDTHS[dtype]
        if len(stream) < position + size:
            return None
        arrays[name] = Array(dtype, shape, stream[position : position + size])
        position += size
    return header, arrays, position


def _check_header(header: JsonValue) -> list[tuple[str, str, tuple[int, ...]]]:
    if not isinstance(header, dict) or set(header) != {"kind", "stage", "facts", "arrays"}:
        raise BadArtefact("a header without exactly kind, stage, facts and arrays")
    if header["kind"] not in KINDS or not isinstance(header["stage"], str) or len(header["stage"]) > 80:
        raise BadArtefact("a header of no known kind or stage")
    if not isinstance(header["facts"], dict) or not isinstance(header["arrays"], list):
        raise BadArtefact("facts that are no object, or arrays that are no list")
    if len(header["arrays"]) > ARRAYS:
        raise BadArtefact(f"more than {ARRAYS} arrays")
    shapes = [_check_array(entry) for entry in header["arrays"]]
    if len({name for name, _, _ in shapes}) != len(shapes):
        raise BadArtefact("two arrays of one name")
    return shapes


def _check_array(entry: JsonValue) -> tuple[str, str, tuple[int, ...]]:
    if not isinstance(entry, dict) or set(entry) != {"name", "dtype", "shape"}:
        raise BadArtefact("an array without exactly name, dtype and shape")
    name, dtype, shape = entry["name"], entry["dtype"], entry["shape"]
    if not isinstance(name, str) or not 0 < len(name) <= 80:
        raise BadArtefact("an array without a proper name")
    if not isinstance(dtype, str) or dtype not in WIDTHS:
        raise BadArtefact(f"an array of type {str(dtype)[:40]!r}; allowed are {', '.join(sorted(WIDTHS))}")
    if not isinstance(shape, list) or len(shape) > DIMENSIONS:
        raise BadArtefact(f"an array whose shape is no list of at most {DIMENSIONS} sizes")
    if any(type(size) is not int or not 0 <= size < 2**40 for size in shape):
        raise BadArtefact("an array with a size that is no small non-negative integer")
    return name, dtype, tuple(shape)
