"""One writer at a time: a lock on a file, which the system takes back when its holder dies."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import BinaryIO, Iterator, Optional

from content.errors import BusyError
from content.storage import storage_errors

WAIT_S = 60.0
_PAUSE_S = 0.05


@contextlib.contextmanager
def locked(path: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold the lock at ``path``; raises BusyError when it is not to be had within ``wait_s``."""
    until = time.monotonic() + wait_s
    file = _acquired(path)
    while file is None:
        if time.monotonic() >= until:
            raise BusyError(
                f"Somebody else is changing {path.parent}; wait until that is done, and try again."
            )
        time.sleep(_PAUSE_S)
        file = _acquired(path)
    with file:
        try:
            yield
        finally:
            # Nothing is left behind, except on Windows, which deletes no open file.
            with contextlib.suppress(OSError):
                path.unlink()
                path.parent.rmdir()


def _acquired(path: Path) -> Optional[BinaryIO]:
    with storage_errors(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("a+b")
        except (FileExistsError, FileNotFoundError):
            return None  # The folder came or went this very moment.
    # Whoever held it may have deleted the file after we opened it: then the lock is on nothing.
    if _taken(file) and _is_at(file, path):
        return file
    file.close()
    return None


def _is_at(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _taken(file: BinaryIO) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
