"""What a right clock on the wall shows, on a machine whose clock or time zone is wrong.

Kazakhstan went from UTC+6 to UTC+5 in March 2024, and Windows 7 was never told: there people put
the clock back by an hour so that it shows the right time. Such a machine's idea of UTC is an hour
off, and its display is right. So a clock that the server's word corrects by about an hour is
believed in what it shows, and any other correction is added to it.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

_HOUR_MS = 3_600_000
_SLACK_MS = 10 * 60 * 1000


def local_time(true_ms: int, machine_ms: int, zone_offset_s: int) -> datetime:
    """Return the time on the wall, without a zone.

    ``true_ms`` is the likeliest time since 1970 in UTC, ``machine_ms`` what the machine believes,
    ``zone_offset_s`` what it adds for its time zone. Times that no calendar holds are 1970.
    """
    correction_ms = true_ms - machine_ms
    by_hand = abs(abs(correction_ms) - _HOUR_MS) <= _SLACK_MS
    shown_ms = machine_ms if by_hand else true_ms
    try:
        utc = datetime(1970, 1, 1) + timedelta(milliseconds=shown_ms)
        return utc + timedelta(seconds=zone_offset_s)
    except OverflowError:
        return datetime(1970, 1, 1)


def machine_zone_offset_s(at_ms: int) -> int:
    """Return what this machine's time zone adds to UTC at a time; 0 where it cannot tell."""
    try:
        offset = datetime.fromtimestamp(at_ms / 1000, timezone.utc).astimezone().utcoffset()
    except (OverflowError, OSError, ValueError):
        return 0
    return int(offset.total_seconds()) if offset is not None else 0
