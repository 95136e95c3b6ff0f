"""A source laid out as a pack's folder without being signed: for its author's eyes only."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from content.building.source import Source
from content.canonical import from_json, to_canonical
from content.manifest import MAX_CORE_FILE_BYTES
from content.pack import PACK_FILE
from content.storage import storage_errors


def lay_out(source: Source, folder: Path, version: int) -> None:
    """Write the small files of a source into a new folder and link the large ones into it.

    ``version`` takes the place of the source's own, so that each look is a version of its own.
    Raises StorageError.
    """
    with storage_errors(folder):
        for path, data in source.core.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(_numbered(data, version) if path == PACK_FILE else data)
        for one in source.media:
            file = folder / one.path
            file.parent.mkdir(parents=True, exist_ok=True)
            _lay_beside(one.origin, file)


def _numbered(data: bytes, version: int) -> bytes:
    values = dict(from_json(data, PACK_FILE, MAX_CORE_FILE_BYTES))
    values["version"] = version
    return to_canonical(values)


def _lay_beside(origin: Path, file: Path) -> None:
    """Name a large file a second time; copy it only where a disk knows no second names."""
    try:
        os.link(str(origin), str(file))
    except OSError:
        shutil.copyfile(str(origin), str(file))
