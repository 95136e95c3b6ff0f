"""Whatever the road, the clocks and the power do: every record reaches the school, once.

A Hypothesis state machine drives two laptops with real databases and a server in memory. At the end
the road is good for a while, and everything must have arrived.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Dict, List, Sequence

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sync.errors import LinkError, MessageError
from sync.exchanges.dialogue import apply_answer, exchange_all, exchange_once, read_answer
from sync.journals.station import Station
from sync.kinds import SUBMISSION
from sync.record import Record
from tests.support.clock import IN_2003_MS, IN_2031_MS, NOW_MS, YEAR_MS, TurnableClock
from tests.support.examples import examples
from tests.support.model_server import BadRoad, ModelServer
from tests.support.records import PERSON, submission_body
from tests.support.sync_device import Device

NAMES = ("laptop", "other")
names = st.sampled_from(NAMES)
fates = st.sampled_from(
    ["arrives", "arrives", "request lost", "request delayed", "request doubled", "answer lost"]
)


class Convergence(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.server = ModelServer(clock=TurnableClock(step_ms=1))
        self.devices: Dict[str, Device] = {}
        self.roads: Dict[str, BadRoad] = {}
        self.saved: Dict[str, List[Record]] = {name: [] for name in NAMES}
        self.backup = self.server.backup()
        for name in NAMES:
            self.devices[name] = Device(self.folder / f"{name}.db", name, TurnableClock(step_ms=1))
            self.roads[name] = BadRoad(self.server)
            self.server.enrol(self.devices[name].identity.public)
        self.backup = self.server.backup()

    @rule(name=names, answer_count=st.integers(0, 12))
    def work(self, name: str, answer_count: int) -> None:
        body = submission_body(answer_count)
        self.saved[name].append(self.devices[name].journal.append(PERSON, SUBMISSION, body))

    @rule(name=names)
    def work_and_lose_power_before_it_is_saved(self, name: str) -> None:
        device = self.devices[name]
        journal = device.journal
        device.db.execute("BEGIN IMMEDIATE")
        journal.append(PERSON, SUBMISSION, submission_body())
        device.crash()

    # Hypothesis leaves out some rules in each run, so that work belongs to syncing, too.
    @rule(
        name=names,
        new_count=st.integers(0, 3),
        fate=fates,
        budget_bytes=st.sampled_from([0, 600, 100_000]),
    )
    def sync(self, name: str, new_count: int, fate: str, budget_bytes: int) -> None:
        device, road = self.devices[name], self.roads[name]
        for _ in range(new_count):
            self.work(name, new_count)
        road.fate = lambda: fate
        try:
            exchange_once(device.parties(self.server), road, {}, budget_bytes=budget_bytes)
        except LinkError:
            assert fate != "arrives"

    @rule(name=names)
    def lose_power_while_an_answer_is_written(self, name: str) -> None:
        self.work(name, 1)
        device = self.devices[name]
        parties = device.parties(self.server)
        device.db.execute("BEGIN IMMEDIATE")
        exchange_once(parties, BadRoad(self.server), {})
        device.crash()

    @rule(name=names)
    def delayed_requests_arrive(self, name: str) -> None:
        self.roads[name].deliver_delayed()

    @rule(name=names, times=st.integers(1, 2))
    def late_answers_arrive(self, name: str, times: int) -> None:
        device, road = self.devices[name], self.roads[name]
        parties = device.parties(self.server)
        while road.late_answers:
            answer = read_answer(parties, road.late_answers.pop())
            for _ in range(times):
                outcome = apply_answer(
                    device.db, parties.journal, parties.inbox, answer, parties.server
                )
                assert outcome.problem is None

    @rule(name=names, time_ms=st.sampled_from([IN_2003_MS, IN_2031_MS, NOW_MS, NOW_MS + YEAR_MS]))
    def turn_the_clock(self, name: str, time_ms: int) -> None:
        clock = self.devices[name].clock
        assert isinstance(clock, TurnableClock)
        clock.time_ms = time_ms

    @rule(name=names)
    def restart(self, name: str) -> None:
        self.devices[name].crash()

    @rule()
    def back_the_server_up(self) -> None:
        self.backup = self.server.backup()

    @rule(name=names)
    def restore_the_server(self, name: str) -> None:
        self.sync(name, 1, "arrives", 100_000)
        self.server.restore(self.backup)

    @rule(name=names)
    def a_garbled_answer_changes_nothing(self, name: str) -> None:
        class Garbling(BadRoad):
            def exchange(self, request: bytes) -> bytes:
                answer = super().exchange(request)
                return answer[:-1] + bytes([answer[-1] ^ 1])

        device = self.devices[name]
        before = device.journal.first_unsent_seq, device.inbox.cursor
        try:
            exchange_once(device.parties(self.server), Garbling(self.server), {})
        except MessageError as error:
            assert error.code == "message-unreadable"
        else:
            raise AssertionError
        assert before == (device.journal.first_unsent_seq, device.inbox.cursor)

    @invariant()
    def nothing_saved_is_ever_lost_here(self) -> None:
        for name, device in getattr(self, "devices", {}).items():
            kept = device.journal.of_kind(SUBMISSION)
            assert [as_written(record) for record in kept] == self.saved[name]
            # Whatever the clock showed: what was written later counts later.
            assert sorted(kept, key=lambda record: (record.time, record.seq)) == list(kept)

    @invariant()
    def the_school_has_each_record_at_most_once_and_as_written(self) -> None:
        for name, device in getattr(self, "devices", {}).items():
            held = works(self.server.journals[device.journal.device])
            assert held == self.saved[name][: len(held)]

    def teardown(self) -> None:
        if not hasattr(self, "devices"):
            return
        try:
            self._converge()
            self.server.restore(self.backup)
            self._converge()
        finally:
            for device in self.devices.values():
                device.crash()
            shutil.rmtree(self.folder)

    def _converge(self) -> None:
        for _ in range(2):
            for name in NAMES:
                self.work(name, 2)
                exchange_all(self.devices[name].parties(self.server), BadRoad(self.server), {})
        for name in NAMES:
            exchange_all(self.devices[name].parties(self.server), BadRoad(self.server), {})
        for name, other in (NAMES, NAMES[::-1]):
            device = self.devices[name]
            assert works(self.server.journals[device.journal.device]) == self.saved[name]
            assert device.journal.waiting_count() == 0
            for record in self.saved[name]:
                assert device.journal.state(record.seq).station is Station.RECEIVED
            came = device.inbox.of_kind(SUBMISSION)
            assert came == self.devices[other].journal.of_kind(SUBMISSION)
            assert [as_written(record) for record in came] == self.saved[other]
            road = BadRoad(self.server)
            exchange_all(device.parties(self.server), road, {})
            assert road.requests == 1, "nothing is new any more"


def works(journal: Sequence[Record]) -> List[Record]:
    """Leave out what laptops say of their clocks."""
    return [record for record in journal if record.kind == SUBMISSION]


def as_written(record: Record) -> Record:
    return record.counted_at(record.written_time)


TestConvergence = Convergence.TestCase
TestConvergence.settings = settings(
    max_examples=examples(60),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
