"""The colours of drawings: those of the client, so that lessons look at home in it."""

from __future__ import annotations

from typing import Tuple

Colour = Tuple[int, int, int]

PAPER: Colour = (0xF7, 0xF4, 0xEE)
SURFACE: Colour = (0xFF, 0xFF, 0xFF)
LINE: Colour = (0xE2, 0xDC, 0xD0)
INK: Colour = (0x1D, 0x27, 0x33)
MUTED: Colour = (0x56, 0x61, 0x70)
SKY: Colour = (0x0B, 0x6A, 0x88)
SKY_TINT: Colour = (0xDC, 0xEE, 0xF3)
SUN: Colour = (0xF4, 0xB9, 0x2B)
SUN_TINT: Colour = (0xFC, 0xEF, 0xCB)
GREEN: Colour = (0x25, 0x6B, 0x45)
GREEN_TINT: Colour = (0xDD, 0xEF, 0xE3)
RUST: Colour = (0xA8, 0x48, 0x0F)
RUST_TINT: Colour = (0xFA, 0xE4, 0xD6)
STEPPE: Colour = (0xE9, 0xD9, 0xA8)
HILL: Colour = (0xC9, 0xD3, 0xB4)


def mix(start: Colour, end: Colour, share: float) -> Colour:
    """The colour that lies ``share`` (0 to 1) of the way from ``start`` to ``end``."""
    share = min(1.0, max(0.0, share))
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end))
    return red, green, blue
