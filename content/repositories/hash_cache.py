"""Hashes of media that were read before, so that publishing again need not read them again.

A hash is believed while size, times and inode of the file are what they were when it was read, and
only if it had not been touched for a while by then: within the resolution of a file system's clock
a second change could not be seen. The cache is the author's own and lies outside any repository.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from content.errors import ContentError
from content.storage import Count, hash_file, read_bounded, replace_durably

Hashes = Tuple[str, int, Tuple[bytes, ...]]
"""SHA-256 in hex, size in bytes, and the SHA-256 of every piece."""
_MAX_CACHE_BYTES = 256 * 1024 * 1024
_SETTLED_NS = 2_000_000_000
_HASH_BYTES = 32


def default_folder() -> Path:
    """Where an author's programmes keep what they can make again."""
    named = os.environ.get("KERUEN_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "keruen"


class HashCache:
    """The hashes of one source's files; ``save`` keeps them for the next time."""

    def __init__(self, folder: Optional[Path], source: Path) -> None:
        """Without a folder nothing is kept, and every file is read."""
        name = hashlib.sha256(str(source.resolve()).encode("utf-8")).hexdigest()[:32]
        self._path = folder / "hashes" / name if folder else None
        self._known: Dict[str, List[Any]] = {}
        self._seen: Dict[str, List[Any]] = {}
        if self._path:
            self._known = _read(self._path)

    def hash_file(self, path: Path, count: Optional[Count] = None) -> Hashes:
        """What ``storage.hash_file`` says, read again only when the file has changed."""
        state = _state(path)
        row = self._known.get(str(path))
        if row and row[:4] == state:
            found = _hashes(row)
            if count:
                count(found[1])
        else:
            found = hash_file(path, count)
            if _state(path) != state:
                return found
        if time.time_ns() - max(state[1], state[2]) > _SETTLED_NS:
            pieces = base64.b64encode(b"".join(found[2])).decode("ascii")
            self._seen[str(path)] = [*state, found[0], pieces]
        return found

    def save(self) -> None:
        """Keep what was read; a cache that cannot be written is no reason to fail."""
        if not self._path or self._seen == self._known:
            return
        try:
            data = json.dumps(self._seen).encode("utf-8")
            replace_durably(self._path, [data], self._path.parent)
        except OSError:
            return


def _state(path: Path) -> List[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _hashes(row: List[Any]) -> Hashes:
    joined = base64.b64decode(row[5])
    pieces = tuple(joined[at : at + _HASH_BYTES] for at in range(0, len(joined), _HASH_BYTES))
    return row[4], row[0], pieces


def _read(path: Path) -> Dict[str, List[Any]]:
    try:
        rows = json.loads(read_bounded(path, _MAX_CACHE_BYTES))
    except (ContentError, ValueError, RecursionError):
        return {}
    if not isinstance(rows, dict):
        return {}
    return {name: row for name, row in rows.items() if isinstance(row, list) and len(row) == 6}
