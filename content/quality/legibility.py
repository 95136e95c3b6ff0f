"""Pictures whose writing cannot be read on a pupil's screen.

No letters are recognised. Lines of writing show as bands of many sharp, narrow strokes with quiet
between them; how tall such bands are at the size at which the picture is shown tells whether the
letters in them can be read.
"""

from __future__ import annotations

import io
import statistics
import warnings
from typing import List, Optional, Sequence, Tuple

from PIL import Image, UnidentifiedImageError

from content.picture_size import MAX_PIXELS

SHOWN_WIDTH = 700
"""Pixels that a lesson's column gives a picture at 1024 x 600."""
SMALLEST_BAND = 8
"""Pixels from the top of a capital to the foot of a line: under this no letter is told apart."""
_LINES_NEEDED = 3
_LOOKED_AT_WIDTH = 1400
"""Twice the width shown: bands of few pixels are measured to half a pixel."""
_STROKE = 40
"""Levels of grey between neighbours that make an edge."""
_EDGES_PER_LINE = 0.05
"""The share of a row's pixels that are edges in a line of writing, at least."""
_QUIET_SHARE = 0.3
"""A row with fewer edges than this share of a line's is between two lines."""


def writing_height(data: bytes) -> Optional[float]:
    """How tall the picture's smaller lines of writing are when it is shown, in pixels.

    None for a picture without writing, and for one that cannot be decoded.
    """
    grey = _shown(data)
    if grey is None:
        return None
    bands = _bands(_edges_by_row(grey))
    if len(bands) < _LINES_NEEDED:
        return None
    return _lower_quartile(bands) * SHOWN_WIDTH / _LOOKED_AT_WIDTH


def is_unreadable(data: bytes) -> bool:
    """Whether writing in the picture is too small to read."""
    height = writing_height(data)
    return height is not None and height < SMALLEST_BAND


def _shown(data: bytes) -> Optional[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
                if image.width * image.height > MAX_PIXELS or image.width < 2:
                    return None
                return _grey(image)
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, MemoryError):
        return None


def _grey(image: Image.Image) -> Image.Image:
    picture = image.convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    grey = paper.convert("L")
    # A small picture is not made larger than it is on a screen: its lines stay as they are.
    scale = min(1.0, SHOWN_WIDTH / grey.width) * _LOOKED_AT_WIDTH / SHOWN_WIDTH
    size = (max(2, round(grey.width * scale)), max(1, round(grey.height * scale)))
    return grey.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.NEAREST)


def _edges_by_row(grey: Image.Image) -> List[float]:
    """The share of each row's neighbours that differ by an edge."""
    width, height = grey.size
    pixels = grey.tobytes()
    shares = []
    for top in range(0, width * height, width):
        row = pixels[top : top + width]
        edges = sum(abs(one - other) >= _STROKE for one, other in zip(row, row[1:]))
        shares.append(edges / width)
    return shares


def _bands(shares: Sequence[float]) -> List[int]:
    """Heights of runs of rows that look like writing, between quiet ones."""
    busy = sorted(share for share in shares if share >= _EDGES_PER_LINE)
    if not busy:
        return []
    quiet = statistics.median(busy) * _QUIET_SHARE
    bands: List[Tuple[int, float]] = []
    height, most = 0, 0.0
    for share in (*shares, 0.0):
        if share > quiet:
            height, most = height + 1, max(most, share)
        elif height:
            bands.append((height, most))
            height, most = 0, 0.0
    return [height for height, most in bands if most >= _EDGES_PER_LINE and height > 1]


def _lower_quartile(bands: Sequence[int]) -> float:
    ordered = sorted(bands)
    return float(ordered[len(ordered) // 4])
