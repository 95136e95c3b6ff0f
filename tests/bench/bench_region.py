"""5,194 rural schools below one region's server: a day's load by the hour, and what a call costs.

The cost is measured on a real server whose database already holds all schools with eighty laptops
each: some of them relay to it with real code, over HTTP, a day of 300 pupils. The day of all of
them is then played from these numbers (`tests.bench.region_model`).
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Sequence

from sync.enrolment import EnrolmentCode
from sync.identity import PublicIdentity
from sync.kinds import ATTEMPT
from sync.roads.http import HttpRoad
from sync_server.people.codes import issue_relay_code
from sync_server.relay.conversation import Relay
from sync_server.relay.enrolling import enrol_upstream
from sync_server.store.model import JournalEnd, RelayedDevice
from sync_server.store.model import School as BelowSchool
from tests.bench.processes import cpu_s, peak_bytes
from tests.bench.region_model import Cost, Hour, Place, RegionDay
from tests.bench.table import tell
from tests.support.device import TestDevice
from tests.support.relays import laptop_at
from tests.support.server import School, ServerProcess

LAPTOPS, PUPILS, SAMPLE = 80, 300, 2
TURNS = (4, 8, 16, 40, 80, 80)
"""How many laptops have been at their school's server before each of its calls."""
IDLE = 50
"""Calls of each school without news: fewer than a server takes of one in a row."""


class Call(NamedTuple):
    """One request of a relay, as it went."""

    records: int
    duration_s: float
    up_bytes: int
    down_bytes: int


class TimedRoad:
    """Notes what each request took."""

    def __init__(self, road: HttpRoad) -> None:
        self._road = road
        self.calls: List[Call] = []

    def relay(self, request: bytes) -> bytes:
        before = self._road.sent_bytes, self._road.received_bytes
        began_s = time.perf_counter()
        answer = self._road.relay(request)
        duration_s = time.perf_counter() - began_s
        up_bytes = self._road.sent_bytes - before[0]
        self.calls.append(Call(0, duration_s, up_bytes, self._road.received_bytes - before[1]))
        return answer


def fill(region: School, schools: int) -> None:
    """Have a region know so many schools, each with its laptops' journals begun."""
    chance = random.Random(7)
    with region.store.transaction() as transaction:
        for number in range(schools):
            identity = PublicIdentity.from_bytes(chance.randbytes(64))
            school = identity.device_id
            transaction.add_school(BelowSchool(identity, f"Мектеп {number}", school))
            for laptop in range(LAPTOPS):
                keys = chance.randbytes(64)
                device = PublicIdentity.from_bytes(keys).device_id
                transaction.add_relayed(RelayedDevice(device, school, school, keys, f"{laptop}"))
                transaction.set_journal_end(device, JournalEnd(40, chance.randbytes(32), number))


class Sample:
    """A school with eighty laptops and three hundred pupils that relays to the region."""

    def __init__(self, region: School, folder: Path, number: int) -> None:
        self.school = School(folder)
        self._chance = random.Random(number)
        issued = issue_relay_code(region.store, region.clock)
        parts = (self.school.store, self.school.identity, self.school.clock)
        code = EnrolmentCode.parse(str(issued.code))
        enrol_upstream(*parts, region.road(), code, "http://region.example")
        pupils = [f"Оқушы {at}" for at in range(PUPILS)]
        self.laptops = [laptop_at(self.school, pupils[at::LAPTOPS]) for at in range(LAPTOPS)]

    def relay(self, url: str) -> List[Call]:
        """Relay until both agree; the records are counted at the first call that takes them."""
        with HttpRoad(url) as road:
            timed = TimedRoad(road)
            done = Relay(self.school.store, self.school.identity, self.school.clock, timed)
            sent = done.run_once().sent
        return [timed.calls[0]._replace(records=sent), *timed.calls[1:]]

    def work(self, laptops: int) -> None:
        """Let the pupils of so many laptops try items, and the laptops hand them over."""
        for laptop in self._chance.sample(self.laptops, laptops):
            for person in laptop.people:
                for at in range(5):
                    self._attempt(laptop, person.id, at)
            laptop.exchange_all(self.school.road())

    def _attempt(self, laptop: TestDevice, person: str, at: int) -> None:
        answer = self._chance.choice(["a", "b", "c", str(self._chance.randrange(-99, 99))])
        body: Dict[str, Any] = {"pack": "algebra-7-linear", "version": 1, "lesson": "meaning"}
        body.update(of=1, task="practice", item=f"q{at}", answer=answer, points=at % 2)
        laptop.write(person, ATTEMPT, body)


class Measured(NamedTuple):
    """What calls cost the server: wall and processor time, bytes, disk."""

    cost: Cost
    call_cpu_ms: float
    record_cpu_us: float
    memory_mb: float
    record_disk_bytes: float


