"""Which media of an installed version were verified, and what the files looked like then.

Reading a video of a gigabyte again for every update would take minutes on an old disk. A file whose
size and time of change are those noted has not been written to since its hash was compared.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

from content.errors import ContentError
from content.storage import read_bounded, replace_durably

OWN_FOLDER = ".keruen"
"""No path of a pack begins with a dot, so this folder is never one of its own."""
NOTES_FILE = f"{OWN_FOLDER}/media.json"
_MAX_NOTES_BYTES = 8 * 1024 * 1024


def state(path: Path, sha256: str) -> List[Any]:
    """What tells whether a file was written to: hash, size in bytes, time of change."""
    found = path.stat()
    return [sha256, found.st_size, found.st_mtime_ns]


def read(folder: Path) -> Dict[str, List[Any]]:
    """The notes by path; an unreadable file counts as none, and media are hashed again."""
    try:
        notes = json.loads(read_bounded(folder / NOTES_FILE, _MAX_NOTES_BYTES))
    except (ContentError, ValueError, RecursionError):
        return {}
    return notes if isinstance(notes, dict) else {}


def write(folder: Path, notes: Dict[str, List[Any]]) -> None:
    """Replace the notes."""
    data = json.dumps(notes, sort_keys=True).encode("utf-8")
    replace_durably(folder / NOTES_FILE, [data], folder / OWN_FOLDER)
