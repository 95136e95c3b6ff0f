"""Sticks and packs for tests of what is carried: a folder as a stick, and plans written to it."""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Tuple

from content.carrying import Plan
from content.carrying.shelf import object_path


class FolderShelf:
    """A folder as `content.carrying` looks at a stick, and a simple way to write it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self, folder: str) -> Tuple[str, ...]:
        place = self.folder / folder
        return tuple(sorted(one.name for one in place.iterdir())) if place.is_dir() else ()

    def size_bytes(self, path: str) -> Optional[int]:
        place = self.folder / path
        return place.stat().st_size if place.is_file() else None

    def read(self, path: str, limit_bytes: int) -> Optional[bytes]:
        place = self.folder / path
        if not place.is_file():
            return None
        data = place.read_bytes()
        return data if len(data) <= limit_bytes else None

    def carry_out(self, plan: Plan) -> None:
        """Write what a plan says, whether or not it is there."""
        for file in plan.files:
            place = self.folder / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(b"".join(file.blocks()))

    def has_object(self, publisher: str, sha256: str) -> bool:
        return (self.folder / object_path(publisher, sha256)).is_file()
