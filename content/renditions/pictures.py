"""Pictures made as small as a screen of 1366 x 768 can show, never larger than they were."""

from __future__ import annotations

import io
import re
import warnings
from typing import List, NamedTuple, Optional, Tuple

from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat, UnidentifiedImageError

from content.picture_size import MAX_PIXELS
from content.renditions.errors import UndecodableError

BOX = (1366, 768)
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
MOST_SOURCE_PIXELS = 120_000_000
"""A few kilobytes may unpack to gigabytes; no camera of a school makes more."""
_QUALITY = 80
_POOR_QUALITY = 72
_PALETTES = (256, 32)
_MOST_KEPT_PIXELS = 4_000_000
"""More than the screen has may stay where it costs fewer bytes, as long as memory is no matter."""
_DRAWN = 0.6
"""A share of pixels that are just as their neighbour: a photo has hardly any, a drawing most."""
_CLOSE = 6.0
"""Levels by which a palette may change a picture on the worst of its channels, root mean square."""
_SUFFIXES = {"PNG": ".png", "JPEG": ".jpg"}
_SVG = re.compile(rb"\s*(<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>|\s)*<(\w+:)?svg[\s>]", re.DOTALL)
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


class ScaledPicture(NamedTuple):
    """A PNG or JPEG (a GIF that moves stays as it is); ``suffix`` is ".png", ".jpg" or ".gif"."""

    data: bytes
    suffix: str
    width: int
    height: int


def scale_picture(data: bytes, name: str = "The picture") -> ScaledPicture:
    """Make a picture ready for a pack: upright, without EXIF, in RGB, transparency kept.

    Raises UndecodableError naming ``name``: SVG, HEIC and whatever cannot be decoded.
    """
    _refuse_known(data, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                return _scaled(image, data, name)
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise UndecodableError(f"{name} is no picture that can be used here.") from None
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError,
            TypeError, MemoryError, OverflowError, ImageCms.PyCMSError) as problem:  # fmt: skip
        raise UndecodableError(f"{name} cannot be decoded: it is damaged.") from problem


def _refuse_known(data: bytes, name: str) -> None:
    """Say what to do about kinds that people have and screens cannot show."""
    if _SVG.match(data[:4096]):
        raise UndecodableError(f"{name} is an SVG drawing; save it as PNG.")
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise UndecodableError(f"{name} is a HEIC photo; save it as JPEG.")
    if data[4:8] == b"ftyp":
        raise UndecodableError(f"{name} is an AVIF picture or a video; save it as PNG or JPEG.")


def _scaled(image: Image.Image, data: bytes, name: str) -> ScaledPicture:
    if image.width * image.height > MOST_SOURCE_PIXELS:
        raise UndecodableError(f"{name} has more than {MOST_SOURCE_PIXELS // 10**6} megapixels.")
    kind = image.format or ""
    if getattr(image, "is_animated", False) and kind == "GIF":
        return _as_it_is(image, data, name)
    plain = not (image.getexif() or image.info.get("icc_profile") or image.mode == "CMYK")
    image.draft("RGB", _fitting(image.size))
    upright = ImageOps.exif_transpose(image)
    shown = _in_colours(upright)
    drawing = looks_drawn(shown)
    small = shown.resize(_fitting(shown.size), Image.Resampling.LANCZOS)
    found = _candidates(small, drawing)
    if drawing and small.size != shown.size and shown.width * shown.height <= _MOST_KEPT_PIXELS:
        # Sharp lines that were scaled are soft, and take more bytes than the large drawing did.
        found += _candidates(shown, drawing)
    if plain and kind in ("PNG", "JPEG") and image.width * image.height <= _MOST_KEPT_PIXELS:
        found.append(ScaledPicture(data, _SUFFIXES[kind], *upright.size))
    return min(found, key=lambda one: len(one.data))


