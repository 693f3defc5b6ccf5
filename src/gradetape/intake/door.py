"""Open one handed-in file once, without following or waiting for anything, and read it up to a cap."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from gradetape.intake.text import Refused

# Absent on Windows, where the look before opening has to do.
NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
CAREFULLY = (
    os.O_RDONLY | NOFOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
)

A_LINK = "This is a link to another place. Hand in the file itself."


def read_bytes(path: Path, most: int, *, below: Path | None = None) -> bytes:
    """The content of an ordinary file of at most `most` bytes. Raises Refused for everything else.

    No folder between `below` and the file may be a link either. What is checked is what was opened, so that
    swapping the file in between gains nothing.
    """
    try:
        before = path.lstat()
        _check_kind(before)  # before opening, because opening a device can already do something
        descriptor = _open(path, below)
        try:
            _check(os.fstat(descriptor), most)
            with os.fdopen(os.dup(descriptor), "rb") as stream:
                data = stream.read(most + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Refused(_refusal(error)) from None
    except ValueError:
        raise Refused("The file's name cannot be used on this machine. Rename it.") from None
    if len(data) > most:
        raise Refused(_too_large(len(data), most))
    return data


def in_units(size: int) -> str:
    """A size as people read it.

    >>> in_units(900), in_units(20 * 1024 * 1024), in_units(1536 * 1024)
    ('900 bytes', '20 MiB', '1.5 MiB')
    """
    return f"{size:,} bytes" if size < 100 * 1024 else f"{size / 1024 / 1024:.3g} MiB"


def _open(path: Path, below: Path | None) -> int:
    """A descriptor for `path`, reached from `below` folder by folder, none of them through a link."""
    if below is None or os.open not in os.supports_dir_fd:
        return os.open(path, CAREFULLY)
    *folders, name = path.relative_to(below).parts
    folder = os.open(below, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in folders:
            following = os.open(part, os.O_RDONLY | os.O_DIRECTORY | NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = following
        return os.open(name, CAREFULLY, dir_fd=folder)
    finally:
        os.close(folder)


def _check(status: os.stat_result, most: int) -> None:
    _check_kind(status)
    if status.st_nlink > 1:
        raise Refused("This file has a second name elsewhere (a hard link). Hand in a copy of its own.")
    if status.st_size > most:
        raise Refused(_too_large(status.st_size, most))


def _check_kind(status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise Refused(A_LINK)
    if stat.S_ISDIR(status.st_mode):
        raise Refused("This is a folder where a file was expected. Hand in the file itself.")
    if not stat.S_ISREG(status.st_mode):
        raise Refused("This is a device, pipe or socket, not an ordinary file. Hand in the file itself.")


def _too_large(size: int, most: int) -> str:
    return (
        f"The file is too large: at most {in_units(most)}, found {in_units(size)} or more. "
        "Clear all outputs, take out data and pictures, and save it again."
    )


def _refusal(error: OSError) -> str:
    if error.errno in (errno.ELOOP, errno.EMLINK, errno.ENOTDIR):
        return A_LINK
    return f"The file could not be opened: {error.strerror or type(error).__name__}."
