"""Films to measure renditions with: somebody who talks, and slides with a pointer.

Drawn rather than found, so that anybody can make them again: a textured head that nods, speaks and
gestures before a bookshelf, under a camera's noise; slides whose lines come one after another. The
sound is a lesson's narration, said again and again.
"""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from typing import Any, Iterator, List, Tuple

import av
import av.filter
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.support.source import ROOT

SIZE = (1280, 720)
RATE = 25
NARRATION = ROOT / "content/samples/algebra-7-linear/lessons/meaning/video.mp4"


def make_film(path: Path, kind: str, seconds: int) -> Path:
    """Write "talking" or "slides" as a camera or a screen recorder would."""
    drawn = {"talking": talking, "slides": slides}[kind](seconds)
    with av.open(str(path), "w") as out:
        video = out.add_stream(
            "libx264", rate=RATE, options={"preset": "ultrafast", "crf": "22", "threads": "2"}
        )
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        audio = out.add_stream("aac", rate=48_000)
        audio.codec_context.layout = "stereo"
        said = narration(seconds)
        heard_s = 0.0
        for place, frame in enumerate(drawn):
            frame.pts, frame.time_base = place, Fraction(1, RATE)
            out.mux(video.encode(frame))
            while heard_s * RATE <= place:
                sound = next(said, None)
                if sound is None:
                    break
                heard_s += sound.samples / sound.sample_rate
                out.mux(audio.encode(sound))
        for sound in said:
            out.mux(audio.encode(sound))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    return path


def narration(seconds: int) -> Iterator[Any]:
    """The narration from its start, as often as it takes."""
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=48_000, frame_size=1024)
    left, position = seconds * 48_000, 0
    while left > 0:
        with av.open(str(NARRATION)) as container:
            for frame in container.decode(audio=0):
                frame.pts = None
                for one in resampler.resample(frame):
                    if left <= 0:
                        return
                    one.pts, one.time_base = position, Fraction(1, 48_000)
                    position += one.samples
                    left -= one.samples
                    yield one


def talking(seconds: int) -> Iterator[Any]:
    """Somebody who nods, speaks and gestures, before a bookshelf."""
    chance = random.Random(5)
    speaks = "9*abs(sin(t*11))*lt(mod(t,7),5)"
    sprites = [
        (_person(chance), "450+26*sin(t*0.9)+9*sin(t*2.3)", "96+10*sin(t*1.7)"),
        (_lips(), "598+26*sin(t*0.9)+9*sin(t*2.3)", f"344+10*sin(t*1.7)+{speaks}"),
        (_hand(chance), "840+90*sin(t*1.3)*lt(mod(t,11),6)", "470+80*sin(t*2.1)*lt(mod(t,11),6)"),
    ]  # fmt: skip
    return _composed(_room(chance), sprites, seconds, "noise=alls=4:allf=t")


def slides(seconds: int) -> Iterator[Any]:
    """A slide for 30 s, a new line every 6 s, and a pointer that moves now and then."""
    pointer = Image.new("RGBA", (26, 26))
    ImageDraw.Draw(pointer).polygon([(2, 2), (2, 22), (8, 16), (18, 18)], fill=(10, 10, 10, 255))
    moves = "640+380*sin(t*1.1)*lt(mod(t,23),5)", "400+200*sin(t*1.7)*lt(mod(t,23),5)"
    return _composed(_slide_at(0), [(pointer, *moves)], seconds, "null", _slide_at)


