from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from content.quality.thumbnails import address
from content.renditions.pictures import BOX


def opened(data: str) -> Image.Image:
    head, _, body = data.partition(";base64,")
    assert head in ("data:image/png", "data:image/jpeg")
    return Image.open(io.BytesIO(base64.b64decode(body)))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_large_picture_is_made_no_larger_than_a_screen(tmp_path: Path, kind: str) -> None:
    Image.effect_noise((3000, 400), 50).convert("RGB").save(tmp_path / "a.png", kind)
    shown = opened(address(tmp_path, "a.png"))
    assert shown.width == BOX[0]
    assert shown.height <= BOX[1]


def test_a_small_picture_stays_byte_for_byte(tmp_path: Path) -> None:
    Image.effect_noise((40, 40), 90).quantize(4).save(tmp_path / "a.png", optimize=True)
    data = (tmp_path / "a.png").read_bytes()
    assert base64.b64decode(address(tmp_path, "a.png").partition(",")[2]) == data


@pytest.mark.parametrize("path", ["missing.png", "../a.png", "/etc/passwd", "broken.png"])
def test_what_is_no_picture_of_the_lesson_has_no_address(tmp_path: Path, path: str) -> None:
    (tmp_path / "lesson").mkdir()
    Image.new("L", (4, 4)).save(tmp_path / "a.png")
    (tmp_path / "lesson" / "broken.png").write_bytes(b"\x89PNG")
    assert address(tmp_path / "lesson", path) == ""
