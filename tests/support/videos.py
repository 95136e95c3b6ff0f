"""Films drawn for tests: every frame carries its own number, so a test knows what it sees."""

from __future__ import annotations

import array
import math
from pathlib import Path

import av
from PIL import Image, ImageDraw

from client.video.player import Picture

FPS = 15
_SIZE = (160, 96)
_BITS = 10
_SAMPLES = 22050 // FPS


def make_film(path: Path, seconds: int = 6, group_of_pictures: int = 45) -> Path:
    """Write an H.264/AAC film whose frame n shows n in binary, with a tone under it."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=FPS)
        video.width, video.height = _SIZE
        video.pix_fmt = "yuv420p"
        video.options = {"g": str(group_of_pictures), "preset": "ultrafast"}
        audio = container.add_stream("aac", rate=22050)
        audio.layout = "mono"
        for number in range(seconds * FPS):
            frame = av.VideoFrame.from_image(_drawn(number))
            frame.pts = number
            container.mux(video.encode(frame))
            container.mux(audio.encode(_tone(number)))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))
    return path


def frame_number(picture: Picture) -> int:
    """Read back the number that `make_film` drew."""
    row = 20 * picture.width
    return sum((picture.rgba[(row + bit * 16 + 8) * 4] > 128) << bit for bit in range(_BITS))


def _drawn(number: int) -> Image.Image:
    image = Image.new("RGB", _SIZE, (40, 90, 120))
    draw = ImageDraw.Draw(image)
    for bit in range(_BITS):
        colour = (255, 255, 255) if number >> bit & 1 else (0, 0, 0)
        draw.rectangle((bit * 16, 8, bit * 16 + 15, 32), fill=colour)
    return image


def _tone(number: int) -> av.AudioFrame:
    wave = array.array(
        "h",
        (
            int(3000 * math.sin(2 * math.pi * 440 * (number * _SAMPLES + at) / 22050))
            for at in range(_SAMPLES)
        ),
    )
    frame = av.AudioFrame("s16", "mono", _SAMPLES)
    frame.sample_rate = 22050
    frame.planes[0].update(wave.tobytes())
    frame.pts = number * _SAMPLES
    return frame
