"""A folder of the system's as a medium: no link is followed, and every refusal is a StickError."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import io
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import Any, BinaryIO, Callable, Iterator, Optional, Tuple, cast

from sync.disk import disk_error
from sync.errors import StickError, SyncError
from sync.lock import Busy, held

_NOT_FOLLOWED = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_REPARSE_POINT = 0x400
_READ_ONLY_VOLUME = 0x80000
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_GONE = {errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ESTALE, errno.ESHUTDOWN}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}
_GONE_ON_WINDOWS = {15, 21, 55, 433, 1006, 1167}
"""Drive invalid, not ready, device gone, no such device, volume changed, not connected."""
_SHARED_ON_WINDOWS = {32, 33}
_REPLACE_EXISTING, _WRITE_THROUGH = 0x1, 0x8
_UNKNOWN_BYTES = 1 << 40
_WITHOUT_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EINVAL}
_WITHOUT_FLUSH = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}


class FolderMedium:
    """A folder that is there, on any file system."""

    def __init__(self, top: Path) -> None:
        """Use the folder ``top``; it is not made."""
        self.top = top
        self._writable = _can_be_written(top)
        self._device = _device_of(top)

    @property
    def writable(self) -> bool:
        """Whether anything can be written."""
        return self._writable

    def entries(self, folder: str) -> Tuple[str, ...]:
        """See Medium."""
        with self._translated(folder):
            path = self._folder(folder)
            return () if path is None else tuple(entry.name for entry in path.iterdir())

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
        with self._translated(path):
            found = self._status(path)
            if found is None or not stat.S_ISREG(found.st_mode):
                raise StickError("stick-damaged", f"{path} is missing")
            handle = os.open(str(self.top / path), os.O_RDONLY | _NOT_FOLLOWED)
        file = os.fdopen(handle, "rb", buffering=0)
        return cast(BinaryIO, _StickFile(file, lambda error: self._error(error, path)))

    def create(self, path: str, start_bytes: int) -> _FolderSink:
        """See Medium."""
        with self._translated(path):
            found = self._status(path)
            mine = found is not None and stat.S_ISREG(found.st_mode) and found.st_nlink <= 1
            if not mine or not start_bytes:
                # Whatever else has this name here may be a file of somebody's as well.
                self._clear(path)
                start_bytes = 0
            handle = os.open(
                str(self.top / path),
                os.O_RDWR | os.O_CREAT | _NOT_FOLLOWED | (0 if start_bytes else os.O_EXCL),
                0o666,
            )
            file = os.fdopen(handle, "r+b", buffering=0)
            try:
                file.truncate(start_bytes)
                file.seek(start_bytes)
            except OSError:
                file.close()
                raise
        return _FolderSink(file, lambda error: self._error(_while_open(error), path))

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
            return True

    def rename(self, path: str, to: str) -> None:
        """See Medium."""
        with self._translated(to):
            found = self._status(to)
            if found is not None and not stat.S_ISREG(found.st_mode):
                self._clear(to)
            _replace(self.top / path, self.top / to)

    def remove(self, path: str) -> None:
        """See Medium."""
        with self._translated(path):
            self._clear(path)

    def flush_folder(self, folder: str) -> None:
        """See Medium."""
        with self._translated(folder):
            _flush_folder(str(self.top / folder))

    def flush(self) -> None:
        """See Medium."""
        with self._translated(""):
            _flush_file_system(str(self.top))

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
                self._make_plain(path)
                try:
                    lock.enter_context(held(self.top / path))
                except Busy as error:
                    raise StickError("stick-busy", path) from error
                except OSError as error:
                    if error.errno not in _WITHOUT_LOCKS:
                        raise
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
            self._insist()
            return None

    def _folder(self, folder: str) -> Optional[Path]:
        """Return a folder that is reached without a link; None when there is none."""
        path = self.top
        self._insist()
        for name in folder.split("/") if folder else ():
            path = path / name
            if not _is_folder(path):
                return None
        return path

    def _insist(self) -> None:
        if not _is_folder(self.top):
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
                (self.top / path).unlink()

    @contextlib.contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._error(error, path) from error

    def _error(self, error: OSError, path: str) -> SyncError:
        refusal = stick_error(error, path, gone=self._is_gone(), was_writable=self._writable)
        if refusal.code == "stick-read-only":
            self._writable = False
        return refusal

    def _is_gone(self) -> bool:
        try:
            return not _is_folder(self.top) or _device_of(self.top) != self._device
        except StickError:
            return True


class DiskMedium(FolderMedium):
    """A folder of the machine's own disk, laid out as a stick: its refusals are the disk's."""

    def _error(self, error: OSError, path: str) -> SyncError:
        return disk_error(error, self.top / path)


def stick_error(error: OSError, path: str, *, gone: bool, was_writable: bool) -> StickError:
    """Say what a system's refusal means.

    ``gone``: the stick's folder is not there any more; ``was_writable``: as far as one could tell.
    """
    detail = f"{path}: {error.strerror}"
    windows: int = getattr(error, "winerror", None) or 0
    if gone or error.errno in _GONE or windows in _GONE_ON_WINDOWS:
        return StickError("stick-gone", detail)
    if error.errno in _FULL:
        return StickError("stick-full", detail)
    if windows in _SHARED_ON_WINDOWS:
        return StickError("stick-busy", detail)
    if error.errno in _FORBIDDEN and windows in (0, 5, 19):
        # A file system that the system takes away writing from in the midst is damaged.
        damaged = error.errno == errno.EROFS and was_writable
        return StickError("stick-failed" if damaged else "stick-read-only", detail)
    return StickError("stick-failed", detail)


def _while_open(error: OSError) -> OSError:
    """Read a refusal of a file that was opened for writing: that it is forbidden is no reason."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return OSError(errno.EIO, error.strerror)
    return error


