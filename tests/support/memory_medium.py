"""A medium in memory that forgets: what was not flushed may be lost, torn or reordered.

Two layers, as a system has them: what programmes see, and what is on the medium. Flushing a file
brings its bytes down, flushing a folder its names; pulling the medium out brings down any of the
rest, in pieces, as the system happened to have written them.
"""

from __future__ import annotations

import contextlib
import io
import random
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO, Dict, Iterator, List, Optional, Set, Tuple, cast

from sync.errors import ObjectError, StickError, SyncError

SECTOR_BYTES = 512
_SECTORS_OF_A_FOLDER = 3
"""Names of one sector reach the medium in their order; those of different ones do not."""


@dataclass
class _File:
    seen: bytearray = field(default_factory=bytearray)
    kept: bytes = b""

    def torn(self, chance: random.Random) -> bytes:
        """Return what is left when some of the sectors were written and others not."""
        if bytes(self.seen) == self.kept:
            return self.kept
        size_bytes = chance.choice((len(self.kept), len(self.seen)))
        data = bytearray()
        for at in range(0, size_bytes, SECTOR_BYTES):
            end = min(at + SECTOR_BYTES, size_bytes)
            noise = chance.getrandbits(8 * SECTOR_BYTES).to_bytes(SECTOR_BYTES, "big")
            sector = chance.choice((self.seen[at:end], self.kept[at:end], b"", noise))
            data += sector[: end - at].ljust(end - at, b"\0")
        return bytes(data)


@dataclass(frozen=True)
class _Change:
    """A name that appeared (``file``, or a folder when there is none) or went."""

    path: str
    file: Optional[_File]
    gone: bool = False

    @property
    def sector(self) -> Tuple[str, int]:
        folder, _, name = self.path.rpartition("/")
        return folder, zlib.crc32(name.encode()) % _SECTORS_OF_A_FOLDER


