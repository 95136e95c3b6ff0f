"""Media patches: a large file as segments, each against a part of the old file.

A segment is 4 MiB of the new file and its frame's prefix at most 12 MiB of the old one, so that a
client needs the memory for one of them only, however long the video is. A media patch is an object
like any other: named by its hash, fetched in ranges (docs/pack-format.md).
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Callable, Iterator, List, Optional, Tuple

from content.errors import CancelledError, DamagedError, FormatError, UnknownFormatError
from content.manifest import MAX_MEDIA_BYTES, PIECE_BYTES, MediaEntry
from content.prefix import decompress
from content.storage import sha256_of_file, storage_errors
from content.varint import Cursor, encode

MAGIC = b"KRNM"
FORMAT = 1
SEGMENT_BYTES = 4 * 1024 * 1024
OLD_BYTES = 12 * 1024 * 1024
MAX_HEAD_BYTES = 1024 * 1024
_MAX_FRAME_BYTES = SEGMENT_BYTES + 64 * 1024
_START_BYTES = len(MAGIC) + 1 + 4

Step = Callable[[int, int], None]
"""Called with the bytes of the new file that are done, and its size."""
Cancel = Callable[[], bool]


@dataclass(frozen=True)
class Segment:
    """Which part of the old file a segment's frame is made against, and the frame's size."""

    old_start: int
    old_bytes: int
    frame_bytes: int


@dataclass(frozen=True)
class Head:
    """The front of a media patch; ``head_bytes`` is where the first frame begins."""

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
    for _ in range(-(-new_bytes // SEGMENT_BYTES)):
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
    """The new file's segments from number ``first`` on, not verified; for ``apply_media_patch``.

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


def apply_media_patch(
    patch: Path,
    old: Path,
    entry: MediaEntry,
    part: Path,
    step: Optional[Step] = None,
    cancel: Optional[Cancel] = None,
) -> None:
    """Make ``entry``'s file at ``part`` from ``old``: every byte there is verified.

    Goes on with a beginning that is there already. After a failure the beginning that was verified
    stays, and may be completed on any other road. Raises DamagedError when patch or old file are
    not what they should be, CancelledError when ``cancel`` says so.
    """
    with storage_errors(part), part.open("r+b" if part.exists() else "w+b") as file:
        done = _verified_segments(file, entry)
        file.seek(done * SEGMENT_BYTES)
        file.truncate()
        for content in segments_of(patch, old, done):
            if cancel and cancel():
                raise CancelledError(f"{entry.path} was not finished, since that was asked for.")
            _check_pieces(content, done, entry)
            file.write(content)
            done += 1
            if step:
                step(min(done * SEGMENT_BYTES, entry.size_bytes), entry.size_bytes)
        whole = file.tell() == entry.size_bytes
        file.flush()
        os.fsync(file.fileno())
    if not whole or sha256_of_file(part) != entry.sha256:
        raise DamagedError(f"{patch} makes another file than {entry.path}.")


def check_media_patch(patch: Path, old: Path, entry: MediaEntry) -> None:
    """Apply a patch without keeping the file; raises DamagedError when it makes another one."""
    size_bytes = 0
    for number, content in enumerate(segments_of(patch, old)):
        _check_pieces(content, number, entry)
        size_bytes += len(content)
    if size_bytes != entry.size_bytes:
        raise DamagedError(f"{patch} makes another file than {entry.path}.")


def _verified_segments(file: BinaryIO, entry: MediaEntry) -> int:
    done = 0
    while True:
        content = file.read(SEGMENT_BYTES)
        try:
            _check_pieces(content, done, entry)
        except DamagedError:
            return done
        if len(content) < SEGMENT_BYTES:
            return done
        done += 1


def _check_pieces(content: bytes, segment: int, entry: MediaEntry) -> None:
    """Compare every piece in a segment with the manifest's hash of it."""
    hashes = entry.piece_sha256 or (bytes.fromhex(entry.sha256),)
    first = segment * (SEGMENT_BYTES // PIECE_BYTES)
    view = memoryview(content)
    for number in range(-(-len(content) // PIECE_BYTES)):
        piece = view[number * PIECE_BYTES : (number + 1) * PIECE_BYTES]
        place = first + number
        size_bytes = min(PIECE_BYTES, entry.size_bytes - place * PIECE_BYTES)
        if (
            place >= len(hashes)
            or len(piece) != size_bytes
            or hashlib.sha256(piece).digest() != hashes[place]
        ):
            raise DamagedError(f"The patched {entry.path} differs from what was signed.")
