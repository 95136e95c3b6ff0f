from __future__ import annotations

from datetime import date, datetime

import pytest

from sync_server import days
from sync_server.days import day_of, local_of, night_of


def test_the_wall_shows_the_machines_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "machine_zone_offset_s", lambda _: 5 * 3600)
    late_ms = 1_795_386_600_000
    assert local_of(late_ms) == datetime(2026, 11, 23, 3, 30)
    assert day_of(late_ms) == date(2026, 11, 23).toordinal()


@pytest.mark.parametrize(
    ("moment", "evening"),
    [((23, 22, 0), 23), ((24, 5, 59), 23), ((24, 11, 59), 23), ((24, 12, 0), 24)],
)
def test_a_night_is_named_by_its_evening(moment: tuple[int, int, int], evening: int) -> None:
    day, hour, minute = moment
    assert night_of(datetime(2026, 11, day, hour, minute)) == date(2026, 11, evening).toordinal()
