"""What a media file is, told without decoding it."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Optional, Tuple

from content.plain_file import open_plain
from content.storage import storage_errors

_KINDS = {
    "video": (".mp4", ".m4v", ".webm", ".mkv", ".mov", ".avi", ".ogv"),
    "audio": (".m4a", ".mp3", ".aac", ".ogg", ".oga", ".opus", ".wav", ".flac"),
    "picture": (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp"),
}
_MAX_BOXES = 10_000


def kind_of(path: str) -> str:
    """What a name's ending promises: "video", "audio", "picture" or "file"."""
    ending = Path(path).suffix.lower()
    return next((kind for kind, endings in _KINDS.items() if ending in endings), "file")


def duration_s(path: Path) -> Optional[float]:
    """How long an MP4 file plays, or None for any other file.

    Reads the movie header box ``moov/mvhd`` (ISO/IEC 14496-12, section 8.2.2) and nothing else.
    Raises StorageError for what cannot be read.
    """
    with storage_errors(path), open_plain(path) as file:
        size_bytes = file.seek(0, 2)
        movie = _find_box(file, 0, size_bytes, b"moov")
        header = _find_box(file, *movie, b"mvhd") if movie else None
        if header is None:
            return None
        file.seek(header[0])
        return _movie_seconds(file.read(32))


def _find_box(file: BinaryIO, start: int, end: int, kind: bytes) -> Optional[Tuple[int, int]]:
    """Where the content of the first box of ``kind`` lies between two offsets."""
    for _ in range(_MAX_BOXES):
        if start + 8 > end:
            return None
        file.seek(start)
        header = file.read(16)
        if len(header) < 8:
            return None
        size_bytes, content = int.from_bytes(header[:4], "big"), 8
        if size_bytes == 1:
            size_bytes, content = int.from_bytes(header[8:16], "big"), 16
        elif size_bytes == 0:
            size_bytes = end - start
        if size_bytes < content:
            return None
        if header[4:8] == kind:
            return start + content, min(start + size_bytes, end)
        start += size_bytes
    return None


def _movie_seconds(header: bytes) -> Optional[float]:
    if len(header) < 32:
        return None
    if header[0] == 1:
        timescale = int.from_bytes(header[20:24], "big")
        units = int.from_bytes(header[24:32], "big")
    else:
        timescale = int.from_bytes(header[12:16], "big")
        units = int.from_bytes(header[16:20], "big")
    return round(units / timescale, 3) if timescale else None
