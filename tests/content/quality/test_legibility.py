from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw, ImageFont

from content.quality.legibility import is_unreadable, writing_height

LINES = [
    "Керуен таңда жолға шықты",
    "Түйелер саны қырық бес",
    "Әр түйе екі қап артты",
    "Барлығы неше қап болды",
    "Жауабын дәптерге жаз",
]


def written(size: int, width: int = 1400, kind: str = "PNG", ink: str = "black") -> bytes:
    image = Image.new("RGB", (width, size * 2 * len(LINES) + 20), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size)
    for number, line in enumerate(LINES):
        draw.text((10, 10 + number * size * 2), line * 3, font=font, fill=ink)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize(("size", "unreadable"), [(9, True), (12, True), (32, False), (48, False)])
def test_small_writing_is_told_from_large(kind: str, size: int, unreadable: bool) -> None:
    assert is_unreadable(written(size, kind=kind)) is unreadable


def test_the_same_writing_shrinks_with_the_picture_around_it() -> None:
    wide, narrow = writing_height(written(24, width=2800)), writing_height(written(24, width=700))
    assert wide is not None
    assert narrow is not None
    assert wide < narrow


def test_a_drawing_without_writing_is_never_called_unreadable() -> None:
    image = Image.new("RGB", (800, 600), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((100, 100, 500, 500), fill="orange", outline="black", width=8)
    draw.line((0, 550, 800, 550), fill="black", width=6)
    out = io.BytesIO()
    image.save(out, "PNG")
    assert writing_height(out.getvalue()) is None


def test_a_gradient_and_noise_are_no_writing() -> None:
    noise = Image.effect_noise((700, 500), 80)
    out = io.BytesIO()
    noise.save(out, "PNG")
    assert not is_unreadable(out.getvalue())


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", written(12)[:200], b"GIF89a"])
def test_what_cannot_be_decoded_is_left_to_other_checks(data: bytes) -> None:
    assert writing_height(data) is None
