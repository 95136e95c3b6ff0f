"""Nights and a week on a clock that is turned: cuts, power, absence, wrong clocks, a chain."""

from __future__ import annotations

import itertools
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable, Iterator, List

import pytest

from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from sync_server.pages.advice import advise
from sync_server.pages.morning import Morning, look
from sync_server.pages.page import morning_page
from sync_server.pages.words import Words
from sync_server.relay.line import line_rules
from sync_server.relay.nights import Night, night_from
from sync_server.settings import LAST_BACKUP
from tests.support.clock import IN_2003_MS, TurnableClock
from tests.support.night import KEY, Load, NightServers
from tests.support.relays import enrol_relay, laptop_at
from tests.support.server import School, open_school
from tests.support.turned_night import TurnedNight

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
AFTERNOON_MS = int(datetime(2026, 11, 23, 14, tzinfo=timezone.utc).timestamp() * 1000)
EVENING_MS, MORNING_MS = AFTERNOON_MS + 8 * HOUR_MS, AFTERNOON_MS + 17 * HOUR_MS
RULES = line_rules("22:00-06:00", None, "500MB/day", silent_outside=False)
LOAD = Load(soon=2, later=1, video_bytes=400_000, laptops=3, records=20, photos=0)


class World(NightServers):
    """A region and a school whose clocks are turned."""

    wall: TurnableClock

    def open(self) -> None:
        self.region = School(self.folder / "region", self.wall)
        self.school = School(self.folder / "school", self.wall)

    def morning(self) -> Morning:
        with self.school.store.transaction() as transaction:
            # Somebody has just made a backup: these mornings are about the line.
            transaction.set_setting(LAST_BACKUP, str(self.wall.time_ms))
        return look(self.school.store, self.folder / "school", self.wall.time_ms)


@pytest.fixture(name="world")
def _world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for place in ("sync.link.kept", "sync_server.days"):
        monkeypatch.setattr(f"{place}.machine_zone_offset_s", lambda _: 0)
    # Fewer calls without news, so that a week takes a second.
    monkeypatch.setattr("sync.link.backoff.USUAL_S", 1800.0)
    monkeypatch.setattr(World, "wall", TurnableClock(AFTERNOON_MS), raising=False)
    world = World(tmp_path, "http://region.example", LOAD)
    yield world
    world.close()


@pytest.fixture(name="pass_nights")
def _pass_nights(world: World) -> Iterator[Callable[..., TurnedNight]]:
    begun = []

    def begin(**options: Any) -> TurnedNight:
        begun.append(TurnedNight(world.school, world.region, world.wall, RULES, **options))
        return begun[-1]

    yield begin
    for one in begun:
        one.close()


def last_night(morning: Morning) -> Night:
    (line,) = morning.lines
    return line.night


def to_do(morning: Morning) -> List[str]:
    """What is to be done about the line; backups are another matter."""
    return [one.key for one in advise(morning) if "backup" not in one.key]


