from __future__ import annotations

from typing import Callable, Dict, Mapping

import pytest

from sync.errors import LinkError
from sync.link.kept import KEEP_EVERY_BYTES, MEASURE, RULES, USAGE, KeptLink, Read, Ride
from sync.link.rules import LinkRules, Value, parse_windows

NOON_MS = 1_795_000_000_000
DAY_MS = 86_400_000
MB = 1 << 20


class MemoryNotes:
    """Notes in memory."""

    def __init__(self) -> None:
        self.kept: Dict[str, str] = {}

    def read(self, name: str) -> str:
        return self.kept.get(name, "")

    def change(self, plan: Callable[[Read], Mapping[str, str]]) -> None:
        self.kept.update(plan(self.read))


class Clock:
    """Times that are set by hand, and seconds that pass by sleeping."""

    def __init__(self) -> None:
        self.true_ms = self.own_ms = NOON_MS
        self.told_ms = 0
        self.s = 0.0

    def now_ms(self) -> int:
        return self.true_ms

    def machine_ms(self) -> int:
        return self.own_ms

    def reference_ms(self) -> int:
        return self.told_ms

    def monotonic(self) -> float:
        return self.s

    def sleep(self, seconds: float) -> None:
        self.s += seconds


class Road:
    """A road that was used before."""

    sent_bytes, received_bytes = 7, 9


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notes() -> MemoryNotes:
    return MemoryNotes()


def opened(notes: MemoryNotes, clock: Clock) -> KeptLink:
    return KeptLink(notes, clock, monotonic=clock.monotonic, sleep=clock.sleep)


def test_what_a_road_carried_is_known_after_a_restart(notes: MemoryNotes, clock: Clock) -> None:
    link, road = opened(notes, clock), Road()
    ride = Ride(link, road)
    assert ride.decide(Value.MEDIA).allowed
    ride.spend(1000)
    road.received_bytes += 1500
    ride.settle()
    again = opened(notes, clock)
    assert again.usage.day_bytes(again.now().day) == 1500
    assert set(notes.kept) == {USAGE, MEASURE}


def test_two_processes_count_together(notes: MemoryNotes, clock: Clock) -> None:
    one, other = opened(notes, clock), opened(notes, clock)
    for link in (one, other):
        link.count(100)
        link.keep()
    assert opened(notes, clock).usage.day_bytes(one.now().day) == 200


def test_rules_are_heeded_at_once(notes: MemoryNotes, clock: Clock) -> None:
    link = opened(notes, clock)
    other = opened(notes, clock)
    link.set_rules(LinkRules(day_bytes=10 * MB))
    assert RULES in notes.kept
    ride = Ride(other, Road())
    assert ride.decide(Value.MEDIA).allowed
    with pytest.raises(LinkError) as caught:
        ride.spend(11 * MB)
    assert caught.value.code == "link-budget-day"
    ride.settle()
    assert not link.decide(Value.TEXT).allowed
    assert link.decide(Value.WORK).allowed
    clock.true_ms += DAY_MS
    clock.own_ms += DAY_MS
    assert link.decide(Value.TEXT).allowed


def test_much_is_written_down_while_it_comes(notes: MemoryNotes, clock: Clock) -> None:
    ride = Ride(opened(notes, clock), Road())
    watched = ride.watch(lambda: False)
    ride.decide(Value.MEDIA)
    ride.spend(KEEP_EVERY_BYTES - 1)
    assert not watched()
    assert USAGE not in notes.kept
    ride.spend(1)
    assert not watched()
    assert USAGE in notes.kept


def test_the_window_follows_the_likeliest_time(notes: MemoryNotes, clock: Clock) -> None:
    link = opened(notes, clock)
    hour = link.now().local.hour
    link.set_rules(LinkRules(windows=parse_windows(f"{hour:02}:00-{(hour + 1) % 24:02}:00")))
    assert link.decide(Value.MEDIA).allowed
    clock.own_ms = 1_000_000_000_000
    assert link.decide(Value.MEDIA).allowed
    clock.true_ms += 2 * 3_600_000
    assert not link.decide(Value.MEDIA).allowed


def test_a_rate_is_kept_by_waiting(notes: MemoryNotes, clock: Clock) -> None:
    link = opened(notes, clock)
    link.set_rules(LinkRules(rate_bytes_per_s=100_000))
    ride = Ride(link, Road())
    ride.decide(Value.MEDIA)
    for _ in range(20):
        ride.spend(100_000)
    assert clock.s == pytest.approx(20, rel=0.05)


def test_how_much_may_still_come_follows_from_the_rules(notes: MemoryNotes, clock: Clock) -> None:
    link = opened(notes, clock)
    assert link.room_bytes() is None
    link.set_rules(LinkRules(day_bytes=10 * MB, month_bytes=100 * MB))
    assert link.room_bytes() == 9 * MB
    link.count(8 * MB)
    link.keep()
    assert link.room_bytes() == MB
    link.count(8 * MB)
    assert link.room_bytes() == 0
    now = link.now().local
    until = (now.hour + 1) % 24
    window = parse_windows(f"{now.hour:02}:00-{until:02}:00")
    link.set_rules(LinkRules(windows=window, rate_bytes_per_s=1000))
    assert link.room_bytes() == (60 - now.minute) * 60 * 1000


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"rate": "fast"}', "3"])
def test_damaged_notes_are_no_rules(notes: MemoryNotes, clock: Clock, text: str) -> None:
    notes.kept = dict.fromkeys((RULES, USAGE, MEASURE), text)
    link = opened(notes, clock)
    assert link.rules == LinkRules()
    assert link.decide(Value.MEDIA).allowed
    assert link.usage.day_bytes(link.now().day) == 0


def test_nobody_guesses_a_telephone_unasked(notes: MemoryNotes, clock: Clock) -> None:
    assert not opened(notes, clock).metered
    assert KeptLink(notes, clock, address=lambda: "172.20.10.3").metered
