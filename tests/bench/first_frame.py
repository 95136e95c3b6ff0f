"""Tells when a Kivy programme's first complete frame is drawn, and what memory it holds then."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, Callable

STATUS = Path("/proc/self/status")
QUIET_S = 0.2


def tell_first_frame(leave: Callable[[], Any]) -> None:
    """Print the moment of the first complete frame as a JSON line, then leave.

    Call it in ``on_start``. The first frame may show the window's ground alone, so what counts is
    the last one before the programme has nothing more to draw.
    """
    from kivy.clock import Clock
    from kivy.core.window import Window

    frames = []

    def flipped(*_: object) -> None:
        frames.append({"at_s": time.monotonic(), "resident_kib": resident_kib()})

    def look(_: float) -> None:
        if not frames or Window.canvas.needs_redraw:
            return
        if time.monotonic() - frames[-1]["at_s"] > QUIET_S:
            print(json.dumps(frames[-1]), flush=True)
            leave()

    Window.bind(on_flip=flipped)
    Clock.schedule_interval(look, 0)


def resident_kib() -> int:
    """Resident memory of this process now, in KiB; Linux only."""
    for line in STATUS.read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("no VmRSS")
