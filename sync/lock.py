"""A lock between programmes: the window and the night's command must not sync at once."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import IO, Iterator

_TRIES, _AGAIN_S = 3, 0.02
"""Who only looks whether a lock is held (`is_held`) holds it for a moment."""


class Busy(Exception):  # noqa: N818 - a state, not a failure
    """Another programme holds the lock."""


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock of a file for the block; the system lets go of it if we are killed.

    Raises Busy almost at once when another programme, or another thread of ours, holds it, and
    OSError where there are no locks.
    """
    with path.open("a+b") as file:
        _acquire_soon(file)
        try:
            yield
        finally:
            _release(file)


def is_held(path: Path) -> bool:
    """Tell whether a programme holds the lock of a file, ours included."""
    try:
        with path.open("r+b") as file:
            _acquire(file)
            _release(file)
    except Busy:
        return True
    except OSError:
        # Nobody has locked it ever.
        return False
    return False


def _acquire_soon(file: IO[bytes]) -> None:
    for _ in range(_TRIES - 1):
        try:
            return _acquire(file)
        except Busy:
            time.sleep(_AGAIN_S)
    return _acquire(file)


if sys.platform == "win32":
    import msvcrt

    def _acquire(file: IO[bytes]) -> None:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise Busy(file.name) from error

    def _release(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _acquire(file: IO[bytes]) -> None:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(file.name) from error

    def _release(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
