"""Copying folders of files so that what has its name is whole and on the disk.

Links become copies of what they lead to: a stick's file system has no links.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Callable, Collection, List, NamedTuple, Tuple

from sync.disk import READ_BYTES, file_sha256, sync_folder

_NEW = ".new"

Report = Callable[[int, int], None]
"""Hears bytes done and bytes in all."""


class Listed(NamedTuple):
    """A file below a folder."""

    path: str
    size_bytes: int


def unheard(done_bytes: int, total_bytes: int) -> None:
    """Tell nobody how far it is."""


def has_room(folder: Path, size_bytes: int) -> bool:
    """Tell whether so much more goes onto the disk of a folder, as far as its driver knows."""
    usage = shutil.disk_usage(folder)
    return usage.total == 0 or usage.free >= size_bytes


def files_below(folder: Path, without: Collection[str] = ()) -> Tuple[Listed, ...]:
    """List the files below a folder, but nothing of the names ``without`` that lies in itself."""
    found: List[Listed] = []
    for inner, _, names in os.walk(str(folder), followlinks=True):
        for name in names:
            path = Path(inner, name)
            relative = path.relative_to(folder)
            if relative.parts[0] not in without:
                found.append(Listed(str(relative), path.stat().st_size))
    return tuple(sorted(found))


def copy_file(source: Path, target: Path) -> None:
    """Copy a file with its rights; it is on the disk, but its name is not before its folder is.

    Raises OSError; the target then is as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(target.name + _NEW)
    try:
        with source.open("rb") as origin, new.open("wb") as copy:
            shutil.copyfileobj(origin, copy, READ_BYTES)
            copy.flush()
            os.fsync(copy.fileno())
        # What keys and letters are in nobody else needs to read; a stick knows no rights.
        with contextlib.suppress(OSError):
            new.chmod(source.stat().st_mode & 0o777)
        new.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def copy_files(
    source: Path, target: Path, files: Collection[Listed], report: Report = unheard
) -> int:
    """Copy files, except those that are there already; return the bytes that were written.

    All of them and their names are on the disk when this returns. Raises OSError.
    """
    total = sum(one.size_bytes for one in files)
    done = written = 0
    for one in files:
        if not _same(source / one.path, target / one.path, one.size_bytes):
            copy_file(source / one.path, target / one.path)
            written += one.size_bytes
        done += one.size_bytes
        report(done, total)
    for folder, _, _ in os.walk(str(target)):
        sync_folder(Path(folder))
    return written


def _same(one: Path, other: Path, size_bytes: int) -> bool:
    if not other.is_file() or other.stat().st_size != size_bytes:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        return file_sha256(first) == file_sha256(second)
