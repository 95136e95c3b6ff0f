"""Laying planned files on a stick: what is missing is written in order, what nobody needs goes.

What to write was planned before (`content.carrying`); here is how, on any volume. It may end at any
moment: the stick then has what it had, or more, and the next laying goes on.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import (
    Callable,
    Dict,
    Iterable,
    Iterator,
    Optional,
    Protocol,
    Sequence,
    Tuple,
    Type,
)

from sync.errors import CancelledError, ObjectError, StickError
from sync.sticks.group import Group
from sync.sticks.objects import (
    begun_bytes,
    has_object,
    object_bytes,
    put_object,
)
from sync.sticks.volume import Volume

SPARE_BYTES = 4 << 20
"""Folders and names take room too, and letters must find some."""

Heard = Callable[[int, int], None]
"""Hears how many bytes are done, and of how many."""
Cancel = Callable[[], bool]


class File(Protocol):
    """A file that is to lie on a stick: `content.carrying.CarriedFile` is one."""

    @property
    def path(self) -> str:
        """Where it is to lie."""
        ...

    @property
    def size_bytes(self) -> int:
        """Its size; about, where ``sha256`` is None."""
        ...

    @property
    def sha256(self) -> Optional[str]:
        """What proves it, in hex; None where the source does."""
        ...

    @property
    def pieces(self) -> Sequence[bytes]:
        """The SHA-256 of each MiB of it, where they are known."""
        ...

    @property
    def blocks(self) -> Callable[[], Iterator[bytes]]:
        """Gives its bytes."""
        ...

    @property
    def compared(self) -> bool:
        """Whether another may lie under its name: it is small, and read to know."""
        ...

    @property
    def instead(self) -> str:
        """The path of an object that is as good, if any."""
        ...


@dataclass
class Laid:
    """What was done; ``problems`` are files whose source failed, by their path."""

    files: int = 0
    written_bytes: int = 0
    removed: int = 0
    problems: Dict[str, Exception] = field(default_factory=dict)


def missing(volume: Volume, files: Iterable[File]) -> Tuple[File, ...]:
    """Return what does not lie on a stick yet, in the same order; only small files are read."""
    return tuple(file for file in files if not _is_there(volume, file))


def bytes_to_write(volume: Volume, files: Iterable[File]) -> int:
    """Return how many bytes these files will take, less what was begun of them."""
    return sum(max(0, file.size_bytes - begun_bytes(volume, file.path)) for file in files)


def bytes_lacking(volume: Volume, files: Sequence[File], doomed: Iterable[str] = ()) -> int:
    """Return for how many bytes there is no room, also when what is doomed has gone; 0: it fits."""
    wanted_bytes = bytes_to_write(volume, files) + SPARE_BYTES - volume.free_bytes()
    if not files or wanted_bytes <= 0:
        return 0
    return max(0, wanted_bytes - _bytes_of(volume, doomed))


def lay(
    volume: Volume,
    files: Sequence[File],
    doomed: Sequence[str] = (),
    *,
    heard: Optional[Heard] = None,
    cancel: Optional[Cancel] = None,
    source_errors: Tuple[Type[Exception], ...] = (),
) -> Laid:
    """Write what is missing of ``files``, then remove ``doomed``, and put all on the medium.

    A file whose source is damaged, or raises one of ``source_errors``, is left out; the others are
    written. Where room is short, what is doomed goes first.

    Raises:
        StickError: ``stick-full`` before anything was changed, where there is no room; as Volume's
            methods do.
        CancelledError: ``cancel`` said so; what was written stays, and is on the medium.
    """
    wanted = missing(volume, files)
    lacking_bytes = bytes_lacking(volume, wanted, doomed)
    if lacking_bytes:
        raise StickError("stick-full", f"{lacking_bytes} bytes more")
    laid = Laid()
    if bytes_lacking(volume, wanted):
        _remove(volume, doomed, laid)
        volume.flush()
        doomed = ()
    bar = _Bar(heard, sum(file.size_bytes for file in wanted))
    try:
        _write(volume, wanted, laid, bar, cancel, source_errors)
    except CancelledError:
        # Whoever stopped it takes the stick out next.
        volume.flush()
        raise
    except StickError:
        with contextlib.suppress(StickError):
            volume.flush()
        raise
    _remove(volume, doomed, laid)
    if volume.writable:
        _drop_begun(volume, (*(file.path for file in files), *doomed))
    if laid.files or laid.removed:
        volume.flush()
    return laid


def _write(
    volume: Volume,
    wanted: Sequence[File],
    laid: Laid,
    bar: _Bar,
    cancel: Optional[Cancel],
    source_errors: Tuple[Type[Exception], ...],
) -> None:
    left_out: Tuple[Type[Exception], ...] = (ObjectError, *source_errors)
    with Group(volume) as group:
        rank = 0
        for file in wanted:
            if _rank(file) != rank:
                # It may rest on those before it.
                group.close()
                rank = _rank(file)
            bar.begin(file.size_bytes)
            try:
                laid.written_bytes += put_object(
                    volume,
                    file.path,
                    file.size_bytes,
                    file.sha256,
                    file.blocks,
                    pieces=file.pieces,
                    heard=bar.add,
                    cancel=cancel,
                    group=group,
                )
                laid.files += 1
            except left_out as error:
                laid.problems[file.path] = error


def _rank(file: File) -> int:
    """Tell what rests on what: nothing rests on another of its rank."""
    if "/objects/" in file.path or "/cores/" in file.path:
        return 0
    return 2 if file.path.endswith("/catalogue") else 1


def _is_there(volume: Volume, file: File) -> bool:
    if file.instead and has_object(volume, file.instead, None):
        return True
    if file.sha256 is None:
        return has_object(volume, file.path, None)
    if not has_object(volume, file.path, file.size_bytes):
        return False
    return not file.compared or _is_same(volume, file)


def _is_same(volume: Volume, file: File) -> bool:
    try:
        return volume.read(file.path, file.size_bytes) == b"".join(file.blocks())
    except StickError as error:
        if error.code not in ("stick-damaged", "stick-failed"):
            raise
        return False


def _remove(volume: Volume, doomed: Iterable[str], laid: Laid) -> None:
    for path in doomed:
        volume.remove(path)
        laid.removed += 1


def _drop_begun(volume: Volume, paths: Iterable[str]) -> None:
    """Forget what was begun beside these files: all that was to be finished is."""
    for folder in sorted({path.rpartition("/")[0] for path in paths}):
        for name in volume.begun(folder):
            with contextlib.suppress(StickError):
                volume.drop_begun(f"{folder}/{name}")


def _bytes_of(volume: Volume, paths: Iterable[str]) -> int:
    return sum(object_bytes(volume, path) or 0 for path in paths)


class _Bar:
    """Files one after another as one number of bytes."""

    def __init__(self, heard: Optional[Heard], total_bytes: int) -> None:
        self._heard = heard
        self._total_bytes = total_bytes
        self._before_bytes = self._done_bytes = self._size_bytes = 0

    def begin(self, size_bytes: int) -> None:
        """The next file is begun, the last one done or left."""
        self._before_bytes += self._size_bytes
        self._size_bytes, self._done_bytes = size_bytes, 0

    def add(self, size_bytes: int) -> None:
        """So many bytes more of it are written."""
        self._done_bytes = min(self._size_bytes, self._done_bytes + size_bytes)
        if self._heard is not None:
            self._heard(self._before_bytes + self._done_bytes, self._total_bytes)
