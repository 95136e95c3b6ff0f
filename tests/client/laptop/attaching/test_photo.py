from __future__ import annotations

import io
import random

import pytest

from client.laptop.attaching.photo import (
    GOOD_SIZE_BYTES,
    LONGEST_SIDE_PIXELS,
    PREVIEW_PIXELS,
    check_photo,
    prepare_photo,
    preview,
)
from client.laptop.errors import LaptopError

Image = pytest.importorskip("PIL.Image")


def saved(tmp_path, image, name="photo.jpg", **options):
    path = tmp_path / name
    image.save(str(path), **options)
    return path


def opened(data):
    return Image.open(io.BytesIO(data))


def page(width=3000, height=4000):
    """Something like a page: light, with dark strokes and noise."""
    dice = random.Random(1)
    image = Image.new("RGB", (width, height), (235, 232, 220))
    for _ in range(3000):
        x, y = dice.randrange(width - 60), dice.randrange(height - 8)
        image.paste((40, 40, 90), (x, y, x + dice.randrange(8, 60), y + 6))
    return image


def test_a_large_photo_becomes_a_small_one_that_says_nothing_of_its_place(tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "Camera of the family"
    exif.get_ifd(0x8825)[1] = "N"
    path = saved(tmp_path, page(), exif=exif, quality=95)
    data = prepare_photo(path)
    image = opened(data)
    assert image.format == "JPEG"
    assert image.size == (1200, LONGEST_SIDE_PIXELS)
    assert len(data) <= GOOD_SIZE_BYTES
    assert not dict(image.getexif())
    assert b"family" not in data


def test_a_photo_taken_sideways_stands_upright(tmp_path):
    image = Image.new("RGB", (400, 200), "white")
    image.paste("red", (0, 0, 100, 200))
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = opened(prepare_photo(saved(tmp_path, image, exif=exif, quality=95)))
    assert upright.size == (200, 400)
    red, green, _ = upright.getpixel((100, 30))
    assert red > 200
    assert green < 60


def test_a_small_picture_is_not_made_larger_and_what_is_clear_becomes_white(tmp_path):
    image = Image.new("RGBA", (120, 80), (0, 0, 0, 0))
    small = opened(prepare_photo(saved(tmp_path, image, "drawing.png")))
    assert small.size == (120, 80)
    assert min(small.getpixel((60, 40))) > 250


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LA", "I;16"])
def test_every_kind_of_picture(tmp_path, mode):
    ending = {"CMYK": "tiff", "I;16": "tiff"}.get(mode, "png")
    path = saved(tmp_path, Image.new(mode, (300, 200)), f"x.{ending}")
    assert opened(prepare_photo(path)).size == (300, 200)


def test_a_preview_is_small_and_one_of_garbage_is_said(tmp_path):
    data = prepare_photo(saved(tmp_path, page(1500, 2000)))
    assert max(opened(preview(data)).size) == PREVIEW_PIXELS
    with pytest.raises(LaptopError) as caught:
        preview(data[:500])
    assert caught.value.code == "photo-unreadable"


def test_only_such_a_photo_as_is_made_here_is_shown(tmp_path):
    data = prepare_photo(saved(tmp_path, page(800, 600)))
    assert check_photo(data) == data
    place = data.index(b"\xff\xc0") + 5
    bomb = data[:place] + (60_000).to_bytes(2, "big") * 2 + data[place + 4 :]
    other = saved(tmp_path, page(80, 60), "x.png").read_bytes()
    large = saved(tmp_path, Image.new("L", (4000, 10)), "l.jpg").read_bytes()
    for wrong in (bomb, other, large, b"", b"<svg/>"):
        with pytest.raises(LaptopError) as caught:
            check_photo(wrong)
        assert caught.value.code == "photo-unreadable"


def test_the_same_photo_is_the_same_bytes(tmp_path):
    path = saved(tmp_path, page(800, 600))
    assert prepare_photo(path) == prepare_photo(path)


@pytest.mark.parametrize("damage", ["cut", "garbage", "empty", "bomb"])
def test_what_is_no_picture_is_said(tmp_path, damage):
    path = saved(tmp_path, page(800, 600))
    data = path.read_bytes()
    if damage == "bomb":
        import struct
        import zlib

        def chunk(kind, body):
            crc = struct.pack(">I", zlib.crc32(kind + body))
            return struct.pack(">I", len(body)) + kind + body + crc

        head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
        bomb = zlib.compress(bytes(1000))
        data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", bomb)
    path.write_bytes({"cut": data[:3000], "garbage": bytes(900), "empty": b""}.get(damage, data))
    with pytest.raises(LaptopError) as caught:
        prepare_photo(path)
    assert caught.value.code == "photo-unreadable"
