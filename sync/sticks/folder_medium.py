"""A folder of the system's as a medium: no link is followed, and every refusal is a StickError."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from pathlib import Path
from typing import BinaryIO, Iterator, Optional, Set, Tuple, Type, cast

from sync.disk import disk_error
from sync.errors import StickError, SyncError
from sync.lock import Busy, held
from sync.sticks.layout import MARKER
from sync.sticks.open_files import FolderSink, StickFile
from sync.sticks.refusals import stick_error, while_open
from sync.sticks.system import (
    FLUSHES_ALL,
    NOT_FOLLOWED,
    can_be_written,
    device_of,
    flush_file,
    flush_file_system,
    flush_folder,
    forget_file,
    is_folder,
    make_removable,
    open_to_all,
    replace,
)

_UNKNOWN_BYTES = 1 << 40
_WITHOUT_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EINVAL}
_CLOSED_TO_US = {errno.EACCES, errno.EPERM}
"""Whoever copied a stick may have made its lock theirs: that keeps nobody from working on it."""


class FolderMedium:
    """A folder that is there, on any file system.

    Where it is shared, whoever has the stick may write what we write: owners are numbers that mean
    somebody else on the next machine.
    """

    is_shared = True

    def __init__(self, top: Path) -> None:
        """Use the folder ``top``; it is not made."""
        self.top = top
        self._writable = can_be_written(top)
        self._device = device_of(top)
        # A stick's folders do not change by themselves: looking at each on the way takes long.
        self._known: Set[str] = set()

    @property
    def writable(self) -> bool:
        """Whether anything can be written."""
        return self._writable

    @property
    def flushes_all(self) -> bool:
        """Whether ``flush`` reaches files that were closed without a flush."""
        return FLUSHES_ALL

    def entries(self, folder: str) -> Tuple[str, ...]:
        """See Medium."""
        with self._translated(folder, reading=True):
            path = self._folder(folder)
            try:
                return () if path is None else tuple(entry.name for entry in path.iterdir())
            except (FileNotFoundError, NotADirectoryError):
                self._known.discard(folder)
                self._insist()
                return ()

    def has_folder(self, folder: str) -> bool:
        """Tell whether there is such a folder, and no link in its way."""
        with self._translated(folder):
            return self._folder(folder) is not None

    def size_bytes(self, path: str) -> Optional[int]:
        """See Medium."""
        with self._translated(path):
            found = self._status(path)
        return found.st_size if found is not None and stat.S_ISREG(found.st_mode) else None

    def open(self, path: str) -> BinaryIO:
        """See Medium."""
        with self._translated(path, reading=True):
            found = self._status(path)
            if found is None or not stat.S_ISREG(found.st_mode):
                raise StickError("stick-damaged", f"{path} is missing")
            handle = os.open(str(self.top / path), os.O_RDONLY | NOT_FOLLOWED)
        file = os.fdopen(handle, "rb", buffering=0)
        return cast(BinaryIO, StickFile(file, lambda error: self._error(while_open(error), path)))

    def forget(self, path: str) -> None:
        """See Medium."""
        with self._translated(path, reading=True):
            forget_file(self.top / path)

    def create(self, path: str, start_bytes: int) -> FolderSink:
        """See Medium."""
        with self._translated(path):
            found = self._status(path)
            mine = found is not None and stat.S_ISREG(found.st_mode) and found.st_nlink <= 1
            if not mine or not start_bytes:
                # Whatever else has this name here may be a file of somebody's as well.
                self._clear(path)
                start_bytes = 0
            new = 0 if start_bytes else os.O_CREAT | os.O_EXCL
            with self._as_busy(FileExistsError):
                handle = os.open(str(self.top / path), os.O_RDWR | NOT_FOLLOWED | new, 0o666)
            file = os.fdopen(handle, "r+b", buffering=0)
            if self.is_shared:
                open_to_all(self.top / path, 0o666)
            try:
                file.truncate(start_bytes)
                file.seek(start_bytes)
            except OSError:
                file.close()
                raise
        return FolderSink(file, lambda error: self._error(while_open(error), path))

    def make_folder(self, path: str) -> bool:
        """See Medium."""
        with self._translated(path):
            if self._folder(path) is not None:
                return False
            self._clear(path)
            try:
                (self.top / path).mkdir()
            except FileExistsError:
                return False
            if self.is_shared:
                open_to_all(self.top / path, 0o777)
            return True

    def rename(self, path: str, to: str) -> None:
        """See Medium."""
        with self._translated(to):
            found = self._status(to)
            if found is not None and not stat.S_ISREG(found.st_mode):
                self._clear(to)
            try:
                with self._as_busy(FileNotFoundError):
                    replace(self.top / path, self.top / to)
            except OSError as error:
                raise self._error(while_open(error), to) from error
            # Some drivers flush no folders, and say that they did: what they flush is a file.
            flush_file(self.top / to)

    def remove(self, path: str) -> None:
        """See Medium."""
        with self._translated(path):
            self._clear(path)

    def flush_folder(self, folder: str) -> None:
        """See Medium."""
        with self._translated(folder):
            flush_folder(str(self.top / folder))

    def flush(self) -> None:
        """See Medium."""
        with self._translated(""):
            flush_file_system(str(self.top))
            found = self._status(MARKER)
            if found is not None and stat.S_ISREG(found.st_mode):
                flush_file(self.top / MARKER)

    def free_bytes(self) -> int:
        """See Medium."""
        with self._translated(""):
            usage = shutil.disk_usage(str(self.top))
        # Some file systems do not tell; a full one says so when it is written.
        return usage.free if usage.total else _UNKNOWN_BYTES

    @contextlib.contextmanager
    def held(self, path: str) -> Iterator[None]:
        """See Medium."""
        with contextlib.ExitStack() as lock:
            with self._translated(path):
                self._known.clear()
                self._make_plain(path)
                try:
                    lock.enter_context(held(self.top / path))
                except Busy as error:
                    raise StickError("stick-busy", path) from error
                except OSError as error:
                    if error.errno not in _WITHOUT_LOCKS | _CLOSED_TO_US:
                        raise
                else:
                    if self.is_shared:
                        open_to_all(self.top / path, 0o666)
            yield

    def _make_plain(self, path: str) -> None:
        found = self._status(path)
        if found is not None and not (stat.S_ISREG(found.st_mode) and found.st_nlink <= 1):
            self._clear(path)

    def _status(self, path: str) -> Optional[os.stat_result]:
        """Return what has a path's name; None when nothing has, or its folder is none of ours."""
        folder, _, name = path.rpartition("/")
        found = self._folder(folder)
        if found is None:
            return None
        try:
            return os.lstat(str(found / name))
        except (FileNotFoundError, NotADirectoryError):
            self._known.discard(folder)
            self._insist()
            return None

    def _folder(self, folder: str) -> Optional[Path]:
        """Return a folder that is reached without a link; None when there is none."""
        path = self.top
        if folder in self._known:
            return path / folder
        self._insist()
        for name in folder.split("/") if folder else ():
            path = path / name
            if not is_folder(path):
                return None
        if folder:
            self._known.add(folder)
        return path

    def _insist(self) -> None:
        if not is_folder(self.top):
            raise OSError(errno.ENODEV, "it was taken out")

    def _clear(self, path: str) -> None:
        """Remove what has a name: a file, a link (not what it leads to), an empty folder."""
        found = self._status(path)
        if found is None:
            return
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISDIR(found.st_mode):
                (self.top / path).rmdir()
            else:
                make_removable(self.top / path)
                (self.top / path).unlink()

    @contextlib.contextmanager
    def _as_busy(self, sign: Type[OSError]) -> Iterator[None]:
        """Take it for another programme's doing that a file has gone, or come, in between."""
        try:
            yield
        except sign as error:
            self._insist()
            raise StickError("stick-busy", str(error)) from error

    @contextlib.contextmanager
    def _translated(self, path: str, reading: bool = False) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._error(while_open(error) if reading else error, path) from error

    def _error(self, error: OSError, path: str) -> SyncError:
        self._known.clear()
        refusal = stick_error(error, path, gone=self._is_gone(), was_writable=self._writable)
        if refusal.code == "stick-read-only":
            self._writable = False
        return refusal

    def _is_gone(self) -> bool:
        try:
            return not is_folder(self.top) or device_of(self.top) != self._device
        except StickError:
            return True


class DiskMedium(FolderMedium):
    """A folder of the machine's own disk, laid out as a stick: its refusals are the disk's."""

    is_shared = False

    def _error(self, error: OSError, path: str) -> SyncError:
        return disk_error(error, self.top / path)
