"""The picture that stands for a video before it plays: a frame that shows something."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import Any, Iterator, Optional, Tuple

from av.error import FFmpegError
from PIL import Image, ImageStat

from content.renditions.drawing import Scaler
from content.renditions.errors import UndecodableError
from content.renditions.opening import opened, prepared
from content.renditions.probe import Picture, Probe
from content.renditions.settings import fitted
from content.storage import replace_durably, storage_errors
from content.watch import UNWATCHED, Watch

BOX = (854, 480)
"""Twice what the base shows: a window of 1366 x 768 has no more room for it."""
QUALITY = 80
_PLACES = (0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.03, 0.9)
"""Shares of the recording, as good ones come early and titles at once."""
_MOST_FRAMES = 300
_GOOD = 20.0
"""Levels by which pixels differ from their mean: black and bare frames have few."""
_DARK, _BRIGHT = 30.0, 235.0


def make_poster(source: Path, target: Path, probe: Probe, watch: Watch = UNWATCHED) -> Path:
    """Write a JPEG of at most 854 x 480 to ``target``, from a frame that is neither black nor bare.

    Raises UndecodableError, StorageError, CancelledError.
    """
    picture = probe.picture
    if picture is None:
        raise UndecodableError(f"{source} has no picture to take a poster from.")
    best: Tuple[float, Optional[Any]] = (-1.0, None)
    with opened(source) as container:
        for frame in _candidates(container, picture):
            watch.check()
            worth = _worth(frame)
            if worth > best[0]:
                best = worth, frame
            if worth >= _GOOD:
                break
    if best[1] is None:
        raise UndecodableError(f"{source} cannot be decoded: none of its pictures can.")
    data = io.BytesIO()
    upright(best[1], picture).save(data, "JPEG", quality=QUALITY, optimize=True)
    with storage_errors(target):
        replace_durably(target, [data.getvalue()], target.parent)
    return target


def upright(frame: Any, picture: Picture) -> Image.Image:
    """A frame as it is seen, within the poster's box."""
    scaler = Scaler(fitted((picture.width, picture.height), BOX), picture.rotation)
    ready = [*scaler.push((frame, 1)), *scaler.finish()]
    return ready[0][0].to_image()  # type: ignore[no-any-return]


def _candidates(container: Any, picture: Picture) -> Iterator[Any]:
    stream = prepared(container.streams[picture.index])
    for share in _PLACES:
        try:
            container.seek(int(share * picture.duration_s / stream.time_base), stream=stream)
            frame = _frame_at(container.decode(stream), share * picture.duration_s)
        except FFmpegError:
            continue
        if frame is not None:
            yield frame


def _frame_at(frames: Iterator[Any], time_s: float) -> Optional[Any]:
    """The frame of a time, or one before it: key frames may be minutes apart."""
    found = None
    for found in itertools.islice(frames, _MOST_FRAMES):
        if found.time is None or found.time >= time_s:
            break
    return found


def _worth(frame: Any) -> float:
    """How much a frame shows: the spread of its brightness, little when it is dark or glaring."""
    small = ImageStat.Stat(frame.reformat(96, 54, format="gray").to_image().convert("L"))
    mean, spread = float(small.mean[0]), float(small.stddev[0])
    return spread if _DARK < mean < _BRIGHT else min(spread, _GOOD - 1) / 2
