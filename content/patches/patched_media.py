"""Making a large file from the one before it and media patches: nothing unverified stays in it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO, Iterator, Sequence

from content.errors import DamagedError
from content.manifest import PIECE_BYTES, MediaEntry
from content.patches.media_patch import PART_SEGMENTS, SEGMENT_BYTES, count_segments, segments_of
from content.storage import storage_errors
from content.watch import UNWATCHED, Watch


class PatchedMedia:
    """A file that is being made. Use as a context manager; go on with what lies there already.

    Whatever stops it, a verified beginning stays, and may be completed on any other road.
    """

    def __init__(self, entry: MediaEntry, old: Path, part: Path, watch: Watch = UNWATCHED) -> None:
        """Make ``entry``'s file at ``part`` from ``old``; raises StorageError, CancelledError."""
        self._entry = entry
        self._old = old
        self._part = part
        self._whole = hashlib.sha256()
        self._done = 0
        self._step = watch.step(f"making {entry.path}", entry.size_bytes)
        with storage_errors(part):
            self._file: BinaryIO = part.open("r+b" if part.exists() else "w+b")
            try:
                self._resume()
            except BaseException:
                self._file.close()
                raise

    def __enter__(self) -> PatchedMedia:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _resume(self) -> None:
        """Keep the segments that are right, and drop everything from the first other one on."""
        while self._done < count_segments(self._entry.size_bytes):
            content = self._file.read(SEGMENT_BYTES)
            try:
                check_segment(content, self._done, self._entry)
            except DamagedError:
                break
            self._take(content)
        self._file.seek(min(self._done * SEGMENT_BYTES, self._entry.size_bytes))
        self._file.truncate()

    def _take(self, content: bytes) -> None:
        self._whole.update(content)
        self._done += 1
        self._step.add(len(content))

    def has(self, number: int, count: int) -> bool:
        """Whether all that object ``number`` of a patch of ``count`` objects makes is here."""
        total = count_segments(self._entry.size_bytes)
        end = total if count == 1 else min(total, (number + 1) * PART_SEGMENTS)
        return self._done >= end

    def apply(self, patch: Path, number: int = 0) -> None:
        """Make what object ``number`` of the patch makes; those before it were applied.

        Raises DamagedError, FormatError and UnknownFormatError when patch or old file are not
        what they should be, StorageError and CancelledError.
        """
        first = self._done - number * PART_SEGMENTS
        with storage_errors(self._part):
            for content in segments_of(patch, self._old, first):
                check_segment(content, self._done, self._entry)
                self._file.write(content)
                self._take(content)
            self._file.flush()
            os.fsync(self._file.fileno())

    def finish(self) -> None:
        """Close the whole file; raises DamagedError when it is not whole."""
        with storage_errors(self._part):
            whole = self._file.tell() == self._entry.size_bytes
            self._file.close()
        if not whole or self._whole.hexdigest() != self._entry.sha256:
            raise DamagedError(f"The patched {self._entry.path} is not what was signed.")


def apply_media_patch(
    patches: Sequence[Path], old: Path, entry: MediaEntry, part: Path, watch: Watch = UNWATCHED
) -> None:
    """Make a whole file from patches that are all here; raises what ``PatchedMedia`` does."""
    with PatchedMedia(entry, old, part, watch) as made:
        for number, patch in enumerate(patches):
            if not made.has(number, len(patches)):
                made.apply(patch, number)
        made.finish()


def check_media_patch(
    patches: Sequence[Path], old: Path, entry: MediaEntry, watch: Watch = UNWATCHED
) -> None:
    """Apply patches without keeping the file; raises DamagedError when they make another one."""
    step = watch.step(f"checking the patch of {entry.path}", entry.size_bytes)
    whole = hashlib.sha256()
    for number, content in enumerate(_segments(patches, old)):
        check_segment(content, number, entry)
        whole.update(content)
        step.add(len(content))
    if whole.hexdigest() != entry.sha256:
        raise DamagedError(f"{patches[0]} makes another file than {entry.path}.")


def _segments(patches: Sequence[Path], old: Path) -> Iterator[bytes]:
    for patch in patches:
        yield from segments_of(patch, old)


def check_segment(content: bytes, segment: int, entry: MediaEntry) -> None:
    """Compare every piece in a segment with the manifest's hash of it; raises DamagedError."""
    hashes = entry.piece_sha256 or (bytes.fromhex(entry.sha256),)
    first = segment * (SEGMENT_BYTES // PIECE_BYTES)
    view = memoryview(content)
    size_bytes = min(SEGMENT_BYTES, entry.size_bytes - segment * SEGMENT_BYTES)
    pieces = [view[at : at + PIECE_BYTES] for at in range(0, len(content), PIECE_BYTES)]
    wanted = hashes[first : first + len(pieces)]
    if len(content) != size_bytes or [hashlib.sha256(one).digest() for one in pieces] != list(
        wanted
    ):
        raise DamagedError(f"The patched {entry.path} differs from what was signed.")
