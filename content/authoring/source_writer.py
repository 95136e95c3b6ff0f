"""Writing a source folder so that only what changed is touched."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Mapping, Set

from content.authoring.composed import Content
from content.errors import ContentError
from content.paths import check_paths
from content.storage import pieces_of, read_bounded, replace_durably, storage_errors, take_over

_MADE = ".made.json"
"""What we wrote the last time: nothing else in the folder is ever deleted."""
_STAGING = ".new"
_MAX_LIST_BYTES = 16 * 1024 * 1024


def write_source(folder: Path, files: Mapping[str, Content], link: bool) -> int:
    """Have exactly these files there, beside what others put; returns how many were touched.

    With ``link``, large files share their bytes with the results that they come from.
    """
    check_paths(list(files))
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        before = _made(folder)
        touched = sum(_put(folder, path, content, link) for path, content in files.items())
        for path in before - set(files):
            with contextlib.suppress(FileNotFoundError):
                (folder / path).unlink()
                touched += 1
            _prune((folder / path).parent, folder)
        if set(files) != before:
            data = json.dumps(sorted(files)).encode("utf-8")
            replace_durably(folder / _MADE, [data], folder / _STAGING)
        with contextlib.suppress(OSError):
            (folder / _STAGING).rmdir()
    return touched


def _made(folder: Path) -> Set[str]:
    try:
        listed = json.loads(read_bounded(folder / _MADE, _MAX_LIST_BYTES))
        check_paths(listed)
    except (ContentError, ValueError, TypeError, AttributeError):
        return set()
    return set(listed)


def _put(folder: Path, path: str, content: Content, link: bool) -> bool:
    """Write one file unless it is there already; tells whether it was written."""
    target = folder / path
    if isinstance(content, bytes):
        if _holds(target, content):
            return False
        replace_durably(target, [content], folder / _STAGING)
        return True
    if target.exists() and target.samefile(content):
        return False
    if link:
        take_over(content, target, folder / _STAGING)
    else:
        replace_durably(target, pieces_of(content), folder / _STAGING)
    return True


def _holds(target: Path, content: bytes) -> bool:
    same_size = target.is_file() and target.stat().st_size == len(content)
    return same_size and target.read_bytes() == content


def _prune(folder: Path, root: Path) -> None:
    """Delete folders that became empty."""
    with contextlib.suppress(OSError):
        while folder != root:
            folder.rmdir()
            folder = folder.parent
