"""What a store keeps for whoever looks after a server: nights of its line, days of laptops.

Days and nights are numbered as ``date.toordinal`` does; a night has the number of its evening.
"""

from __future__ import annotations

from typing import Mapping, Optional, Protocol, Tuple


class NightRows(Protocol):
    """The part of a transaction that is about nights and days."""

    def night(self, night: int, upstream: str) -> Optional[str]:
        """Return what was kept of a night with an upstream."""

    def set_night(self, night: int, upstream: str, value: str) -> None:
        """Keep what became of a night with an upstream; nights of long ago are forgotten."""

    def nights(self, first_night: int) -> Tuple[Tuple[int, str, str], ...]:
        """Return night, upstream and value, from a night on, in order."""

    def note_seen(self, day: int, device_id: str) -> None:
        """Note that a laptop was here on a day."""

    def seen(self, first_day: int) -> Mapping[int, int]:
        """Return how many laptops were here on each day from one on, where there were any."""