class MemoryMedium:
    """``steps`` counts what was asked of it; at ``fail_at`` it fails with ``failure``.

    While it ``is_worn``, what was written is there only as long as the system remembers it.
    """

    def __init__(self, capacity_bytes: int = 1 << 40) -> None:
        """Begin empty."""
        self.writable = True
        self.flushes_all = True
        self.capacity_bytes = capacity_bytes
        self.steps = 0
        self.fail_at: Optional[int] = None
        self.failure = "stick-gone"
        self.is_disk = False
        self.is_worn = False
        self._seen: Dict[str, Optional[_File]] = {}
        self._kept: Dict[str, Optional[_File]] = {}
        self._changes: List[_Change] = []
        self._held: Set[str] = set()

    # What tests do to it.

    def pull(self, chance: random.Random, *, torn_folders: bool = False) -> None:
        """Take it out and put it in again: what is seen now is what the medium kept.

        With ``torn_folders`` a sector of names that was being written may be lost altogether.
        """
        self._settle(chance, torn_folders)
        for file in self._kept.values():
            if file is not None:
                file.kept = file.torn(chance)
                file.seen = bytearray(file.kept)
        self._changes = []
        self._seen = dict(self._kept)
        self.fail_at = None

    def _settle(self, chance: random.Random, torn_folders: bool) -> None:
        by_sector: Dict[Tuple[str, int], List[_Change]] = {}
        for change in self._changes:
            by_sector.setdefault(change.sector, []).append(change)
        for sector, changes in by_sector.items():
            for change in changes[: chance.randint(0, len(changes))]:
                self._apply(change)
            if torn_folders and chance.random() < 0.2:
                lost = [path for path in self._kept if _Change(path, None).sector == sector]
                for path in lost:
                    del self._kept[path]
        self._drop_orphans()

    def _drop_orphans(self) -> None:
        for path in sorted(self._kept):
            folder = path.rpartition("/")[0]
            if folder and self._kept.get(folder, self) is not None:
                del self._kept[path]

    def flip(self, path: str, at: int, mask: int = 1) -> None:
        """Let the medium forget what a byte was."""
        file = self._file(path)
        assert file is not None
        file.seen[at] ^= mask
        file.kept = bytes(file.seen)

    def put(self, path: str, data: bytes) -> None:
        """Lay a file there as another programme would, whole and durable."""
        parts = path.split("/")
        for end in range(1, len(parts)):
            self._seen.setdefault("/".join(parts[:end]), None)
        self._seen[path] = _File(bytearray(data), data)
        self._changes = []
        self._kept = dict(self._seen)

    def files(self) -> Dict[str, bytes]:
        """Return all files that are seen, unfinished ones included."""
        return {path: bytes(file.seen) for path, file in sorted(self._seen.items()) if file}

    # What a volume does with it.

    def entries(self, folder: str) -> Tuple[str, ...]:
        """See Medium."""
        self._step()
        start = f"{folder}/" if folder else ""
        below = (path[len(start) :] for path in self._seen if path.startswith(start))
        return tuple(name for name in below if name and "/" not in name)

    def size_bytes(self, path: str) -> Optional[int]:
        """See Medium."""
        self._step()
        file = self._file(path)
        return None if file is None else len(file.seen)

    def open(self, path: str) -> BinaryIO:
        """See Medium."""
        self._step()
        file = self._file(path)
        if file is None:
            raise StickError("stick-damaged", f"{path} is missing")
        return cast(BinaryIO, _Reader(self, bytes(file.seen)))

    def forget(self, path: str) -> None:
        """See Medium."""
        file = self._file(path)
        if file is not None and self.is_worn:
            file.seen = bytearray(byte ^ 1 for byte in file.kept)

    def create(self, path: str, start_bytes: int) -> _Sink:
        """See Medium."""
        self._write_step()
        file = self._file(path) if start_bytes else None
        if file is None:
            file = _File()
            self._change(_Change(path, file))
        del file.seen[start_bytes:]
        return _Sink(self, file)

    def make_folder(self, path: str) -> bool:
        """See Medium."""
        self._write_step()
        if self._seen.get(path, self) is None:
            return False
        self._change(_Change(path, None))
        return True

    def rename(self, path: str, to: str) -> None:
        """See Medium."""
        self._write_step()
        file = self._file(path)
        if file is None:
            raise StickError("stick-busy", f"{path} was taken away")
        self._change(_Change(to, file))
        self._change(_Change(path, None, gone=True))

    def remove(self, path: str) -> None:
        """See Medium."""
        self._write_step()
        if path in self._seen:
            self._change(_Change(path, None, gone=True))

    def flush_folder(self, folder: str) -> None:
        """See Medium."""
        self._write_step()
        mine = [change for change in self._changes if change.sector[0] == folder]
        self._changes = [change for change in self._changes if change.sector[0] != folder]
        for change in mine:
            self._apply(change)

    def flush(self) -> None:
        """See Medium."""
        self._step()
        for change in self._changes:
            self._apply(change)
        self._changes = []
        for file in self._kept.values():
            if file is not None:
                file.kept = bytes(file.seen)

    def free_bytes(self) -> int:
        """See Medium."""
        self._step()
        return max(0, self.capacity_bytes - self._used_bytes())

    @contextlib.contextmanager
    def held(self, path: str) -> Iterator[None]:
        """See Medium."""
        if path in self._held:
            raise self._error("stick-busy")
        self._held.add(path)
        try:
            yield
        finally:
            self._held.remove(path)

    def _used_bytes(self) -> int:
        return sum(len(file.seen) for file in self._seen.values() if file)

    def _file(self, path: str) -> Optional[_File]:
        return self._seen.get(path)

    def _change(self, change: _Change) -> None:
        _set(self._seen, change)
        self._changes.append(change)

    def _apply(self, change: _Change) -> None:
        _set(self._kept, change)

    def _write_step(self) -> None:
        self._step()
        if not self.writable:
            raise self._error("stick-read-only")

    def _step(self) -> None:
        self.steps += 1
        if self.fail_at is None or self.steps < self.fail_at:
            return
        if self.failure != "stick-gone":
            self.fail_at = None
        raise self._error(self.failure)

    def _error(self, code: str) -> SyncError:
        if self.is_disk:
            return ObjectError("disk-full" if code == "stick-full" else "disk-failed")
        return StickError(code)

    def write(self, file: _File, data: bytes) -> None:
        """Append to a file, as much as there is room for."""
        try:
            self._write_step()
        except SyncError:
            file.seen += data[: len(data) // 2]
            raise
        room = self.capacity_bytes - self._used_bytes()
        file.seen += data[: max(0, room)]
        if room < len(data):
            raise self._error("stick-full")

    def sync(self, file: _File) -> None:
        """Put a file's bytes on the medium."""
        self._write_step()
        file.kept = bytes(file.seen)

    def read_step(self) -> None:
        """Count a read."""
        self._step()


def _set(names: Dict[str, Optional[_File]], change: _Change) -> None:
    if change.gone:
        names.pop(change.path, None)
    else:
        names[change.path] = change.file


class _Sink:
    def __init__(self, medium: MemoryMedium, file: _File) -> None:
        self._medium, self._file = medium, file

    def write(self, data: bytes) -> None:
        self._medium.write(self._file, data)

    def push(self) -> None:
        """Do nothing: what is on its way may be lost."""

    def flush(self) -> None:
        self._medium.sync(self._file)

    def close(self) -> None:
        pass


class _Reader(io.BytesIO):
    def __init__(self, medium: MemoryMedium, data: bytes) -> None:
        super().__init__(data)
        self._medium = medium

    def read(self, size: Optional[int] = -1) -> bytes:
        self._medium.read_step()
        return super().read(size)
