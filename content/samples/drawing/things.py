"""Things that lessons are about: sacks, weights, scales, sheep, cars, houses."""

from __future__ import annotations

import math
from typing import Callable, List, Sequence, Tuple

from content.samples.drawing.canvas import Canvas, Point
from content.samples.drawing.palette import (
    GREEN,
    HILL,
    INK,
    LINE,
    MUTED,
    PAPER,
    RUST,
    SKY,
    SKY_TINT,
    STEPPE,
    SUN,
    SUN_TINT,
    SURFACE,
    Colour,
    mix,
)

Load = Callable[[Canvas, float, float], None]
"""Draws something that stands at x, y (the middle of its foot)."""


def sack(label: str = "x", size: float = 30, lift: float = 0) -> Load:
    """A sack of unknown mass, as wide as ``size``, standing ``lift`` above its place."""

    def draw(canvas: Canvas, x: float, y: float) -> None:
        foot = y - lift
        canvas.ellipse(x, foot - size * 0.44, size * 0.47, size * 0.44, SUN)
        canvas.box(
            (x - size * 0.43, foot - size * 0.42, x + size * 0.43, foot), SUN, radius=size * 0.2
        )
        neck = foot - size * 0.84
        ears = ((-0.24, -0.24), (-0.08, -0.15), (0.08, -0.26), (0.24, -0.18))
        top = [(x + dx * size, neck + dy * size) for dx, dy in ears]
        canvas.polygon([(x - size * 0.1, neck), *top, (x + size * 0.1, neck)], SUN)
        canvas.line([(x - size * 0.13, neck), (x + size * 0.13, neck)], RUST, size * 0.09)
        if label:
            canvas.formula((x, foot - size * 0.42), label, size * 0.56, INK, bold=True)

    return draw


def weight(label: str, size: float = 30, lift: float = 0) -> Load:
    """A weight with its kilograms written on it."""

    def draw(canvas: Canvas, x: float, y: float) -> None:
        foot = y - lift
        canvas.ellipse(x, foot - size * 0.86, size * 0.16, size * 0.14, MUTED)
        canvas.box((x - size * 0.07, foot - size * 0.85, x + size * 0.07, foot - size * 0.6), MUTED)
        shape = ((-0.32, -0.7), (0.32, -0.7), (0.45, 0), (-0.45, 0))
        canvas.polygon([(x + dx * size, foot + dy * size) for dx, dy in shape], SKY)
        canvas.text((x, foot - size * 0.34), label, size * 0.46, SURFACE, bold=True)

    return draw


def scales(
    canvas: Canvas,
    foot: Point,
    reach: float,
    tilt: float,
    loads: Tuple[Sequence[Load], Sequence[Load]],
    spread: float = 32,
) -> None:
    """A pair of scales standing at ``foot``; ``tilt`` is in radians, above 0: the left sinks."""
    x, y = foot
    top = y - reach * 0.95
    canvas.polygon([(x - 3, top), (x + 3, top), (x + 6, y), (x - 6, y)], MUTED)
    canvas.box((x - reach * 0.3, y - 5, x + reach * 0.3, y), MUTED, radius=3)
    sides = (-1, 1)
    ends = [
        (x + side * reach * math.cos(tilt), top - side * reach * math.sin(tilt)) for side in sides
    ]
    canvas.line(ends, INK, reach * 0.045)
    canvas.ellipse(x, top, reach * 0.06, reach * 0.06, SUN)
    for end, side_loads in zip(ends, loads):
        _pan(canvas, end, reach, side_loads, spread)


def _pan(canvas: Canvas, end: Point, reach: float, loads: Sequence[Load], spread: float) -> None:
    x, y = end
    half = reach * 0.62
    floor = y + reach * 0.62
    for side in (-1, 1):
        canvas.line([(x, y), (x + side * half * 0.92, floor)], MUTED, 1.2)
    canvas.ellipse(x, y, 2.5, 2.5, INK)
    first = x - spread * (len(loads) - 1) / 2
    for number, load in enumerate(loads):
        load(canvas, first + spread * number, floor)
    canvas.box((x - half, floor, x + half, floor + reach * 0.07), INK, radius=reach * 0.035)


