"""Laptops, a server and a road that loses, repeats and reorders: in the end all agree."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sync.errors import LinkError
from sync.kinds import CLOCK, MARK, SUBMISSION
from tests.support.clock import IN_2003_MS, IN_2031_MS, NOW_MS, TurnableClock
from tests.support.device import TestDevice
from tests.support.examples import examples
from tests.support.server import School

STUDENTS = ("Анна", "Болат", "Дана")
DEVICES = st.integers(0, 2)


class SchoolDay(RuleBasedStateMachine):
    """Device 0 is Anna's and Bolat's, device 1 Bolat's and Dana's, device 2 the teacher's."""

    @initialize()
    def enrol_everybody(self):
        self.folder = tempfile.TemporaryDirectory()
        self.clock = TurnableClock(step_ms=1)
        self.school = School(Path(self.folder.name) / "server", TurnableClock(step_ms=1))
        self.road = self.school.road()
        self.devices = [TestDevice(clock=self.clock) for _ in range(3)]
        groups = [(STUDENTS[:2], ()), (STUDENTS[1:], ()), ((), ("Сәуле",))]
        for device, (students, teachers) in zip(self.devices, groups):
            device.enrol(self.road, str(self.school.code(students, teachers).code))
        self.written = []
        self.sent = []

    def teardown(self):
        if not hasattr(self, "devices"):
            return
        self.converge()
        for device in self.devices:
            device.close()
        self.school.close()
        self.folder.cleanup()

    @rule(at=st.integers(0, 1), who=st.integers(0, 1), answer=st.text(max_size=5))
    def hand_in(self, at, who, answer):
        device = self.devices[at]
        record = device.hand_in(device.people[who].id, answer.replace("\ud800", ""))
        self.written.append(record)

    @rule(which=st.integers(0, 1000))
    def mark(self, which):
        teacher = self.devices[2]
        works = teacher.inbox.of_kind(SUBMISSION)
        if works:
            work = works[which % len(works)]
            self.written.append(teacher.mark(teacher.people[0].id, work.person, work))

    @rule(at=DEVICES, room=st.sampled_from([1, 300, 65536]), budget=st.sampled_from([1, 65536]))
    def exchange(self, at, room, budget):
        self.devices[at].exchange(self.road, room_bytes=room, budget_bytes=budget)

    @rule(at=DEVICES, answer_too=st.booleans())
    def lose(self, at, answer_too):
        self.road.lose_answer, self.road.lose_request = answer_too, not answer_too
        try:
            self.devices[at].exchange(self.road)
        except LinkError:
            return
        raise AssertionError("the road did not lose it")

    @rule(at=DEVICES)
    def keep_a_request(self, at):
        """A copy of the request stays on the way and arrives at some later time."""
        device = self.devices[at]
        self.sent.append((device, device.seal(device.request())))

    @rule(which=st.integers(0, 1000))
    def deliver_late(self, which):
        if self.sent:
            device, message = self.sent[which % len(self.sent)]
            answer = device.open(self.road.exchange(message))
            assert answer.refused == ()

    @rule()
    def restart_the_server(self):
        self.school.restart()

    @rule(ms=st.sampled_from([IN_2003_MS, NOW_MS, IN_2031_MS]))
    def turn_the_laptops_clocks(self, ms):
        self.clock.time_ms = ms

    @invariant()
    def nothing_is_held_twice_or_refused(self):
        if not hasattr(self, "school"):
            return
        with self.school.store.transaction() as transaction:
            counts = transaction.counts()
        assert counts["records"] <= len(self.written) + 4 + self.said_of_clocks()
        assert counts["refused"] == 0

    def said_of_clocks(self):
        return sum(len(device.journal.of_kind(CLOCK)) for device in self.devices)

    def converge(self):
        for _ in range(2):
            for device in self.devices:
                outcomes = device.exchange_all(self.road)
                assert all(outcome.problem is None for outcome in outcomes)
        names = {(record.device, record.seq) for record in self.written}
        with self.school.store.transaction() as transaction:
            count = transaction.counts()["records"]
        assert count == len(self.written) + 4 + self.said_of_clocks()
        works = {(r.device, r.seq) for r in self.devices[2].inbox.of_kind(SUBMISSION)}
        assert works == {(r.device, r.seq) for r in self.written if r.kind == SUBMISSION}
        for device in self.devices[:2]:
            assert device.journal.received_seq == device.journal.head.seq
            own = {person.id for person in device.people}
            marks = {(r.device, r.seq) for r in device.inbox.of_kind(MARK)}
            for_us = [r for r in self.written if r.kind == MARK and r.body["student"] in own]
            assert marks == {(r.device, r.seq) for r in for_us}
            assert marks <= names


SchoolDay.TestCase.settings = settings(
    max_examples=examples(25),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestSchoolDay = SchoolDay.TestCase
