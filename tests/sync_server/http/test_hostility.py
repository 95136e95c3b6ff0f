"""Thousands of hostile requests to every endpoint: none breaks it, and none stays in memory."""

from __future__ import annotations

import gc
import random
import secrets
import tracemalloc

import pytest

from sync.enrolment import CodeKeys, EnrolmentRequest, make_enrolment_request
from sync.errors import MessageError
from sync.identity import Identity
from sync.message import Kind, make_message
from sync.relaying.request import RelayRequest
from sync_server.app import create_app
from sync_server.exchanges.exchanges import MAX_REQUEST_BYTES
from sync_server.http.buckets import MAX_NAMES
from sync_server.http.guessing import ADDRESS_LIMIT
from tests.support.asgi import AsgiClient
from tests.support.device import TestDevice
from tests.support.exchanges import forged_run
from tests.support.server import open_school
from tests.support.server_letters import up_letter

SEED = 7
ROUNDS = 100
GROWTH_BYTES = 256 * 1024
"""What caches may still grow by once they are warm; a leak of 150 bytes a request is more."""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("hostility") / "server"


@pytest.fixture(scope="module")
def parties(root):
    """A pupil, another pupil, and somebody who was never let in."""
    with open_school(root) as school:
        pupils = [TestDevice() for _ in range(2)]
        for number, pupil in enumerate(pupils):
            pupil.enrol(school.road(), str(school.code([f"Оқушы {number}"]).code))
            pupil.hand_in(pupil.people[0].id)
            pupil.exchange_all(school.road())
        stranger = TestDevice(server=pupils[0].server)
    yield (*pupils, stranger)
    for device in (*pupils, stranger):
        device.close()


@pytest.fixture
def app(root, parties):
    client = AsgiClient(create_app(root))
    yield client
    client.close()


def kept(root):
    with open_school(root) as school, school.store.transaction() as transaction:
        return dict(transaction.counts())


def payload_message(device, payload):
    return make_message(Kind.EXCHANGE_REQUEST, payload, device.identity, device.server)


def relayed_by(device):
    """What a laptop that takes itself for a relay says."""
    payload = RelayRequest(bytes(32), heads_from="").to_payload()
    return make_message(Kind.RELAY_REQUEST, payload, device.identity, device.server)


def bomb(device):
    return make_message(Kind.RELAY_REQUEST, b" " * (8 << 20), device.identity, device.server)


def attacks(pupil, other, stranger, chance):
    """One of each: (method, path, body, headers)."""
    honest = pupil.seal(pupil.request())
    at = chance.randrange(len(honest))
    flipped = honest[:at] + bytes([honest[at] ^ 1 << chance.randrange(8)]) + honest[at + 1 :]
    # A guessed code's keys: nobody on this side can tell them from those of a code.
    keys = CodeKeys(*(secrets.token_bytes(size) for size in (8, 32, 32)))
    guess = make_enrolment_request(keys, EnrolmentRequest(Identity.generate().public, "x"))
    forged = other.request()
    bodies = [
        honest[:at],
        flipped,
        secrets.token_bytes(chance.randrange(2000)),
        b"KX\1\1" + secrets.token_bytes(300),
        stranger.seal(stranger.request()),
        # Signed by one pupil, and says the other's head.
        pupil.seal(forged),
        payload_message(pupil, b"[" * 100_000),
        payload_message(pupil, b'{"h":[1,"' + b"A" * 50_000 + b'"]}'),
        payload_message(pupil, b'{"r":{"b":[],"r":[[],[],[],[],[],[]]},"u":"' + b"9" * 60 + b'"}'),
    ]
    yield from (("POST", "/exchange", body, ()) for body in bodies)
    yield "POST", "/enrol", guess, ()
    yield "POST", "/enrol", guess[: chance.randrange(len(guess))], ()
    yield "POST", "/enrol", honest, ()
    yield "POST", "/exchange", guess, ()
    for body in (honest, guess, b"", secrets.token_bytes(400), relayed_by(pupil), bomb(pupil)):
        yield "POST", "/relay", body, ()
    yield "POST", "/exchange", b"", [("Content-Length", str(1 << 40))]
    yield "GET", f"/repository/{secrets.token_hex(16)}/catalogue", b"", ()
    yield "GET", f"/repository/{secrets.token_hex(8)}/../../identity", b"", ()
    yield "GET", f"/{secrets.token_hex(20)}", b"", [("Range", "bytes=9-1")]
    yield "GET", "/healthz", secrets.token_bytes(50), ()
    yield "GET", "/metrics", b"", ()


