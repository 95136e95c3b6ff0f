"""What Kivy must be told before its first import. This module imports no kivy.

Kivy reads its environment once: call :func:`prepare` at the top of whatever opens a window.
"""

from __future__ import annotations

import os
import sys
from typing import MutableMapping, Optional, Tuple

MAX_FPS = 30
"""Enough for lessons' video at 15 frames; half the work of Kivy's default on an old machine."""

SIZE_DP = (1024, 600)
"""The reference screen."""


def settings(offscreen: bool, size: Tuple[int, int]) -> MutableMapping[str, str]:
    """Return the environment variables that Kivy reads (its ``KIVY_*`` and ``KCFG_*``)."""
    wanted = {
        "KIVY_NO_ARGS": "1",
        "KIVY_NO_CONFIG": "1",
        "KIVY_NO_FILELOG": "1",
        # Else Kivy opens the root logger for everybody, and each Markdown rule writes a line.
        "KIVY_LOG_MODE": "PYTHON",
        "KIVY_CLIPBOARD": "sdl2",
        "KCFG_KIVY_LOG_LEVEL": "warning",
        "KCFG_KIVY_EXIT_ON_ESCAPE": "0",
        "KCFG_GRAPHICS_MULTISAMPLES": "0",
        "KCFG_GRAPHICS_MAXFPS": str(MAX_FPS),
        "KCFG_GRAPHICS_WIDTH": str(size[0]),
        "KCFG_GRAPHICS_HEIGHT": str(size[1]),
        "KCFG_GRAPHICS_MINIMUM_WIDTH": "320",
        "KCFG_GRAPHICS_MINIMUM_HEIGHT": "480",
        "KCFG_INPUT_MOUSE": "mouse,disable_multitouch",
    }
    if offscreen:
        wanted.update(SDL_VIDEODRIVER="offscreen")
        wanted.update(KIVY_METRICS_DENSITY="1", KIVY_DPI="96")
    return wanted


def prepare(offscreen: bool = False, size: Optional[Tuple[int, int]] = None) -> None:
    """Set Kivy's environment; what the user has set beforehand stays, except the size.

    Raises:
        RuntimeError: Kivy is imported already, so that nothing here would count.
    """
    if "kivy" in sys.modules:
        raise RuntimeError("client.window.prepare() must run before kivy is imported")
    wanted = settings(offscreen, size or SIZE_DP)
    for name, value in wanted.items():
        if size and name in ("KCFG_GRAPHICS_WIDTH", "KCFG_GRAPHICS_HEIGHT"):
            os.environ[name] = value
        os.environ.setdefault(name, value)
