"""Pictures made small: by what they show, never larger, nothing of the camera left."""

from __future__ import annotations

import contextlib
import io
import random
from typing import Any, Tuple

import pytest
from PIL import Image, ImageDraw

from content.renditions.errors import UndecodableError
from content.renditions.pictures import looks_drawn, scale_picture


def photo(size: Tuple[int, int] = (1600, 1200)) -> Image.Image:
    chance = random.Random(1)
    grains = bytes(chance.randrange(256) for _ in range(80 * 60 * 3))
    return Image.frombytes("RGB", (80, 60), grains).resize(size, Image.Resampling.BICUBIC)


def drawing(size: Tuple[int, int] = (600, 400)) -> Image.Image:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((50, 50, 300, 300), fill=(200, 100, 20))
    for step in range(20):
        draw.line((step * 25, 0, 500 - step * 25, 390), fill=(step * 12, 30, 200), width=2)
    return image


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def shown(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_a_photo_is_turned_scaled_and_forgets_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x112] = 6
    exif[0x010F] = "Kamera"
    made = scale_picture(encoded(photo(), "JPEG", exif=exif, quality=95))
    image = shown(made.data)
    assert (made.suffix, image.format, image.mode) == (".jpg", "JPEG", "RGB")
    assert image.size == (made.width, made.height) == (1152, 1536)
    assert not image.getexif()
    assert b"Kamera" not in made.data


def test_a_drawing_keeps_sharp_lines_in_few_colours() -> None:
    for kind in ("PNG", "BMP", "TIFF", "GIF"):
        data = encoded(drawing(), kind)
        made = scale_picture(data)
        assert made.suffix == ".png"
        assert len(made.data) < len(data)
        assert shown(made.data).convert("RGB").getpixel((150, 150)) == pytest.approx(
            drawing().getpixel((150, 150)), abs=12
        )


def test_nothing_becomes_larger_and_a_second_time_changes_nothing() -> None:
    for data in (
        encoded(photo((300, 200)), "JPEG", quality=30),
        encoded(drawing(), "PNG"),
        encoded(drawing((1400, 300)), "PNG", optimize=True),
        encoded(photo((200, 100)), "PNG"),
    ):
        once = scale_picture(data)
        assert len(once.data) <= len(data)
        again = scale_picture(once.data)
        assert len(again.data) <= len(once.data)


def test_transparency_stays_where_there_is_any() -> None:
    image = drawing().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    kept = shown(scale_picture(encoded(image, "PNG")).data).convert("RGBA")
    assert kept.getchannel("A").getpixel((300, 10)) == pytest.approx(6, abs=20)
    assert kept.getchannel("A").getpixel((300, 390)) == pytest.approx(249, abs=20)
    image.putalpha(255)
    assert not shown(scale_picture(encoded(image, "PNG")).data).has_transparency_data


def test_colours_of_printers_become_those_of_screens() -> None:
    made = scale_picture(encoded(photo((300, 200)).convert("CMYK"), "JPEG"))
    assert shown(made.data).mode == "RGB"
    assert shown(scale_picture(encoded(photo((300, 200)), "WEBP")).data).format == "JPEG"


def test_a_scan_of_sixteen_bits_is_not_cut_off() -> None:
    made = scale_picture(encoded(Image.new("I;16", (50, 50), 30_000), "TIFF"))
    assert shown(made.data).convert("L").getpixel((9, 9)) == pytest.approx(117, abs=2)


def test_what_moves_stays_as_it_is() -> None:
    frames = [drawing((80, 60)), photo((80, 60))]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert scale_picture(data) == (data, ".gif", 80, 60)


def test_drawings_are_told_from_photos() -> None:
    assert looks_drawn(drawing())
    assert not looks_drawn(photo((300, 200)))


_BOMB = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0\0\0\0\0"
)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no picture"),
        (b"text " * 99, "no picture"),
        (_BOMB, "picture"),
        (b'<?xml version="1.0"?><!-- a --><svg xmlns="s">', "SVG drawing; save it as PNG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC photo; save it as JPEG"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "AVIF"),
        (encoded(photo((300, 200)), "JPEG")[:2000], "damaged"),
        (encoded(drawing(), "PNG")[:500], "damaged"),
    ],
)
def test_what_cannot_be_used_is_named_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(UndecodableError, match=why) as told:
        scale_picture(data, "lessons/a/pictures/map.png")
    assert str(told.value).startswith("lessons/a/pictures/map.png")


def test_damage_anywhere_is_a_picture_or_a_sentence() -> None:
    chance = random.Random(7)
    for kind in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"):
        good = encoded(drawing((60, 40)), kind)
        for _ in range(40):
            data = bytearray(good)
            for _ in range(chance.randrange(1, 4)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            with contextlib.suppress(UndecodableError):
                assert scale_picture(bytes(data[: chance.randrange(20, len(data))])).data
