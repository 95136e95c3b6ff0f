"""Opening files that somebody else put there: a pipe would block for ever, a device never end."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0)


def open_plain(path: Path) -> BinaryIO:
    """Open a plain file for reading; raises OSError for anything else that has a name.

    A link is followed: what a file holds is verified, where it lies is not.
    """
    file = open(path, "rb", opener=_opened)  # noqa: SIM115 - the caller closes it
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise OSError(errno.EINVAL, "it is no plain file")


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | _WITHOUT_WAITING)
