"""What a screen may ask of a video, whatever decodes it.

Times are seconds of the medium: at double speed the position still runs from 0 to the
duration, only faster. A player never raises for a bad file: it goes to `State.FAILED`
with a `problem`, and the lesson around it goes on.
"""

from __future__ import annotations

import enum
from pathlib import Path
from typing import NamedTuple, Optional, Protocol

SPEEDS = (0.75, 1.0, 1.25, 1.5, 2.0)
"""The speeds a pupil may choose, as multiples of the recorded one."""


class State(enum.Enum):
    """What a player is doing now."""

    CLOSED = "closed"
    LOADING = "loading"
    PAUSED = "paused"
    PLAYING = "playing"
    ENDED = "ended"
    FAILED = "failed"


class Problem(enum.Enum):
    """Why a player failed; the value is the last part of a message key."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    CUT_SHORT = "cut-short"
    NO_DECODER = "no-decoder"


class Picture(NamedTuple):
    """One decoded frame.

    `rgba` holds `width * height * 4` bytes, the top row first, ready for a texture.
    """

    width: int
    height: int
    rgba: bytes
    position_s: float


class Player(Protocol):
    """A video that can be played, paused, sought and sped up.

    All methods return at once; decoding happens elsewhere.
    """

    @property
    def state(self) -> State:
        """What the player is doing."""

    @property
    def problem(self) -> Optional[Problem]:
        """Why it failed, when it did."""

    @property
    def position_s(self) -> float:
        """Media time of the picture on the screen."""

    @property
    def duration_s(self) -> float:
        """Length of the medium, 0.0 until it is known."""

    @property
    def speed(self) -> float:
        """The speed chosen, one of `SPEEDS`."""

    def open(self, path: Path, position_s: float = 0.0) -> None:
        """Load a file and show its picture at `position_s`, paused."""

    def play(self) -> None:
        """Go on from here, or from the start when the end was reached."""

    def pause(self) -> None:
        """Stop here."""

    def seek(self, position_s: float) -> None:
        """Jump; a position outside of the medium means its nearest end."""

    def set_speed(self, speed: float) -> None:
        """Choose one of `SPEEDS`; raises ValueError for another."""

    def take_picture(self) -> Optional[Picture]:
        """The newest frame if it was not taken yet: at most one per frame of the video."""

    def close(self) -> None:
        """Free the decoder. The player may be opened again."""


def clamp(position_s: float, duration_s: float) -> float:
    """Keep a position inside a medium; a duration of 0 is one that is not known yet."""
    latest_s = duration_s if duration_s > 0 else position_s
    return max(0.0, min(position_s, latest_s))
