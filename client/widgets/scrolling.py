"""Keeping a scroll position while a screen is built anew."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock

FRAMES = 3
"""Frames that wrapped text may need until its height is known."""


def scroll_when_laid_out(scroller: Any, pixels: float) -> None:
    """Scroll ``pixels`` down from the top as soon as the content has its height."""

    def settle(frames: int) -> None:
        hidden = scroller.children[0].height - scroller.height if scroller.children else 0
        if hidden > 0:
            scroller.scroll_y = max(0.0, 1 - pixels / hidden)
        if frames > 0:
            Clock.schedule_once(lambda _: settle(frames - 1), 0)

    settle(FRAMES)
