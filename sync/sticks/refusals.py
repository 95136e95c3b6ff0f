"""What a system's refusal to read or write a stick means."""

from __future__ import annotations

import errno

from sync.errors import StickError

GONE = frozenset((errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ESTALE, errno.ESHUTDOWN))
GONE_ON_WINDOWS = frozenset((15, 21, 55, 433, 1006, 1167))
"""Drive invalid, not ready, device gone, no such device, volume changed, not connected."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}
_ACCESS_DENIED, _WRITE_PROTECT, _SHARING_VIOLATION, _LOCK_VIOLATION = 5, 19, 32, 33
_FORBIDDEN_ON_WINDOWS = {0, _ACCESS_DENIED, _WRITE_PROTECT}
_SHARED_ON_WINDOWS = {_SHARING_VIOLATION, _LOCK_VIOLATION}


def stick_error(error: OSError, path: str, *, gone: bool, was_writable: bool) -> StickError:
    """Say what a system's refusal means.

    ``gone``: the stick's folder is not there any more; ``was_writable``: as far as one could tell.
    """
    detail = f"{path}: {error.strerror}"
    windows: int = getattr(error, "winerror", None) or 0
    if gone or error.errno in GONE or windows in GONE_ON_WINDOWS:
        return StickError("stick-gone", detail)
    if error.errno in _FULL:
        return StickError("stick-full", detail)
    if windows in _SHARED_ON_WINDOWS:
        return StickError("stick-busy", detail)
    if error.errno in _FORBIDDEN and windows in _FORBIDDEN_ON_WINDOWS:
        # A file system that the system takes away writing from in the midst is damaged.
        damaged = error.errno == errno.EROFS and was_writable
        return StickError("stick-failed" if damaged else "stick-read-only", detail)
    return StickError("stick-failed", detail)


def while_open(error: OSError) -> OSError:
    """Read a refusal of a file that was opened for writing: that it is forbidden is no reason.

    On Windows somebody else has it open then: a scanner of viruses looks at each new file.
    """
    if getattr(error, "winerror", None) == _ACCESS_DENIED:
        shared = OSError(error.errno, error.strerror)
        shared.winerror = _SHARING_VIOLATION  # type: ignore[attr-defined, unused-ignore]
        return shared
    if error.errno in (errno.EACCES, errno.EPERM) and not getattr(error, "winerror", None):
        return OSError(errno.EIO, error.strerror)
    return error
