"""A source's pictures inside the page: one file that can be sent by mail shows them anywhere."""

from __future__ import annotations

import base64
import io
import warnings
from pathlib import Path
from typing import Tuple

from PIL import Image, UnidentifiedImageError

from content.errors import ContentError
from content.paths import check_path
from content.picture_size import MAX_PIXELS
from content.storage import read_bounded

WIDTH = 700
"""Pixels: what a pupil's screen gives a picture, so that the page shows no more than they see."""
_MAX_SOURCE_BYTES = 32 * 1024 * 1024
_QUALITY = 80


def address(lesson: Path, path: str) -> str:
    """A ``data:`` address of a picture in a lesson's folder; empty when it cannot be shown."""
    try:
        data = read_bounded(lesson / check_path(path), _MAX_SOURCE_BYTES)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
                if image.width * image.height > MAX_PIXELS:
                    return ""
                return _address(*_smaller(image, data))
    except (ContentError, OSError, ValueError, SyntaxError, UnidentifiedImageError, MemoryError):
        return ""


def _smaller(image: Image.Image, data: bytes) -> Tuple[str, bytes]:
    """The picture as it is, or made as small as it is shown where that takes fewer bytes."""
    kept = "JPEG" if image.format == "JPEG" else "PNG"
    picture = image.convert("RGB" if kept == "JPEG" else "RGBA")
    picture.thumbnail((WIDTH, WIDTH * 4))
    out = io.BytesIO()
    picture.save(out, kept, optimize=True, quality=_QUALITY)
    if len(data) <= out.tell():
        return str(image.format), data
    return kept, out.getvalue()


def _address(kind: str, data: bytes) -> str:
    return f"data:image/{kind.lower()};base64,{base64.b64encode(data).decode('ascii')}"
