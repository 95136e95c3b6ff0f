"""Keeping a scroll position while a screen is built anew."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock

FRAMES = 3
"""Frames that wrapped text may need until its height is known."""


def scroll_when_laid_out(scroller: Any, pixels: float) -> None:
    """Scroll ``pixels`` down from the top as soon as the content has its height.

    Until then :func:`pixels_from_top` tells the same ``pixels``: what is built anew meanwhile, for
    news that came, must not start from the top.
    """
    scroller.sought_pixels = pixels

    def settle(frames: int) -> None:
        hidden = scroller.children[0].height - scroller.height if scroller.children else 0
        if hidden > 0:
            scroller.scroll_y = max(0.0, 1 - pixels / hidden)
        if frames > 0:
            Clock.schedule_once(lambda _: settle(frames - 1), 0)
        else:
            scroller.sought_pixels = None

    settle(FRAMES)


def pixels_from_top(scroller: Any) -> float:
    """How far a list or a column is scrolled, or is about to be."""
    sought = getattr(scroller, "sought_pixels", None)
    if sought is not None:
        return float(sought)
    if not scroller.children:
        return 0.0
    hidden = scroller.children[0].height - scroller.height
    return max(0.0, float((1 - scroller.scroll_y) * hidden))
