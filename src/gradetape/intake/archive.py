"""Zip archives, opened in memory only: nothing is ever written where an archive says."""

from __future__ import annotations

import io
import stat
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from gradetape.intake.door import in_units
from gradetape.intake.outline import IntakeLimits
from gradetape.intake.text import Refused, shown

MEMBER_MARK = b"PK\x01\x02"
PIECE = 64 * 1024


@dataclass(frozen=True)
class Unpacked:
    """The wanted members of an archive by name, and why others were not taken (name, sentence)."""

    files: dict[str, bytes] = field(default_factory=dict)
    refusals: tuple[tuple[str, str], ...] = ()


def unpack(
    data: bytes, limits: IntakeLimits | None = None, *, wanted: Callable[[str], bool] = lambda name: True
) -> Unpacked:
    """The members of the zip `data` whose names `wanted` accepts.

    Raises Refused when the archive as a whole is no good: not a zip, too many members, too much when unpacked.
    A member with a dangerous name, a link, or one behind a password is refused by itself.
    """
    limits = limits or IntakeLimits()
    try:
        with zipfile.ZipFile(io.BytesIO(_counted(data, limits))) as archive:
            return _unpack(archive, limits, wanted)
    except Refused:
        raise
    except MemoryError:
        raise Refused("The zip is too large to open.") from None
    except Exception:  # noqa: BLE001 - a broken zip makes the library raise a dozen kinds of errors, all of one meaning
        raise Refused("The file is not a zip that can be opened, or it is damaged. Zip the files again.") from None


def unsafe_name(name: str) -> str:
    r"""Why a member's name may not be used, or "".

    >>> unsafe_name("work/q1.ipynb"), unsafe_name("../q1.py")
    ('', 'Its name leads out of the archive.')
    >>> unsafe_name("/etc/q1.py") == unsafe_name("C:\\q1.py") == unsafe_name("c:q1.py")
    True
    """
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        return "Its name holds control characters."
    parts = name.replace("\\", "/").split("/")
    if ".." in parts:
        return "Its name leads out of the archive."
    if name.startswith(("/", "\\")) or name[1:2] == ":":
        return "Its name starts at the root of a disk."
    if "\\" in name:
        return "Its name is written with backslashes. Zip the folder with another program."
    return ""


def _counted(data: bytes, limits: IntakeLimits) -> bytes:
    """`data`, if its directory is small enough to be read at all: a count inside the archive could lie."""
    # A zip stored inside brings marks of its own, hence the factor.
    if data.count(MEMBER_MARK) > 4 * limits.archive_members:
        raise Refused(_too_many(limits))
    return data


def _unpack(archive: zipfile.ZipFile, limits: IntakeLimits, wanted: Callable[[str], bool]) -> Unpacked:
    members = archive.infolist()
    if len(members) > limits.archive_members:
        raise Refused(_too_many(limits))
    files: dict[str, bytes] = {}
    refusals: list[tuple[str, str]] = []
    taken: dict[str, str] = {}
    left = limits.unpacked_bytes
    for member in members:
        name = member.orig_filename
        unsafe = unsafe_name(name)
        if member.is_dir() or (not unsafe and (_is_litter(name) or not wanted(name))):
            continue
        refusal = unsafe or _unsafe_kind(member) or _collision(name, taken)
        if refusal:
            refusals.append((name, refusal))
            continue
        left -= member.file_size
        if left < 0:
            raise Refused(
                f"Unpacked, the zip holds more than {in_units(limits.unpacked_bytes)}. "
                "Zip only your notebooks and programs."
            )
        try:
            files[name] = _read(archive, member)
        except Refused as error:
            refusals.append((name, str(error)))
    return Unpacked(files, tuple(refusals))


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member's content, never more than it declared."""
    pieces, found = [], 0
    try:
        with archive.open(member) as stream:
            while piece := stream.read(PIECE):
                found += len(piece)
                if found > member.file_size:
                    raise Refused("It is larger than the archive says.")
                pieces.append(piece)
    except Refused:
        raise
    except Exception:  # noqa: BLE001 - as in `unpack`: the errors of a damaged member are of many kinds
        raise Refused("It is damaged inside the zip. Zip the files again.") from None
    if found != member.file_size:
        raise Refused("It is cut off inside the zip. Zip the files again.")
    return b"".join(pieces)


def _unsafe_kind(member: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "It is a link to another place."
    if kind not in (0, stat.S_IFREG):
        return "It is not an ordinary file."
    if member.flag_bits & 0x1:
        return "It is locked with a password. Zip the files without one."
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "It is packed in an unusual way. Make an ordinary zip."
    if member.filename.lower().endswith(".zip"):
        return "It is a zip inside the zip, which is not opened. Zip the files themselves."
    return ""


def _collision(name: str, taken: dict[str, str]) -> str:
    """Why `name` cannot stand beside those taken: on some disks two spellings are one file."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    if folded in taken:
        return (
            f"The zip already holds {shown(taken[folded])}, which is the same name on some disks; that one was taken."
        )
    taken[folded] = name
    return ""


def _is_litter(name: str) -> bool:
    """What a Mac adds to a zip, and what an editor saves beside the work."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(part.startswith(".") and part not in (".", "..") for part in parts)


def _too_many(limits: IntakeLimits) -> str:
    return f"The zip holds more than {limits.archive_members:,} files. Zip only your notebooks and programs."
