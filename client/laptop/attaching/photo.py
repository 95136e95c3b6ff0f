"""A photo of a page, made small enough for the link and large enough to be read."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Tuple

from client.laptop.errors import Fault
from client.laptop.problems import failure

LONGEST_SIDE_PIXELS = 1600
"""A page of a notebook then has ten pixels to a millimetre of height of its letters' strokes."""
QUALITY = 72
SMALLER_QUALITY = 55
GOOD_SIZE_BYTES = 400 << 10
PREVIEW_PIXELS = 220
MAX_PIXELS = 120_000_000
"""More is no photo: a small file may unpack to a gigabyte."""
_BACKGROUND = (255, 255, 255)


def prepare_photo(path: Path) -> bytes:
    """Return a JPEG of at most ``LONGEST_SIDE_PIXELS`` on a side, upright, and the picture alone.

    A camera's file tells where and when it was taken; none of that goes along. A large JPEG is
    decoded at a fraction of its size, so that memory stays small.

    Raises:
        LaptopError: ``photo-unreadable`` when it is no picture that can be read.
        OSError: the disk failed.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(str(path)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise failure("photo-unreadable", Fault.YOUR_DATA, "too many pixels", path.name)
            image.draft("RGB", _fitting(image.size))
            upright = ImageOps.exif_transpose(image)
            small = _flat(upright if upright is not None else image)
            small.thumbnail((LONGEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS))
            data = _jpeg(small, QUALITY)
            return data if len(data) <= GOOD_SIZE_BYTES else _jpeg(small, SMALLER_QUALITY)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        SyntaxError,
        ValueError,
        EOFError,
        MemoryError,
    ) as error:
        raise failure("photo-unreadable", Fault.YOUR_DATA, str(error), path.name) from error
    except OSError as error:
        # Pillow says so of a file that is cut short; a disk's error has a number.
        if error.errno is not None:
            raise
        raise failure("photo-unreadable", Fault.YOUR_DATA, str(error), path.name) from error


def check_photo(photo: bytes) -> bytes:
    """Return a photo that somebody sent, if it is such as ``prepare_photo`` makes.

    A small file may say that it is gigabytes of pixels, and would be decoded to be shown.

    Raises:
        LaptopError: ``photo-unreadable``.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(photo), formats=["JPEG"]) as image:
            largest = max(image.size)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise failure("photo-unreadable", Fault.THEIR_DATA, str(error)) from error
    if largest > 2 * LONGEST_SIDE_PIXELS:
        raise failure("photo-unreadable", Fault.THEIR_DATA, f"{largest} pixels")
    return photo


def preview(photo: bytes, longest_pixels: int = PREVIEW_PIXELS) -> bytes:
    """Return a photo that ``prepare_photo`` made, small enough to be drawn as it is.

    A card's picture that the window's system makes small by itself loses thin strokes.

    Raises:
        LaptopError: ``photo-unreadable``.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(photo)) as image:
            image.draft("RGB", (longest_pixels, longest_pixels))
            image.thumbnail((longest_pixels, longest_pixels))
            return _jpeg(_flat(image), QUALITY)
    except (OSError, SyntaxError, ValueError) as error:
        raise failure("photo-unreadable", Fault.YOUR_DATA, str(error)) from error


def _fitting(size: Tuple[int, int]) -> Tuple[int, int]:
    scale = min(1.0, LONGEST_SIDE_PIXELS / max(size))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _flat(image: Any) -> Any:
    """Put what is transparent on white: a JPEG has no holes."""
    from PIL import Image

    if image.mode in ("RGB", "L"):
        return image.copy()
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    flat = Image.new("RGB", layered.size, _BACKGROUND)
    flat.paste(layered, mask=layered.getchannel("A"))
    return flat


def _jpeg(image: Any, quality: int) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality, optimize=True, progressive=False)
    return target.getvalue()
