"""A day of one region's server with thousands of schools below it: their timetables, its queue.

When a school's server calls is decided by the programme itself (`sync.link.backoff`); what a call
costs is what was measured; the network between them is a rate and a round trip. The server answers
one call after another, as its store does.
"""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass, field
from typing import Dict, List, Tuple

from sync.link.backoff import CAP_S, USUAL_S, Timetable
from sync_server.app import MAX_WAITING_RELAYS, RELAYS_BUSY_S

HOUR_S = 3600.0
LESSONS = range(8, 14)
"""The hours in which pupils hand in."""
_BEGINS = -1
WINDOW = (22, 30)
"""The hours in which packs may come; 30 is six in the morning."""


@dataclass(frozen=True)
class Cost:
    """What a call was measured to cost; a call's records come on top."""

    call_s: float
    record_s: float
    up_bytes: float
    down_bytes: float
    record_bytes: float
    records_a_call: int = 4000


@dataclass(frozen=True)
class Place:
    """What the schools are like, and what stands between them and the region."""

    schools: int = 5194
    records_a_day: int = 9300
    packs_bytes: int = 50_000_000
    school_bytes_per_s: float = 125_000.0
    round_trip_s: float = 0.6
    region_bytes_per_s: float = 125_000_000.0


@dataclass
class Hour:
    """What an hour came to."""

    calls: int = 0
    records: int = 0
    up_bytes: float = 0.0
    down_bytes: float = 0.0
    packs_bytes: float = 0.0
    busy_s: float = 0.0
    waits_s: List[float] = field(default_factory=list)
    longest_queue: int = 0
    sent_away: int = 0


@dataclass
class _School:
    """When a school calls next, until when its records are counted, and how many wait."""

    table: Timetable
    told_s: float
    waiting: float


class RegionDay:
    """Plays a day from eight to eight; ``away`` are the hours in which nobody answers."""

    def __init__(
        self, place: Place, cost: Cost, seed: int = 1, away: Tuple[float, float] = (0.0, 0.0)
    ) -> None:
        self.hours: Dict[int, Hour] = {}
        self._place, self._cost = place, cost
        self._chance = random.Random(seed)
        self._away_s = away[0] * HOUR_S, away[1] * HOUR_S
        self._free_s = 0.0
        self._answers: List[float] = []
        """When the calls that wait or are answered now are done, the next first."""
        self._schools: Dict[int, _School] = {}
        self._events: List[Tuple[float, int, int]] = []
        """When, which school, and the records of a call that arrives; or ``_BEGINS``."""

    def play(self, first_hour: int = 8, hours: int = 24, backlog: int = 0) -> None:
        """Let the hours pass; ``backlog`` records wait at each school from the start."""
        begin_s, end_s = first_hour * HOUR_S, (first_hour + hours) * HOUR_S
        # Who has been running for long calls at any moment; after an absence backoff spread them.
        spread_s = CAP_S if backlog else USUAL_S
        for number in range(self._place.schools):
            begins_s = begin_s + self._chance.random() * spread_s
            self._schools[number] = _School(Timetable(begins_s), begin_s, float(backlog))
            heapq.heappush(self._events, (begins_s, number, _BEGINS))
        while self._events and self._events[0][0] < end_s:
            now_s, number, records = heapq.heappop(self._events)
            if records == _BEGINS:
                self._begin(now_s, number)
            else:
                self._answer(now_s, number, records)
        self._packs()

    def _begin(self, now_s: float, number: int) -> None:
        """A school begins a call, or finds nobody there."""
        school, place = self._schools[number], self._place
        school.waiting += self._written(school.told_s, now_s)
        school.told_s = now_s
        if self._away_s[0] <= now_s < self._away_s[1]:
            failed_s = now_s + place.round_trip_s
            school.table = school.table.failed(failed_s, self._chance.random)
            heapq.heappush(self._events, (school.table.next_s, number, _BEGINS))
            return
        sent = min(int(school.waiting), self._cost.records_a_call)
        school.waiting -= sent
        travels_s = place.round_trip_s / 2 + self._up_bytes(sent) / place.school_bytes_per_s
        heapq.heappush(self._events, (now_s + travels_s, number, sent))

    def _up_bytes(self, records: int) -> float:
        return self._cost.up_bytes + self._cost.record_bytes * records

    def _answer(self, now_s: float, number: int, records: int) -> None:
        """A call is at the server: it waits for its turn, is answered, and the school goes on."""
        cost, school = self._cost, self._schools[number]
        while self._answers and self._answers[0] <= now_s:
            heapq.heappop(self._answers)
        if len(self._answers) >= MAX_WAITING_RELAYS:
            self._send_away(now_s, number, records)
            return
        begins_s = max(now_s, self._free_s)
        service_s = cost.call_s + cost.record_s * records
        self._free_s = begins_s + service_s
        heapq.heappush(self._answers, self._free_s)
        self._count(now_s, records, service_s, begins_s - now_s)
        travels_s = self._place.round_trip_s / 2
        back_s = self._free_s + travels_s + cost.down_bytes / self._place.school_bytes_per_s
        if school.waiting < 1:
            school.table = Timetable().succeeded(back_s, self._chance.random)
            back_s = school.table.next_s
        heapq.heappush(self._events, (back_s, number, _BEGINS))

    def _send_away(self, now_s: float, number: int, records: int) -> None:
        """Too many are waiting: the school comes back as it is told."""
        school, draw = self._schools[number], self._chance.random
        school.waiting += records
        school.table = school.table.failed(now_s, draw, RELAYS_BUSY_S)
        heapq.heappush(self._events, (school.table.next_s, number, _BEGINS))
        hour = self._hour(now_s)
        hour.sent_away += 1
        hour.up_bytes += self._up_bytes(records)

    def _count(self, now_s: float, records: int, service_s: float, wait_s: float) -> None:
        hour = self._hour(now_s)
        hour.calls += 1
        hour.records += records
        hour.up_bytes += self._up_bytes(records)
        hour.down_bytes += self._cost.down_bytes
        hour.busy_s += service_s
        hour.waits_s.append(wait_s)
        hour.longest_queue = max(hour.longest_queue, len(self._answers))

    def _written(self, since_s: float, now_s: float) -> float:
        """Return how many records a school's pupils hand in between two moments."""
        rate = self._place.records_a_day / (len(LESSONS) * HOUR_S)
        begin_s, end_s = LESSONS.start * HOUR_S, LESSONS.stop * HOUR_S
        return rate * max(0.0, min(now_s, end_s) - max(since_s, begin_s))

    def _packs(self) -> None:
        """Share the region's line among those who fetch packs in the window, minute by minute."""
        place = self._place
        left_bytes = [float(place.packs_bytes)] * place.schools
        for minute in range(WINDOW[0] * 60, WINDOW[1] * 60):
            fetching = [number for number, left in enumerate(left_bytes) if left > 0]
            if not fetching:
                return
            speed = min(place.school_bytes_per_s, place.region_bytes_per_s / len(fetching))
            hour = self._hour(minute * 60.0)
            for number in fetching:
                got_bytes = min(left_bytes[number], speed * 60)
                left_bytes[number] -= got_bytes
                hour.packs_bytes += got_bytes

    def _hour(self, now_s: float) -> Hour:
        return self.hours.setdefault(int(now_s // HOUR_S), Hour())
