"""Objects on a stick: written so that a cut costs little, and proven when they are read.

An object of more than 1 GiB lies in parts, since FAT32 takes no file of 4 GiB. What was begun and
cut is gone on with: what lies there is compared with the source, so torn writes do no harm.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from typing import BinaryIO, Callable, Iterator, List, Optional, Sequence, Tuple, cast

from sync.errors import CancelledError, ObjectError, StickError
from sync.sticks.group import Group
from sync.sticks.layout import PART_BYTES
from sync.sticks.proving import proven
from sync.sticks.read_ahead import BLOCK_BYTES, read_ahead
from sync.sticks.volume import Volume

Blocks = Callable[[], Iterator[bytes]]
"""Gives an object's bytes from its beginning, in blocks of any size."""
Heard = Callable[[int], None]
"""Hears how many bytes more are done."""
Cancel = Callable[[], bool]

MAX_PARTS = 1000
AHEAD_BYTES = 4 << 20
"""Smaller files are not worth a thread."""


def put_object(
    volume: Volume,
    path: str,
    size_bytes: int,
    sha256: Optional[str],
    source: Blocks,
    *,
    pieces: Sequence[bytes] = (),
    heard: Optional[Heard] = None,
    cancel: Optional[Cancel] = None,
    group: Optional[Group] = None,
    part_bytes: int = PART_BYTES,
) -> int:
    """Write an object, going on where an earlier call was cut; return how many bytes were written.

    It is hashed on its way, by ``pieces`` (`sync.sticks.proving`) where those are known. Without
    ``sha256`` the source proves itself: ``size_bytes`` is then only about what comes. ``heard`` is
    told of the source's bytes. In a ``group`` it gets its name together with others: close that
    before anything is written that rests on this object.

    Raises:
        StickError: as Volume's methods do.
        ObjectError: ``object-damaged``: the source is not that object; nothing is kept of it.
        CancelledError: ``cancel`` said so; what was written stays.
        Exception: whatever the source raises; nothing is kept of what it gave.
    """
    if sha256 is not None and size_bytes > part_bytes * MAX_PARTS:
        raise ObjectError("object-spec", f"{path}: {size_bytes} bytes")
    blocks = proven(source(), path, size_bytes, sha256, pieces)
    stream = _Stream(_heard(blocks, heard, cancel), size_bytes)
    try:
        if sha256 is None or size_bytes <= part_bytes:
            return _put_file(volume, path, stream, None, group)
        return _put_parts(volume, path, stream, size_bytes, part_bytes, group)
    except (StickError, CancelledError):
        raise
    except BaseException:
        with contextlib.suppress(StickError):
            if group is not None:
                group.close()
            remove_object(volume, path)
        raise
    finally:
        stream.close()


def has_object(volume: Volume, path: str, size_bytes: Optional[int]) -> bool:
    """Tell whether an object lies there in full size, or in any size; its bytes are not read."""
    found = object_bytes(volume, path)
    return found is not None and size_bytes in (None, found)


def object_bytes(volume: Volume, path: str) -> Optional[int]:
    """Return the size of an object as it lies there; None when none does."""
    found = volume.size_bytes(path)
    if found is not None:
        return found
    sizes = [size_bytes for _, size_bytes in _parts(volume, path)]
    return sum(sizes) if sizes else None


def begun_bytes(volume: Volume, path: str) -> int:
    """Return how many bytes there are of an object that is not whole."""
    parts = list(_parts(volume, path))
    next_part = part_path(path, len(parts))
    there_bytes = sum(size_bytes for _, size_bytes in parts)
    return there_bytes + volume.begun_bytes(path) + volume.begun_bytes(next_part)


def open_object(volume: Volume, path: str, start_bytes: int = 0) -> BinaryIO:
    """Open an object for reading from a place on, whole or divided; nothing is verified.

    Raises:
        ObjectError: ``object-missing``.
        StickError: as Volume's methods do, also while it is read.
    """
    size_bytes = volume.size_bytes(path)
    parts = [(path, size_bytes)] if size_bytes is not None else list(_parts(volume, path))
    if not parts:
        raise ObjectError("object-missing", path)
    while len(parts) > 1 and start_bytes >= parts[0][1]:
        start_bytes -= parts.pop(0)[1]
    return cast(BinaryIO, _Joined(volume, [name for name, _ in parts], start_bytes))


def read_blocks(volume: Volume, path: str, start_bytes: int = 0) -> Iterator[bytes]:
    """Give an object's bytes, 1 MiB at a time; raises as `open_object` does."""
    with open_object(volume, path, start_bytes) as file:
        yield from iter(lambda: file.read(BLOCK_BYTES), b"")


def verify_object(
    volume: Volume,
    path: str,
    size_bytes: int,
    sha256: str,
    *,
    heard: Optional[Heard] = None,
    cancel: Optional[Cancel] = None,
) -> bool:
    """Read a whole object and tell whether it is what its name says.

    Raises:
        ObjectError: ``object-missing``.
        StickError: ``stick-gone`` and its like. What cannot be read is not what its name says.
        CancelledError: ``cancel`` said so.
    """
    blocks = _heard(read_blocks(volume, path), heard, cancel)
    digest, seen_bytes = hashlib.sha256(), 0
    try:
        with contextlib.closing(read_ahead(blocks, size_bytes >= AHEAD_BYTES)) as ahead:
            for block in ahead:
                digest.update(block)
                seen_bytes += len(block)
    except StickError as error:
        if error.code != "stick-failed":
            raise
        return False
    return seen_bytes == size_bytes and digest.hexdigest() == sha256


