"""Making a media patch: where in the old file each segment's content lies, and whether it pays.

Both files are read through the operating system's page cache; no more than one segment and its
part of the old file are copied into memory.
"""

from __future__ import annotations

import mmap
from collections import Counter
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Optional, Tuple

from content.media_patch import OLD_BYTES, SEGMENT_BYTES, Head, Segment
from content.prefix import compress
from content.storage import storage_errors

LEVEL = 12
"""Media hardly compress: long runs that are in the old file are nearly all there is to find."""
BEST_LEVEL = 19
_NEARLY_NOTHING_BYTES = 4096
WORTH = 0.5
"""A patch is used when it has at most this share of the new file's size."""
_ANCHOR = b"\xa7\x1c"
_ANCHOR_BYTES = 24
_MAX_ANCHORS = 200_000
_FEW_BYTES = 16 * 1024 * 1024

Progress = Callable[[int, int], None]


def make_media_patch(
    old: Path, new: Path, target: Path, progress: Optional[Progress] = None
) -> bool:
    """Write the patch from ``old`` to ``new`` to ``target``; False, and no file, if not worth it.

    ``progress`` hears the bytes of ``new`` that are done, and its size.
    """
    if not old.stat().st_size or not new.stat().st_size:
        return False
    with storage_errors(target), old.open("rb") as old_file, new.open("rb") as new_file:
        with _mapped(old_file.fileno()) as source, _mapped(new_file.fileno()) as wanted:
            packed = _pack(source, wanted, target, progress)
        if packed is None:
            target.unlink()
            return False
        _put_head_before(target, packed)
    return True


def _mapped(handle: int) -> mmap.mmap:
    return mmap.mmap(handle, 0, access=mmap.ACCESS_READ)


def _pack(
    source: mmap.mmap, wanted: mmap.mmap, target: Path, progress: Optional[Progress]
) -> Optional[Head]:
    """Write the frames; None as soon as they cannot pay any more."""
    starts = _old_starts(source, wanted)
    limit_bytes = int(len(wanted) * WORTH)
    if starts is None:
        target.touch()
        return None
    segments: List[Segment] = []
    with target.open("wb") as file:
        for number, start in enumerate(starts):
            at = number * SEGMENT_BYTES
            prefix = source[start : start + OLD_BYTES]
            frame = _frame(wanted[at : at + SEGMENT_BYTES], prefix)
            segments.append(Segment(start, len(prefix), len(frame)))
            file.write(frame)
            if file.tell() > limit_bytes:
                return None
            if progress:
                progress(min(at + SEGMENT_BYTES, len(wanted)), len(wanted))
    return Head(len(wanted), tuple(segments))


def _frame(segment: bytes, prefix: bytes) -> bytes:
    """The smallest of a few frames; most segments are found whole, and the first one will do."""
    frame = compress(segment, prefix, LEVEL)
    if len(frame) > _NEARLY_NOTHING_BYTES:
        frame = min(frame, compress(segment, prefix, LEVEL, far=True), key=len)
    if _NEARLY_NOTHING_BYTES < len(frame) < len(segment) // 4:
        frame = min(frame, compress(segment, prefix, BEST_LEVEL, far=True), key=len)
    return frame


def _old_starts(source: mmap.mmap, wanted: mmap.mmap) -> Optional[List[int]]:
    """Where each segment's part of the old file begins; None when they have little in common."""
    index = {key: at for at, key in _anchors(source)}
    votes: Dict[int, Counter[int]] = {}
    for at, key in _anchors(wanted):
        if key in index:
            votes.setdefault(at // SEGMENT_BYTES, Counter())[index[key] - at] += 1
    count = -(-len(wanted) // SEGMENT_BYTES)
    if len(wanted) > _FEW_BYTES and len(votes) < count * (1 - WORTH):
        return None
    starts, shift = [], 0
    for number in range(count):
        if number in votes:
            shift = votes[number].most_common(1)[0][0]
        middle = number * SEGMENT_BYTES + shift
        latest = max(0, len(source) - OLD_BYTES)
        starts.append(min(max(0, middle - (OLD_BYTES - SEGMENT_BYTES) // 2), latest))
    return starts


def _anchors(data: mmap.mmap) -> Iterator[Tuple[int, bytes]]:
    """Places that both files agree on wherever their content moved to: one in 64 KiB or so."""
    at = data.find(_ANCHOR)
    for _ in range(_MAX_ANCHORS):
        if at < 0:
            return
        yield at, data[at : at + _ANCHOR_BYTES]
        at = data.find(_ANCHOR, at + 1024)


def _put_head_before(target: Path, head: Head) -> None:
    """The head can only be written when the frames are known, and comes before them."""
    frames = target.with_name(target.name + ".frames")
    target.replace(frames)
    with frames.open("rb") as source, target.open("wb") as file:
        file.write(head.to_bytes())
        while True:
            block = source.read(SEGMENT_BYTES)
            if not block:
                break
            file.write(block)
    frames.unlink()
