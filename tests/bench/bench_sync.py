"""What a school's days cost on the wire: TCP payload both ways, headers included, by a proxy.

Kolibri 0.19.5's figures for the same acts were measured once, on loopback. A pupil's day is 31
records: 20 items tried with answers, 2 finished tasks, 4 lessons begun and left, and a rating.
"""

from __future__ import annotations

import contextlib
import random
import tempfile
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple
from urllib.parse import urlsplit

from sync.enrolment import EnrolmentCode
from sync.kinds import ATTEMPT, PROGRESS, RATING, SUBMISSION
from sync.roads.http import HttpRoad
from sync_server.people.codes import issue_relay_code
from sync_server.relay.conversation import Relay
from sync_server.relay.enrolling import enrol_upstream
from tests.bench.counting_proxy import CountingProxy
from tests.bench.table import tell
from tests.support.device import TestDevice
from tests.support.server import School, running_server

PEER = "Kolibri 0.19.5 (measured once)"
PUPILS = 30
SCHOOL_PUPILS, SCHOOL_LAPTOPS = 300, 80
MOST_TIMES_ALONE = 1.5
"""What a whole school's records may cost on its line, beside the same ones in one exchange."""
LESSONS = ("meaning", "solving", "word-problems", "systems")


class Classroom:
    """A class at a server behind a counting proxy, on as many laptops as one likes."""

    def __init__(
        self, school: School, proxy: CountingProxy, laptops: int, name: str, count: int = PUPILS
    ) -> None:
        self._road = HttpRoad(proxy.address)
        self._random = random.Random(7)
        pupils = [f"{name} оқушы {at}" for at in range(count)]
        self.laptops: List[TestDevice] = []
        for at in range(laptops):
            self._enrol(school, self.laptops, name, students=pupils[at::laptops])
        self.teachers: List[TestDevice] = []
        self._enrol(school, self.teachers, name, teachers=["Гүлнар Сейітқызы"])
        self.code = str(school.code(teachers=["Гүлнар Сейітқызы"], class_name=name).code)

    def _enrol(self, school: School, to: List[TestDevice], name: str, **people: Any) -> None:
        device = TestDevice()
        device.enrol(self._road, str(school.code(class_name=name, **people).code))
        device.exchange_all(self._road)
        to.append(device)

    def day(self) -> int:
        """Let every pupil work for a day; return how many records that were."""
        return sum(
            self._pupils_day(laptop, person.id)
            for laptop in self.laptops
            for person in laptop.people
            if person.role == "student"
        )

    def _pupils_day(self, laptop: TestDevice, person: str) -> int:
        for at in range(20):
            laptop.write(person, ATTEMPT, self.attempt(at))
        for task in ("check", "practice"):
            laptop.write(person, SUBMISSION, self._finished(task))
        for lesson in LESSONS:
            for seen in (False, True):
                position_s = self._random.randrange(10, 600)
                body = {"pack": "algebra-7-linear", "lesson": lesson, "seen": seen}
                laptop.write(person, PROGRESS, {**body, "position_s": position_s})
        rating = {"pack": "algebra-7-linear", "lesson": LESSONS[0], "stars": 4, "comment": ""}
        laptop.write(person, RATING, rating)
        return 31

    def attempt(self, at: int) -> Dict[str, Any]:
        """One item tried."""
        points = self._random.randrange(2)
        body = {"pack": "algebra-7-linear", "version": 1, "lesson": LESSONS[at // 5], "of": 1}
        return {
            **body,
            "task": "practice",
            "item": f"q{at}",
            "answer": self._answer(),
            **_p(points),
        }

    def _finished(self, task: str) -> Dict[str, Any]:
        answers = {f"q{at}": self._answer() for at in range(10)}
        body = {"pack": "algebra-7-linear", "version": 1, "lesson": LESSONS[0], "task": task}
        return {**body, "answers": answers, **_p(7), "of": 10, "waiting": 0, "language": "kk"}

    def _answer(self) -> str:
        return self._random.choice(["a", "b", "c", "d", str(self._random.randrange(-99, 99))])

    def sync(self, laptops: Sequence[TestDevice]) -> None:
        """Exchange on each of them until nothing is new, over a connection of its own each."""
        for laptop in laptops:
            with HttpRoad(self._road.base_url) as road:
                laptop.exchange_all(road)


def _p(points: int) -> Dict[str, int]:
    return {"points": points}


def main() -> int:
    """Measure, tell, and return 1 when an act cost more than it may."""
    rows: List[Dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        school, proxy = _served(stack, Path(name) / "school")
        region, line = _served(stack, Path(name) / "region")
        code = EnrolmentCode.parse(str(issue_relay_code(region.store, region.clock).code))
        with HttpRoad(line.address) as road:
            enrol_upstream(school.store, school.identity, school.clock, road, code, line.address)
        _measure(school, proxy, line, rows)
    tell("sync", rows)
    return int(any(row["limit_bytes"] and row["bytes"] > row["limit_bytes"] for row in rows))


def _whole_school(
    school: School, proxy: CountingProxy, line: CountingProxy, count: Callable[..., None]
) -> None:
    """Compare a whole school's day on its line with the same records in one laptop's exchange."""
    one = Classroom(school, proxy, 1, "бір", SCHOOL_PUPILS)
    records = one.day()
    count(f"{records} records in one exchange", lambda: one.sync(one.laptops), None)
    alone_bytes = proxy.count.total_bytes
    _relay(school, line)
    many = Classroom(school, proxy, SCHOOL_LAPTOPS, "көп", SCHOOL_PUPILS)
    _relay(school, line)
    many.day()
    many.sync(many.laptops)
    act = f"a day of {SCHOOL_PUPILS} pupils on {SCHOOL_LAPTOPS} laptops, to the region"
    limit_bytes = int(alone_bytes * MOST_TIMES_ALONE)
    count(act, lambda: _relay(school, line), limit_bytes, on=line)


def _served(stack: contextlib.ExitStack, folder: Path) -> Tuple[School, CountingProxy]:
    """A server that runs behind a counting proxy until the stack is closed."""
    school = School(folder)
    stack.callback(school.close)
    parts = urlsplit(stack.enter_context(running_server(folder)))
    proxy = CountingProxy((str(parts.hostname), int(parts.port or 0)))
    return school, stack.enter_context(proxy)


def _relay(school: School, line: CountingProxy) -> None:
    with HttpRoad(line.address) as road:
        done = Relay(school.store, school.identity, school.clock, road).run_once()
    if not done.in_step:
        raise RuntimeError("the servers do not agree")


def _measure(
    school: School, proxy: CountingProxy, line: CountingProxy, rows: List[Dict[str, Any]]
) -> None:
    def count(
        act: str,
        do: Callable[[], object],
        limit_bytes: Optional[int],
        peer: str = "",
        on: CountingProxy = proxy,
    ) -> None:
        on.reset()
        do()
        found = on.count
        row = {"act": act, "requests": found.requests, "up_bytes": found.up_bytes}
        row.update({"down_bytes": found.down_bytes, "bytes": found.total_bytes})
        rows.append({**row, "limit_bytes": limit_bytes, PEER: peer})

    eight = Classroom(school, proxy, 8, "7А")
    first = eight.laptops[:1]
    count("nothing new", lambda: eight.sync(first), 700, "29 requests, 44 900 B")
    first[0].write(first[0].people[0].id, ATTEMPT, eight.attempt(0))
    count("one attempt", lambda: eight.sync(first), 900, "30 requests, 48 100 B")
    thirty = Classroom(school, proxy, 30, "7Ә")
    _relay(school, line)
    records = eight.day()
    act = f"a day of {PUPILS} pupils on 8 laptops ({records} records)"
    count(f"{act}, up", lambda: eight.sync(eight.laptops), None)
    count("the same day, down to the teacher", lambda: eight.sync(eight.teachers), 12_000)
    next_server = "from one server to the next"
    peer = "34 requests, 163 800 B"
    count(f"{act}, {next_server}", lambda: _relay(school, line), 12_000, peer, line)
    records = thirty.day()
    act = f"the same from 30 laptops ({records} records)"
    count(f"{act}, up", lambda: thirty.sync(thirty.laptops), 30_000)
    count(f"{act}, {next_server}", lambda: _relay(school, line), 30_000, on=line)
    count(f"nothing new {next_server}", lambda: _relay(school, line), 700, on=line)
    _whole_school(school, proxy, line, count)
    eight.day()
    eight.sync(eight.laptops)
    new = TestDevice()

    def take_over() -> None:
        with HttpRoad(proxy.address) as road:
            new.enrol(road, eight.code)
            new.exchange_all(road)

    count("a new laptop takes over two days", take_over, 40_000, "50 requests, 3 539 000 B")
    held = new.db.execute("SELECT count(*) FROM sync_inbox").fetchone()[0]
    rows[-1]["act"] += f" ({held} records)"


if __name__ == "__main__":
    raise SystemExit(main())
