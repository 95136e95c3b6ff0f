from __future__ import annotations

from datetime import datetime, timezone

import pytest

from sync.link.local_time import local_time, machine_zone_offset_s

HOUR_MS = 3_600_000
NOON = int(datetime(2026, 11, 22, 7, 0, tzinfo=timezone.utc).timestamp() * 1000)
WALL = datetime(2026, 11, 22, 12, 0)
FIVE, SIX = 5 * 3600, 6 * 3600


def test_a_right_clock_in_the_right_zone() -> None:
    assert local_time(NOON, NOON, FIVE) == WALL
    assert local_time(NOON, NOON - 20_000, FIVE) == WALL


def test_windows_7_with_the_old_zone_and_a_clock_put_back_by_hand() -> None:
    """Its display is right; its UTC is an hour behind."""
    assert local_time(NOON, NOON - HOUR_MS, SIX) == WALL


@pytest.mark.parametrize("off_h", [-5, -2, 3, 24, -24 * 365 * 23, 24 * 365 * 5])
def test_a_clock_that_is_plainly_wrong_is_corrected(off_h: int) -> None:
    assert local_time(NOON, NOON + off_h * HOUR_MS, FIVE) == WALL


def test_minutes_of_drift_do_not_hide_the_hour() -> None:
    shown = local_time(NOON, NOON - HOUR_MS - 4 * 60_000, SIX)
    assert shown == datetime(2026, 11, 22, 11, 56)


@pytest.mark.parametrize("time_ms", [1 << 62, -(1 << 62)])
def test_times_no_calendar_holds(time_ms: int) -> None:
    assert local_time(time_ms, time_ms, FIVE).year == 1970
    assert machine_zone_offset_s(time_ms) == 0


def test_the_machine_s_own_zone_agrees_with_its_display() -> None:
    offset_s = machine_zone_offset_s(NOON)
    assert local_time(NOON, NOON, offset_s) == datetime.fromtimestamp(NOON / 1000)
