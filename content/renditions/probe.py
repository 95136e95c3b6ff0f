"""Looking into a recording: what it holds, how it moves and how loud it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Optional, Sequence, Tuple

from av.stream import Disposition

from content.renditions import sampling
from content.renditions.decoding import Decoder
from content.renditions.errors import UndecodableError
from content.renditions.loudness import Meter
from content.renditions.opening import MAX_DURATION_S, decoding, opened, prepared
from content.renditions.settings import TALKING
from content.watch import UNWATCHED, Watch

_MOST_RATE = 240
_THREE_LETTERS = {"kk": "kaz", "ru": "rus", "en": "eng"}
"""ISO 639-2, which recordings use, for the ISO 639-1 of packs."""


@dataclass(frozen=True)
class Picture:
    """A video stream. ``width`` and ``height`` are those seen: turned, with square pixels."""

    index: int
    codec: str
    width: int
    height: int
    rate: Fraction
    """Frames per second; of a variable rate, the finest at which frames come."""
    duration_s: float
    rotation: int = 0
    """Degrees, clockwise, by which a player turns it: 0, 90, 180 or 270."""
    character: str = TALKING
    intra_bytes: float = 0.0
    """What a key frame takes on average in a trial at 240 lines, with this character's settings."""
    inter_bytes: float = 0.0
    """What any other frame takes there."""


@dataclass(frozen=True)
class Sound:
    """An audio stream. Loudness in LUFS and peak in dBTP (EBU R 128); None where it is silent."""

    index: int
    codec: str
    rate_hz: int
    channels: int
    duration_s: float
    language: str = ""
    loudness: Optional[float] = None
    peak: Optional[float] = None


@dataclass(frozen=True)
class Probe:
    """What a recording holds: one picture and one sound at most are used."""

    path: Path
    format: str
    size_bytes: int
    duration_s: float
    picture: Optional[Picture]
    sound: Optional[Sound]
    other_sounds: Tuple[Sound, ...] = ()
    """Audio streams that are not used: name one's ``language`` to have it instead."""


def probe(path: Path, watch: Watch = UNWATCHED, language: str = "") -> Probe:
    """Look into a recording; ``language`` chooses among several audio streams ("kk", "rus").

    Reads samples of the picture and the whole sound, which its loudness needs.

    Raises:
        UndecodableError: what it is, and why it cannot be used.
        StorageError: the disk failed.
        CancelledError: the watch stopped it.
    """
    with opened(path) as container:
        size_bytes = container.size
        film = _film(container)
        sounds = [_sound_of(container, one) for one in container.streams.audio]
        chosen = _chosen(sounds, container, language)
        if film is None and chosen is None:
            raise UndecodableError(f"{path} holds neither picture nor sound.")
        picture = _picture(container, film, path, watch) if film is not None else None
        name = container.format.name
    if chosen is not None:
        chosen = _heard(path, chosen, watch)
    if picture is None and chosen is None:
        raise UndecodableError(f"{path} cannot be decoded: nothing of its sound can.")
    duration_s = max(one.duration_s for one in (picture, chosen) if one is not None)
    if not 0 < duration_s <= MAX_DURATION_S:
        hours = MAX_DURATION_S // 3600
        raise UndecodableError(f"{path} plays for no time at all, or for more than {hours} hours.")
    others = tuple(one for one in sounds if chosen is None or one.index != chosen.index)
    return Probe(path, name, size_bytes, duration_s, picture, chosen, others)


def _film(container: Any) -> Optional[Any]:
    """The largest moving picture: covers of songs and thumbnails are none."""
    films = [
        one
        for one in container.streams.video
        if one.codec_context is not None and not one.disposition & Disposition.attached_pic
    ]
    return max(films, key=lambda one: one.codec_context.width, default=None)


def _sound_of(container: Any, stream: Any) -> Sound:
    codec = stream.codec_context
    return Sound(
        stream.index,
        codec.name if codec else "unknown",
        codec.sample_rate if codec else 0,
        codec.channels if codec else 0,
        _duration_s(container, stream),
        stream.language or "",
    )


def _chosen(sounds: Sequence[Sound], container: Any, language: str) -> Optional[Sound]:
    """The stream of a language, else that which the file means to be heard, else the first."""
    usable = [one for one in sounds if one.rate_hz and one.channels]
    names = (language, _THREE_LETTERS.get(language, language))
    asked = [one for one in usable if language and one.language in names]
    meant = [
        one for one in usable if container.streams[one.index].disposition & Disposition.default
    ]
    return next(iter([*asked, *meant, *usable]), None)


def _picture(container: Any, stream: Any, path: Path, watch: Watch) -> Picture:
    """Raises UndecodableError when not even one frame can be decoded."""
    prepared(stream)
    with decoding(path):
        first = next(iter(container.decode(stream)), None)
    if first is None:
        raise UndecodableError(f"{path} cannot be decoded: it holds no picture.")
    rotation = -first.rotation % 360 // 90 * 90
    aspect = stream.sample_aspect_ratio or Fraction(1)
    width, height = max(1, round(first.width * aspect)), first.height
    if rotation in (90, 270):
        width, height = height, width
    rate = rate_of(stream.base_rate, stream.average_rate)
    duration_s = _duration_s(container, stream)
    with decoding(path):
        container.seek(0)
        told = sampling.sample(
            container, stream, (width, height), rotation, rate, duration_s, watch
        )
    name = stream.codec_context.name
    return Picture(stream.index, name, width, height, rate, duration_s, rotation, *told)


def rate_of(base: Optional[Fraction], average: Optional[Fraction]) -> Fraction:
    """Frames per second: the finest grid of times, unless that is no rate of frames at all."""
    average = average or base or Fraction(25)
    finest = base if base and average <= base <= 2 * 60 else average
    return min(max(finest, Fraction(1)), Fraction(_MOST_RATE)).limit_denominator(1001)


def _duration_s(container: Any, stream: Any) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / 1_000_000


def _heard(path: Path, sound: Sound, watch: Watch) -> Optional[Sound]:
    """Decode the whole sound for its loudness; None when it cannot be decoded at all."""
    meter = Meter()
    samples = 0
    with opened(path) as container:
        stream = prepared(container.streams[sound.index])
        step = watch.step(f"{path.name}: listening", container.size or 1)
        for _, frame in Decoder(container, [stream], step).frames():
            meter.push(frame)
            samples += frame.samples
        meter.push(None)
    if not samples:
        return None
    loudness, peak = meter.measured()
    return replace(sound, duration_s=samples / sound.rate_hz, loudness=loudness, peak=peak)