class _StickFile(io.RawIOBase):
    """A file that is read: as the system's, but its errors are ours."""

    def __init__(self, file: Any, error_of: Callable[[OSError], SyncError]) -> None:
        super().__init__()
        self._file = file
        self._error_of = error_of

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def fileno(self) -> int:
        return int(self._file.fileno())

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes; fewer only at the end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        try:
            data: bytes = self._file.read(size)
            while 0 < len(data) < size:
                more: bytes = self._file.read(size - len(data))
                if not more:
                    break
                data += more
        except OSError as error:
            raise self._error_of(error) from error
        return data

    def readinto(self, buffer: Any) -> int:
        try:
            return int(self._file.readinto(buffer))
        except OSError as error:
            raise self._error_of(error) from error

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        self._file.close()
        super().close()


class _FolderSink:
    """A file that is written."""

    def __init__(self, file: Any, error_of: Callable[[OSError], SyncError]) -> None:
        self._file = file
        self._error_of = error_of

    def write(self, data: bytes) -> None:
        """See Sink."""
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            raise self._error_of(error) from error

    def flush(self) -> None:
        """See Sink."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._error_of(error) from error

    def close(self) -> None:
        """See Sink."""
        with contextlib.suppress(OSError):
            self._file.close()


def _is_folder(path: Path) -> bool:
    """Tell whether there is a folder that is no link, no junction."""
    try:
        found = os.lstat(str(path))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        if error.errno in _GONE or getattr(error, "winerror", 0) in _GONE_ON_WINDOWS:
            return False
        raise
    attributes: int = getattr(found, "st_file_attributes", 0)
    return stat.S_ISDIR(found.st_mode) and not attributes & _REPARSE_POINT


def _device_of(top: Path) -> int:
    """Return the number of the device that a folder is on; 0 when it is pulled out.

    Linux keeps a file system mounted whose device is gone, and answers for it from memory.
    """
    try:
        device = os.lstat(str(top)).st_dev
    except OSError:
        return 0
    if sys.platform == "linux" and os.major(device):
        known = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
        if not known.exists():
            return 0
    return device


if sys.platform == "win32":

    def _replace(path: Path, to: Path) -> None:
        """Rename, and return when the new name is on the medium."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        names = ctypes.c_wchar_p(str(path)), ctypes.c_wchar_p(str(to))
        if not kernel.MoveFileExW(*names, _REPLACE_EXISTING | _WRITE_THROUGH):
            raise ctypes.WinError(ctypes.get_last_error())

    def _flush_folder(_folder: str) -> None:
        """Windows has no such thing; `_replace` waits for the name."""

    def _flush_file_system(_top: str) -> None:
        """Only an administrator may flush a volume; each file was flushed."""

    def _can_be_written(top: Path) -> bool:
        flags = ctypes.c_ulong(0)
        root = ctypes.c_wchar_p(top.anchor)
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        known = kernel.GetVolumeInformationW(
            root, None, 0, None, None, ctypes.byref(flags), None, 0
        )
        return not (known and flags.value & _READ_ONLY_VOLUME)

else:

    def _replace(path: Path, to: Path) -> None:
        path.replace(to)

    def _flush_folder(folder: str) -> None:
        handle = os.open(folder, os.O_RDONLY | _NOT_FOLLOWED)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in _WITHOUT_FLUSH:
                raise
        finally:
            os.close(handle)

    def _flush_file_system(top: str) -> None:
        handle = os.open(top, os.O_RDONLY | _NOT_FOLLOWED)
        try:
            _syncfs(handle)
        finally:
            os.close(handle)
        # FAT asks its device to empty its cache only when a file or folder is flushed.
        _flush_folder(top)

    def _syncfs(handle: int) -> None:
        library = ctypes.CDLL(None, use_errno=True)
        if not hasattr(library, "syncfs"):
            os.sync()
        elif library.syncfs(handle):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))

    def _can_be_written(top: Path) -> bool:
        return os.access(str(top), os.W_OK)