def test_a_night_with_40_cuts_and_three_power_cuts(
    world: World, pass_nights: Callable[..., TurnedNight]
) -> None:
    needed_bytes = world.needed_bytes()
    night = pass_nights(
        cuts=itertools.islice(itertools.count(50_000, needed_bytes // 43), 40),
        power_cuts=iter([needed_bytes * at // 4 + 7 for at in (1, 2, 3)]),
    )
    night.until(EVENING_MS - 1)
    assert world.waiting()[0] == 0
    assert night.fetched == []
    night.until(MORNING_MS)
    assert (night.cuts_seen, night.power_cuts_seen) == (40, 3)
    assert world.waiting() == (0, 0, 0)
    assert world.problems() == []
    assert night.passed_bytes <= 1.03 * needed_bytes
    morning = world.morning()
    (line,) = morning.lines
    assert (line.waiting, line.refused, line.missing) == (0, 0, ())
    assert (line.night.missing, line.night.media, line.night.packs) == (0, 9, 3)
    assert to_do(morning) == []
    page = morning_page(morning, "kk")
    assert Words("kk").number(line.night.records_up) in page


def test_what_does_not_fit_into_the_night_is_said_in_the_morning_and_comes_the_next(
    world: World, pass_nights: Callable[..., TurnedNight]
) -> None:
    # Eight hours at this speed are less than half of what there is.
    night = pass_nights(bytes_per_s=60.0)
    night.until(MORNING_MS)
    morning = world.morning()
    (line,) = morning.lines
    assert line.waiting == 0
    assert line.night.held == "link-window"
    assert line.missing
    assert to_do(morning) == ["lessons"]
    asked = len(night.fetched)
    night.until(EVENING_MS + DAY_MS - 1)
    assert len(night.fetched) == asked
    night.until(MORNING_MS + 2 * DAY_MS)
    assert world.waiting() == (0, 0, 0)
    assert night.passed_bytes <= 1.03 * world.needed_bytes()


def test_a_region_that_is_away_for_a_week(
    world: World, pass_nights: Callable[..., TurnedNight]
) -> None:
    back_ms = AFTERNOON_MS + 7 * DAY_MS
    night = pass_nights(is_away=lambda time_ms: time_ms < back_ms)
    for day in range(0, 7, 2):
        night.until(AFTERNOON_MS + day * DAY_MS + 20 * HOUR_MS)
        laptop = laptop_at(world.school, [f"Күн {day}"])
        laptop.hand_in(laptop.people[0].id)
        laptop.exchange_all(world.school.road())
    assert night.codes == {"link-unreachable"}
    # Every quarter of an hour at the most, not a siege.
    assert 7 * 24 * 3 < len(night.turns) <= 7 * 24 * 4 + 20
    morning = world.morning()
    assert to_do(morning) == ["unreachable", "away"]
    assert last_night(morning).failed > 10
    night.until(back_ms + HOUR_MS // 2)
    assert world.waiting()[0] == 0
    night.until(back_ms + DAY_MS)
    assert world.waiting() == (0, 0, 0)
    assert to_do(world.morning()) == ["away"]


def test_a_pc_that_wakes_up_in_2003_keeps_to_the_window(
    world: World, pass_nights: Callable[..., TurnedNight]
) -> None:
    night = pass_nights(
        machine=TurnableClock(IN_2003_MS), power_cuts=iter([world.needed_bytes() // 2])
    )
    night.until(MORNING_MS)
    assert night.power_cuts_seen == 1
    assert world.waiting() == (0, 0, 0)
    assert {EVENING_MS <= time_ms < EVENING_MS + 8 * HOUR_MS for time_ms, _ in night.fetched} == {
        True
    }


def test_a_chain_of_three_brings_a_countrys_lessons_to_a_school(
    world: World, tmp_path: Path, pass_nights: Callable[..., TurnedNight]
) -> None:
    with open_school(tmp_path / "country", world.wall) as country:
        enrol_relay(world.region, country)
        with world.region.store.transaction() as transaction:
            transaction.distrust_publisher(KEY.public.key_id)
        country.publish(tmp_path / "repository", KEY.public.key_id)
        below = pass_nights()
        above = TurnedNight(world.region, country, world.wall, RULES)
        for hour in range(1, 18):
            for one in (above, below):
                one.until(AFTERNOON_MS + hour * HOUR_MS)
        above.close()
        keys = {KEY.public.key_id: KEY.public.raw}
        for server in (world.school, world.region):
            place = Repository(server.folder.repositories / KEY.public.key_id)
            assert verify_repository(place, keys) == ()
        with world.school.store.transaction() as transaction:
            ends = dict(transaction.journal_ends())
        with country.store.transaction() as transaction:
            held = dict(transaction.journal_ends())
        assert {device: held[device].seq for device in ends} == {
            device: end.seq for device, end in ends.items()
        }


def test_every_night_is_kept_for_its_picture(
    world: World, pass_nights: Callable[..., TurnedNight]
) -> None:
    night = pass_nights()
    night.until(MORNING_MS + DAY_MS)
    with world.school.store.transaction() as transaction:
        nights = [night_from(kept) for _, _, kept in transaction.nights(0)]
    assert sum(one.received_bytes + one.sent_bytes for one in nights) == sum(
        turn.received_bytes + turn.sent_bytes for turn in night.turns
    )
    assert sum(one.turns for one in nights) == len(night.turns)
    assert len([one for one in world.morning().line_bytes if one.value]) == len(nights)