def attack_all(app, parties, chance, rounds):
    worst = 0
    for number in range(rounds):
        address = f"10.{number % 256}.{chance.randrange(256)}.1"
        for method, path, body, headers in attacks(*parties, chance):
            answer = app.request(method, path, body, headers, client=address)
            worst = max(worst, answer.status if answer.status not in (429, 503) else 0)
    return worst


@pytest.mark.slow
def test_thousands_of_them_break_nothing_keep_nothing_and_leave_nothing(app, root, parties):
    chance, before = random.Random(SEED), kept(root)
    assert attack_all(app, parties, chance, 40) < 500
    tracemalloc.start()
    try:
        gc.collect()
        warm_bytes = tracemalloc.get_traced_memory()[0]
        worst = attack_all(app, parties, chance, ROUNDS)
        gc.collect()
        grown_bytes = tracemalloc.get_traced_memory()[0] - warm_bytes
    finally:
        tracemalloc.stop()
    assert worst < 500
    assert grown_bytes < GROWTH_BYTES
    assert kept(root) == before


def test_a_replayed_exchange_changes_nothing(app, root, parties):
    pupil = parties[0]
    pupil.hand_in(pupil.people[0].id, "replayed")
    message = pupil.seal(pupil.request())
    first = pupil.open(app.request("POST", "/exchange", message).body)
    before = kept(root)
    for _ in range(50):
        again = pupil.open(app.request("POST", "/exchange", message).body)
        assert again.receipt == first.receipt
    assert kept(root) == before


def test_a_replay_opens_only_for_whom_it_was_sealed(app, parties):
    pupil, other, _ = parties
    answer = app.request("POST", "/exchange", pupil.seal(pupil.request())).body
    with pytest.raises(MessageError) as error:
        other.open(answer)
    assert error.value.code == "message-unreadable"


def test_one_pupil_cannot_write_in_anothers_name(app, root, parties):
    pupil, other, _ = parties
    records = kept(root)["records"]
    body = {"pack": "p", "lesson": "l", "position_s": 1, "seen": True}
    request = forged_run(pupil, [body], "progress", other.people[0].id)
    answer = pupil.open(app.request("POST", "/exchange", pupil.seal(request)).body)
    assert {code for _, code in answer.refused} & {"record-not-permitted", "journal-forked"}
    assert kept(root)["records"] == records


def test_a_small_message_that_unpacks_to_much_is_not_unpacked(app, parties):
    bomb = payload_message(parties[0], b" " * (MAX_REQUEST_BYTES + 1))
    assert len(bomb) < 2000
    answer = app.request("POST", "/exchange", bomb)
    assert (answer.status, answer.code) == (413, "message-too-large")


def test_a_sender_of_much_is_told_later_and_its_bytes_are_forgotten(root, parties, monkeypatch):
    monkeypatch.setattr("sync_server.http.room.Room.__init__.__defaults__", (20_000, 10_000))
    client = AsgiClient(create_app(root))
    answer = client.request("POST", "/exchange", [bytes(9_000), bytes(9_000), b"end"])
    assert (answer.status, answer.code) == (429, "server-busy")
    assert int(answer.headers["retry-after"]) > 0
    pupil = parties[0]
    assert client.request("POST", "/exchange", pupil.seal(pupil.request())).status == 200
    client.close()


def guessed_code():
    keys = CodeKeys(*(secrets.token_bytes(size) for size in (8, 32, 32)))
    return make_enrolment_request(keys, EnrolmentRequest(Identity.generate().public, "x"))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/enrol", guessed_code),
        ("/letter", lambda: up_letter(guessed_code())),
        ("/login", lambda: b"code=1234"),
    ],
)
def test_many_guesses_at_once_are_no_more_than_one_by_one(app, path, body):
    answers = app.at_once([("POST", path, body()) for _ in range(ADDRESS_LIMIT + 30)])
    statuses = [answer.status for answer in answers]
    assert statuses.count(429) == 30
    assert app.request("POST", path, body()).status == 429


def test_what_is_remembered_of_strangers_is_bounded():
    from sync_server.http.guessing import GuessLimit

    limit = GuessLimit(lambda: 0.0)
    for number in range(3 * MAX_NAMES):
        limit.failed(str(number))
    assert len(limit._addresses) == MAX_NAMES
