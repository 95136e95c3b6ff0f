"""Small patches that are kept beside the version which they made, to be handed on."""

from __future__ import annotations

from pathlib import Path
from typing import Iterable, Optional, Tuple

from content.errors import ContentError
from content.patches.media_notes import OWN_FOLDER
from content.storage import read_bounded, replace_durably, storage_errors

MOST_BYTES = 256 * 1024
"""A laptop's disk is small; a larger patch saves its reader less."""


def keep_patches(folder: Path, patches: Iterable[Tuple[int, int, bytes]]) -> None:
    """Keep patches (old version, new version, the patch) in a version's folder, the small ones.

    Raises StorageError.
    """
    for old, new, data in patches:
        if len(data) <= MOST_BYTES:
            path = _path(folder, old, new)
            with storage_errors(path):
                replace_durably(path, [data], folder / OWN_FOLDER)


def kept_patch(folder: Path, old: int, new: int) -> Optional[bytes]:
    """A patch that was kept in a version's folder, unverified; None where there is none."""
    try:
        return read_bounded(_path(folder, old, new), MOST_BYTES)
    except ContentError:
        return None


def _path(folder: Path, old: int, new: int) -> Path:
    return folder / OWN_FOLDER / "patches" / f"{old}-{new}"
