"""A relay that lies: it may speak for its own devices and people alone, and breaks nothing."""

from __future__ import annotations

import contextlib
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync import fields
from sync.errors import SyncError
from sync.identity import Identity
from sync.kinds import LAPTOP, MARK, ROSTER, SCHOOL, SUBMISSION
from sync.message import Kind, make_message, open_message
from sync.record import NO_HASH, Record, record_hash
from sync.relaying.answer import RelayAnswer
from sync.relaying.heads import CHECK_BYTES
from sync.relaying.request import RelayRequest
from sync.relaying.run import Run
from sync.relaying.want import Want
from sync_server.errors import RequestError
from sync_server.http.buckets import Buckets
from sync_server.relay.upstream import RelayService
from tests.support.clock import NOW_MS, TurnableClock
from tests.support.device import submission
from tests.support.examples import examples
from tests.support.relays import enrol_relay, facts, laptop_at, relay, said, service
from tests.support.server import open_school

ALL = (SUBMISSION, MARK, ROSTER, LAPTOP, SCHOOL)


class Liar:
    """A server that was enrolled as a relay and says what it likes."""

    def __init__(self, region):
        self.region = region
        self.identity = Identity.generate()
        self.id = self.identity.public.device_id
        self.seq, self.hash = {}, {}

    def say(self, request):
        return self.answer(request.to_payload())

    def answer(self, payload):
        server = self.region.identity.public
        message = make_message(Kind.RELAY_REQUEST, payload, self.identity, server)
        known = {server.device_id: server}
        data = service(self.region).relay(message)
        opened = open_message(data, Kind.RELAY_ANSWER, self.identity, known.get)
        return RelayAnswer.from_payload(opened.payload)

    def run(self, person, kind, body, device=None):
        """The next record of a journal of which this relay takes itself for the writer."""
        device = device or self.id
        seq = self.seq.get(device, 0) + 1
        record = Record(device, seq, NOW_MS + seq << 16, person, kind, body)
        digest = record_hash(self.hash.get(device, NO_HASH), record)
        self.seq[device], self.hash[device] = seq, digest
        return Run((record,), digest[:CHECK_BYTES])

    def tell(self, *words, device=None):
        answer = self.say(RelayRequest(bytes(32), (self.run(*words, device=device),)))
        return [code for _, _, code in answer.refused] or [code for _, code in answer.rejected]

    def laptop(self, identity, **body):
        keys = fields.to_text(identity.public.to_bytes())
        whole = {"keys": keys, "name": "x", "people": [], "parent": "", **body}
        return self.tell(identity.public.device_id, LAPTOP, whole)

    def person(self, name, **body):
        whole = {"person": name, "name": "x", "role": "student", "class": "7А", "picture": ""}
        return self.tell(name, ROSTER, {**whole, **body})


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    root, clock = tmp_path_factory.mktemp("liar"), TurnableClock(step_ms=1)
    with open_school(root / "region", clock) as region, open_school(root / "s", clock) as school:
        enrol_relay(school, region)
        pupil = laptop_at(school, ["Анна"], ["Сәуле"])
        pupil.hand_in(pupil.people[0].id)
        pupil.exchange_all(school.road())
        relay(school, region)
        direct = laptop_at(region, ["Болат"], class_name="8А")
        direct.hand_in(direct.people[0].id)
        direct.exchange_all(region.road())
        yield region, school, pupil, direct


@pytest.fixture
def liar(world):
    from sync_server.relay.announcements import admit_relay

    one = Liar(world[0])
    with world[0].store.transaction() as transaction:
        admit_relay(transaction, one.identity.public, "liar", NOW_MS)
    return one


def test_nobody_elses_people(world, liar):
    region, school, pupil, direct = world
    before = said(region, ALL)
    anna, bolat = pupil.people[0].id, direct.people[0].id
    for person in (anna, bolat, "never-heard-of"):
        assert liar.tell(person, SUBMISSION, submission()) == ["person-elsewhere"]
    for person in (anna, bolat):
        assert liar.person(person, picture="other") == ["person-elsewhere"]
        for claimed in (school.identity.public.device_id, region.identity.public.device_id, "?"):
            assert liar.person(person, school=claimed) == ["person-elsewhere"]
    assert liar.person("new", school=school.identity.public.device_id) == ["person-elsewhere"]
    assert liar.person("new", school=7) == ["record-invalid"]
    assert liar.person("new", person="other") == ["record-invalid"]
    assert said(region, ALL) == before
    with region.store.transaction() as transaction:
        assert transaction.person(anna).name == "Анна"


