"""The pictures in the lessons' texts; numbers and signs only, so that they serve every language."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, List, Mapping, Tuple

from PIL import Image

from content.samples.drawing import things
from content.samples.drawing.canvas import Canvas, Point
from content.samples.drawing.palette import (
    GREEN,
    GREEN_TINT,
    INK,
    LINE,
    MUTED,
    PAPER,
    RUST,
    RUST_TINT,
    SKY,
    SKY_TINT,
    SUN,
    SUN_TINT,
    SURFACE,
    Colour,
)

_COLOURS = 64


def save(image: Image.Image, path: Path) -> None:
    """Write a PNG with a palette: drawings of few colours become a third of the size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def draw_pictures(pack: Path) -> None:
    """Draw every picture into the pack's source folder."""
    for name, draw in PICTURES.items():
        lesson, _, picture = name.partition("/")
        save(draw().image(), pack / "lessons" / lesson / "pictures" / f"{picture}.png")


def arc(start: Point, end: Point, rise: float) -> List[Point]:
    """Points of an arc that rises ``rise`` above its ends."""
    steps = [step / 24 for step in range(25)]
    return [
        (
            start[0] + (end[0] - start[0]) * t,
            start[1] + (end[1] - start[1]) * t - 4 * rise * t * (1 - t),
        )
        for t in steps
    ]


def crossing(start: Point, end: Point) -> List[Point]:
    """Points of a curve that leaves ``start`` and reaches ``end`` upright."""
    steps = [step / 24 for step in range(25)]
    return [
        (
            start[0] + (end[0] - start[0]) * t * t * (3 - 2 * t),
            start[1] + (end[1] - start[1]) * (t * 0.6 + 0.4 * t * t * (3 - 2 * t)),
        )
        for t in steps
    ]


def _balance() -> Canvas:
    canvas = Canvas(480, 230, 2)
    canvas.box((0, 206, 480, 230), SUN_TINT)
    left = [things.sack(size=40), things.sack(size=40), things.weight("3", 34)]
    things.scales(canvas, (240, 208), 142, 0, (left, [things.weight("11", 54)]), spread=46)
    return canvas


def _number_line() -> Canvas:
    canvas = Canvas(480, 150, 2)
    left, unit, y = 30.0, 33.0, 104.0
    canvas.arrow([(14, y), (470, y)], INK, 2.4)
    for number in range(13):
        x = left + unit * number
        canvas.line([(x, y - 5), (x, y + 5)], INK, 1.8)
        marked = number in (0, 4, 8, 11)
        canvas.text(
            (x, y + 22), str(number), 16 if marked else 13, INK if marked else MUTED, marked
        )
    jumps: Tuple[Tuple[int, int, str, Colour], ...] = (
        (0, 4, "x", SKY), (4, 8, "x", SKY), (8, 11, "3", RUST),
    )  # fmt: skip
    for start, end, label, colour in jumps:
        points = arc((left + unit * start, y - 6), (left + unit * end, y - 6), 40)
        canvas.arrow(points, colour, 3)
        canvas.formula((left + unit * (start + end) / 2, y - 66), label, 24, colour, bold=True)
    return canvas


def _balance_steps() -> Canvas:
    canvas = Canvas(600, 164, 1.7)
    bag, small = things.sack(size=22), things.weight("3", 20)
    steps = (
        ("2x + 3 = 11", [bag, bag, small], [things.weight("8", 28), small]),
        ("2x = 8", [bag, bag], [things.weight("4", 22), things.weight("4", 22)]),
        ("x = 4", [bag], [things.weight("4", 22)]),
    )
    for number, (label, left, right) in enumerate(steps):
        x = 100 + 200 * number
        canvas.box((x - 96, 6, x + 96, 158), SURFACE, LINE, 1, 10)
        canvas.formula((x, 28), label, 22, GREEN if number == 2 else INK, bold=True)
        things.scales(canvas, (x, 148), 57, 0, (left, right), spread=23)
        if number:
            canvas.arrow([(x - 110, 72), (x - 92, 72)], SUN, 3.4)
    return canvas


def _moving_terms() -> Canvas:
    canvas = Canvas(480, 200, 2)
    canvas.box((12, 10, 468, 190), SURFACE, LINE, 1, 12)
    before = (
        ("5x", 90, INK),
        ("− 4", 160, RUST),
        ("=", 232, INK),
        ("2x", 300, SKY),
        ("+ 11", 382, INK),
    )
    after = (
        ("5x", 90, INK),
        ("− 2x", 160, SKY),
        ("=", 232, INK),
        ("11", 300, INK),
        ("+ 4", 382, RUST),
    )
    for y, terms in ((58, before), (150, after)):
        for label, x, colour in terms:
            canvas.formula((x, y), label, 36, colour, bold=True)
    canvas.arrow(crossing((160, 80), (382, 126)), RUST, 3)
    canvas.arrow(crossing((300, 80), (160, 126)), SKY, 3)
    return canvas


