"""Two servers and laptops in any order, cut, doubled, cloned and restored: nothing is lost."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Dict, List

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.enrolment import (
    EnrolmentCode,
    EnrolmentRequest,
    code_keys,
    make_enrolment_request,
    open_enrolment_answer,
)
from sync.errors import LinkError, RefusedError, SyncError
from sync.kinds import SUBMISSION
from sync_server.people.codes import Wish, issue_code
from sync_server.verification import verify_journals
from tests.support.clock import TurnableClock
from tests.support.device import submission
from tests.support.examples import examples
from tests.support.relays import RelayRoad, enrol_relay, facts, go_back, relay, said, save
from tests.support.server import School
from tests.support.sync_device import Device

ROUNDS = 12
QUIET = 2


class World:
    """A region, a school below it, two laptops at the school and one at the region."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.clock = TurnableClock(step_ms=1)
        self.region = School(root / "region", self.clock)
        self.school = School(root / "school", self.clock)
        enrol_relay(self.school, self.region)
        self.road = RelayRoad(self.region)
        self.laptops: Dict[str, Device] = {}
        self.people: Dict[str, str] = {}
        self.homes: Dict[str, School] = {}
        self.written: List[str] = []
        self.enrol("first", self.school)
        self.enrol("second", self.school)
        relay(self.school, self.region, self.road)
        self.enrol("home", self.region)
        for name in ("region", "school"):
            save(self.server(name), root / f"{name}.backup")

    def close(self) -> None:
        for laptop in self.laptops.values():
            laptop.crash()
        self.region.close()
        self.school.close()

    def server(self, name: str) -> School:
        return self.region if name == "region" else self.school

    def enrol(self, name: str, at: School) -> None:
        below = self.school.identity.public.device_id if at is self.region else ""
        wish = Wish("7А", (f"Оқушы {name}",), school=below)
        issued = issue_code(at.store, at.identity.public.device_id, self.clock, wish)
        device = Device(self.root / f"{name}.db", name, self.clock)
        keys = code_keys(EnrolmentCode.parse(str(issued.code)))
        request = make_enrolment_request(keys, EnrolmentRequest(device.identity.public, name))
        answer = open_enrolment_answer(keys, request, at.road().enrol(request))
        self.laptops[name], self.homes[name] = device, at
        self.people[name] = answer.people[0].id

    def write(self, name: str) -> None:
        said_now = f"{name} {len(self.written)}"
        self.laptops[name].journal.append(self.people[name], SUBMISSION, submission(said_now))
        self.written.append(said_now)

    def sync(self, name: str) -> None:
        home = self.homes[name]
        with contextlib.suppress(RefusedError, LinkError):
            self.laptops[name].sync(home, home.road())

    def relay(self, loss: str) -> None:
        self.road.lose_request, self.road.lose_answer = loss == "request", loss == "answer"
        with contextlib.suppress(LinkError):
            relay(self.school, self.region, self.road, budget_bytes=400, room_bytes=400)

    def repeat(self) -> None:
        for old in tuple(self.road.requests[-3:]):
            with contextlib.suppress(SyncError):
                self.road.relay(old)

    def clone(self) -> None:
        """Another laptop gets the first one's disk as it is."""
        if "clone" in self.laptops:
            return
        place = self.root / "clone.db"
        self.laptops["first"].image(place)
        self.laptops["clone"] = Device(place, "first", self.clock)
        self.homes["clone"], self.people["clone"] = self.school, self.people["first"]

    def settle(self) -> None:
        quiet = 0
        for _ in range(ROUNDS):
            for name in self.laptops:
                self.sync(name)
            done = relay(self.school, self.region, self.road)
            moved = (done.sent, done.received, done.restored) != (0, 0, 0)
            quiet = 0 if moved or not done.in_step else quiet + 1
            if quiet == QUIET:
                return
        raise AssertionError("they do not come to rest")


STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(("first", "second", "home", "clone"))),
    st.tuples(st.just("sync"), st.sampled_from(("first", "second", "home", "clone"))),
    st.tuples(st.just("relay"), st.sampled_from(("", "", "request", "answer"))),
    st.tuples(st.just("save"), st.sampled_from(("region", "school"))),
    st.tuples(st.just("go back"), st.sampled_from(("region", "school"))),
    st.tuples(st.sampled_from(("repeat", "clone")), st.just("")),
)


def carry_out(world: World, step: str, what: str) -> None:
    if step in ("write", "sync"):
        if what in world.laptops:
            getattr(world, step)(what)
    elif step == "relay":
        world.relay(what)
    elif step == "save":
        save(world.server(what), world.root / f"{what}.backup")
    elif step == "go back":
        go_back(world.server(what), world.root / f"{what}.backup")
    else:
        getattr(world, step)()


def answers(school: School) -> List[str]:
    return sorted(one.body["answers"]["root"] for one in facts(school, (SUBMISSION,)))


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=25))
def test_whatever_happens_both_hold_all_work_once(steps):
    with tempfile.TemporaryDirectory() as name, contextlib.closing(World(Path(name))) as world:
        for step, what in steps:
            carry_out(world, step, what)
        world.settle()
        assert answers(world.school) == answers(world.region) == sorted(world.written)
        assert said(world.school, (SUBMISSION,)) == said(world.region, (SUBMISSION,))
        for server in (world.school, world.region):
            with server.store.transaction() as transaction:
                verify_journals(transaction, server.identity)
