"""A run's own folder: made before it, gone after it, whatever the run did to it."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from gradetape.domain import JsonValue, canonical_json
from gradetape.errors import GradeTapeError

REQUEST = "request.json"
WORK, HOME, SCRATCH = "work", "home", "scratch"


@contextmanager
def own_folder(files: Mapping[str, bytes], request: JsonValue) -> Iterator[Path]:
    """A fresh folder holding `work/` with the files, `home/`, `scratch/` and the request; removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="gradetape-run-")).resolve()
    try:
        for part in (WORK, HOME, SCRATCH):
            (folder / part).mkdir(mode=0o700)
        for name, content in files.items():
            _place(folder / WORK, name).write_bytes(content)
        (folder / REQUEST).write_text(canonical_json(request), encoding="utf-8")
        yield folder
    finally:
        remove(folder)


def _place(work: Path, name: str) -> Path:
    plain = PurePosixPath(name)
    if plain.is_absolute() or ".." in plain.parts or not plain.parts or "\\" in name or "\0" in name:
        raise GradeTapeError(f"sandbox: the file name {name!r} leads out of the run's folder. Use a plain name.")
    target = work.joinpath(*plain.parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def remove(folder: Path) -> None:
    """`folder` is gone, even when it holds locked folders, or more of them inside each other than a path can name.

    Every folder found deeper down is first moved up to the top, so that no path grows long.
    """
    if os.name != "posix":
        shutil.rmtree(folder, ignore_errors=True)
        return
    if folder.is_symlink():  # whatever was put in the folder's place is not followed
        folder.unlink(missing_ok=True)
        return
    prefix, numbers = secrets.token_hex(8), itertools.count()
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        _unlock(current)
        for entry in _entries(current):
            if entry.is_dir(follow_symlinks=False):
                _unlock(Path(entry.path))
                raised = folder / f"{prefix}-{next(numbers)}"
                try:
                    os.rename(entry.path, raised)
                except OSError:
                    raised = Path(entry.path)
                waiting.append(raised)
            else:
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)
        if current != folder:
            with contextlib.suppress(OSError):
                os.rmdir(current)
    shutil.rmtree(folder, ignore_errors=True)


def _unlock(path: Path) -> None:
    with contextlib.suppress(OSError):  # what cannot be unlocked shows when its entries cannot be removed
        os.chmod(path, 0o700)


def _entries(path: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return list(entries)
    except OSError:
        return []