def _brackets() -> Canvas:
    canvas = Canvas(480, 210, 2)
    left, top, split, right, bottom = 90, 66, 290, 400, 176
    canvas.box((left, top, split, bottom), SKY_TINT, SKY, 2.4)
    canvas.box((split, top, right, bottom), SUN_TINT, RUST, 2.4)
    canvas.formula((190, 122), "3x", 40, SKY, bold=True)
    canvas.formula((345, 122), "6", 40, RUST, bold=True)
    canvas.formula((190, 40), "x", 28, INK, bold=True)
    canvas.formula((345, 40), "2", 28, INK, bold=True)
    canvas.formula((60, 122), "3", 28, INK, bold=True)
    for start, end in ((left, split), (split, right)):
        canvas.line([(start + 2, 58), (end - 2, 58)], MUTED, 1.6)
    canvas.line([(80, top + 2), (80, bottom - 2)], MUTED, 1.6)
    canvas.formula((245, 196), "3(x + 2) = 3x + 6", 18, INK, bold=True)
    return canvas


def _how_many() -> Canvas:
    canvas = Canvas(600, 200, 1.7)
    bag = things.sack(size=24)
    cases = (
        (150, 0.19, "2x + 6 ≠ 2x + 5", "5", RUST, RUST_TINT, things.cross),
        (450, 0.0, "2x + 6 = 2x + 6", "6", GREEN, GREEN_TINT, things.tick),
    )
    for x, tilt, label, right, colour, tint, mark in cases:
        canvas.box((x - 140, 8, x + 140, 192), SURFACE, LINE, 1, 10)
        canvas.box((x - 132, 14, x + 132, 46), tint, radius=8)
        canvas.formula((x - 14, 30), label, 21, colour, bold=True)
        mark(canvas, x + 112, 30, 11, colour)
        loads = [bag, bag, things.weight("6", 26)], [bag, bag, things.weight(right, 24)]
        things.scales(canvas, (x, 176), 76, tilt, loads, spread=27)
    return canvas


def _sheep() -> Canvas:
    canvas = Canvas(480, 210, 2)
    for row, count in ((0, 3), (1, 1)):
        y = 62 + 84 * row
        things.sheep(canvas, 48, y + 18, 46)
        for bar in range(count):
            x = 92 + 92 * bar
            colours = (SKY_TINT, SKY) if row == 0 else (SUN_TINT, RUST)
            canvas.box((x, y - 24, x + 90, y + 24), colours[0], colours[1], 2, 5)
            canvas.formula((x + 45, y), "x", 28, INK, bold=True)
    for corner in (-1, 1):
        middle = 104.0
        canvas.line([(384, middle + corner * 66), (398, middle + corner * 58)], MUTED, 2.4)
        canvas.line([(398, middle + corner * 58), (398, middle + corner * 8)], MUTED, 2.4)
        canvas.line([(398, middle + corner * 8), (408, middle)], MUTED, 2.4)
    canvas.text((438, 104), "96", 32, GREEN, bold=True)
    return canvas


def _steppe() -> Canvas:
    canvas = Canvas(480, 220, 2)
    things.steppe(canvas, 92, (392, 36))
    things.yurt(canvas, 34, 112, 46)
    things.house(canvas, 76, 118, 30)
    things.house(canvas, 424, 116, 30, GREEN)
    things.house(canvas, 456, 122, 28)
    canvas.line([(30, 146), (450, 146)], MUTED, 13)
    for x in range(44, 444, 22):
        canvas.line([(x, 146), (x + 9, 146)], PAPER, 1.6)
    things.lorry(canvas, 130, 144, 54)
    things.motorcycle(canvas, 366, 144, 32)
    canvas.arrow([(164, 124), (206, 124)], SKY, 3)
    canvas.arrow([(342, 124), (314, 124)], RUST, 3)
    canvas.text((186, 108), "60", 20, SKY, bold=True)
    canvas.text((326, 108), "40", 20, RUST, bold=True)
    things_at = 282.0
    canvas.line([(things_at, 146), (things_at, 118)], INK, 2)
    canvas.polygon([(things_at, 118), (things_at + 20, 124), (things_at, 131)], SUN)
    for x in (30, 450):
        canvas.line([(x, 166), (x, 182)], INK, 2)
    canvas.line([(30, 174), (450, 174)], INK, 2)
    canvas.text((240, 196), "150", 24, INK, bold=True)
    return canvas


def _laptops() -> Canvas:
    canvas = Canvas(540, 210, 1.8)
    shirts = (SKY, GREEN, RUST, MUTED)
    for number in range(9):
        pupils = 2 if number < 4 else 4
        in_row = number if number < 4 else number - 4
        count = 4 if number < 4 else 5
        x = 270 + (in_row - (count - 1) / 2) * 104
        y = 84 if number < 4 else 184
        for place in range(pupils):
            dx = (place - (pupils - 1) / 2) * 22
            things.pupil(canvas, x + dx, y - 34, 22, shirts[place])
        things.laptop(canvas, x, y, 46)
    return canvas


PICTURES: Mapping[str, Callable[[], Canvas]] = {
    "meaning/balance": _balance,
    "meaning/number-line": _number_line,
    "meaning/balance-steps": _balance_steps,
    "solving/moving-terms": _moving_terms,
    "solving/brackets": _brackets,
    "solving/how-many": _how_many,
    "problems/sheep": _sheep,
    "problems/steppe": _steppe,
    "problems/laptops": _laptops,
}
"""Lesson and picture name to what draws it."""
