"""Brackets as high as what they enclose, drawn as lines of even thickness."""

from __future__ import annotations

import math
from typing import Dict, List, Tuple

from client.widgets.formula_boxes import (
    EMPTY,
    Box,
    Ink,
    Measure,
    Point,
    RuleInk,
    StrokeInk,
    row,
    rule_thickness,
    space,
    text_box,
)

_OPENING = {"(": "(", "[": "[", "{": "{", "|": "|"}
_MIRRORED: Dict[str, str] = {")": "(", "]": "[", "}": "{", "|": "|"}


def fenced(measure: Measure, left: str, content: Box, right: str, size: float) -> Box:
    """Content between brackets; "." or "" on a side leaves that side open."""
    axis = 0.265 * size
    half = max(content.ascent - axis, content.descent + axis, 0.42 * size) + 0.04 * size
    boxes = [
        _bracket(measure, left, axis, half, size, opening=True),
        content,
        _bracket(measure, right, axis, half, size, opening=False),
    ]
    return row(box for box in boxes if box is not EMPTY)


def _bracket(
    measure: Measure, sign: str, axis: float, half: float, size: float, *, opening: bool
) -> Box:
    if sign in ("", "."):
        return EMPTY
    if half <= 0.62 * size:
        return text_box(measure, sign, size, "upright")
    kind = sign if opening else _MIRRORED.get(sign, sign)
    if kind not in _OPENING:
        return text_box(measure, sign, size, "upright")
    width, points = _outline(kind, axis, half, size)
    if not opening:
        points = [(width - x, y) for x, y in points]
    thickness = 1.2 * rule_thickness(size)
    side = 0.07 * size
    ink: Ink = StrokeInk(tuple(points), thickness)
    if kind == "|":
        thickness = rule_thickness(size)
        ink = RuleInk(width / 2 - thickness / 2, axis - half, thickness, 2 * half)
    box = Box(width, axis + half, half - axis, (ink,))
    return row((space(side), box, space(side)))


def _outline(kind: str, axis: float, half: float, size: float) -> Tuple[float, List[Point]]:
    """Width and points of an opening bracket from top to bottom."""
    top, bottom = axis + half, axis - half
    if kind == "(":
        width = min(0.2 * size + 0.06 * half, 0.5 * size)
        return width, _arc(width, axis, half)
    if kind == "[":
        width = 0.22 * size
        return width, [(width, top), (0.04 * size, top), (0.04 * size, bottom), (width, bottom)]
    if kind == "{":
        width = 0.4 * size
        return width, _brace(width, axis, half)
    return 0.2 * size, [(0.1 * size, top), (0.1 * size, bottom)]


def _arc(width: float, axis: float, half: float) -> List[Point]:
    steps = 18
    points = []
    for step in range(steps + 1):
        angle = math.pi * (step / steps - 0.5)
        points.append((width * (1 - math.cos(angle)), axis - half * math.sin(angle)))
    return points


def _brace(width: float, axis: float, half: float) -> List[Point]:
    """Two mirrored S-curves that meet in the nib at the left."""
    stem, bend = width * 0.5, min(half * 0.5, width * 0.85)
    upper = [
        *_curve((width, axis + half), (stem, axis + half), (stem, axis + half - bend)),
        *_curve((stem, axis + bend), (stem, axis), (0.0, axis)),
    ]
    lower = [(x, 2 * axis - y) for x, y in reversed(upper[:-1])]
    return [*upper, *lower]


def _curve(start: Point, pull: Point, end: Point) -> List[Point]:
    """A quadratic Bézier curve in steps."""
    points = []
    for step in range(9):
        t = step / 8
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        points.append(
            (a * start[0] + b * pull[0] + c * end[0], a * start[1] + b * pull[1] + c * end[1])
        )
    return points
