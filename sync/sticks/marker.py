"""The file that says which format a stick has, and which stick it is."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from sync.canonical import canonical_json
from sync.errors import StickError
from sync.sticks.layout import CHOICE, MARKER, README
from sync.sticks.readme import readme_bytes
from sync.sticks.volume import FolderVolume, Volume, make_folder

FORMAT = 1
_MAX_BYTES = 4096
_ID = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True)
class Marker:
    """``id`` (32 hex digits) tells sticks apart, but a copied folder has that of its original."""

    id: str
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        """Return the file."""
        return canonical_json({"format": self.format, "id": self.id}) + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes) -> Optional[Marker]:
        """Read the file; None when it is damaged.

        Raises:
            StickError: ``stick-newer``: it says a format that is not known here.
        """
        try:
            value = json.loads(data.decode("utf-8"))
        except (ValueError, RecursionError):
            return None
        found = value.get("format") if isinstance(value, dict) else None
        if not isinstance(found, int) or isinstance(found, bool):
            return None
        if found != FORMAT:
            raise StickError("stick-newer", f"format {found}")
        stick = value.get("id")
        return cls(stick) if isinstance(stick, str) and _ID.match(stick) else None


def read_marker(volume: Volume) -> Optional[Marker]:
    """Return a stick's marker; None when it has none, or a damaged one.

    Raises:
        StickError: ``stick-newer``: nothing on this stick may be changed, nor relied on.
    """
    try:
        data = volume.read(MARKER, _MAX_BYTES)
    except StickError as error:
        if error.code != "stick-damaged":
            raise
        return None
    return None if data is None else Marker.from_bytes(data)


def ensure_marker(volume: Volume) -> Marker:
    """Return a stick's marker, and write it and the text beside it where they are not right.

    What was begun beside it and never finished goes.

    Raises:
        StickError: ``stick-newer``, or the stick cannot be written.
    """
    marker = read_marker(volume)
    if volume.begun(""):
        for name in (README, MARKER, CHOICE):
            volume.drop_begun(name)
    if volume.size_bytes(README) != len(readme_bytes()):
        volume.write(README, [readme_bytes()])
    if marker is None:
        marker = Marker(secrets.token_hex(16))
        volume.write(MARKER, [marker.to_bytes()])
    return marker


def make_stick(root: Path) -> FolderVolume:
    """Make a drive, or any folder, a stick of ours; one that is one already stays as it is.

    Raises:
        StickError: ``stick-newer``, or the drive cannot be written.
    """
    volume = make_folder(root)
    ensure_marker(volume)
    return volume
