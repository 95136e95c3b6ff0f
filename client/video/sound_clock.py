"""How far a sound is that has no picture: FFmpeg hands out frames only, and no frame tells here."""

from __future__ import annotations

from typing import Callable


class SoundClock:
    """Media time that runs as long as the sound does; begins held."""

    def __init__(self, start_s: float, speed: float, now_s: Callable[[], float]) -> None:
        self._speed = speed
        self._now_s = now_s
        self._passed_s = start_s
        self._since_s = 0.0
        self.runs = False

    @property
    def position_s(self) -> float:
        """Media time."""
        if not self.runs:
            return self._passed_s
        return self._passed_s + (self._now_s() - self._since_s) * self._speed

    def run(self, on: bool) -> None:
        """Go on, or hold."""
        if on == self.runs:
            return
        self._passed_s = self.position_s
        self._since_s = self._now_s()
        self.runs = on
