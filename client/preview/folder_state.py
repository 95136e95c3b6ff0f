"""What is in a folder, as far as it tells that something was saved."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict, Mapping, Tuple

FolderState = Mapping[str, Tuple[int, int]]
"""Path to the time of its last change, in nanoseconds, and its size in bytes."""


def state_of(folder: Path) -> FolderState:
    """Look at every file's date and size; what disappears meanwhile is passed over."""
    state: Dict[str, Tuple[int, int]] = {}
    for root, folders, names in os.walk(str(folder)):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = os.path.join(root, name)  # noqa: PTH118 - thousands of files, every second
            try:
                found = os.stat(path)  # noqa: PTH116
            except OSError:
                continue
            state[path] = (found.st_mtime_ns, found.st_size)
    return state
