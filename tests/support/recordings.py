"""Recordings as teachers have them, made for tests: formats, turns, rates, tracks and damage."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, Optional, Sequence, Tuple

import av
from PIL import Image, ImageDraw

HEAD = "head"
SLIDES = "slides"
BLACK = "black"


@dataclass(frozen=True)
class Recording:
    """What a recording holds; ``times_s`` gives frames at times of their own."""

    seconds: float = 2.0
    size: Tuple[int, int] = (320, 180)
    rate: Fraction = Fraction(25)
    video: Optional[str] = "libx264"
    audio: Optional[str] = "aac"
    audio_rate_hz: int = 44100
    audio_gains: Sequence[float] = (0.2,)
    """A sound track for each, of a tone so loud."""
    languages: Sequence[str] = ("", "", "")
    layout: str = "stereo"
    shows: str = HEAD
    rotation: int = 0
    times_s: Optional[Sequence[float]] = None
    pix_fmt: str = "yuv420p"
    aspect: Fraction = Fraction(1)
    sound_s: Optional[float] = None


def record(path: Path, what: Recording = Recording()) -> Path:
    """Write it, in the format that the path's ending names."""
    with av.open(str(path), "w") as out:
        video = _video(out, what) if what.video else None
        sounds = [_audio(out, what, place) for place in range(len(what.audio_gains))]
        sounds = sounds if what.audio else []
        if video is not None:
            for frame in frames_of(what):
                out.mux(video.encode(frame))
            out.mux(video.encode(None))
        for stream, gain in zip(sounds, what.audio_gains):
            for sound in tone(what, gain):
                out.mux(stream.encode(sound))
            out.mux(stream.encode(None))
    return path


def frames_of(what: Recording) -> Iterator[Any]:
    """The frames, with their times."""
    times = what.times_s
    if times is None:
        times = [place / float(what.rate) for place in range(round(what.seconds * what.rate))]
    draw = _DRAWINGS[what.shows]
    for time_s in times:
        frame = av.VideoFrame.from_image(draw(what.size, time_s))
        frame.pts, frame.time_base = round(time_s * 1000), Fraction(1, 1000)
        if what.times_s is None:
            frame.pts, frame.time_base = round(time_s * what.rate), 1 / what.rate
        yield frame


def tone(what: Recording, gain: float) -> Iterator[Any]:
    """A tone that comes and goes as words do."""
    rate_hz, block = what.audio_rate_hz, 1024
    length = round((what.seconds if what.sound_s is None else what.sound_s) * rate_hz)
    channels = {"mono": 1, "stereo": 2, "5.1": 6}[what.layout]
    resampler = av.AudioResampler(format="s16", layout=what.layout, rate=rate_hz)
    for start in range(0, length, block):
        samples = array("h")
        for at in range(start, min(start + block, length)):
            level = gain * (0.6 + 0.4 * math.sin(2 * math.pi * 3 * at / rate_hz))
            level *= math.sin(2 * math.pi * 440 * at / rate_hz)
            samples.extend([int(32767 * level)] * channels)
        frame = av.AudioFrame("s16", what.layout, len(samples) // channels)
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = rate_hz, start, Fraction(1, rate_hz)
        yield from resampler.resample(frame)


def _video(out: Any, what: Recording) -> Any:
    stream = out.add_stream(what.video, rate=what.rate)
    stream.width, stream.height, stream.pix_fmt = *what.size, what.pix_fmt
    if what.times_s is not None:
        stream.codec_context.time_base = Fraction(1, 1000)
    if what.video in ("libx264", "libx265"):
        stream.options = {"preset": "ultrafast", "crf": "20"}
    elif what.video == "libvpx":
        stream.options = {"deadline": "realtime", "cpu-used": "8"}
    if what.aspect != 1:
        stream.codec_context.sample_aspect_ratio = what.aspect
    if what.rotation:
        stream.set_display_rotation(what.rotation)
    return stream


def _audio(out: Any, what: Recording, place: int) -> Any:
    if not what.audio:
        return None
    stream = out.add_stream(what.audio, rate=what.audio_rate_hz)
    stream.codec_context.layout = what.layout
    if what.audio == "wmav2":
        stream.bit_rate = 96_000
    if what.languages[place]:
        stream.metadata["language"] = what.languages[place]
    return stream


def _head(size: Tuple[int, int], time_s: float) -> Image.Image:
    """Somebody in the left half who moves; red above and green below tell how it was turned."""
    width, height = size
    image = Image.new("RGB", size, (120, 130, 140))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, height // 8), fill=(220, 40, 40))
    draw.rectangle((0, height - height // 8, width, height), fill=(40, 160, 40))
    middle = width * (0.4 + 0.2 * math.sin(2.2 * time_s))
    for ring in range(8, 0, -1):
        reach = height * 0.03 * ring
        colour = (200 - 18 * ring, 90 + 15 * (ring % 3), 70 + 20 * (ring % 2))
        box = (middle - reach, height / 2 - reach, middle + reach, height / 2 + reach)
        draw.ellipse(box, fill=colour)
    return image


def _slide(size: Tuple[int, int], time_s: float) -> Image.Image:
    """A slide every ten seconds, with lines of writing."""
    number = int(time_s // 10)
    image = Image.new("RGB", size, (250, 250, 245))
    draw = ImageDraw.Draw(image)
    for line in range(6):
        for word in range(3 + (number + line) % 4):
            left, top = 10 + word * size[0] // 8, (line + 1) * size[1] // 8
            draw.text((left, top), f"{number}{line}{word} сөз", fill=(20, 20, 90))
    return image


def _black(size: Tuple[int, int], time_s: float) -> Image.Image:
    """Black for a third, then somebody."""
    return Image.new("RGB", size) if time_s < 0.7 else _head(size, time_s)


_DRAWINGS: Dict[str, Callable[[Tuple[int, int], float], Image.Image]] = {
    HEAD: _head,
    SLIDES: _slide,
    BLACK: _black,
}
