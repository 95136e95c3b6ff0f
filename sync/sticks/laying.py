"""Laying planned files down on a stick: what is there already is left alone, the rest is written.

The order is the plan's: what is named later rests on what was named before. What nobody needs any
more goes last, unless its room is needed first.
"""

from __future__ import annotations

from typing import Callable, Iterator, List, NamedTuple, Optional, Protocol, Sequence, Tuple

from sync.errors import CancelledError, StickError
from sync.sticks.objects import Cancel, has_object, put_object, remove_object
from sync.sticks.volume import Volume

Blocks = Callable[[], Iterator[bytes]]
Heard = Callable[[int, int], None]
"""Hears how many bytes are written, and of how many."""
SPARE_BYTES = 1 << 20
"""A little room for folders, and for letters that come after."""


class File(Protocol):
    """One file to lie on a stick, as `content.carrying` plans it.

    ``size_bytes`` is exact where there is a ``sha256`` (hex). ``compared`` files are small and
    read to see whether they are right. One that lies under ``instead`` is as good.
    """

    @property
    def path(self) -> str:
        """Where it lies."""
        ...

    @property
    def size_bytes(self) -> int:
        """How large it is."""
        ...

    @property
    def sha256(self) -> Optional[str]:
        """What proves it, where that is known."""
        ...

    @property
    def blocks(self) -> Blocks:
        """What gives its bytes."""
        ...

    @property
    def compared(self) -> bool:
        """Whether it is small and read again."""
        ...

    @property
    def instead(self) -> str:
        """Where as good a file may lie, or nothing."""
        ...


class Laid(NamedTuple):
    """What was done: bytes written, and how many files were new."""

    written_bytes: int
    files: int


def missing(volume: Volume, files: Sequence[File]) -> Tuple[File, ...]:
    """Return the files that do not lie on a stick as they should, in their order."""
    return tuple(file for file in files if not _is_there(volume, file))


def lay(
    volume: Volume,
    files: Sequence[File],
    superfluous: Sequence[str] = (),
    *,
    heard: Optional[Heard] = None,
    cancel: Optional[Cancel] = None,
) -> Laid:
    """Write what is missing, then remove what is superfluous, and put everything on the medium.

    An error leaves what was written: the next call goes on there.

    Raises:
        StickError: ``stick-full`` before anything is written where there is no room for all of
            it; else as Volume's methods do.
        CancelledError: ``cancel`` said so.
        Exception: what a file's ``blocks`` raise.
    """
    wanted = missing(volume, files)
    total_bytes = sum(file.size_bytes for file in wanted)
    left = list(superfluous)
    if wanted and total_bytes + SPARE_BYTES > volume.free_bytes():
        _remove(volume, left)
        volume.flush()
        if total_bytes > volume.free_bytes():
            raise StickError("stick-full", f"{total_bytes} bytes are to be written")
    tally = _Tally(total_bytes, heard)
    for file in wanted:
        if cancel is not None and cancel():
            raise CancelledError()
        tally.begin(file)
        if file.compared:
            volume.write(file.path, file.blocks())
            tally.written_bytes += file.size_bytes
        else:
            tally.written_bytes += put_object(
                volume,
                file.path,
                file.size_bytes,
                file.sha256,
                file.blocks,
                heard=tally.add,
                cancel=cancel,
            )
        tally.end(file)
    _remove(volume, left)
    volume.flush()
    return Laid(tally.written_bytes, len(wanted))


def _is_there(volume: Volume, file: File) -> bool:
    if file.compared:
        try:
            return volume.read(file.path, file.size_bytes) == b"".join(file.blocks())
        except StickError as error:
            if error.code not in ("stick-damaged", "stick-failed"):
                raise
            return False
    size_bytes = file.size_bytes if file.sha256 else None
    if has_object(volume, file.path, size_bytes):
        return True
    return bool(file.instead) and has_object(volume, file.instead, file.size_bytes)


def _remove(volume: Volume, paths: List[str]) -> None:
    while paths:
        remove_object(volume, paths.pop(0))


class _Tally:
    """How far it is: the sizes planned, so that it ends at all of them."""

    def __init__(self, total_bytes: int, heard: Optional[Heard]) -> None:
        self._total_bytes = total_bytes
        self._heard = heard
        self._before_bytes = self._now_bytes = 0
        self.written_bytes = 0

    def begin(self, file: File) -> None:
        self._tell(0, file.size_bytes)
        self._size_bytes, self._now_bytes = file.size_bytes, 0

    def add(self, size_bytes: int) -> None:
        self._now_bytes += size_bytes
        self._tell(self._now_bytes, self._size_bytes)

    def end(self, file: File) -> None:
        self._before_bytes += file.size_bytes
        self._tell(0, 0)

    def _tell(self, now_bytes: int, limit_bytes: int) -> None:
        if self._heard is not None:
            self._heard(self._before_bytes + min(now_bytes, limit_bytes), self._total_bytes)
