"""Under which address the server is found: near, far, somebody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.nearby.addresses import Addresses
from sync.link.rules import LinkRules
from tests.client.laptop.conftest import STUDENTS
from tests.support.laptop import TurnableClock
from tests.support.nearby import TurnableNearby
from tests.support.pack_source import PACK, RIGHT_ANSWERS
from tests.support.school import ADDRESS, MemoryRoad, School, Weather

NEAR, STRANGE = "http://192.168.1.5:8765", "http://192.168.1.66:8765"
TYPED = "http://school.example:8765"


class Roads:
    """A road for each address; who is at none cannot be reached."""

    def __init__(self, school):
        self.roads = {}
        self.tried = []
        self.nobody = MemoryRoad(school, Weather(away=True))

    def __call__(self, address):
        self.tried.append(address)
        return self.roads.get(address, self.nobody)


class Now:
    s = 0.0

    def __call__(self):
        return self.s


@pytest.fixture
def roads(school, road):
    roads = Roads(school)
    roads.roads[ADDRESS] = road
    return roads


@pytest.fixture
def nearby():
    return TurnableNearby(near=(NEAR, STRANGE))


@pytest.fixture
def laptop(tmp_path, school, roads, nearby):
    laptop = Laptop.open(tmp_path / "wanderer", TurnableClock(), roads, lambda _: nearby)
    laptop.enrol(ADDRESS, school.code(STUDENTS))
    roads.tried.clear()
    yield laptop
    laptop.close()


def hand_in(laptop, answers=None):
    person = laptop.people()[0].id
    return laptop.hand_in(person, PACK, "meaning", "check", answers or RIGHT_ANSWERS, "kk")


def at_school(roads, nearby, school):
    roads.roads[NEAR] = MemoryRoad(school)
    nearby.found = [NEAR]


def test_the_server_next_door_is_found_and_remembered(laptop, roads, nearby, school):
    at_school(roads, nearby, school)
    hand_in(laptop)
    account = laptop.sync()
    assert (account.problem, account.records_sent) == (None, 1)
    assert set(roads.tried) == {NEAR}
    assert Addresses(laptop.store, nearby).here == NEAR
    nearby.asked.clear()
    hand_in(laptop, {"root": "b"})
    assert laptop.sync().records_sent == 1
    assert "servers" not in nearby.asked, "nobody is looked for while the known one answers"
    assert len(school.submissions()) == 2


def test_at_home_the_internet_is_used_without_a_word(laptop, roads, nearby, school):
    at_school(roads, nearby, school)
    assert laptop.sync().problem is None
    nearby.near, nearby.found = [], []
    roads.tried.clear()
    hand_in(laptop)
    account = laptop.sync()
    assert (account.problem, account.records_sent) == (None, 1)
    assert set(roads.tried) == {ADDRESS}
    assert laptop.status().problem is None


def test_a_server_that_is_gone_next_door_is_reached_elsewhere(laptop, roads, nearby, school):
    at_school(roads, nearby, school)
    assert laptop.sync().problem is None
    del roads.roads[NEAR]
    roads.tried.clear()
    hand_in(laptop)
    assert laptop.sync().problem is None
    assert roads.tried[0] == NEAR
    assert roads.tried[-1] == ADDRESS
    assert laptop.status().problem is None


def test_a_stranger_that_says_it_is_our_server_gets_nothing_and_is_left(
    tmp_path, laptop, roads, nearby, school
):
    stranger = School(tmp_path / "stranger")
    roads.roads[STRANGE] = MemoryRoad(stranger)
    nearby.found = [STRANGE]
    work = hand_in(laptop)
    account = laptop.sync()
    assert account.problem is None
    assert account.receipt.seq == work.id.seq
    assert [answers for _, answers in school.submissions()] == [dict(RIGHT_ANSWERS)]
    assert roads.tried.count(STRANGE) == 1
    assert Addresses(laptop.store, nearby).here == ""
    laptop.sync()
    assert roads.tried.count(STRANGE) == 1, "who was wrong once is not asked again at once"
    stranger.close()


@pytest.mark.parametrize("address", [ADDRESS, ""])
def test_where_only_strangers_answer_there_is_no_link_and_nothing_worse(
    tmp_path, laptop, roads, nearby, address
):
    stranger = School(tmp_path / "stranger")
    laptop.store.keep_membership(replace(laptop.store.enrolled(), address=address))
    roads.roads.clear()
    roads.roads[STRANGE] = MemoryRoad(stranger)
    nearby.found = [STRANGE]
    hand_in(laptop)
    account = laptop.sync()
    assert account.problem.code == "link-unreachable"
    assert "link" not in str(account.set_aside)
    assert laptop.status().problem.code == "link-unreachable"
    stranger.close()


@pytest.mark.parametrize("reply", [b"", b"KX", b"KX\1\2" + bytes(500), b"<html>", b"\0" * 9])
def test_rubbish_from_a_found_address_ends_nothing(laptop, roads, nearby, reply):
    class Rubbish(MemoryRoad):
        def exchange(self, request):
            return reply

    roads.roads[STRANGE] = Rubbish(None)
    nearby.found = [STRANGE]
    hand_in(laptop)
    account = laptop.sync()
    assert (account.problem, account.records_sent) == (None, 1)
    assert laptop.status().problem is None


def test_a_thousand_found_servers_cost_three_tries(laptop, roads, nearby):
    crowd = [f"http://192.168.1.66:{port}" for port in range(1000, 2000)]
    nearby.near += crowd
    nearby.found = crowd
    assert laptop.sync().problem is None
    assert sum(url in crowd for url in roads.tried) == 3


def test_nobody_far_away_is_tried_because_somebody_says_so(laptop, roads, nearby):
    nearby.found = ["http://203.0.113.7:80", "http://example.org:80"]
    laptop.sync()
    assert set(roads.tried) == {ADDRESS}


def test_who_was_wrong_is_asked_again_later_and_later(laptop, nearby):
    now = Now()
    addresses = Addresses(laptop.store, nearby, now)
    nearby.found = [STRANGE]
    asked_s = []
    for minute in range(24 * 60):
        now.s = minute * 60.0
        for one in addresses.candidates():
            if one.url == STRANGE:
                asked_s.append(now.s)
                addresses.failed(one)
    assert asked_s[:4] == [0, 600, 1800, 4200]
    assert len(asked_s) <= 10
    for port in range(1, 1000):
        nearby.near.append(f"http://192.168.1.66:{port}")
        nearby.found = nearby.near[-1:]
        for one in addresses.candidates():
            addresses.failed(one)
    assert len(addresses._refused) <= 64


def test_a_typed_address_is_tried_before_the_enrolled_one(laptop, roads, nearby, school):
    addresses = Addresses(laptop.store, nearby)
    addresses.use(["school.example:8765", "192.168.1.5:8765"])
    assert [one.url for one in addresses.candidates()] == [NEAR, TYPED, ADDRESS]
    roads.roads[TYPED] = MemoryRoad(school)
    assert laptop.sync().problem is None
    assert roads.tried[:2] == [NEAR, TYPED]
    with pytest.raises(LaptopError) as caught:
        addresses.use(["http://"])
    assert caught.value.code == "address-invalid"
    assert addresses.typed == (TYPED, NEAR)


def test_an_address_that_was_typed_short_at_enrolment_may_be_near(laptop, nearby):
    store = laptop.store
    store.keep_membership(replace(store.enrolled(), address="192.168.1.5:8765"))
    (only,) = Addresses(store, nearby).candidates()
    assert (only.url, only.near, only.proven) == (NEAR, True, True)
    store.keep_membership(replace(store.enrolled(), address=""))
    nearby.found = [NEAR]
    (found,) = Addresses(store, nearby).candidates()
    assert (found.url, found.proven) == (NEAR, False)


def test_who_joined_by_a_stick_finds_the_server_next_door(laptop, roads, nearby, school):
    store = laptop.store
    store.keep_membership(replace(store.enrolled(), address=""))
    hand_in(laptop)
    assert laptop.sync().held.key == "link.now.by-stick"
    assert laptop.happening().state == "by-stick"
    at_school(roads, nearby, school)
    account = laptop.sync()
    assert (account.problem, account.records_sent) == (None, 1)
    assert laptop.happening().state != "by-stick"


def test_next_door_no_budget_holds_and_nothing_is_counted(laptop, roads, nearby, school):
    at_school(roads, nearby, school)
    school.publish()
    laptop.link.set_rules(LinkRules(day_bytes=1, quiet_outside=True))
    before = laptop.link.usage.days
    account = laptop.sync()
    assert (account.problem, account.held) == (None, None)
    assert account.packs_installed
    assert laptop.link.usage.days == before
    laptop.link.set_rules(LinkRules(paused=True))
    requests = roads.roads[NEAR].requests
    assert laptop.sync().held is not None
    assert roads.roads[NEAR].requests == requests


def test_objects_come_only_from_where_the_server_has_answered(laptop, roads, nearby, school):
    nearby.found = [STRANGE]
    laptop.exchange()
    roads.tried.clear()
    laptop.carry()
    assert STRANGE not in roads.tried


def test_what_went_over_an_address_that_broke_counts(laptop, roads, nearby, school):
    at_school(roads, nearby, school)
    laptop.exchange()
    road = roads.roads[NEAR]
    hand_in(laptop)
    road.weather.lose_answers = 1
    near_requests, far_requests = road.requests, roads.roads[ADDRESS].requests
    account = laptop.exchange()
    assert account.problem is None
    # Roads in memory count on from one use to the next.
    assert account.requests == near_requests + 1 + far_requests + 1
    assert len(school.submissions()) == 1


def test_the_network_is_let_go_of_in_the_end(laptop, nearby):
    laptop.sync()
    assert nearby.attended == 1
    laptop.close()
    assert nearby.closed
