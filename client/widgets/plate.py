"""Rounded rectangles with a hairline, drawn from one small texture per radius.

Without multisampling Kivy's own rounded rectangles have jagged corners. Here the corner is
computed once, with smooth edges, and stretched like a nine-patch: two quads a card, no shader.
"""

from __future__ import annotations

from functools import lru_cache
from math import hypot
from typing import Any, Optional, Tuple

from kivy.graphics import BorderImage, Color, InstructionGroup
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import ColorProperty, NumericProperty

from client.theme.palette import CLEAR
from client.theme.tokens import RADIUS_DP


def coverage(radius: float, stroke: float, x: float, y: float) -> float:
    """Return how much of the pixel centred at (x, y) a rounded corner covers, from 0 to 1.

    The corner's circle has its centre at (radius, radius). With a ``stroke`` above 0 only
    the outline of that width counts; with 0 the whole inside does.
    """
    distance = hypot(x - radius, y - radius) if x < radius and y < radius else radius - min(x, y)
    inside = min(1.0, max(0.0, radius - distance + 0.5))
    if stroke <= 0:
        return inside
    return inside - min(1.0, max(0.0, radius - stroke - distance + 0.5))


def patch_pixels(radius: int, stroke: float) -> Tuple[int, bytes]:
    """Return the side and the RGBA bytes of a square with four rounded corners."""
    side = 2 * radius + 2
    alphas = bytearray()
    for row in range(side):
        for column in range(side):
            x, y = min(column, side - 1 - column) + 0.5, min(row, side - 1 - row) + 0.5
            alphas += b"\xff\xff\xff" + bytes((round(255 * coverage(radius, stroke, x, y)),))
    return side, bytes(alphas)


@lru_cache(maxsize=48)
def patch(radius: int, stroke: float) -> Texture:
    """Return the texture for a radius and a stroke in pixels (stroke 0: filled)."""
    side, pixels = patch_pixels(radius, stroke)
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(pixels, colorfmt="rgba", bufferfmt="ubyte")
    return texture


@lru_cache(maxsize=8)
def outer_corner(radius: int) -> Texture:
    """Return the texture of what a rounded lower left corner leaves of its square."""
    alphas = bytearray()
    for row in range(radius):
        for column in range(radius):
            left = 1 - coverage(radius, 0, column + 0.5, row + 0.5)
            alphas += b"\xff\xff\xff" + bytes((round(255 * left),))
    texture = Texture.create(size=(radius, radius), colorfmt="rgba")
    texture.blit_buffer(bytes(alphas), colorfmt="rgba", bufferfmt="ubyte")
    return texture


class Patch:
    """One nine-patch on a canvas: a colour and a stretched texture.

    ``at`` is its index among the canvas's instructions; without it, it comes last.
    """

    def __init__(self, canvas: Any, at: Optional[int] = None) -> None:
        self._color = Color(0, 0, 0, 0)
        self._image = BorderImage(size=(0, 0))
        # In a group of its own: Kivy puts a texture's binding beside each image on a canvas, so
        # that an index counted in instructions would fall between the two.
        group = InstructionGroup()
        group.add(self._color)
        group.add(self._image)
        if at is None:
            canvas.add(group)
        else:
            canvas.insert(at, group)

    def draw(
        self, box: Tuple[float, float, float, float], radius: float, stroke: float, color: Any
    ) -> None:
        """Put it at ``box`` (x, y, width, height in pixels), rounded to whole pixels."""
        x, y = round(box[0]), round(box[1])
        width, height = round(box[0] + box[2]) - x, round(box[1] + box[3]) - y
        corner = max(1, int(min(radius, width / 2, height / 2)))
        if color[3] == 0 or width < 2 or height < 2:
            # An image of no size still draws its border.
            self._color.rgba = CLEAR
            return
        self._color.rgba = color
        self._image.texture = patch(corner, stroke)
        self._image.border = (corner, corner, corner, corner)
        self._image.pos, self._image.size = (x, y), (width, height)


class Plate:
    """Mixin for a widget: a filled rounded rectangle with an outline behind its content.

    ``fill`` and ``outline`` are RGBA, ``radius`` and ``outline_width`` pixels (say ``dp(1)``).
    """

    fill = ColorProperty(CLEAR)
    outline = ColorProperty(CLEAR)
    radius = NumericProperty(dp(RADIUS_DP))
    outline_width = NumericProperty(dp(1))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        widget: Any = self
        self._fill_patch = Patch(widget.canvas.before, at=0)
        self._outline_patch = Patch(widget.canvas.before, at=1)
        redraw = self._redraw_plate
        widget.bind(pos=redraw, size=redraw, fill=redraw, outline=redraw)
        widget.bind(radius=redraw, outline_width=redraw)
        redraw()

    def _redraw_plate(self, *_: Any) -> None:
        widget: Any = self
        box = (widget.x, widget.y, widget.width, widget.height)
        self._fill_patch.draw(box, self.radius, 0, self.fill)
        self._outline_patch.draw(box, self.radius, self.outline_width, self.outline)