def _composed(
    ground: Image.Image, sprites: List[Tuple[Image.Image, str, str]], seconds: int, last: str,
    grounds: Any = None,
) -> Iterator[Any]:  # fmt: skip
    """The ground of each moment with what moves over it, as FFmpeg's filters lay it."""
    graph = av.filter.Graph()
    base = graph.add_buffer(
        width=SIZE[0], height=SIZE[1], format="yuv420p", time_base=Fraction(1, RATE)
    )
    step = base
    waiting: List[Tuple[Any, Any]] = []
    for image, x, y in sprites:
        sprite = graph.add_buffer(
            width=image.width, height=image.height, format="rgba", time_base=Fraction(1, RATE)
        )
        over = graph.add("overlay", f"x='{x}':y='{y}':eval=frame:eof_action=repeat")
        step.link_to(over, 0, 0)
        sprite.link_to(over, 0, 1)
        frame = av.VideoFrame.from_bytes(image.tobytes(), *image.size, format="rgba")
        frame.pts, frame.time_base = 0, Fraction(1, RATE)
        step = over
        waiting.append((sprite, frame))
    end = graph.add("buffersink")
    name, _, arguments = last.partition("=")
    final = graph.add(name, arguments or None)
    form = graph.add("format", "yuv420p")
    step.link_to(final)
    final.link_to(form)
    form.link_to(end)
    graph.configure()
    for sprite, frame in waiting:
        sprite.push(frame)
        sprite.push(None)
    drawn = av.VideoFrame.from_image(ground).reformat(format="yuv420p")
    for place in range(seconds * RATE):
        if grounds is not None and place % (6 * RATE) == 0:
            drawn = av.VideoFrame.from_image(grounds(place // (6 * RATE))).reformat(
                format="yuv420p"
            )
        drawn.pts, drawn.time_base = place, Fraction(1, RATE)
        base.push(drawn)
        while True:
            try:
                yield end.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                break


def _grains(chance: random.Random, size: Tuple[int, int], grain: int) -> Image.Image:
    """Grey grains, a texture once they are blended in."""
    small = (size[0] // grain + 1, size[1] // grain + 1)
    image = Image.frombytes("L", small, chance.randbytes(small[0] * small[1]))
    return image.resize(size, Image.Resampling.BICUBIC)


def _textured(chance: random.Random, image: Image.Image, strength: float) -> Image.Image:
    grey = Image.blend(
        _grains(chance, image.size, 3), _grains(chance, image.size, 17), 0.5
    ).convert("RGB")
    return Image.blend(image.convert("RGB"), grey, strength)


def _room(chance: random.Random) -> Image.Image:
    """A wall and a shelf of books, out of focus as behind any speaker."""
    image = Image.new("RGB", SIZE, (176, 168, 150))
    draw = ImageDraw.Draw(image)
    for top in (40, 250, 460):
        left = 30
        while left < 1240:
            width = chance.randrange(14, 40)
            colour = tuple(chance.randrange(50, 210) for _ in range(3))
            draw.rectangle((left, top + chance.randrange(40), left + width, top + 180), fill=colour)
            left += width + 2
        draw.rectangle((0, top + 180, 1280, top + 196), fill=(90, 64, 44))
    return _textured(chance, image, 0.12).filter(ImageFilter.GaussianBlur(2))


def _person(chance: random.Random) -> Image.Image:
    """Head and shoulders, with a mask around them."""
    skin = Image.new("RGB", (400, 640), (206, 160, 132))
    draw = ImageDraw.Draw(skin)
    draw.rectangle((0, 380, 400, 640), fill=(52, 70, 120))
    draw.pieslice((60, -10, 340, 260), 180, 360, fill=(44, 34, 30))
    for left in (135, 225):
        draw.ellipse((left, 150, left + 44, 176), fill=(240, 238, 232))
        draw.ellipse((left + 14, 150, left + 34, 174), fill=(50, 36, 30))
    draw.line((196, 180, 186, 232, 206, 236), fill=(170, 120, 98), width=4)
    mask = Image.new("L", skin.size)
    edge = ImageDraw.Draw(mask)
    edge.ellipse((70, 10, 330, 360), fill=255)
    edge.rectangle((160, 320, 240, 420), fill=255)
    edge.ellipse((-10, 390, 410, 900), fill=255)
    person = _textured(chance, skin, 0.14)
    person.putalpha(mask.filter(ImageFilter.GaussianBlur(2)))
    return person


def _lips() -> Image.Image:
    image = Image.new("RGBA", (100, 46))
    ImageDraw.Draw(image).ellipse((2, 2, 98, 44), fill=(150, 70, 70, 255))
    ImageDraw.Draw(image).ellipse((16, 14, 84, 32), fill=(60, 20, 24, 255))
    return image


def _hand(chance: random.Random) -> Image.Image:
    image = _textured(chance, Image.new("RGB", (130, 150), (200, 152, 124)), 0.14)
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).ellipse((4, 30, 126, 146), fill=255)
    for left in (14, 44, 74, 100):
        ImageDraw.Draw(mask).rounded_rectangle((left, 0, left + 20, 90), 10, fill=255)
    image.putalpha(mask)
    return image


def _slide_at(step: int) -> Image.Image:
    """Five steps a slide: a title, then lines; every third slide has a diagram beside them."""
    number, lines = divmod(step, 5)
    chance = random.Random(number)
    image = Image.new("RGB", SIZE, (252, 252, 248))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1280, 96), fill=(24, 78, 140))
    title = ImageFont.load_default(46)
    body = ImageFont.load_default(34)
    draw.text((40, 22), f"{number + 1}. Quadratic equations", fill="white", font=title)
    for line in range(lines + 1):
        a, b, c = (chance.randrange(2, 60) for _ in range(3))
        words = f"- {a}x^2 + {b}x - {c} = 0,  D = {b * b + 4 * a * c}"
        draw.text((60, 140 + line * 104), words, fill=(30, 30, 40), font=body)
        draw.text((60, 184 + line * 104), "  two roots, if D > 0", fill=(90, 90, 96), font=body)
    if number % 3 == 1:
        points = [(x, 200 + (x - 1000) ** 2 / 90) for x in range(820, 1181, 5)]
        draw.line(points, fill=(200, 60, 30), width=5)
        draw.line((800, 600, 1220, 600), fill="black", width=3)
    return image