def sheep(canvas: Canvas, x: float, y: float, size: float = 20) -> None:
    """A sheep that stands at x, y, about ``size`` wide."""
    for dx in (-0.24, -0.1, 0.12, 0.26):
        canvas.line([(x + dx * size, y - size * 0.25), (x + dx * size, y)], INK, size * 0.07)
    for dx, dy, radius in (
        (-0.26, -0.4, 0.2), (-0.05, -0.5, 0.22), (0.2, -0.46, 0.2),
        (0.28, -0.34, 0.17), (-0.1, -0.32, 0.22), (0.1, -0.3, 0.2),
    ):  # fmt: skip
        canvas.ellipse(
            x + dx * size, y + dy * size, radius * size * 1.12, radius * size * 1.12, LINE
        )
        canvas.ellipse(x + dx * size, y + dy * size, radius * size, radius * size, SURFACE)
    canvas.ellipse(x - size * 0.5, y - size * 0.5, size * 0.13, size * 0.17, INK)
    canvas.ellipse(x - size * 0.38, y - size * 0.6, size * 0.1, size * 0.05, INK)
    canvas.ellipse(x - size * 0.53, y - size * 0.54, size * 0.025, size * 0.025, SURFACE)


def lorry(canvas: Canvas, x: float, y: float, size: float = 40, colour: Colour = SKY) -> None:
    """A lorry driving to the right; x, y is the middle of its foot."""
    canvas.box(
        (x - size * 0.5, y - size * 0.52, x + size * 0.12, y - size * 0.14), SUN, radius=size * 0.04
    )
    canvas.polygon(
        [
            (x + size * 0.15, y - size * 0.46),
            (x + size * 0.34, y - size * 0.46),
            (x + size * 0.46, y - size * 0.28),
            (x + size * 0.5, y - size * 0.12),
            (x + size * 0.15, y - size * 0.12),
        ],
        colour,
    )
    canvas.polygon(
        [
            (x + size * 0.22, y - size * 0.4),
            (x + size * 0.31, y - size * 0.4),
            (x + size * 0.39, y - size * 0.28),
            (x + size * 0.22, y - size * 0.28),
        ],
        SKY_TINT,
    )
    canvas.box((x - size * 0.5, y - size * 0.16, x + size * 0.5, y - size * 0.1), INK)
    for dx in (-0.32, 0.3):
        _wheel(canvas, x + dx * size, y - size * 0.09, size * 0.1)


def motorcycle(canvas: Canvas, x: float, y: float, size: float = 28) -> None:
    """A motorcycle with its rider driving to the left; x, y is the middle of its foot."""
    for dx in (-0.34, 0.34):
        _wheel(canvas, x + dx * size, y - size * 0.17, size * 0.17)
    canvas.line(
        [(x - size * 0.34, y - size * 0.17), (x - size * 0.2, y - size * 0.55)], MUTED, size * 0.07
    )
    body = ((-0.22, -0.42), (0.08, -0.44), (0.36, -0.4), (0.3, -0.28), (-0.1, -0.2))
    canvas.polygon([(x + dx * size, y + dy * size) for dx, dy in body], RUST)
    canvas.line(
        [(x + size * 0.14, y - size * 0.45), (x + size * 0.04, y - size * 0.78)], GREEN, size * 0.2
    )
    canvas.line(
        [(x + size * 0.02, y - size * 0.7), (x - size * 0.2, y - size * 0.55)], GREEN, size * 0.08
    )
    canvas.ellipse(x - size * 0.01, y - size * 1.0, size * 0.13, size * 0.14, SUN)


def _wheel(canvas: Canvas, x: float, y: float, radius: float) -> None:
    canvas.ellipse(x, y, radius, radius, INK)
    canvas.ellipse(x, y, radius * 0.45, radius * 0.45, LINE)


def house(canvas: Canvas, x: float, y: float, size: float = 26, roof: Colour = RUST) -> None:
    """A village house standing at x, y."""
    canvas.box((x - size * 0.42, y - size * 0.5, x + size * 0.42, y), SURFACE)
    canvas.polygon(
        [(x - size * 0.55, y - size * 0.48), (x, y - size), (x + size * 0.55, y - size * 0.48)],
        roof,
    )
    canvas.box(
        (x - size * 0.3, y - size * 0.36, x - size * 0.08, y - size * 0.14), SKY_TINT, SKY, 1
    )
    canvas.box((x + size * 0.08, y - size * 0.38, x + size * 0.3, y), SKY)


