"""What the reader of artefacts accepts, and that it refuses all else without stumbling."""

from __future__ import annotations

import json
import math
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays_of

from gradetape.probes.channel import encode, plain
from gradetape.sandbox.artefacts import HEADER_BYTES, WIDTHS, BadArtefact, read
from gradetape.sandbox.strict_json import DEPTH, BadJson, parse

GOOD = {"kind": "note", "stage": "", "facts": {}, "arrays": []}
numbers = some.floats(allow_nan=False, allow_infinity=False) | some.integers(-(2**59), 2**59)
texts = some.text(some.characters(exclude_categories=["Cs"]))
json_values = some.recursive(
    some.none() | some.booleans() | numbers | texts,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
blocks = some.sampled_from(sorted(WIDTHS)).flatmap(
    lambda dtype: arrays_of.arrays(dtype, arrays_of.array_shapes(min_dims=0, min_side=0, max_dims=3, max_side=4))
)


def frame(header: Any, raw: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">4sI", b"GTF1", len(text)) + text + raw


@given(some.dictionaries(texts, json_values, max_size=4), some.dictionaries(some.sampled_from("abc"), blocks))
def test_what_a_probe_sends_is_what_is_read(facts: dict[str, Any], sent: dict[str, Any]) -> None:
    found = read(encode("final", "", facts, sent))
    assert found.facts == facts
    assert found.final
    for name, block in sent.items():
        assert found.arrays[name].shape == block.shape
        rebuilt = np.frombuffer(found.arrays[name].data, found.arrays[name].dtype).reshape(block.shape)
        np.testing.assert_array_equal(rebuilt, block)


@given(some.binary())
def test_any_bytes_are_read_or_refused(stream: bytes) -> None:
    try:
        found = read(stream)
    except BadArtefact:
        return
    assert found.cut_short == bool(stream)


@given(some.data())
def test_a_stream_cut_anywhere_keeps_its_whole_frames(data: Any) -> None:
    first = encode("note", "structure", {"layers": 3}, {"x": np.arange(5)})
    second = encode("note", "training", {"accuracy": 0.5}, {})
    cut = data.draw(some.integers(len(first), len(first + second)))
    found = read((first + second)[:cut])
    assert found.facts["layers"] == 3
    assert ("accuracy" in found.facts) == (cut == len(first + second))
    assert found.cut_short == (len(first) < cut < len(first + second))


def test_a_later_fact_replaces_an_earlier_one() -> None:
    found = read(encode("note", "a", {"loss": 2, "kept": 1}, {}) + encode("final", "", {"loss": 1}, {}))
    assert found.facts == {"loss": 1, "kept": 1}
    assert found.stages == ("a",)


def test_nothing_may_follow_the_last_word() -> None:
    with pytest.raises(BadArtefact, match="last word"):
        read(encode("final", "", {"accuracy": 1.0}, {}) + encode("final", "", {}, {}))


ARRAY = {"name": "x", "dtype": "float32", "shape": [1]}


@pytest.mark.parametrize(
    "header",
    [
        [],
        {**GOOD, "more": 1},
        {**GOOD, "kind": "verdict"},
        {**GOOD, "facts": []},
        {**GOOD, "stage": "s" * 81},
        {**GOOD, "arrays": [{**ARRAY, "dtype": "object"}]},
        {**GOOD, "arrays": [{**ARRAY, "dtype": "O"}]},
        {**GOOD, "arrays": [{**ARRAY, "dtype": ["float32"]}]},
        {**GOOD, "arrays": [{**ARRAY, "shape": [-1]}]},
        {**GOOD, "arrays": [{**ARRAY, "shape": [True]}]},
        {**GOOD, "arrays": [{**ARRAY, "shape": [2**50]}]},
        {**GOOD, "arrays": [{**ARRAY, "shape": [1] * 9}]},
        {**GOOD, "arrays": [{**ARRAY, "name": ""}]},
        {**GOOD, "arrays": [ARRAY, ARRAY]},
        b'{"kind":"note","kind":"final","stage":"","facts":{},"arrays":[]}',
        b"\xff\xfe",
    ],
    ids=str,
)
def test_a_header_of_another_form_is_refused(header: Any) -> None:
    with pytest.raises(BadArtefact):
        read(frame(header, b"\0" * 64))


def test_an_array_that_claims_more_than_came_is_left_out() -> None:
    stream = frame({**GOOD, "arrays": [{**ARRAY, "shape": [2**30, 2**9]}]}, b"\0" * 64)
    assert read(stream).cut_short
    assert not read(stream).arrays


def test_a_huge_header_is_refused_before_it_is_awaited() -> None:
    with pytest.raises(BadArtefact, match="header"):
        read(struct.pack(">4sI", b"GTF1", HEADER_BYTES + 1))


@pytest.mark.parametrize(
    "text",
    [
        b"NaN",
        b"-Infinity",
        b"1e999",
        b"1" * 5000,
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
        b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1),
        b'{"a":' * (DEPTH + 1) + b"1" + b"}" * (DEPTH + 1),
        b'"\\ud800"',
        b'{"\\udfff": 1}',
        b"[1, 2",
        b"",
        "[1]".encode("utf-16"),
        b"[" + b"1," * 600_000 + b"1]",
    ],
    ids=lambda text: text[:16].decode("latin-1"),
)
def test_doubtful_json_is_refused(text: bytes) -> None:
    with pytest.raises(BadJson):
        parse(text)


@given(json_values)
def test_plain_json_passes_the_strict_reader_unchanged(value: Any) -> None:
    assert parse(json.dumps(value).encode()) == value


class Evasive:
    """What a student may leave where a number was expected."""

    def __str__(self) -> str:
        return "evasive \ud800"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (math.nan, "NaN"),
        (-math.inf, "-Infinity"),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (10**400, "Infinity"),
        (2**80, float(2**80)),
        ((None, 28), [None, 28]),
        (np.eye(2), [[1.0, 0.0], [0.0, 1.0]]),
        ({3: {"a"}}, {"3": ["a"]}),
        (Evasive(), "evasive ?"),
    ],
    ids=lambda value: "evasive" if isinstance(value, Evasive) else repr(value),
)
def test_a_probe_may_send_whatever_it_found(value: Any, expected: Any) -> None:
    assert plain(value) == expected
    parse(json.dumps(plain(value)).encode())


def test_a_value_inside_itself_has_an_end() -> None:
    endless: list[Any] = []
    endless.append(endless)
    parse(json.dumps(plain(endless), allow_nan=False).encode())
    assert read(encode("note", "", {"endless": endless}, {})).facts


def test_arrays_of_objects_are_not_sent() -> None:
    with pytest.raises(TypeError, match="object"):
        encode("note", "", {}, {"x": np.array([object()])})