def _as_it_is(image: Image.Image, data: bytes, name: str) -> ScaledPicture:
    if image.width * image.height > MAX_PIXELS:
        raise UndecodableError(f"{name} moves and is too large; make it smaller.")
    return ScaledPicture(data, ".gif", *image.size)


def _fitting(size: Tuple[int, int]) -> Tuple[int, int]:
    """Within the screen's width and twice its height: a long page is read by scrolling."""
    scale = min(1.0, BOX[0] / size[0], 2 * BOX[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _in_colours(image: Image.Image) -> Image.Image:
    """L, RGB, LA or RGBA, in the colours of a screen."""
    clear = image.mode in ("LA", "RGBA", "PA") or "transparency" in image.info
    if image.mode == "CMYK" or image.info.get("icc_profile"):
        image = _in_srgb(image)
    if image.mode in ("I;16", "I;16B", "I", "F"):
        # Scans of 16 bits: what Pillow converts by itself is cut off, not scaled.
        image = image.convert("I").point(lambda level: level / 256).convert("L")
    if clear:
        full = image.convert("RGBA")
        # A channel of transparency that hides nothing is left out.
        return full if any(full.getchannel("A").histogram()[:255]) else full.convert("RGB")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _in_srgb(image: Image.Image) -> Image.Image:
    """By the picture's own profile of colours; without one, as well as can be."""
    profile = image.info.get("icc_profile")
    mode = "RGBA" if image.mode in ("RGBA", "LA") else "RGB"
    if profile and image.mode in ("CMYK", "RGB", "RGBA"):
        try:
            found = ImageCms.profileToProfile(
                image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode
            )
            return found if found is not None else image
        except (ImageCms.PyCMSError, OSError):
            pass
    return image.convert(mode) if image.mode == "CMYK" else image


def looks_drawn(image: Image.Image) -> bool:
    """Whether it is a drawing, a diagram or a screen rather than a photo: many equal neighbours."""
    if image.width < 2 or image.height < 2:
        return True
    grey = image.convert("L")
    if grey.width * grey.height > 1_000_000:
        # Cut out, not scaled down: scaling makes neighbours differ.
        left, top = grey.width // 2 - 400, grey.height // 2 - 400
        grey = grey.crop((max(0, left), max(0, top), left + 800, top + 800))
    beside = ImageChops.difference(
        grey.crop((1, 0, grey.width, grey.height)), grey.crop((0, 0, grey.width - 1, grey.height))
    ).histogram()
    return beside[0] / sum(beside) > _DRAWN


def _candidates(image: Image.Image, drawing: bool) -> List[ScaledPicture]:
    """What it may become, all of them good enough."""
    clear = image.mode in ("LA", "RGBA")
    if not drawing and not clear:
        quality = _POOR_QUALITY if _is_soft(image) else _QUALITY
        return [ScaledPicture(_jpeg(image, quality), ".jpg", *image.size)]
    fewer = [_with_palette(image, colours) for colours in _PALETTES] if image.mode != "L" else []
    kept = [one for one in fewer if one is not None]
    return [ScaledPicture(_png(one), ".png", *image.size) for one in kept or [image]]


def _with_palette(image: Image.Image, colours: int) -> Optional[Image.Image]:
    """So many colours, where that does not show."""
    method = Image.Quantize.FASTOCTREE if image.mode == "RGBA" else Image.Quantize.MEDIANCUT
    fewer = image.quantize(colours, method=method, dither=Image.Dither.NONE)
    apart = ImageStat.Stat(ImageChops.difference(fewer.convert(image.mode), image)).rms
    return fewer if max(apart) <= _CLOSE else None


def _is_soft(image: Image.Image) -> bool:
    """A photo without fine lines: artefacts of a lower quality stay unseen."""
    half = image.reduce(2).resize(image.size, Image.Resampling.BICUBIC)
    apart = ImageStat.Stat(ImageChops.difference(image.convert("L"), half.convert("L")))
    return float(apart.rms[0]) < 4.0


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.info.clear()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.info.clear()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=False)
    return out.getvalue()
