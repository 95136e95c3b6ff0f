"""Small files that are whole after any crash."""

from __future__ import annotations

import os
from pathlib import Path

from sync.disk import sync_folder


def write_whole(path: Path, data: bytes) -> None:
    """Replace a small private file so that after any crash it is the old one or the new one."""
    aside = path.with_name(path.name + ".new")
    descriptor = os.open(str(aside), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)
