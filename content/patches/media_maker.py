"""Making a media patch: where in the old file each segment's content lies, and whether it pays.

Both files are read through the operating system's page cache; no more than one segment and its
part of the old file are copied into memory.
"""

from __future__ import annotations

import contextlib
import mmap
from collections import Counter
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Tuple

from content.patches.media_patch import (
    OLD_BYTES,
    PART_SEGMENTS,
    SEGMENT_BYTES,
    WHOLE_BYTES,
    Head,
    Segment,
    count_segments,
)
from content.patches.prefix import compress
from content.storage import Count, storage_errors
from content.watch import UNWATCHED, Watch

FAST_LEVEL = 1
"""Media hardly compress: long runs that are in the old file are nearly all there is to find."""
LEVEL = 12
BEST_LEVEL = 19
_GAIN = 0.98
"""When a level makes a frame as much smaller, a higher one may be worth its time."""
_NEARLY_NOTHING_BYTES = 4096
WORTH = 0.5
"""A patch is used when it has at most this share of the new file's size."""
_ANCHOR = b"\xa7\x1c"
_ANCHOR_BYTES = 24
_MAX_ANCHORS = 200_000
_FEW_BYTES = 16 * 1024 * 1024


def make_media_patch(
    old: Path, new: Path, draft: Path, watch: Watch = UNWATCHED, name: str = "media"
) -> Tuple[Path, ...]:
    """Write the patch from ``old`` to ``new`` to files whose names begin with ``draft``'s.

    Returns them in order: one, or for a large patch several; none when it is not worth it. ``name``
    is told with the progress. Raises StorageError, and CancelledError, after which none is there.
    """
    if not old.stat().st_size or not new.stat().st_size:
        return ()
    step = watch.step(f"making the patch of {name}", new.stat().st_size)
    frames = draft.with_name(f"{draft.name}.frames")
    with storage_errors(draft), _mapped(old) as source, _mapped(new) as wanted:
        try:
            starts = _old_starts(source, wanted, watch)
            segments = _write_frames(source, wanted, starts, frames, step.add)
            return _divided(frames, segments, len(wanted), draft) if segments else ()
        finally:
            with contextlib.suppress(FileNotFoundError):
                frames.unlink()


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _write_frames(
    source: mmap.mmap,
    wanted: mmap.mmap,
    starts: Sequence[int],
    target: Path,
    count: Count,
) -> List[Segment]:
    """Write all frames one after another; none are left as soon as they cannot pay any more."""
    limit_bytes = int(len(wanted) * WORTH)
    segments: List[Segment] = []
    with target.open("wb") as file:
        for number, start in enumerate(starts):
            at = number * SEGMENT_BYTES
            prefix, segment = source[start : start + OLD_BYTES], wanted[at : at + SEGMENT_BYTES]
            frame = _frame(segment, prefix)
            segments.append(Segment(start, len(prefix), len(frame)))
            file.write(frame)
            if file.tell() > limit_bytes:
                return []
            count(len(segment))
    return segments


def _frame(segment: bytes, prefix: bytes) -> bytes:
    """The smallest of a few frames; most segments are found whole, and the first one will do."""
    fast = compress(segment, prefix, FAST_LEVEL, far=True)
    if len(fast) <= _NEARLY_NOTHING_BYTES:
        return fast
    frame = min((compress(segment, prefix, LEVEL, far) for far in (False, True)), key=len)
    if len(frame) < len(fast) * _GAIN and len(frame) < len(segment) // 4:
        frame = min(frame, compress(segment, prefix, BEST_LEVEL, far=True), key=len)
    return min(fast, frame, key=len)


def _old_starts(source: mmap.mmap, wanted: mmap.mmap, watch: Watch) -> List[int]:
    """Where each segment's part of the old file begins; none when they have little in common."""
    index = {key: at for at, key in _anchors(source, watch)}
    votes: Dict[int, Counter[int]] = {}
    for at, key in _anchors(wanted, watch):
        if key in index:
            votes.setdefault(at // SEGMENT_BYTES, Counter())[index[key] - at] += 1
    count = count_segments(len(wanted))
    if len(wanted) > _FEW_BYTES and len(votes) < count * (1 - WORTH):
        return []
    starts, shift = [], 0
    for number in range(count):
        if number in votes:
            shift = votes[number].most_common(1)[0][0]
        middle = number * SEGMENT_BYTES + shift
        latest = max(0, len(source) - OLD_BYTES)
        starts.append(min(max(0, middle - (OLD_BYTES - SEGMENT_BYTES) // 2), latest))
    return starts


def _anchors(data: mmap.mmap, watch: Watch) -> Iterator[Tuple[int, bytes]]:
    """Places that both files agree on wherever their content moved to: one in 64 KiB or so."""
    at = data.find(_ANCHOR)
    for _ in range(_MAX_ANCHORS):
        if at < 0:
            return
        watch.check()
        yield at, data[at : at + _ANCHOR_BYTES]
        at = data.find(_ANCHOR, at + 1024)


def _divided(
    frames: Path, segments: Sequence[Segment], size_bytes: int, draft: Path
) -> Tuple[Path, ...]:
    """Put a head before the frames, or before every few of them when they are many bytes."""
    whole = sum(one.frame_bytes for one in segments) <= WHOLE_BYTES
    share = len(segments) if whole else PART_SEGMENTS
    made: List[Path] = []
    with frames.open("rb") as source:
        for first in range(0, len(segments), share):
            some = tuple(segments[first : first + share])
            new_bytes = min(size_bytes - first * SEGMENT_BYTES, len(some) * SEGMENT_BYTES)
            made.append(draft.with_name(f"{draft.name}-{len(made)}"))
            with made[-1].open("wb") as file:
                file.write(Head(new_bytes, some).to_bytes())
                for one in some:
                    file.write(source.read(one.frame_bytes))
    return tuple(made)
