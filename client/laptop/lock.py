"""A lock between programmes: the window and the night's command must not sync at once."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import IO, Iterator


class Busy(Exception):  # noqa: N818 - a state, not a failure
    """Another programme holds the lock."""


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock of a file for the block; the system lets go of it if we are killed.

    Raises Busy at once when another programme, or another thread of ours, holds it.
    """
    with path.open("a+b") as file:
        _acquire(file)
        try:
            yield
        finally:
            _release(file)


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
        except OSError as error:
            raise Busy(file.name) from error

    def _release(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
