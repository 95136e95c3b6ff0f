"""Which words belong on the picture now, and in which language."""

from __future__ import annotations

from bisect import bisect_right
from typing import Iterable, Optional, Protocol, Sequence, Tuple

OFF = ""
"""The choice of no subtitles."""


class TimedText(Protocol):
    """A cue (`content.documents.subtitles.Cue` is one)."""

    @property
    def start_s(self) -> float:
        """From when it is shown, in seconds of the medium."""

    @property
    def end_s(self) -> float:
        """Until when."""

    @property
    def text(self) -> str:
        """The words."""


class Timeline:
    """Cues in order of time, asked once a frame."""

    def __init__(self, cues: Iterable[TimedText]) -> None:
        self._cues: Sequence[TimedText] = sorted(cues, key=lambda cue: cue.start_s)
        self._starts = [cue.start_s for cue in self._cues]

    def at(self, position_s: float) -> str:
        """The words at a time; cues that overlap stand under each other."""
        # Speech is cued in order and rarely overlaps: looking back over a few is enough.
        last = bisect_right(self._starts, position_s)
        near = self._cues[max(0, last - 4) : last]
        return "\n".join(cue.text for cue in near if cue.start_s <= position_s < cue.end_s)


def choices(available: Iterable[str], order: Sequence[str]) -> Tuple[str, ...]:
    """What can be chosen: the languages there are, in the given order, then `OFF`."""
    there = set(available)
    ranked = [language for language in order if language in there]
    return (*ranked, *sorted(there.difference(order)), OFF)


def first_choice(available: Iterable[str], language: str) -> str:
    """The reader's own language if there are subtitles in it, else none."""
    return language if language in set(available) else OFF


def following(options: Sequence[str], now: Optional[str]) -> str:
    """The option after this one, around the end."""
    if not options:
        return OFF
    at = options.index(now) if now in options else -1
    return options[(at + 1) % len(options)]


def clock_text(seconds: float) -> str:
    """A time of a medium as people read it: 0:07, 4:10, 1:02:03."""
    whole = max(0, int(seconds))
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{whole % 60:02d}"
    return f"{minutes}:{whole % 60:02d}"