def measure(folder: Path, schools: int) -> Measured:
    """Let some schools relay to a region that holds all of them."""
    region = School(folder / "region")
    fill(region, schools)
    samples = [Sample(region, folder / f"school-{at}", at) for at in range(SAMPLE)]
    region.close()
    database = folder / "region" / "server.db"
    with ServerProcess(folder / "region") as server:
        pid = server.process.pid
        for one in samples:
            one.relay(server.url)
        before_s = cpu_s(pid)
        idle = [call for one in samples for _ in range(IDLE) for call in one.relay(server.url)]
        idle_s, size_bytes = cpu_s(pid) - before_s, _size_bytes(database)
        before_s, turns = cpu_s(pid), []
        for laptops in TURNS:
            for one in samples:
                one.work(laptops)
                turns += one.relay(server.url)
        turns_s, memory_mb = cpu_s(pid) - before_s, peak_bytes(pid) / 1e6
        server.stop()
    for one in samples:
        one.school.close()
    grown_bytes = _size_bytes(database) - size_bytes
    return _measured(idle, idle_s, turns, turns_s, memory_mb, grown_bytes)


def _measured(
    idle: Sequence[Call],
    idle_s: float,
    turns: Sequence[Call],
    turns_s: float,
    memory_mb: float,
    grown_bytes: int,
) -> Measured:
    records = sum(call.records for call in turns)
    # Half of the calls are not kept waiting by whatever else this machine does.
    call_s = statistics.median(call.duration_s for call in idle)
    up_bytes = sum(call.up_bytes for call in idle) / len(idle)
    down_bytes = sum(call.down_bytes for call in idle) / len(idle)
    over_s = sum(call.duration_s for call in turns) - call_s * len(turns)
    over_bytes = sum(call.up_bytes for call in turns) - up_bytes * len(turns)
    call_cpu_s = idle_s / len(idle)
    return Measured(
        Cost(call_s, over_s / records, up_bytes, down_bytes, over_bytes / records),
        call_cpu_s * 1000,
        (turns_s - call_cpu_s * len(turns)) / records * 1e6,
        memory_mb,
        grown_bytes / records,
    )


def _size_bytes(database: Path) -> int:
    parts = (database, Path(f"{database}-wal"))
    return sum(path.stat().st_size for path in parts if path.exists())


def rows_of(name: str, day: RegionDay) -> List[Dict[str, Any]]:
    """Return a row for each hour."""
    return [_row(name, number, day.hours[number]) for number in sorted(day.hours)]


def _row(name: str, number: int, hour: Hour) -> Dict[str, Any]:
    waits = sorted(hour.waits_s) or [0.0]
    return {
        "day": name,
        "hour": f"{number % 24:02}-{(number + 1) % 24:02}",
        "requests": hour.calls,
        "records": hour.records,
        "up_mb": round(hour.up_bytes / 1e6),
        "down_mb": round(hour.down_bytes / 1e6),
        "packs_gb": round(hour.packs_bytes / 1e9, 1),
        "busy": round(hour.busy_s / 3600, 3),
        "wait_p99_ms": round(waits[len(waits) * 99 // 100] * 1000),
        "longest_queue": hour.longest_queue,
        "sent_away": hour.sent_away,
    }


def main() -> int:
    """Measure, play, tell, and return 1 when one server does not keep up."""
    place = Place(schools=int(sys.argv[1]) if len(sys.argv) > 1 else Place.schools)
    with tempfile.TemporaryDirectory() as name:
        found = measure(Path(name), place.schools)
    tell("region-cost", [{**vars_of(found), "schools": place.schools}])
    usual, late, week = (
        RegionDay(place, found.cost),
        RegionDay(place, found.cost, away=(9, 12)),
        RegionDay(place, found.cost),
    )
    usual.play()
    late.play()
    week.play(first_hour=22, hours=14, backlog=5 * place.records_a_day)
    rows = [
        *rows_of("usual", usual),
        *rows_of("away from 9 to 12", late),
        *rows_of("back after a week", week),
    ]
    tell("region", rows)
    return int(max(row["busy"] for row in rows if row["day"] == "usual") > 0.8)


def vars_of(found: Measured) -> Dict[str, Any]:
    """Return what was measured in one row."""
    cost = found.cost
    return {
        "call_ms": cost.call_s * 1000,
        "record_us": cost.record_s * 1e6,
        "call_cpu_ms": found.call_cpu_ms,
        "record_cpu_us": found.record_cpu_us,
        "call_up_bytes": round(cost.up_bytes),
        "call_down_bytes": round(cost.down_bytes),
        "record_bytes": cost.record_bytes,
        "record_disk_bytes": found.record_disk_bytes,
        "memory_mb": found.memory_mb,
    }


if __name__ == "__main__":
    raise SystemExit(main())
