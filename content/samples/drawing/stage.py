"""What scenes share: the ground they stand on, cards, titles, terms that travel."""

from __future__ import annotations

from typing import Sequence, Tuple

from content.samples.drawing import things
from content.samples.drawing.canvas import Canvas, Point
from content.samples.drawing.narration import Clock
from content.samples.drawing.palette import (
    GREEN,
    INK,
    LINE,
    MUTED,
    PAPER,
    SKY,
    SKY_TINT,
    SUN,
    SUN_TINT,
    SURFACE,
    Colour,
    mix,
)


def floor(canvas: Canvas, top: float = 206) -> None:
    """A warm strip to stand on; subtitles may cover it."""
    canvas.box((0, top, canvas.width, canvas.height), SUN_TINT)


def between(start: Point, end: Point, share: float, rise: float = 0) -> Point:
    """The point ``share`` of the way, on an arc that rises ``rise`` in its middle."""
    x = start[0] + (end[0] - start[0]) * share
    y = start[1] + (end[1] - start[1]) * share - 4 * rise * share * (1 - share)
    return x, y


def card(
    canvas: Canvas,
    at: Point,
    words: str,
    share: float = 1,
    size: float = 26,
    colours: Tuple[Colour, Colour] = (INK, SURFACE),
) -> None:
    """A formula on a card that grows out of its middle as ``share`` goes from 0 to 1."""
    if share <= 0.02:
        return
    ink, ground = colours
    half = (canvas.formula_width(words, size, bold=True) / 2 + size * 0.55) * share
    tall = size * 0.85 * share
    corners = (at[0] - half, at[1] - tall, at[0] + half, at[1] + tall)
    canvas.box(corners, ground, LINE if ground == SURFACE else ink, 1.2, 9)
    canvas.formula(at, words, size * share, ink, bold=True)


def label(
    canvas: Canvas, at: Point, words: str, share: float = 1, size: float = 19, colour: Colour = SKY
) -> None:
    """Words that rise into place out of the paper."""
    if share > 0.02:
        canvas.text((at[0], at[1] + 8 * (1 - share)), words, size, mix(PAPER, colour, share), True)


def title(canvas: Canvas, clock: Clock, words: Sequence[str], formula: str) -> None:
    """The opening picture: the steppe at sunrise, the title and one formula."""
    things.steppe(canvas, 150, (338, 122 - 60 * clock.since(0, -0.6, 2.4)))
    things.yurt(canvas, 62, 176, 70)
    for number in range(3):
        things.sheep(canvas, 190 + 46 * number - 6 * clock.now_s, 196 + 9 * (number % 2), 30)
    share = clock.since(0, -0.7, 0.7)
    corners = (24, 18 - 6 * (1 - share), 24 + 292 * share, 30 + 32 * len(words))
    if share > 0.2:
        canvas.box(corners, SURFACE, LINE, 1.2, 12)
    if share >= 1:
        for row, said in enumerate(words):
            canvas.text((40, 40 + 31 * row), said, 25, SKY, bold=True, align=0)
    card(canvas, (346, 178), formula, clock.since(0, 0.8), 24, (INK, SUN))


def steps(canvas: Canvas, clock: Clock, words: Sequence[str], each_s: float, line: int = 0) -> None:
    """A road of steps that light up one after another: what to remember."""
    top, pitch = 26.0, 37.0
    floor(canvas)
    things.sheep(canvas, 360, 226, 72)
    canvas.line([(84, top), (84, top + pitch * (len(words) - 1))], LINE, 4)
    shares = [clock.since(line, each_s * number, 0.5) for number in range(len(words))]
    reached = pitch * max(0.0, sum(shares) - 1)
    canvas.line([(84, top), (84, top + reached)], GREEN, 4)
    for number, (said, share) in enumerate(zip(words, shares)):
        y = top + pitch * number
        canvas.ellipse(84, y, 15, 15, mix(LINE, GREEN, share))
        canvas.text((84, y), str(number + 1), 17, mix(MUTED, SURFACE, share), bold=True)
        canvas.text((114, y), said, 23, mix(LINE, INK, share), bold=True, align=0)


def marked(canvas: Canvas, at: Point, share: float, right: bool = True) -> None:
    """A tick or a cross that pops up."""
    if share > 0.02:
        (things.tick if right else things.cross)(canvas, at[0], at[1], 15 * share)


def tinted(share: float, colour: Colour = SKY_TINT) -> Colour:
    """The paper as it turns to ``colour``."""
    return mix(PAPER, colour, share)
