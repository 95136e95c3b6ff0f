"""Days and nights as people at a school count them: by the clock on its wall."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Optional

from sync.link.local_time import local_time, machine_zone_offset_s


def local_of(time_ms: int) -> datetime:
    """Return what the clock on the wall shows at a time, in milliseconds since 1970."""
    return local_time(time_ms, time_ms, machine_zone_offset_s(time_ms))


def day_of(time_ms: int) -> int:
    """Return the number of a time's day, as ``date.toordinal`` counts."""
    return local_of(time_ms).toordinal()


def night_of(local: datetime) -> int:
    """Return the number of the night that a moment on the wall belongs to: that of its evening.

    All from one noon to the next is one night, whatever hours the line is used.
    """
    return (local - timedelta(hours=12)).toordinal()


def utc_text(time_ms: Optional[int]) -> Optional[str]:
    """Return a time as ISO 8601 in UTC, to the second."""
    if time_ms is None:
        return None
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time_ms // 1000))
