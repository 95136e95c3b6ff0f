"""Files on the disk: their hashes, their names kept over a power cut, and errors as our own."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from typing import Any, BinaryIO

from sync.errors import ObjectError

READ_BYTES = 1 << 18


def file_sha256(file: BinaryIO) -> str:
    """Return the SHA-256 in hex of the rest of an open file."""
    digest = hashlib.sha256()
    for block in iter(lambda: file.read(READ_BYTES), b""):
        digest.update(block)
    return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Put a folder's names on the disk, where the system has that (Windows has not)."""
    if os.name == "nt":
        return
    descriptor = os.open(str(folder), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def disk_error(error: OSError, path: Any) -> ObjectError:
    """Return the typed error of a failed read or write."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return ObjectError("disk-full" if full else "disk-failed", f"{path}: {error.strerror}")
