"""Laptops cloned and set back, a server from a backup, a bad road: nothing is lost or doubled.

A Hypothesis state machine drives laptops with real databases. Every work has a name of its own. At
the end the road is good for a while: then the school has each work that was anywhere, once, and
every laptop shows it once.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Dict, Iterable, List

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from sync.errors import LinkError, RefusedError, SyncError
from sync.exchanges.dialogue import apply_answer, exchange_once, read_answer
from sync.journals.lineage import Lineage
from sync.kinds import SUBMISSION
from sync.record import Record
from tests.support.clock import IN_2003_MS, IN_2031_MS, NOW_MS, TurnableClock
from tests.support.examples import examples
from tests.support.model_server import BadRoad, ModelServer
from tests.support.records import PERSON, identity, submission_body
from tests.support.sync_device import Device

pytestmark = pytest.mark.slow

MAX_LAPTOPS = 5
ROUNDS = 12
places = st.integers(0, MAX_LAPTOPS - 1)
fates = st.sampled_from(
    ["arrives", "arrives", "request lost", "request delayed", "request doubled", "answer lost"]
)


class Power:
    """Carries a few requests, then fails in the middle of what the laptop was doing."""

    def __init__(self, road: BadRoad, left: int) -> None:
        self.road, self.left = road, left

    def exchange(self, request: bytes) -> bytes:
        if self.left == 0:
            raise LinkError("link-lost")
        self.left -= 1
        return self.road.exchange(request)


class Refusing(BadRoad):
    """What the server refuses comes back as a refusal, as over HTTP."""

    def exchange(self, request: bytes) -> bytes:
        try:
            return super().exchange(request)
        except LinkError:
            raise
        except SyncError as error:
            raise RefusedError(error.code) from error


class Branches(RuleBasedStateMachine):
    @initialize(clones=st.integers(0, 2))
    def begin(self, clones: int) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.server = ModelServer(clock=TurnableClock(step_ms=1))
        self.laptops: List[Device] = []
        self.roads: List[BadRoad] = []
        self.images: Dict[int, Path] = {}
        self.written = 0
        for name in ("laptop", "other"):
            self.server.enrol(identity(name).public)
            self._add(name)
        self.backup = self.server.backup()
        for _ in range(clones):
            self.clone(0)

    def _add(self, name: str) -> Device:
        # All clocks are alike: clones write at the very same time, as after one image.
        path = self.folder / f"{len(self.laptops)}.db"
        self.laptops.append(Device(path, name, TurnableClock(step_ms=1)))
        self.roads.append(Refusing(self.server))
        return self.laptops[-1]

    def _at(self, place: int) -> int:
        return place % len(self.laptops)

    @rule(place=places, count=st.integers(1, 3))
    def work(self, place: int, count: int = 1) -> None:
        for _ in range(count):
            self.written += 1
            body = submission_body(task=f"work-{self.written}")
            self.laptops[self._at(place)].journal.append(PERSON, SUBMISSION, body)

    @rule(place=places)
    def clone(self, place: int) -> None:
        if len(self.laptops) < MAX_LAPTOPS:
            laptop = self.laptops[self._at(place)]
            laptop.image(self._add(laptop.name).path)

    @rule(place=places)
    def take_an_image(self, place: int) -> None:
        at = self._at(place)
        self.images[at] = self.folder / f"{at}.image"
        self.laptops[at].image(self.images[at])

    @rule(place=places, count=st.integers(0, 3))
    def set_back_and_work(self, place: int, count: int) -> None:
        at = self._at(place)
        if at in self.images:
            self.laptops[at].restore(self.images[at])
            self.work(at, count)

    @rule(place=places, count=st.integers(0, 3), requests=st.integers(0, 8), fate=fates)
    def sync(self, place: int, count: int, requests: int, fate: str) -> None:
        """Sync on a road that carries so many requests and does the same to each."""
        at = self._at(place)
        self.work(at, count)
        self.roads[at].fate = lambda: fate
        try:
            self.laptops[at].sync(self.server, Power(self.roads[at], requests))
        except LinkError:
            pass
        finally:
            self.roads[at].fate = lambda: "arrives"

    @rule(place=places)
    def exchange_a_little(self, place: int) -> None:
        at = self._at(place)
        parties = self.laptops[at].parties(self.server)
        try:
            exchange_once(parties, self.roads[at], {}, budget_bytes=600, room_bytes=300)
        except RefusedError as error:
            assert error.code == "device-unknown"

    @rule(place=places)
    def crash(self, place: int) -> None:
        self.laptops[self._at(place)].crash()

    @rule(place=places)
    def delayed_requests_arrive(self, place: int) -> None:
        road = self.roads[self._at(place)]
        while road.delayed:
            request = road.delayed.pop()
            try:
                road.late_answers.append(self.server.exchange(request))
            except SyncError as error:
                assert error.code == "device-unknown"

    @rule(place=places)
    def late_answers_arrive(self, place: int) -> None:
        laptop, road = self.laptops[self._at(place)], self.roads[self._at(place)]
        parties = laptop.parties(self.server)
        while road.late_answers:
            try:
                answer = read_answer(parties, road.late_answers.pop())
            except SyncError as error:
                # It was for the identity that this laptop had before.
                assert error.code == "message-unreadable"
                continue
            apply_answer(laptop.db, parties.journal, parties.inbox, answer, parties.server)

    @rule(place=places, time_ms=st.sampled_from([IN_2003_MS, IN_2031_MS, NOW_MS]))
    def turn_the_clock(self, place: int, time_ms: int) -> None:
        clock = self.laptops[self._at(place)].clock
        assert isinstance(clock, TurnableClock)
        clock.time_ms = time_ms

    @rule()
    def back_the_server_up(self) -> None:
        self.backup = self.server.backup()

    @rule(place=places)
    def restore_the_server(self, place: int) -> None:
        self.sync(place, 1, 8, "arrives")
        self.server.restore(self.backup)

    def teardown(self) -> None:
        if not hasattr(self, "laptops"):
            return
        try:
            self._converge()
            self.server.restore(self.backup)
            self._converge()
        finally:
            for laptop in self.laptops:
                laptop.crash()
            shutil.rmtree(self.folder)

    def _converge(self) -> None:
        for at in range(len(self.laptops)):
            self.work(at)
        expected = set(tasks(self.server.arrivals))
        for laptop in self.laptops:
            # Of a journal that was left behind, too: the server may have lost it since.
            rows = laptop.db.execute(
                "SELECT body FROM sync_journal WHERE kind = ?", (SUBMISSION,)
            ).fetchall()
            expected |= {json.loads(body)["task"] for (body,) in rows}
            lineage = Lineage(laptop.db, laptop.clock)
            device = laptop.journal.device
            assert lineage.parent_of(device) is None or lineage.is_adopted(device)
        quiet = 0
        for _ in range(ROUNDS):
            healed = [laptop.sync(self.server, Refusing(self.server)) for laptop in self.laptops]
            # One that was before another of the same name learns of it in the next round.
            quiet = quiet + 1 if not any(one.branches for one in healed) else 0
            if quiet == 2:
                break
        else:
            raise AssertionError("they branch without end")
        assert all(one.outcomes[-1].problem is None for one in healed)
        counted = Counter(tasks(self.server.arrivals))
        assert set(counted) == expected
        assert set(counted.values()) <= {1}
        for laptop in self.laptops:
            assert laptop.journal.waiting_count() == 0
            shown = Counter(tasks(laptop.shown()))
            assert set(shown.values()) <= {1}
            assert set(shown) >= expected
        assert len({laptop.journal.device for laptop in self.laptops}) == len(self.laptops)


def tasks(records: Iterable[Record]) -> List[str]:
    return [record.body["task"] for record in records if record.kind == SUBMISSION]


TestBranches = Branches.TestCase
TestBranches.settings = settings(
    max_examples=examples(60),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
