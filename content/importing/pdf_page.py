"""Pictures and drawings on a PDF's page, and the page itself as a picture."""

from __future__ import annotations

import ctypes
import io
import re
from dataclasses import dataclass, field
from typing import Any, List, Sequence, Tuple

from content.importing.pdf_lines import Area

SCREEN_PIXELS = (1366, 1600)
"""The most that a picture of a page, or of a part, is wide and high."""
_MAX_OBJECTS = 5_000
_MAX_PATHS = 400
_MAX_SEGMENTS = 2_000
_SMALL_POINTS = 12.0
_FIGURE_POINTS = 36.0
_GAP_POINTS = 8.0
_THIN_POINTS = 2.0
_GRID = 3
_WHOLE = 0.85
_MATH_FONT = re.compile(r"math|CMMI|CMSY|CMEX|MSBM|MTEX|MT-?Extra|Euclid|\bSymbol", re.IGNORECASE)
_INVISIBLE = 3
_SCALE = 2.0
_JPEG_QUALITY = 82


@dataclass
class Drawn:
    """What a page shows beside its text."""

    pictures: List[Area] = field(default_factory=list)
    figures: List[Area] = field(default_factory=list)
    has_formulas: bool = False
    has_grid: bool = False
    is_scan: bool = False
    is_cut: bool = False


def drawn_on(page: Any, size: Tuple[float, float]) -> Drawn:
    """Everything but the text of a page of ``size`` points."""
    from pypdfium2 import raw

    found = Drawn()
    paths: List[Area] = []
    across = along = hidden = shown = 0
    for count, one in enumerate(page.get_objects(max_depth=4)):
        if count >= _MAX_OBJECTS:
            found.is_cut = True
            break
        if one.type == raw.FPDF_PAGEOBJ_TEXT:
            found.has_formulas = found.has_formulas or bool(_MATH_FONT.search(_font(one)))
            invisible = raw.FPDFTextObj_GetTextRenderMode(one.raw) == _INVISIBLE
            hidden, shown = hidden + invisible, shown + (not invisible)
            continue
        area = _area(one)
        if one.type == raw.FPDF_PAGEOBJ_IMAGE and min(area.width, area.height) > _SMALL_POINTS:
            found.pictures.append(area)
        elif one.type == raw.FPDF_PAGEOBJ_PATH:
            across += area.height < _THIN_POINTS < area.width
            along += area.width < _THIN_POINTS < area.height
            if len(paths) < _MAX_PATHS and _is_shape(one):
                paths.append(area)
    whole = [area for area in found.pictures if _share(area, size) > _WHOLE]
    found.pictures = [area for area in found.pictures if area not in whole]
    found.is_scan = bool(whole) and hidden >= shown
    found.figures = [area for area in clustered(paths) if _is_figure(area, size)]
    found.has_grid = across >= _GRID and along >= _GRID
    return found


def _font(text: Any) -> str:
    from pypdfium2 import raw

    font = raw.FPDFTextObj_GetFont(text.raw)
    name = ctypes.create_string_buffer(128)
    if not font or not raw.FPDFFont_GetBaseFontName(font, name, 128):
        return ""
    return name.value.decode("ascii", "replace")


def _area(one: Any) -> Area:
    from pypdfium2 import raw

    sides = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(one.raw, *map(ctypes.byref, sides)):
        return Area(0, 0, 0, 0)
    return Area(*(side.value for side in sides))


def _is_shape(path: Any) -> bool:
    """Whether a path is more than a box or a line along the page: it has a curve or a slant."""
    from pypdfium2 import raw

    last = None
    for at in range(min(raw.FPDFPath_CountSegments(path.raw), _MAX_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(path.raw, at)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return True
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        here = (x.value, y.value)
        slanted = last is not None and all(abs(a - b) > 1.0 for a, b in zip(here, last))
        if kind == raw.FPDF_SEGMENT_LINETO and slanted:
            return True
        last = here
    return False


def _share(area: Area, size: Tuple[float, float]) -> float:
    return area.width * area.height / max(size[0] * size[1], 1.0)


def _is_figure(area: Area, size: Tuple[float, float]) -> bool:
    return min(area.width, area.height) > _FIGURE_POINTS and _share(area, size) < _WHOLE


def clustered(areas: Sequence[Area]) -> List[Area]:
    """Areas that touch each other, put together."""
    left = list(areas)
    found: List[Area] = []
    while left:
        here = left.pop()
        touching = [one for one in left if here.touches(one, _GAP_POINTS)]
        if touching:
            left = [one for one in left if not here.touches(one, _GAP_POINTS)]
            for one in touching:
                here = here.around(one)
            left.append(here)
        else:
            found.append(here)
    return found


def picture_of(page: Any, area: Area, size: Tuple[float, float]) -> bytes:
    """A part of the page as PNG or JPEG, whichever is smaller, as large as a screen shows it."""
    width, height = max(area.width, 1.0), max(area.height, 1.0)
    scale = min(_SCALE, SCREEN_PIXELS[0] / width, SCREEN_PIXELS[1] / height)
    crop = (
        max(area.left, 0.0),
        max(area.bottom, 0.0),
        max(size[0] - area.right, 0.0),
        max(size[1] - area.top, 0.0),
    )
    bitmap = page.render(scale=scale, crop=crop)
    try:
        return _encoded(bitmap.to_pil())
    finally:
        bitmap.close()


def _encoded(picture: Any) -> bytes:
    plain = picture.convert("RGB")
    photo, drawing = io.BytesIO(), io.BytesIO()
    plain.save(photo, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    plain.quantize(64).save(drawing, "PNG", optimize=True)
    # Lines and letters are sharper, and mostly smaller, as a drawing.
    return min(photo.getvalue(), drawing.getvalue(), key=len)