def test_nobody_elses_devices(world, liar):
    region, _, pupil, direct = world
    before = said(region, ALL)
    for device in (pupil, direct):
        assert liar.laptop(device.identity) == ["device-elsewhere"]
        assert liar.tell(device.people[0].id, SUBMISSION, submission(), device=device.id) == [
            "device-elsewhere"
        ]
    for server in (world[0], world[1]):
        keys = {"keys": fields.to_text(server.identity.public.to_bytes()), "name": "x"}
        assert liar.tell(server.identity.public.device_id, SCHOOL, keys) == ["device-elsewhere"]
    stranger = Identity.generate()
    assert liar.tell("x", SUBMISSION, submission(), device=stranger.public.device_id) == [
        "device-unknown"
    ]
    keys = fields.to_text(stranger.public.to_bytes())
    body = {"keys": keys, "name": "x", "people": [], "parent": ""}
    assert liar.tell("somebody", LAPTOP, body) == ["record-invalid"]
    assert said(region, ALL) == before


def test_its_own_it_may_speak_for_but_not_beyond(world, liar):
    _, _, pupil, _ = world
    own = Identity.generate()
    assert liar.laptop(own) == []
    assert liar.person("mine") == []
    device = own.public.device_id
    assert liar.tell("mine", SUBMISSION, submission(), device=device) == []
    mark = {"device": pupil.id, "seq": 1, "points": 0, "of": 5, "comment": ""}
    to_anna = {**mark, "student": pupil.people[0].id}
    assert liar.tell("mine", MARK, to_anna, device=device) == ["person-elsewhere"]
    roster = {"person": "p", "name": "x", "role": "student", "class": "7А", "picture": ""}
    assert liar.tell("p", ROSTER, roster, device=device) == ["record-not-permitted"]


def test_a_forged_chain_is_a_fork_and_changes_nothing(world, liar):
    region = world[0]
    liar.person("mine2")
    before = said(region, ALL)
    other = Record(liar.id, 1, 5 << 16, "mine2", ROSTER, {"person": "mine2"})
    answer = liar.say(RelayRequest(bytes(32), (Run((other,), b"x" * 8),)))
    assert answer.forked == ((0, 1),)
    run = liar.run("mine2", SUBMISSION, submission())
    answer = liar.say(RelayRequest(bytes(32), (Run(run.records, b"x" * 8),)))
    assert answer.forked
    gap = Record(liar.id, 9, 5 << 16, "mine2", SUBMISSION, submission())
    answer = liar.say(RelayRequest(bytes(32), (Run((gap,), b"x" * 8),)))
    assert answer.resend == ((0, 2),)
    assert said(region, ALL) == before


def test_it_gets_back_and_is_told_only_what_is_its_own(world, liar):
    region, _, pupil, direct = world
    wants = tuple(
        Want(one, 1, bytes(CHECK_BYTES))
        for one in (pupil.id, direct.id, region.identity.public.device_id, liar.id)
    )
    answer = liar.say(RelayRequest(bytes(32), wants=wants, heads_from=""))
    assert answer.back == ()
    assert answer.records == ()
    assert answer.page is not None
    assert answer.page.heads == ()


def test_who_asks_too_often_is_told_to_wait(world, liar):
    region = world[0]
    pace = Buckets(2, 0.1, lambda: 0.0)
    asked = RelayService(region.store, region.identity, region.clock, pace)
    payload = RelayRequest(bytes(32)).to_payload()
    message = make_message(Kind.RELAY_REQUEST, payload, liar.identity, region.identity.public)
    for _ in range(2):
        assert asked.relay(message)
    with pytest.raises(RequestError) as caught:
        asked.relay(message)
    assert (caught.value.code, caught.value.headers) == ("server-busy", {"Retry-After": "10"})


def test_who_was_never_let_in_hears_nothing(world):
    with pytest.raises(SyncError, match="does not know"):
        Liar(world[0]).say(RelayRequest(bytes(32)))
    laptop = Liar(world[0])
    laptop.identity = world[3].identity
    with pytest.raises(SyncError, match="does not know"):
        laptop.say(RelayRequest(bytes(32)))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 1 << 70) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


@settings(
    max_examples=examples(80),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 1000), changes=st.dictionaries(st.sampled_from("grnxavucwl"), _JSON))
def test_any_shape_of_request_is_answered_or_refused_by_a_code(world, liar, seed, changes):
    region, _, pupil, _ = world
    chance = random.Random(seed)
    bodies = [submission(), {"person": "q"}, {}, {"carried": [pupil.id, 1], **submission()}]
    device = chance.choice([None, pupil.id, liar.id])
    kind = chance.choice([*ALL, "of-tomorrow"])
    person = chance.choice(["mine", pupil.people[0].id])
    run = liar.run(person, kind, chance.choice(bodies), device)
    payload = json.loads(RelayRequest(bytes(32), (run,)).to_payload())
    payload.update(changes)
    before = [one for one in facts(region) if one.device != liar.id]
    with contextlib.suppress(SyncError):
        liar.answer(json.dumps(payload).encode())
    assert [one for one in facts(region) if one.device != liar.id] == before
