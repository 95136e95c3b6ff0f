"""Samples of a recording's picture: whether it moves, and what it takes when it is encoded."""

from __future__ import annotations

from fractions import Fraction
from statistics import fmean, median
from typing import Any, List, NamedTuple, Sequence, Tuple

import av
from av.error import FFmpegError
from PIL import ImageChops

from content.renditions import settings
from content.renditions.drawing import Scaler
from content.renditions.names import P240
from content.renditions.pacing import Pacing
from content.renditions.settings import SETTINGS, SLIDES, TALKING
from content.watch import Watch

MOVES = 0.004
"""A share of the picture that changes within half a second: more than a pointer or a pen does."""
_APART_S = 0.5
_WINDOW_S = 1.6
_MOST_WINDOWS = 8
_A_WINDOW_EVERY_S = 6.0
_THUMBNAIL = (96, 54)
_CHANGED = 12
"""Of 255 levels: what noise does not reach once it is scaled down."""


class Sampled(NamedTuple):
    """What samples told, as ``Picture`` has it."""

    character: str
    intra_bytes: float
    inter_bytes: float


Window = List[Tuple[float, Any]]
"""Times in seconds and frames that follow each other."""


def sample(
    container: Any, stream: Any, size: Tuple[int, int], rotation: int, rate: Fraction,
    duration_s: float, watch: Watch,
) -> Sampled:  # fmt: skip
    """Look at some seconds spread over the recording; raises CancelledError."""
    starts = spread(duration_s)
    shares: List[float] = []
    drawn: List[List[Any]] = []
    box = SETTINGS[P240, TALKING].box
    for start_s in starts:
        watch.check()
        window = _read(container, stream, start_s)
        shares += changed_shares(window)
        drawn.append(_scaled(window, settings.fitted(size, box), rotation, rate))
    character = character_of(shares)
    intra, inter = _trial(drawn, character, rate)
    return Sampled(character, intra, inter)


def spread(duration_s: float) -> Sequence[float]:
    """Where the samples begin, in seconds."""
    count = max(1, min(_MOST_WINDOWS, round(duration_s / _A_WINDOW_EVERY_S)))
    return [duration_s * (at + 0.5) / count for at in range(count)] if count > 1 else [0.0]


def character_of(shares: Sequence[float]) -> str:
    """SLIDES when the picture stands still most of the time."""
    return TALKING if shares and median(shares) > MOVES else SLIDES


def changed_shares(window: Window) -> List[float]:
    """Which share of the picture has changed, for moments half a second apart."""
    shares: List[float] = []
    last_s, last = -1.0, None
    for time_s, frame in window:
        if last is not None and time_s < last_s + _APART_S - 0.01:
            continue
        small = frame.reformat(*_THUMBNAIL, format="gray").to_image().convert("L")
        if last is not None:
            histogram = ImageChops.difference(small, last).histogram()
            shares.append(sum(histogram[_CHANGED:]) / sum(histogram))
        last_s, last = time_s, small
    return shares


def _read(container: Any, stream: Any, start_s: float) -> Window:
    """Frames from the key frame before a time; none where the recording cannot be decoded."""
    window: Window = []
    try:
        if start_s:
            container.seek(int(start_s / stream.time_base), stream=stream)
        for frame in container.decode(stream):
            time_s = frame.time if frame.time is not None else len(window) / 25
            if window and not 0 <= time_s - window[0][0] <= _WINDOW_S:
                break
            window.append((time_s, frame))
            if len(window) > 120 * _WINDOW_S:
                break
    except FFmpegError:
        pass
    return window


def _scaled(window: Window, size: Tuple[int, int], rotation: int, rate: Fraction) -> List[Any]:
    scaler = Scaler(size, rotation)
    pacing = Pacing(settings.capped(rate, SETTINGS[P240, TALKING].most_rate), 10_000)
    out: List[Any] = []
    for time_s, frame in window:
        for paced in pacing.push(frame, time_s - window[0][0]):
            out += [one for one, _ in scaler.push(paced)]
    return out + [one for one, _ in scaler.finish()]


def _trial(drawn: Sequence[Sequence[Any]], character: str, rate: Fraction) -> Tuple[float, float]:
    """Bytes of a key frame and of another one, on average."""
    setting = SETTINGS[P240, character]
    kept = settings.capped(rate, setting.most_rate)
    every = max(1, round(settings.capped(rate, SETTINGS[P240, TALKING].most_rate) / kept))
    intra: List[int] = []
    inter: List[int] = []
    for window in drawn:
        for packet in _encoded(window[::every], kept, settings.x264_options(
            setting, kept, character == SLIDES
        )):  # fmt: skip
            (intra if packet.is_keyframe else inter).append(packet.size)
    return fmean(intra or [0]), fmean(inter or [0])


def _encoded(frames: Sequence[Any], rate: Fraction, options: Any) -> List[Any]:
    if not frames:
        return []
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = frames[0].width, frames[0].height, "yuv420p"
    encoder.time_base, encoder.framerate, encoder.options = 1 / rate, rate, options
    packets: List[Any] = []
    for place, frame in enumerate(frames):
        frame.pts, frame.time_base = place, 1 / rate
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return packets
