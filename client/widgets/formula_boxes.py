"""Boxes that formulas are laid out of, after the model of Knuth's TeXbook, chapters 11 and 12.

Lengths are pixels, `y` grows upwards, and a box's own origin lies on its baseline at the left.
Nothing here knows a window: whoever draws puts each ink at (x, y).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterable, List, Protocol, Sequence, Tuple, Union

Point = Tuple[float, float]


class Measure(Protocol):
    """Tells how wide a run of text is."""

    def width(self, text: str, size: float, style: str) -> float:
        """Pixels that `text` takes at a font size; `style` is one of `STYLES`."""


STYLES = ("upright", "italic", "bold", "bold_italic", "mono", "symbol")
"""Faces of a text ink; "symbol" is the font that has arrows and the signs of sets."""


@dataclass(frozen=True)
class TextInk:
    """A run of text with its baseline at `y`."""

    x: float
    y: float
    text: str
    size: float
    style: str


@dataclass(frozen=True)
class RuleInk:
    """A filled rectangle, its lower left corner at (x, y)."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class StrokeInk:
    """A smooth open line through points."""

    points: Tuple[Point, ...]
    thickness: float

    @property
    def x(self) -> float:
        """The leftmost point."""
        return min(x for x, _ in self.points)


Ink = Union[TextInk, RuleInk, StrokeInk]


@dataclass(frozen=True)
class Box:
    """Something laid out: `ascent` above its baseline, `descent` below it (positive)."""

    width: float = 0.0
    ascent: float = 0.0
    descent: float = 0.0
    inks: Tuple[Ink, ...] = ()

    @property
    def height(self) -> float:
        """From the lowest to the highest point."""
        return self.ascent + self.descent


EMPTY = Box()


def moved(ink: Ink, right: float, up: float) -> Ink:
    """The same ink elsewhere."""
    if isinstance(ink, StrokeInk):
        return replace(ink, points=tuple((x + right, y + up) for x, y in ink.points))
    return replace(ink, x=ink.x + right, y=ink.y + up)


def at(box: Box, right: float, up: float) -> Tuple[Ink, ...]:
    """All inks of a box whose origin is put at (right, up)."""
    return tuple(moved(ink, right, up) for ink in box.inks)


def space(width: float) -> Box:
    """Nothing, `width` wide."""
    return Box(width=width)


def text_box(measure: Measure, text: str, size: float, style: str) -> Box:
    """A run of text, as high as its letters really are (so that fractions sit close)."""
    ascent, descent = _vertical(text, size)
    ink = TextInk(0.0, 0.0, text, size, style)
    return Box(measure.width(text, size, style), ascent, descent, (ink,))


_LOW = frozenset("acegmnopqrsuvwxyzавгежзийклмнопрстуфхцчшщъыьэюяαγειηικμνοπρστυχψω,.:;·")
_HANGING = frozenset("gjpqy,;()[]{}|рфуцщқңұүҗβγζημξρφχψ/")
_FLAT = {"−": (0.5, 0.0), "=": (0.5, 0.0), "+": (0.56, 0.0), "·": (0.42, 0.0), "…": (0.12, 0.0)}


def _vertical(text: str, size: float) -> Tuple[float, float]:
    """Height and depth of the letters as shares of the font size, as in Roboto."""
    if text in _FLAT:
        high, deep = _FLAT[text]
        return high * size, deep * size
    high = 0.54 if text and all(letter in _LOW for letter in text) else 0.74
    deep = 0.2 if any(letter in _HANGING for letter in text) else 0.0
    return high * size, deep * size


def row(boxes: Iterable[Box]) -> Box:
    """Boxes side by side on one baseline."""
    inks: List[Ink] = []
    width = ascent = descent = 0.0
    for box in boxes:
        inks.extend(at(box, width, 0.0))
        width += box.width
        ascent, descent = max(ascent, box.ascent), max(descent, box.descent)
    return Box(width, ascent, descent, tuple(inks))


def raised(box: Box, up: float) -> Box:
    """A box moved up (down when negative) against the line it stands in."""
    return Box(box.width, box.ascent + up, box.descent - up, at(box, 0.0, up))


