"""Which files of a data folder belong in a backup, in the order in which they are worth most."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List

from sync_server.attachments.uploads import AttachmentFiles
from sync_server.data_folder import DataFolder

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True)
class Item:
    """One file to be backed up. ``sha256`` is known where it is the file's own name."""

    path: str
    source: Path
    size_bytes: int
    sha256: str = ""


def items(folder: DataFolder, *, lessons: bool) -> List[Item]:
    """Return everything but database and keys: attached files, trust, and what is published.

    Without ``lessons`` the objects of packs stay out, which come again from where they came.
    """
    found = list(_attached(folder))
    for top in (folder.trust, folder.repositories):
        found += [one for one in _below(top, folder.root) if lessons or "/objects/" not in one.path]
    return found


def _attached(folder: DataFolder) -> Iterator[Item]:
    for name, size_bytes in sorted(AttachmentFiles(folder.attachments).names()):
        path = f"attachments/{name[:2]}/{name}"
        yield Item(path, folder.root / path, size_bytes, name)


def _below(top: Path, root: Path) -> Iterator[Item]:
    """Yield published files: catalogues first, for whatever one of them lists is there by then."""
    found = [path for path in top.rglob("*") if path.is_file()]
    for path in sorted(found, key=lambda one: (one.name != "catalogue", one)):
        parts = path.relative_to(root).parts
        if not all(_NAME.match(part) for part in parts):
            # Drafts, and what the system or a person has put there.
            continue
        sha256 = path.name if "objects" in parts and _SHA256.match(path.name) else ""
        yield Item("/".join(parts), path, path.stat().st_size, sha256)
