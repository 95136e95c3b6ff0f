"""A source's pictures inside the page: one file that can be sent by mail shows them anywhere."""

from __future__ import annotations

import base64
from pathlib import Path

from content.errors import ContentError
from content.paths import check_path
from content.renditions.pictures import scale_picture
from content.storage import read_bounded

_MAX_SOURCE_BYTES = 32 * 1024 * 1024
_TYPES = {".jpg": "jpeg", ".png": "png", ".gif": "gif"}


def address(lesson: Path, path: str) -> str:
    """A ``data:`` address of a picture in a lesson's folder; empty when it cannot be shown.

    It is no larger than a pupil's screen can show.
    """
    try:
        shown = scale_picture(read_bounded(lesson / check_path(path), _MAX_SOURCE_BYTES), path)
    except ContentError:
        return ""
    return (
        f"data:image/{_TYPES[shown.suffix]};base64,{base64.b64encode(shown.data).decode('ascii')}"
    )
