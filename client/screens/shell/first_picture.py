"""The first screen as a picture: shows that a machine can draw."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

from kivy.clock import Clock
from kivy.core.window import Window

from client.picture import png_of_window

DELAY_S = 1.0
"""By then what the first screen asks the disk for has come, on the slowest machine."""

FRAMES = 10
"""What a busy machine needs beyond that to lay out and draw what has come."""


def take(path: Path, done: Callable[[], None]) -> None:
    """Write the window as PNG once it is drawn, and call ``done``."""

    def turn(frames_left: int) -> None:
        if frames_left:
            Clock.schedule_once(lambda _: turn(frames_left - 1), 0)
            return
        path.write_bytes(png_of_window(Window))
        done()

    Clock.schedule_once(lambda _: turn(FRAMES), DELAY_S)
