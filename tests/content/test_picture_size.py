from __future__ import annotations

import io
import os
import zlib
from pathlib import Path
from typing import Tuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.errors import StorageError
from content.picture_size import MAX_PIXELS, may_be_drawn, size_of_picture
from tests.support.examples import examples


def png(width: int, height: int) -> bytes:
    """A grey PNG, whose zeros are not all there unless it is small."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + crc

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\0\0\0\0"
    rows = zlib.compress(bytes(min(1 << 20, (width + 1) * height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def made(folder: Path, data: bytes) -> Path:
    (folder / "picture").write_bytes(data)
    return folder / "picture"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "WEBP lossless", "BMP"])
@pytest.mark.parametrize("size", [(1, 1), (300, 7), (129, 1030)])
def test_sizes_as_pillow_writes_them(tmp_path: Path, kind: str, size: Tuple[int, int]) -> None:
    image = pytest.importorskip("PIL.Image")
    options = {"lossless": True} if kind.endswith("lossless") else {}
    data = io.BytesIO()
    image.new("RGB", size, (200, 30, 30)).save(data, kind.split(maxsplit=1)[0], **options)
    path = made(tmp_path, data.getvalue())
    assert size_of_picture(path) == size
    assert may_be_drawn(path)


def test_a_jpeg_with_a_thumbnail_and_comments(tmp_path: Path) -> None:
    app = b"\xff\xe1" + (5000).to_bytes(2, "big") + b"\xff\xc0\0\x11\x08\0\x01\0\x01" * 600
    app = app[:5002]
    frame = b"\xff\xff\xc2\0\x11\x08" + (480).to_bytes(2, "big") + (640).to_bytes(2, "big")
    path = made(tmp_path, b"\xff\xd8" + app + b"\xff\xc4\0\x03x" + frame + bytes(9))
    assert size_of_picture(path) == (640, 480)


@pytest.mark.parametrize(
    ("width", "height", "drawn"),
    [(4000, 4000, True), (4000, 4001, False), (2**31, 2**31, False), (0, 5, False)],
)
def test_what_would_decode_to_gigabytes(
    tmp_path: Path, width: int, height: int, drawn: bool
) -> None:
    data = png(width, height)
    assert len(data) < MAX_PIXELS // 100
    assert may_be_drawn(made(tmp_path, data)) is drawn


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"\xff\xd8\xff\xe0\0\0", b"<svg/>" * 9, b"BM"]
)
def test_what_is_no_picture(tmp_path: Path, data: bytes) -> None:
    path = made(tmp_path, data)
    assert size_of_picture(path) is None
    assert not may_be_drawn(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
def test_what_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "none"):
        with pytest.raises(StorageError):
            size_of_picture(tmp_path / name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(60))
@given(
    st.sampled_from([b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBPVP8X", b"GIF89a", b"BM"]),
    st.binary(max_size=60),
)
def test_noise_is_survived(tmp_path: Path, start: bytes, noise: bytes) -> None:
    size = size_of_picture(made(tmp_path, start + noise))
    assert size is None or min(size) >= 0