def yurt(canvas: Canvas, x: float, y: float, size: float = 34) -> None:
    """A yurt standing at x, y, ``size`` wide."""
    dome = [
        (x + size * 0.5 * math.cos(angle), y - size * 0.3 - size * 0.28 * math.sin(angle))
        for angle in (math.pi * step / 16 for step in range(17))
    ]
    canvas.polygon(dome, SURFACE)
    canvas.box((x - size * 0.5, y - size * 0.31, x + size * 0.5, y), SURFACE)
    canvas.box((x - size * 0.5, y - size * 0.33, x + size * 0.5, y - size * 0.26), SKY)
    canvas.box((x - size * 0.1, y - size * 0.25, x + size * 0.1, y), RUST)
    canvas.ellipse(x, y - size * 0.57, size * 0.1, size * 0.04, RUST)


def laptop(canvas: Canvas, x: float, y: float, size: float = 30) -> None:
    """An open laptop; x, y is the middle of its foot."""
    canvas.box(
        (x - size * 0.4, y - size * 0.6, x + size * 0.4, y - size * 0.08),
        SKY_TINT,
        INK,
        size * 0.05,
        size * 0.05,
    )
    canvas.line([(x - size * 0.22, y - size * 0.42), (x + size * 0.16, y - size * 0.42)], SKY, 1.6)
    canvas.line([(x - size * 0.22, y - size * 0.28), (x + size * 0.04, y - size * 0.28)], SUN, 1.6)
    canvas.box((x - size * 0.52, y - size * 0.09, x + size * 0.52, y), MUTED, radius=size * 0.04)


def pupil(canvas: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    """A pupil's head and shoulders; x, y is the middle of the foot."""
    canvas.ellipse(x, y, size * 0.42, size * 0.5, colour)
    canvas.box((x - size * 0.45, y, x + size * 0.45, y + size * 0.55), PAPER)
    canvas.ellipse(x, y - size * 0.68, size * 0.27, size * 0.29, mix(SUN, RUST, 0.25))
    hair: List[Point] = [
        (
            x + size * 0.28 * math.cos(angle),
            y - size * 0.72 - size * 0.28 * math.sin(angle),
        )
        for angle in (math.pi * step / 10 for step in range(11))
    ]
    canvas.polygon(hair, INK)


def steppe(canvas: Canvas, horizon: float, sun_at: Point) -> None:
    """Sky, sun, hills and the steppe below ``horizon``."""
    width, height = canvas.width, canvas.height
    bands = 12
    for band in range(bands):
        top, bottom = horizon * band / bands, horizon * (band + 1) / bands + 1
        canvas.box((0, top, width, bottom), mix((0xB5, 0xDC, 0xE8), SUN_TINT, band / bands))
    canvas.ellipse(sun_at[0], sun_at[1], height * 0.1, height * 0.1, SUN)
    for shift, rise, colour in ((0.0, 0.13, mix(HILL, SKY_TINT, 0.4)), (2.1, 0.09, HILL)):
        ridge = [
            (x, horizon - height * rise * (0.55 + 0.45 * math.sin(x / width * 7 + shift)))
            for x in (width * step / 40 for step in range(41))
        ]
        canvas.polygon([(0, horizon + 1), *ridge, (width, horizon + 1)], colour)
    canvas.box((0, horizon, width, height), STEPPE)
    for tuft in range(14):
        x = (tuft * 0.618 % 1) * width
        y = horizon + (tuft * 0.377 % 1) * (height - horizon) * 0.9 + 4
        for lean in (-2, 0, 2):
            canvas.line([(x, y), (x + lean, y - 4)], mix(STEPPE, GREEN, 0.35), 0.9)


def tick(canvas: Canvas, x: float, y: float, size: float, colour: Colour = GREEN) -> None:
    """A tick in a circle: right."""
    canvas.ellipse(x, y, size, size, colour)
    points = [
        (x - size * 0.45, y + size * 0.02),
        (x - size * 0.12, y + size * 0.36),
        (x + size * 0.48, y - size * 0.34),
    ]
    canvas.line(points, SURFACE, size * 0.24)


def cross(canvas: Canvas, x: float, y: float, size: float, colour: Colour = RUST) -> None:
    """A cross in a circle: wrong."""
    canvas.ellipse(x, y, size, size, colour)
    reach = size * 0.38
    canvas.line([(x - reach, y - reach), (x + reach, y + reach)], SURFACE, size * 0.24)
    canvas.line([(x - reach, y + reach), (x + reach, y - reach)], SURFACE, size * 0.24)
