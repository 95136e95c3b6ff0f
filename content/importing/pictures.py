"""Pictures out of documents: those that a client draws are kept, others made into such."""

from __future__ import annotations

import hashlib
import io
import re
from typing import TYPE_CHECKING, Dict, Optional

from content.importing.limits import MAX_PICTURE_BYTES, MAX_PICTURES
from content.picture_size import MAX_PIXELS, size_in_stream

if TYPE_CHECKING:
    from PIL import Image

FOLDER = "pictures"
_ENDINGS = (
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"BM", ".bmp"),
    (b"RIFF", ".webp"),
)
_DRAWINGS = (b"\xd7\xcd\xc6\x9a", b"\x01\x00\x00\x00", b"\x01\x00\x09\x00")
"""How WMF and EMF begin."""
_BY_PROGRAMME = re.compile(
    r"\.\w{3,4}\Z|automatically generated|создано автоматически|автоматты түрде", re.IGNORECASE
)
_MAX_DECODED = 4 * MAX_PIXELS
_SCREEN = (1366, 1366)


class PictureError(Exception):
    """A picture that cannot be taken over; the text is a sentence."""


class Pictures:
    """The pictures of one document, each once, named by what it holds."""

    def __init__(self) -> None:
        self.files: Dict[str, bytes] = {}

    def add(self, data: bytes) -> str:
        """The path that the Markdown gives; raises PictureError."""
        if len(data) > MAX_PICTURE_BYTES:
            raise PictureError(f"The picture has more than {MAX_PICTURE_BYTES >> 20} MiB.")
        if len(self.files) >= MAX_PICTURES:
            raise PictureError(f"There are more than {MAX_PICTURES} pictures.")
        ending = _drawable(data)
        if not ending:
            data, ending = _converted(data), ".png"
        path = f"{FOLDER}/{hashlib.sha256(data).hexdigest()[:12]}{ending}"
        self.files[path] = data
        return path


def described_as(words: Optional[str]) -> str:
    """What a person wrote to describe a picture; programmes put in file names and guesses."""
    said = " ".join((words or "").split())
    return "" if _BY_PROGRAMME.search(said) else said[:500]


def _drawable(data: bytes) -> Optional[str]:
    """The ending of a picture that is drawn as it is, or None."""
    size = size_in_stream(io.BytesIO(data))
    if size is None or not 0 < size[0] * size[1] <= MAX_PIXELS:
        return None
    return next((ending for head, ending in _ENDINGS if data.startswith(head)), None)


def _converted(data: bytes) -> bytes:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > _MAX_DECODED:
                raise PictureError("The picture has too many pixels; make it smaller.")
            picture.draft("RGB", _SCREEN)
            picture.thumbnail(_SCREEN)
            return png_of(picture)
    except PictureError:
        raise
    except Exception as problem:
        if data.startswith(_DRAWINGS):
            raise PictureError(
                "The drawing is a Windows metafile (WMF, EMF); put it in as a PNG picture."
            ) from problem
        raise PictureError("The picture is damaged or of an unknown kind.") from problem


def png_of(picture: Image.Image) -> bytes:
    """A Pillow picture as PNG."""
    written = io.BytesIO()
    kept = picture.mode in ("1", "L", "LA", "P", "RGB", "RGBA")
    (picture if kept else picture.convert("RGB")).save(written, "PNG", optimize=True)
    return written.getvalue()
