"""A drawing surface in units of its own, smoothed by drawing large and reducing."""

from __future__ import annotations

import importlib.util
import math
from functools import lru_cache
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

from PIL import Image, ImageDraw, ImageFont

from content.samples.drawing.palette import INK, PAPER, Colour

Point = Tuple[float, float]
REGULAR, BOLD, ITALIC, BOLD_ITALIC = "Regular", "Bold", "Italic", "BoldItalic"
_CAP_HALF = 0.355  # half of a capital's height in Roboto, as a share of the type size


@lru_cache(maxsize=128)
def _font(style: str, size_px: int) -> ImageFont.FreeTypeFont:
    kivy = importlib.util.find_spec("kivy")
    if kivy is None or kivy.origin is None:
        raise FileNotFoundError("Install kivy: its Roboto fonts have the Kazakh letters.")
    fonts = Path(kivy.origin).parent / "data" / "fonts"
    return ImageFont.truetype(str(fonts / f"Roboto-{style}.ttf"), size_px)


class Canvas:
    """``width`` by ``height`` units; a unit is ``scale`` pixels in the finished image."""

    _SMOOTHING = 3

    def __init__(
        self, width: float, height: float, scale: float = 1, ground: Colour = PAPER
    ) -> None:
        self.width = width
        self.height = height
        self._px = scale * self._SMOOTHING
        size_px = (round(width * scale), round(height * scale))
        self._image = Image.new(
            "RGB", (size_px[0] * self._SMOOTHING, size_px[1] * self._SMOOTHING), ground
        )
        self._draw = ImageDraw.Draw(self._image)

    def image(self) -> Image.Image:
        """The finished image, smoothed."""
        return self._image.reduce(self._SMOOTHING)

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A line through ``points`` with round ends and corners."""
        self._draw.line(self._all(points), fill=colour, width=self._thick(width), joint="curve")
        for x, y in (points[0], points[-1]):
            self.ellipse(x, y, width / 2, width / 2, colour)

    def polygon(self, points: Sequence[Point], fill: Colour) -> None:
        """A filled polygon."""
        self._draw.polygon(self._all(points), fill=fill)

    def ellipse(self, x: float, y: float, radius_x: float, radius_y: float, fill: Colour) -> None:
        """A filled ellipse around ``x``, ``y``."""
        corners = [(x - radius_x, y - radius_y), (x + radius_x, y + radius_y)]
        self._draw.ellipse(self._all(corners), fill=fill)

    def box(
        self,
        corners: Tuple[float, float, float, float],
        fill: Colour,
        outline: Optional[Colour] = None,
        width: float = 1,
        radius: float = 0,
    ) -> None:
        """A rectangle from ``corners`` (left, top, right, bottom) with round corners."""
        left, top, right, bottom = (value * self._px for value in corners)
        if right - left < 1 or bottom - top < 1:
            return
        self._draw.rounded_rectangle(
            (left, top, right, bottom),
            radius=min(radius * self._px, (right - left) / 2, (bottom - top) / 2),
            fill=fill,
            outline=outline,
            width=self._thick(width) if outline else 0,
        )

    def arrow(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A line whose last point is an arrow's head."""
        x1, y1 = points[-1]
        size = width * 3.2
        # A curve's last points lie within the head: it is aimed from before them.
        shaft = [one for one in points[:-1] if math.dist(one, points[-1]) > size] or [points[0]]
        length = max(0.01, math.dist(shaft[-1], points[-1]))
        ux, uy = (x1 - shaft[-1][0]) / length, (y1 - shaft[-1][1]) / length
        foot = (x1 - ux * size, y1 - uy * size)
        self.line([*shaft, foot], colour, width)
        self.polygon(
            [
                (x1, y1),
                (foot[0] - uy * size * 0.62, foot[1] + ux * size * 0.62),
                (foot[0] + uy * size * 0.62, foot[1] - ux * size * 0.62),
            ],
            colour,
        )

    def text(
        self,
        at: Point,
        words: str,
        size: float,
        colour: Colour = INK,
        bold: bool = False,
        align: float = 0.5,
    ) -> None:
        """Words centred on ``at`` (``align`` 0: they start there, 1: they end there)."""
        style = BOLD if bold else REGULAR
        self._runs(at, [(words, style)], size, colour, align)

    def formula(
        self,
        at: Point,
        words: str,
        size: float,
        colour: Colour = INK,
        bold: bool = False,
        align: float = 0.5,
    ) -> None:
        """Like ``text``, with the letters x, a and b slanted as mathematics has them."""
        self._runs(at, _slanted(words, bold), size, colour, align)

    def formula_width(self, words: str, size: float, bold: bool = False) -> float:
        """How wide ``formula`` draws, in units."""
        return self._width(_slanted(words, bold), size)

    def _runs(
        self, at: Point, runs: List[Tuple[str, str]], size: float, colour: Colour, align: float
    ) -> None:
        x = (at[0] - self._width(runs, size) * align) * self._px
        y = (at[1] + size * _CAP_HALF) * self._px
        for words, style in runs:
            font = _font(style, self._thick(size))
            self._draw.text((x, y), words, font=font, fill=colour, anchor="ls")
            x += font.getlength(words)

    def _width(self, runs: List[Tuple[str, str]], size: float) -> float:
        widths = (_font(style, self._thick(size)).getlength(words) for words, style in runs)
        return sum(widths) / self._px

    def _thick(self, units: float) -> int:
        return max(1, round(units * self._px))

    def _all(self, points: Sequence[Point]) -> List[Point]:
        return [(x * self._px, y * self._px) for x, y in points]


def _slanted(words: str, bold: bool) -> List[Tuple[str, str]]:
    upright, slanted = (BOLD, BOLD_ITALIC) if bold else (REGULAR, ITALIC)
    return [(letter, slanted if letter in "xab" else upright) for letter in words]
