"""The order in which a stick is written, on any medium that can make, flush and rename files."""

from __future__ import annotations

import contextlib
import re
from typing import (
    BinaryIO,
    ContextManager,
    Iterable,
    Iterator,
    List,
    Optional,
    Protocol,
    Sequence,
    Tuple,
)

from sync.errors import StickError, SyncError
from sync.sticks.aside import Flushing
from sync.sticks.layout import LOCK

NEW = ".new"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")


class Sink(Protocol):
    """A file being written."""

    def write(self, data: bytes) -> None:
        """Append bytes."""
        ...

    def push(self) -> None:
        """Have what was written go to the medium, without asking whether it is kept there."""
        ...

    def flush(self) -> None:
        """Put all that was written on the medium."""
        ...

    def close(self) -> None:
        """Let go of the file; what was not flushed may be lost."""
        ...


class Medium(Protocol):
    """What a volume asks of a file system. Methods raise StickError, and follow no link."""

    @property
    def writable(self) -> bool:
        """Whether anything can be written."""
        ...

    @property
    def flushes_all(self) -> bool:
        """Whether ``flush`` puts the bytes of files there that were closed without a flush."""
        ...

    def entries(self, folder: str) -> Tuple[str, ...]:
        """Name what is in a folder; nothing where there is no such folder."""
        ...

    def size_bytes(self, path: str) -> Optional[int]:
        """Return a plain file's size; None for anything else."""
        ...

    def open(self, path: str) -> BinaryIO:
        """Open a plain file, whose methods raise StickError; none there is ``stick-damaged``."""
        ...

    def forget(self, path: str) -> None:
        """Have a flushed file's next read come from the medium, where the system can do that."""
        ...

    def create(self, path: str, start_bytes: int) -> Sink:
        """Begin a file, or go on with one behind ``start_bytes``; its folder is there."""
        ...

    def make_folder(self, path: str) -> bool:
        """Make one folder; return false where it is there already."""
        ...

    def rename(self, path: str, to: str) -> None:
        """Give a file another name in its folder, in place of what has it; not flushed."""
        ...

    def remove(self, path: str) -> None:
        """Remove a file, or what else stands in its place; nothing there is fine. Not flushed."""
        ...

    def flush_folder(self, folder: str) -> None:
        """Put a folder's names on the medium."""
        ...

    def flush(self) -> None:
        """Put everything on the medium."""
        ...

    def free_bytes(self) -> int:
        """Return how many bytes may still be written."""
        ...

    def held(self, path: str) -> ContextManager[None]:
        """Hold the lock of a file; raises ``stick-busy``. A system without locks holds nothing."""
        ...


class MediumVolume:
    """The volume on any medium: the order of writes, and nothing of how a system does them."""

    def __init__(self, medium: Medium) -> None:
        """Use a medium, whose top is the folder ``KERUEN``."""
        self._medium = medium

    @property
    def writable(self) -> bool:
        """See Volume."""
        return self._medium.writable

    def names(self, folder: str) -> Tuple[str, ...]:
        """See Volume."""
        return tuple(name for name in self._names(folder) if not name.endswith(NEW))

    def begun(self, folder: str) -> Tuple[str, ...]:
        """See Volume."""
        names = self._names(folder)
        return tuple(name[: -len(NEW)] for name in names if name.endswith(NEW) and name != NEW)

    def _names(self, folder: str) -> List[str]:
        # Some systems show short names in capitals however they were written.
        found = self._medium.entries(_checked(folder) if folder else "")
        return sorted({name.lower() for name in found if _NAME.match(name)})

    def size_bytes(self, path: str) -> Optional[int]:
        """See Volume."""
        return self._medium.size_bytes(_checked(path))

    def read(self, path: str, limit_bytes: int, *, fresh: bool = False) -> Optional[bytes]:
        """See Volume."""
        size_bytes = self.size_bytes(path)
        if size_bytes is None:
            return None
        if size_bytes > limit_bytes:
            raise StickError("stick-damaged", f"{path}: {size_bytes} bytes")
        if fresh:
            self._medium.forget(path)
        with self._medium.open(path) as file:
            data = file.read(limit_bytes + 1)
        if len(data) > limit_bytes:
            raise StickError("stick-damaged", f"{path}: more than {limit_bytes} bytes")
        return data

    def open(self, path: str) -> BinaryIO:
        """See Volume."""
        return self._medium.open(_checked(path))

    def write(self, path: str, parts: Iterable[bytes]) -> None:
        """See Volume."""
        try:
            self.write_from(path, parts)
        except BaseException:
            with contextlib.suppress(SyncError):
                self.drop_begun(path)
            raise

    def write_from(self, path: str, parts: Iterable[bytes], start_bytes: int = 0) -> None:
        """See Volume."""
        self._write_begun(path, parts, start_bytes, flushed=True)
        self._medium.rename(path + NEW, path)
        self._medium.flush_folder(path.rpartition("/")[0])

    def begin(self, path: str, parts: Iterable[bytes], start_bytes: int = 0) -> None:
        """See Volume."""
        self._write_begun(path, parts, start_bytes, flushed=not self._medium.flushes_all)

    def finish(self, paths: Sequence[str]) -> None:
        """See Volume."""
        self._medium.flush()
        for path in paths:
            self._medium.rename(_checked(path) + NEW, path)
        self._medium.flush()

    def _write_begun(
        self, path: str, parts: Iterable[bytes], start_bytes: int, *, flushed: bool
    ) -> None:
        self._make_folders(_checked(path).rpartition("/")[0], flushed)
        sink = self._medium.create(path + NEW, start_bytes)
        try:
            _pour(parts, sink)
            if flushed:
                sink.flush()
        finally:
            sink.close()

    def _make_folders(self, folder: str, flushed: bool) -> None:
        """Make a folder and those it is in; a name is on the medium before anything below it.

        Not ``flushed`` where everything is flushed before a name is given below.
        """
        parent = ""
        for name in folder.split("/") if folder else ():
            path = f"{parent}/{name}" if parent else name
            if self._medium.make_folder(path) and flushed:
                self._medium.flush_folder(parent)
            parent = path

    def begun_bytes(self, path: str) -> int:
        """See Volume."""
        return self._medium.size_bytes(_checked(path) + NEW) or 0

    def open_begun(self, path: str) -> BinaryIO:
        """See Volume."""
        return self._medium.open(_checked(path) + NEW)

    def drop_begun(self, path: str) -> None:
        """See Volume."""
        self._medium.remove(_checked(path) + NEW)

    def remove(self, path: str) -> None:
        """See Volume."""
        self._medium.remove(_checked(path))

    def free_bytes(self) -> int:
        """See Volume."""
        return self._medium.free_bytes()

    def flush(self) -> None:
        """See Volume."""
        self._medium.flush()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """See Volume."""
        if not self.writable:
            yield
            return
        with self._medium.held(LOCK):
            yield


def _pour(parts: Iterable[bytes], sink: Sink) -> None:
    with Flushing(sink.push) as flushing:
        for part in parts:
            sink.write(part)
            flushing.wrote(len(part))


def _checked(path: str) -> str:
    """Return a path that every file system takes and that leads nowhere else.

    Raises:
        ValueError: it is none: whoever made it is wrong.
    """
    for name in path.split("/"):
        if not _NAME.match(name) or name.endswith((".", NEW)):
            raise ValueError(f"not a path on a stick: {path!r}")
    return path
