"""Zip archives from strangers: bounded, read file by file, never unpacked to a disk."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import Dict, List, Optional
from urllib.parse import unquote

from content.importing.errors import ImportFailure
from content.importing.limits import (
    MAX_FILE_BYTES,
    MAX_PART_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    RATIO_FLOOR_BYTES,
)

_ENTRY = b"PK\x01\x02"
"""How an entry of a zip archive's list begins."""


class Archive:
    """The files of a zip archive by their path; paths that lead outside are not there."""

    def __init__(self, data: bytes, name: str) -> None:
        if len(data) > MAX_FILE_BYTES:
            raise ImportFailure(f"{name} is larger than {MAX_FILE_BYTES >> 20} MiB; split it.")
        # Its list of files is read as a whole: so its length is told first.
        if data.count(_ENTRY) > 2 * MAX_PARTS:
            raise ImportFailure(f"{name} holds more than {MAX_PARTS} files; split it.")
        self.name = name
        self._spent_bytes = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
            raise ImportFailure(
                f"{name} is no whole zip archive; export or copy it again."
            ) from None
        if len(entries) > MAX_PARTS:
            raise ImportFailure(f"{name} holds more than {MAX_PARTS} files; split it.")
        self._entries: Dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            path = _inside(entry.filename)
            if path and not entry.is_dir():
                self._entries.setdefault(path, entry)
        self._folded = {path.casefold(): path for path in reversed(list(self._entries))}

    @property
    def paths(self) -> List[str]:
        """The path of every file, in the archive's order."""
        return list(self._entries)

    def find(self, path: str, beside: str = "") -> Optional[str]:
        """The archive's own path of a file that an address means, or None.

        ``beside`` is the file that holds the address. Case and percent signs may differ.
        """
        plain = unquote(path.split("#", 1)[0].split("?", 1)[0])
        for one in (posixpath.join(posixpath.dirname(beside), plain), plain):
            known = _inside(one)
            if known in self._entries:
                return known
            if known.casefold() in self._folded:
                return self._folded[known.casefold()]
        return None

    def read(self, path: str, limit_bytes: int = MAX_PART_BYTES) -> bytes:
        """A file's bytes; raises ImportFailure where it is missing, damaged, locked or large."""
        entry = self._entries.get(path)
        if entry is None:
            raise ImportFailure(f"{self.name} lacks the file {path}; export it again.")
        allowed = min(limit_bytes, MAX_UNPACKED_BYTES - self._spent_bytes)
        if entry.file_size > allowed:
            raise ImportFailure(f"{self.name}: {path} is too large; make it smaller.")
        most = max(RATIO_FLOOR_BYTES, MAX_RATIO * entry.compress_size)
        try:
            with self._zip.open(entry) as file:
                data = file.read(min(allowed, most) + 1)
        except (
            zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError,
            ValueError,
        ):  # fmt: skip
            raise ImportFailure(f"{self.name}: {path} is damaged or locked.") from None
        self._spent_bytes += len(data)
        if len(data) > min(allowed, most):
            raise ImportFailure(f"{self.name}: {path} unpacks to far more than it should.")
        return data


def _inside(path: str) -> str:
    """The normal form of a path within the archive; empty for one that leads elsewhere."""
    plain = posixpath.normpath(path.replace("\\", "/"))
    outside = plain.startswith(("/", "../")) or plain in (".", "..") or ":" in plain.split("/")[0]
    return "" if outside or "\0" in plain else plain