def remove_object(volume: Volume, path: str) -> None:
    """Remove an object, its parts, and what was begun of them."""
    for name in (path, *_part_names(volume, path)):
        volume.remove(name)
        volume.drop_begun(name)
    folder, _, name = path.rpartition("/")
    for begun in volume.begun(folder):
        if begun.startswith(f"{name}."):
            volume.drop_begun(f"{folder}/{begun}")


def part_path(path: str, index: int) -> str:
    """Return where a part of an object lies."""
    return f"{path}.{index:03d}"


def _part_names(volume: Volume, path: str) -> List[str]:
    return [name for name, _ in _parts(volume, path)]


def _parts(volume: Volume, path: str) -> Iterator[Tuple[str, int]]:
    """Give the parts of an object that are there from the first on, without a gap."""
    for index in range(MAX_PARTS):
        size_bytes = volume.size_bytes(part_path(path, index))
        if size_bytes is None:
            return
        yield part_path(path, index), size_bytes


def _put_file(
    volume: Volume,
    path: str,
    stream: _Stream,
    size_bytes: Optional[int],
    group: Optional[Group],
) -> int:
    """Write the next ``size_bytes`` of a stream as a file, or all that is left."""
    before = stream.read_bytes
    start_bytes = _same_bytes(volume, path, stream, size_bytes)
    left_bytes = None if size_bytes is None else size_bytes - start_bytes
    if group is None:
        volume.write_from(path, stream.take(left_bytes), start_bytes)
    else:
        group.write(path, stream.take(left_bytes), start_bytes)
    return stream.read_bytes - before - start_bytes


def _put_parts(
    volume: Volume,
    path: str,
    stream: _Stream,
    size_bytes: int,
    part_bytes: int,
    group: Optional[Group],
) -> int:
    written_bytes = 0
    volume.remove(path)
    for index, start in enumerate(range(0, size_bytes, part_bytes)):
        name, wanted_bytes = part_path(path, index), min(part_bytes, size_bytes - start)
        if volume.size_bytes(name) == wanted_bytes and start + wanted_bytes < size_bytes:
            # It was whole when it got its name. The last one is only named when all was proven.
            stream.skip(wanted_bytes)
            continue
        last = start + wanted_bytes == size_bytes
        written_bytes += _put_file(volume, name, stream, None if last else wanted_bytes, group)
    return written_bytes


def _same_bytes(volume: Volume, path: str, stream: _Stream, limit_bytes: Optional[int]) -> int:
    """Read on in the stream as far as what was begun of a file is the same."""
    begun_bytes = volume.begun_bytes(path)
    if not begun_bytes:
        return 0
    same_bytes = 0
    with volume.open_begun(path) as file:
        while limit_bytes is None or same_bytes < limit_bytes:
            block = stream.next(None if limit_bytes is None else limit_bytes - same_bytes)
            if not block or same_bytes + len(block) > begun_bytes:
                stream.back(block)
                break
            if file.read(len(block)) != block:
                stream.back(block)
                break
            same_bytes += len(block)
    return same_bytes


class _Stream:
    """A source's bytes, read ahead of whoever writes them."""

    def __init__(self, blocks: Iterator[bytes], size_bytes: int) -> None:
        self._blocks = read_ahead(blocks, size_bytes >= AHEAD_BYTES)
        self._waiting = b""
        self.read_bytes = 0

    def next(self, limit_bytes: Optional[int]) -> bytes:
        """Return the next block, or its beginning; nothing at the end."""
        block = self._waiting or next(self._blocks, b"")
        self._waiting = b""
        if limit_bytes is not None and len(block) > limit_bytes:
            block, self._waiting = block[:limit_bytes], block[limit_bytes:]
        self.read_bytes += len(block)
        return block

    def back(self, block: bytes) -> None:
        """Take back the block that was given last."""
        self._waiting = block + self._waiting
        self.read_bytes -= len(block)

    def take(self, size_bytes: Optional[int]) -> Iterator[bytes]:
        """Give the next ``size_bytes``, or all that is left."""
        while size_bytes is None or size_bytes:
            block = self.next(size_bytes)
            if not block:
                return
            if size_bytes is not None:
                size_bytes -= len(block)
            yield block

    def skip(self, size_bytes: int) -> None:
        """Pass over bytes."""
        for _ in self.take(size_bytes):
            pass

    def close(self) -> None:
        """Let go of the source."""
        self._blocks.close()


def _heard(
    blocks: Iterator[bytes], heard: Optional[Heard], cancel: Optional[Cancel]
) -> Iterator[bytes]:
    for block in blocks:
        if cancel is not None and cancel():
            raise CancelledError()
        yield block
        if heard is not None:
            heard(len(block))


class _Joined(io.RawIOBase):
    """The parts of an object as one file that is read from the beginning."""

    def __init__(self, volume: Volume, parts: List[str], start_bytes: int) -> None:
        super().__init__()
        self._volume = volume
        self._left = parts
        self._start_bytes = start_bytes
        self._file: Optional[BinaryIO] = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes; fewer only at the end."""
        found: List[bytes] = []
        while size:
            if self._file is None:
                if not self._left:
                    break
                self._file = self._volume.open(self._left.pop(0))
                self._file.seek(self._start_bytes)
                self._start_bytes = 0
            block = self._file.read(size)
            if block:
                found.append(block)
                size = size - len(block) if size > 0 else size
            else:
                self._file.close()
                self._file = None
        return b"".join(found)

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        super().close()
