"""Media patches: a large file as segments, each against a part of the old file.

A segment is 4 MiB of the new file and its frame's prefix at most 12 MiB of the old one, so that a
client needs the memory for one of them only, however long the video is. A media patch is an object
like any other: named by its hash, fetched in ranges. One that would be large is divided into
several, each for 16 MiB of the new file, so that none of them takes much room on a full disk
(docs/pack-format.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Iterator, List, Tuple

from content.errors import DamagedError, FormatError, UnknownFormatError
from content.manifest import MAX_MEDIA_BYTES
from content.patches.prefix import decompress
from content.storage import storage_errors
from content.varint import Cursor, encode

MAGIC = b"KRNM"
FORMAT = 1
SEGMENT_BYTES = 4 * 1024 * 1024
OLD_BYTES = 12 * 1024 * 1024
PART_SEGMENTS = 4
"""So many segments of the new file are in each object of a divided patch."""
WHOLE_BYTES = 16 * 1024 * 1024
"""A patch with more bytes than this is divided."""
MAX_HEAD_BYTES = 1024 * 1024
_MAX_FRAME_BYTES = SEGMENT_BYTES + 64 * 1024
_START_BYTES = len(MAGIC) + 1 + 4


@dataclass(frozen=True)
class Segment:
    """Which part of the old file a segment's frame is made against, and the frame's size."""

    old_start: int
    old_bytes: int
    frame_bytes: int


@dataclass(frozen=True)
class Head:
    """The front of a media patch, which makes ``new_bytes``; the first frame is behind the head."""

    new_bytes: int
    segments: Tuple[Segment, ...]
    head_bytes: int = 0

    def to_bytes(self) -> bytes:
        """The bytes before the frames."""
        parts = [encode(self.new_bytes)]
        for one in self.segments:
            parts += [encode(one.old_start), encode(one.old_bytes), encode(one.frame_bytes)]
        body = b"".join(parts)
        return MAGIC + bytes([FORMAT]) + len(body).to_bytes(4, "big") + body


def count_segments(size_bytes: int) -> int:
    """How many segments a file has."""
    return -(-size_bytes // SEGMENT_BYTES)


def count_parts(size_bytes: int) -> int:
    """How many objects the patch for a file has when it is divided."""
    return -(-count_segments(size_bytes) // PART_SEGMENTS)


def read_head(file: BinaryIO, place: str) -> Head:
    """Read the front; raises FormatError or UnknownFormatError naming ``place``."""
    start = file.read(_START_BYTES)
    if len(start) < _START_BYTES or not start.startswith(MAGIC):
        raise FormatError(f"{place} is no media patch.")
    if start[len(MAGIC)] != FORMAT:
        raise UnknownFormatError(f"{place} was made for a newer Keruen; update the programme.")
    body_bytes = int.from_bytes(start[-4:], "big")
    if body_bytes > MAX_HEAD_BYTES:
        raise FormatError(f"{place} is damaged: its head is too long.")
    cursor = Cursor(file.read(body_bytes), place)
    new_bytes = cursor.number(MAX_MEDIA_BYTES)
    segments: List[Segment] = []
    for _ in range(count_segments(new_bytes)):
        segments.append(
            Segment(
                cursor.number(MAX_MEDIA_BYTES),
                cursor.number(OLD_BYTES),
                cursor.number(_MAX_FRAME_BYTES),
            )
        )
    if cursor.left:
        raise FormatError(f"{place} is damaged: its head is not as long as it says.")
    return Head(new_bytes, tuple(segments), _START_BYTES + body_bytes)


def segments_of(patch: Path, old: Path, first: int = 0) -> Iterator[bytes]:
    """The segments that a patch makes, from its number ``first`` on; they are not verified.

    Raises FormatError, DamagedError and StorageError naming the patch.
    """
    place = str(patch)
    with storage_errors(patch), patch.open("rb") as packed, old.open("rb") as source:
        head = read_head(packed, place)
        packed.seek(head.head_bytes + sum(one.frame_bytes for one in head.segments[:first]))
        for number in range(first, len(head.segments)):
            one = head.segments[number]
            size_bytes = min(SEGMENT_BYTES, head.new_bytes - number * SEGMENT_BYTES)
            frame = packed.read(one.frame_bytes)
            source.seek(one.old_start)
            content = decompress(frame, source.read(one.old_bytes), size_bytes, place)
            if len(content) != size_bytes:
                raise DamagedError(f"{place} has a segment of the wrong size.")
            yield content
