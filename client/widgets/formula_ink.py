"""Boxes on the canvas: text from small cached textures, bars as rectangles, roots as lines.

Opening this module needs Kivy's text core but no window; drawing needs one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Dict, Tuple

from kivy.core.text import Label as CoreLabel
from kivy.graphics import Color, InstructionGroup, Rectangle, SmoothLine

from client.widgets.formula_boxes import Box, RuleInk, StrokeInk, TextInk

_FACES: Dict[str, Dict[str, Any]] = {
    "upright": {"font_name": "Roboto"},
    "italic": {"font_name": "Roboto", "italic": True},
    "bold": {"font_name": "Roboto", "bold": True},
    "bold_italic": {"font_name": "Roboto", "bold": True, "italic": True},
    "mono": {"font_name": "RobotoMono-Regular"},
    "symbol": {"font_name": "DejaVuSans"},
}
"""Fonts that come with Kivy; the last has the arrows that Roboto lacks."""


class FontMeasure:
    """Measures with the fonts that are drawn with (see `formula_boxes.Measure`)."""

    def width(self, text: str, size: float, style: str) -> float:
        """Pixels that a text takes."""
        return _width(text, round(size, 1), style)


@lru_cache(maxsize=64)
def _face(size: float, style: str) -> CoreLabel:
    label = CoreLabel(font_size=size, **_FACES[style])
    label.resolve_font_name()
    return label


@lru_cache(maxsize=4096)
def _width(text: str, size: float, style: str) -> float:
    return float(_face(size, style).get_extents(text)[0])


@lru_cache(maxsize=64)
def _descent(size: float, style: str) -> float:
    """How far the lower edge of a text's texture lies under the baseline."""
    return float(abs(_face(size, style).get_descent()))


@lru_cache(maxsize=400)
def _texture(text: str, size: float, style: str) -> Any:
    label = CoreLabel(text=text, font_size=size, color=(1, 1, 1, 1), **_FACES[style])
    label.refresh()
    return label.texture


def ink_group(box: Box, origin: Tuple[float, float], color: Any) -> InstructionGroup:
    """Instructions that draw a box with the left end of its baseline at `origin`."""
    group = InstructionGroup()
    group.add(Color(*color))
    left, baseline = origin
    for ink in box.inks:
        if isinstance(ink, TextInk):
            _add_text(group, ink, left, baseline)
        elif isinstance(ink, RuleInk):
            size = (max(1, round(ink.width)), max(1, round(ink.height)))
            group.add(Rectangle(pos=(round(left + ink.x), round(baseline + ink.y)), size=size))
        else:
            _add_stroke(group, ink, left, baseline)
    return group


def _add_text(group: InstructionGroup, ink: TextInk, left: float, baseline: float) -> None:
    size = round(ink.size, 1)
    texture = _texture(ink.text, size, ink.style)
    if texture is None:
        return
    x = round(left + ink.x)
    y = round(baseline + ink.y - _descent(size, ink.style))
    group.add(Rectangle(texture=texture, pos=(x, y), size=texture.size))


def _add_stroke(group: InstructionGroup, ink: StrokeInk, left: float, baseline: float) -> None:
    points = [value for x, y in ink.points for value in (left + x, baseline + y)]
    group.add(SmoothLine(points=points, width=ink.thickness / 2, overdraw_width=0.9))
