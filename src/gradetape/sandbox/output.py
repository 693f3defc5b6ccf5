"""What a run printed, kept short: the beginning and the end, for people to read."""

from __future__ import annotations

import re

KEPT_HEAD = 4_000
KEPT_TAIL = 12_000
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_]")
BANNERS = re.compile(
    r"^(?:[IWE]\d{4} \d\d:\d\d:\d\d\.|[IWE]\d{4} \d\d:\d\d:\d{5,}|WARNING: All log messages before absl).*\n?",
    re.MULTILINE,
)
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Output:
    """Counts all bytes, keeps few of them."""

    def __init__(self) -> None:
        self.seen = 0
        self._head = bytearray()
        self._tail = bytearray()

    def add(self, chunk: bytes) -> None:
        """`chunk` is counted, and kept as far as there is room."""
        self.seen += len(chunk)
        room = KEPT_HEAD - len(self._head)
        self._head += chunk[:room]
        self._tail += chunk[room:]
        del self._tail[:-KEPT_TAIL]

    def text(self) -> str:
        """Printable text without TensorFlow's greetings, and with a line that says how much was left out."""
        left_out = self.seen - len(self._head) - len(self._tail)
        middle = f"\n[… {left_out:,} bytes left out …]\n" if left_out else ""
        return _printable(self._head) + middle + _printable(self._tail)


def _printable(raw: bytes | bytearray) -> str:
    text = bytes(raw).decode("utf-8", errors="replace").replace("\r\n", "\n")
    return BANNERS.sub("", CONTROLS.sub("", ESCAPES.sub("", text).replace("\r", "\n")))
