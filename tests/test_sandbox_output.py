"""What is kept of a run's output for people to read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from gradetape.sandbox.output import KEPT_HEAD, KEPT_TAIL, Output


def kept(*chunks: bytes) -> str:
    output = Output()
    for chunk in chunks:
        output.add(chunk)
    return output.text()


def test_a_short_output_is_kept_whole() -> None:
    assert kept("epoch 1 – loss ".encode(), b"0.5\n") == "epoch 1 – loss 0.5\n"


def test_the_middle_of_a_long_output_is_left_out_and_counted() -> None:
    text = kept(b"begin", b"x" * 100_000, b"end")
    assert text.startswith("beginx")
    assert text.endswith("xend")
    assert f"{100_008 - KEPT_HEAD - KEPT_TAIL:,} bytes left out" in text


def test_colours_and_control_characters_are_taken_off() -> None:
    assert kept(b"\x1b[31mred\x1b[0m\x07\x00 plain\r\n50%\r100%") == "red plain\n50%\n100%"


def test_tensorflows_greetings_are_nothing() -> None:
    greeting = (
        b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
        b"I0000 00:00:1795364851.116214   11984 port.cc:153] oneDNN custom operations are on.\n"
    )
    assert kept(b"mine\n", greeting, b"also mine\n") == "mine\nalso mine\n"


@given(some.lists(some.binary()))
def test_any_output_is_readable(chunks: list[bytes]) -> None:
    text = kept(*chunks)
    assert len(text.encode()) <= 3 * (KEPT_HEAD + KEPT_TAIL) + 100
    assert all(character.isprintable() or character in "\n\t" or ord(character) > 0x9F for character in text)
