"""What systems do each in their own way: flush, rename for good, tell whether a device is there."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import re
import stat
import sys
import time
from pathlib import Path
from typing import Any, Tuple

from sync.sticks.refusals import GONE, GONE_ON_WINDOWS

NOT_FOLLOWED = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
"""How a file is opened that must not be a link."""


def _kernel() -> Tuple[int, ...]:
    numbers = re.findall(r"[0-9]+", platform.release())
    return tuple(int(number) for number in numbers[:2])


_REPARSE_POINT = 0x400
_READ_ONLY_VOLUME = 0x80000
_REPLACE_EXISTING, _WRITE_THROUGH = 0x1, 0x8
_SHARED, _PATIENCE_S = (5, 32, 33), (0.05, 0.1, 0.2, 0.4, 0.8)
FLUSHES_ALL = sys.platform == "linux" and _kernel() >= (5, 8)
"""Whether `flush_file_system` waits for the bytes of all files, and tells of those that were lost.

Linux tells of them from 5.8 on. Elsewhere each file is flushed.
"""
_WAIT_WRITE = 0x1 | 0x2
_WITHOUT_FLUSH = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}


def is_folder(path: Path) -> bool:
    """Tell whether there is a folder that is no link, no junction."""
    try:
        found = os.lstat(str(path))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        if error.errno in GONE or getattr(error, "winerror", 0) in GONE_ON_WINDOWS:
            return False
        raise
    attributes: int = getattr(found, "st_file_attributes", 0)
    return stat.S_ISDIR(found.st_mode) and not attributes & _REPARSE_POINT


def device_of(top: Path) -> int:
    """Return the number of the device that a folder is on; 0 when it is pulled out.

    Linux keeps a file system mounted whose device is gone, and answers for it from memory.
    """
    try:
        device = os.lstat(str(top)).st_dev
    except OSError:
        return 0
    if sys.platform == "linux" and os.major(device):
        try:
            os.lstat(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
        except FileNotFoundError:
            return 0
        except OSError:
            # Android keeps its devices to itself.
            return device
    return device


def forget_file(path: Path) -> None:
    """Drop what the system remembers of a flushed file's bytes, where it can be told to."""
    if sys.platform == "linux" and hasattr(os, "posix_fadvise"):
        handle = os.open(str(path), os.O_RDONLY | NOT_FOLLOWED)
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)


def make_removable(path: Path) -> None:
    """Take the mark "read-only" off a file: Windows removes and replaces none that has it."""
    if os.name == "nt":
        with contextlib.suppress(OSError):
            path.chmod(stat.S_IREAD | stat.S_IWRITE)


def open_to_all(path: Path, mode: int) -> None:
    """Let everybody use what we made, where the file system knows owners."""
    if os.name != "nt":
        with contextlib.suppress(OSError):
            path.chmod(mode)


def push_file(handle: int) -> None:
    """Send what was written of a file to its device when what was sent before has got there.

    Where that is unknown, flush the file.
    Flushing asks the device as well to keep what it got, which takes many a stick a while.
    """
    if FLUSHES_ALL:
        library = ctypes.CDLL(None)
        if hasattr(library, "sync_file_range"):
            zero = ctypes.c_int64(0)
            library.sync_file_range(handle, zero, zero, ctypes.c_uint(_WAIT_WRITE))
            return
    os.fsync(handle)


if sys.platform == "win32":

    def replace(path: Path, to: Path) -> None:
        """Rename, and return when the new name is on the medium."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        names = ctypes.c_wchar_p(str(path)), ctypes.c_wchar_p(str(to))
        make_removable(to)
        for wait_s in (*_PATIENCE_S, 0.0):
            if kernel.MoveFileExW(*names, _REPLACE_EXISTING | _WRITE_THROUGH):
                return
            if ctypes.get_last_error() not in _SHARED:
                break
            # A scanner of viruses looks at each new file.
            time.sleep(wait_s)
        raise ctypes.WinError(ctypes.get_last_error(), None)

    def flush_file(_path: Path) -> None:
        """`replace` waited for the name, and the bytes were flushed before."""

    def flush_folder(_folder: str) -> None:
        """Windows has no such thing; `replace` waits for the name."""

    def flush_file_system(_top: str) -> None:
        """Only an administrator may flush a volume; each file was flushed."""

    def can_be_written(top: Path) -> bool:
        """Tell whether the volume is not write-protected."""
        flags = ctypes.c_ulong(0)
        root = ctypes.c_wchar_p(top.anchor)
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        known = kernel.GetVolumeInformationW(
            root, None, 0, None, None, ctypes.byref(flags), None, 0
        )
        return not (known and flags.value & _READ_ONLY_VOLUME)

else:

    def replace(path: Path, to: Path) -> None:
        """Rename; the name is on the medium when its folder was flushed."""
        path.replace(to)

    def flush_file(path: Path) -> None:
        """Put a file, and what a driver thinks belongs to it, on the medium."""
        flush_folder(str(path))

    def flush_folder(folder: str) -> None:
        """Put a folder's names on the medium, where its file system can."""
        handle = os.open(folder, os.O_RDONLY | NOT_FOLLOWED)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in _WITHOUT_FLUSH:
                raise
        finally:
            os.close(handle)

    def flush_file_system(top: str) -> None:
        """Put all of the file system on the medium."""
        handle = os.open(top, os.O_RDONLY | NOT_FOLLOWED)
        try:
            _syncfs(handle)
        finally:
            os.close(handle)
        # FAT asks its device to empty its cache only when a file or folder is flushed.
        flush_folder(top)

    def _syncfs(handle: int) -> None:
        library: Any = None
        with contextlib.suppress(OSError):
            library = ctypes.CDLL(None, use_errno=True)
        if not hasattr(library, "syncfs"):
            os.sync()
        elif library.syncfs(handle):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))

    def can_be_written(top: Path) -> bool:
        """Tell whether a folder is not on a file system that is only read."""
        return os.access(str(top), os.W_OK)