def scripts(base: Box, above: Box, below: Box, size: float) -> Box:
    """A base with an exponent and an index, either of which may be `EMPTY`."""
    up = max(0.36 * size, base.ascent - 0.34 * size, above.descent + 0.28 * size)
    down = max(0.16 * size, base.descent + 0.04 * size, below.ascent - 0.40 * size)
    if above.inks and below.inks:
        # The two must not touch.
        clash = (below.ascent - down) - (up - above.descent) + 0.12 * size
        down += max(0.0, clash)
    gap = 0.05 * size
    inks = base.inks
    if above.inks:
        inks += at(above, base.width + gap, up)
    if below.inks:
        inks += at(below, base.width + gap, -down)
    ascent = max(base.ascent, up + above.ascent if above.inks else 0.0)
    descent = max(base.descent, down + below.descent if below.inks else 0.0)
    width = base.width + max(above.width, below.width) + 1.5 * gap
    return Box(width, ascent, descent, inks)


def fraction(top: Box, bottom: Box, size: float, *, roomy: bool) -> Box:
    """A numerator over a denominator, its bar on the height of a minus sign."""
    axis, thickness = 0.265 * size, rule_thickness(size)
    gap = (0.20 if roomy else 0.13) * size
    side = 0.10 * size
    inner = max(top.width, bottom.width) + 2 * side
    outer = 0.06 * size
    up = axis + thickness / 2 + gap + top.descent
    down = gap + thickness / 2 - axis + bottom.ascent
    inks = (
        *at(top, outer + (inner - top.width) / 2, up),
        *at(bottom, outer + (inner - bottom.width) / 2, -down),
        RuleInk(outer, axis - thickness / 2, inner, thickness),
    )
    return Box(inner + 2 * outer, up + top.ascent, down + bottom.descent, inks)


def rule_thickness(size: float) -> float:
    """A line's thickness: never thinner than a pixel, or an old panel loses it."""
    return max(1.0, round(0.06 * size))


def radical(content: Box, degree: Box, size: float) -> Box:
    """A root sign over its content, with a degree or `EMPTY`."""
    thickness = rule_thickness(size)
    gap = 0.12 * size
    top = max(content.ascent, 0.56 * size) + gap + thickness
    bottom = -max(content.descent, 0.02 * size) - 0.04 * size
    height = top - bottom
    hook = min(0.55 * size, 0.28 * size + 0.10 * height)
    shift = max(0.0, degree.width - 0.32 * hook)
    bend = bottom + 0.42 * min(height, 1.1 * size)
    bar_y = top - thickness / 2
    points = (
        (shift, bend - 0.05 * size),
        (shift + 0.22 * hook, bend + 0.03 * size),
        (shift + 0.52 * hook, bottom + thickness / 2),
        (shift + hook, bar_y),
    )
    start = shift + hook
    inside = start + 0.06 * size
    inks: Tuple[Ink, ...] = (
        StrokeInk(points, thickness),
        RuleInk(start, top - thickness, content.width + 0.14 * size, thickness),
        *at(content, inside, 0.0),
        *at(degree, shift + 0.32 * hook - degree.width, bend + 0.14 * size + degree.descent),
    )
    ascent = max(top, bend + 0.14 * size + degree.height)
    return Box(inside + content.width + 0.12 * size, ascent, -bottom, inks)


def stacked(rows: Sequence[Sequence[Box]], size: float, align: str = "l") -> Box:
    """Rows of cells, their columns aligned left ("l") or centred ("c"), centred on the axis."""
    if not rows:
        return EMPTY
    count = max(len(cells) for cells in rows)
    padded = [[*cells, *[EMPTY] * (count - len(cells))] for cells in rows]
    widths = [max(cells[column].width for cells in padded) for column in range(count)]
    lines = []
    for cells in padded:
        placed = [_cell(cell, width, align) for cell, width in zip(cells, widths)]
        lines.append(row(_spread(placed, 0.8 * size)))
    return _piled(lines, size)


def _cell(box: Box, width: float, align: str) -> Box:
    free = width - box.width
    left = free / 2 if align == "c" else 0.0
    return row((space(left), box, space(free - left)))


def _spread(boxes: Sequence[Box], gap: float) -> List[Box]:
    spread: List[Box] = []
    for index, box in enumerate(boxes):
        spread.extend((space(gap), box) if index else (box,))
    return spread


def _piled(lines: Sequence[Box], size: float) -> Box:
    leading = 0.28 * size
    ascents = [max(line.ascent, 0.7 * size) for line in lines]
    descents = [max(line.descent, 0.2 * size) for line in lines]
    height = sum(ascents) + sum(descents) + leading * (len(lines) - 1)
    top = 0.265 * size + height / 2
    inks: List[Ink] = []
    y = top
    for line, ascent, descent in zip(lines, ascents, descents):
        inks.extend(at(line, 0.0, y - ascent))
        y -= ascent + descent + leading
    return Box(max(line.width for line in lines), top, height - top, tuple(inks))
