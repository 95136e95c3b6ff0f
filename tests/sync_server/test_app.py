from __future__ import annotations

import asyncio
import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from sync.enrolment import EnrolmentCode, EnrolmentRequest, code_keys, make_enrolment_request
from sync.identity import Identity
from sync.message import MAX_MESSAGE_BYTES
from sync_server.app import MAX_ENROLMENT_BYTES, create_app
from sync_server.errors import RequestError
from sync_server.http.bodies import read_body
from sync_server.http.guessing import ADDRESS_LIMIT
from sync_server.http.room import Room
from tests.support.asgi import AsgiClient
from tests.support.device import TestDevice
from tests.support.examples import examples
from tests.support.server import open_school

CONTENT = bytes(range(256)) * 2000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KEY_ID = "0123456789abcdef0123456789abcdef"
OBJECT = f"/repository/{KEY_ID}/objects/{SHA256[:2]}/{SHA256}"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("app") / "server"
    with open_school(root) as school:
        folder = school.folder.repositories / KEY_ID
        (folder / "objects" / SHA256[:2]).mkdir(parents=True)
        (folder / "objects" / SHA256[:2] / SHA256).write_bytes(CONTENT)
        (folder / "manifests" / "algebra-7").mkdir(parents=True)
        (folder / "manifests" / "algebra-7" / "12").write_bytes(b"manifest")
        (folder / "catalogue").write_bytes(b"catalogue")
        (folder / "secret").write_bytes(b"secret")
    return root


@pytest.fixture(scope="module")
def device(root):
    with open_school(root) as school:
        device = TestDevice()
        device.enrol(school.road(), str(school.code(["Анна"]).code))
    yield device
    device.close()


@pytest.fixture
def app(root):
    client = AsgiClient(create_app(root, monotonic_s=lambda: 0.0))
    yield client
    client.close()


@pytest.fixture(scope="module")
def long_lived(root):
    """One application for many hostile requests, whose limit on guesses never ends them."""
    seconds = iter(range(0, 10**9, 1000))
    client = AsgiClient(create_app(root, monotonic_s=lambda: float(next(seconds))))
    yield client
    client.close()


def test_it_is_healthy(app):
    answer = app.request("GET", "/healthz")
    assert (answer.status, answer.body) == (200, b"")


def test_an_exchange_costs_no_header_but_its_length(app, device):
    device.hand_in(device.person("Анна"))
    answer = app.request("POST", "/exchange", device.seal(device.request()))
    assert answer.status == 200
    assert set(answer.headers) == {"content-length"}
    assert device.open(answer.body).receipt.seq == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (OBJECT, CONTENT),
        (f"/repository/{KEY_ID}/manifests/algebra-7/12", b"manifest"),
        (f"/repository/{KEY_ID}/catalogue", b"catalogue"),
    ],
)
def test_published_files_come_whole_and_bare(app, path, body):
    answer = app.request("GET", path)
    assert (answer.status, answer.body) == (200, body)
    assert answer.headers == {"content-length": str(len(body))}


def test_a_part_of_an_object_comes_alone(app):
    answer = app.request("GET", OBJECT, headers=[("Range", "bytes=300000-300009")])
    assert (answer.status, answer.body) == (206, CONTENT[300000:300010])
    assert answer.headers == {
        "content-length": "10",
        "content-range": f"bytes 300000-300009/{len(CONTENT)}",
    }


def test_a_part_outside_of_an_object_is_told_with_the_size(app):
    answer = app.request("GET", OBJECT, headers=[("Range", f"bytes={len(CONTENT)}-")])
    assert (answer.status, answer.code) == (416, "range-outside")
    assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"


def test_asking_for_the_head_alone_sends_the_size_alone(app):
    answer = app.request("HEAD", OBJECT)
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == str(len(CONTENT))


@pytest.mark.parametrize(
    "path",
    [
        f"/repository/{KEY_ID}/secret",
        f"/repository/{KEY_ID}/../../identity",
        "/repository/../identity",
        f"/repository/{KEY_ID}/manifests/../secret",
        f"/repository/{KEY_ID}/manifests/algebra-7",
        f"/repository/{KEY_ID}/manifests/.hidden/12",
        f"/repository/{KEY_ID}/objects/ff/{SHA256}",
        f"/repository/{KEY_ID}/catalogue/",
        f"/repository/{'0' * 32}/catalogue",
        "/repository/",
        "/identity",
        "/server.db",
    ],
)
def test_nothing_else_of_the_disk_is_given_out(app, path):
    answer = app.request("GET", path)
    assert answer.status == 404
    assert answer.code is not None


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/exchange"), ("DELETE", OBJECT), ("POST", "/healthz")]
)
def test_other_methods_are_refused(app, method, path):
    answer = app.request(method, path)
    assert (answer.status, answer.code) == (405, "method")


@pytest.mark.parametrize(
    ("path", "limit"), [("/exchange", MAX_MESSAGE_BYTES), ("/enrol", MAX_ENROLMENT_BYTES)]
)
class TestOversized:
    def test_an_announced_one_is_refused_unread(self, app, path, limit):
        headers = [("Content-Length", str(limit + 1))]
        answer = app.request("POST", path, [], headers, leave=True)
        assert (answer.status, answer.code) == (413, "message-too-large")
        assert answer.headers["connection"] == "close"

    def test_an_unannounced_one_is_refused_when_it_becomes_so(self, app, path, limit):
        answer = app.request("POST", path, [bytes(limit), b"x", b"never read"], leave=True)
        assert (answer.status, answer.code) == (413, "message-too-large")

    @pytest.mark.parametrize("length", ["-1", "1e9", "9" * 5000, "x", "²"])
    def test_a_length_that_is_no_number_is_refused(self, app, path, limit, length):
        header = [("Content-Length", length)]
        assert app.request("POST", path, b"", header).status == 413


def test_a_sender_who_goes_away_leaves_nothing_behind(app, device):
    answer = app.request("POST", "/exchange", [b"KX"], leave=True)
    assert (answer.status, answer.code) == (400, "link-lost")


def test_a_reader_who_goes_away_ends_the_reading(app):
    answer = app.request("GET", OBJECT, leave=True)
    assert answer.status == 200
    assert len(answer.body) < len(CONTENT)


def enrolment(code):
    request = EnrolmentRequest(Identity.generate().public, "Laptop")
    return make_enrolment_request(code_keys(code), request)


def test_guessing_is_slowed_and_others_are_not(app, root):
    wrong = enrolment(EnrolmentCode.generate())
    for _ in range(ADDRESS_LIMIT):
        answer = app.request("POST", "/enrol", wrong, client="192.168.1.66")
        assert (answer.status, answer.code) == (403, "enrolment-code-unknown")
    answer = app.request("POST", "/enrol", wrong, client="192.168.1.66")
    assert (answer.status, answer.code) == (429, "too-many-guesses")
    assert int(answer.headers["retry-after"]) > 0
    with open_school(root) as school:
        right = enrolment(school.code(["Болат"]).code)
    assert app.request("POST", "/enrol", right, client="192.168.1.66").status == 429
    assert app.request("POST", "/enrol", right, client="192.168.1.67").status == 200


def test_servers_below_are_sent_away_before_they_wait_too_long(app, monkeypatch):
    refused = app.request("POST", "/relay", b"nonsense")
    monkeypatch.setattr("sync_server.app.MAX_WAITING_RELAYS", 1)
    assert app.request("POST", "/relay", b"nonsense").status == refused.status == 400
    monkeypatch.setattr("sync_server.app.MAX_WAITING_RELAYS", 0)
    answer = app.request("POST", "/relay", b"nonsense")
    assert (answer.status, json.loads(answer.body)) == (429, {"code": "server-busy"})
    assert answer.headers["retry-after"] == "30"


def test_a_store_that_is_held_says_later(app, device, monkeypatch):
    import sqlite3

    def held(*_):
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr("sync_server.exchanges.exchanges.ExchangeRequest.from_payload", held)
    answer = app.request("POST", "/exchange", device.seal(device.request()))
    assert (answer.status, answer.code) == (503, "server-busy")
    assert answer.headers["retry-after"]


HOSTILE = settings(
    max_examples=examples(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
PAYLOADS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from([*"hfucwrdpkb", "person"]), inner, max_size=6)
    ),
    max_leaves=25,
)


class TestHostile:
    @HOSTILE
    @given(
        st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS", "X"]),
        st.text(max_size=80).map(lambda text: "/" + text)
        | st.text(max_size=40).map(lambda text: "/repository/" + text)
        | st.just(OBJECT),
        st.binary(max_size=300),
        st.lists(
            st.tuples(
                st.sampled_from(["Range", "Content-Length", "Content-Type", "X-Y"]),
                st.text(st.characters(max_codepoint=255), max_size=30),
            ),
            max_size=3,
        ),
    )
    def test_any_request_is_answered_and_none_breaks_the_server(
        self, long_lived, method, path, body, headers
    ):
        assert long_lived.request(method, path, body, headers).status < 500

    @HOSTILE
    @given(st.binary(max_size=400), st.sampled_from([b"", b"KX", b"KX\1\1", b"KX\1\3"]))
    def test_garbage_is_refused(self, long_lived, body, start):
        for path in ("/exchange", "/enrol"):
            answer = long_lived.request("POST", path, start + body)
            assert 400 <= answer.status < 500
            assert answer.code

    @HOSTILE
    @given(st.data())
    def test_a_damaged_message_is_refused(self, long_lived, device, data):
        message = bytearray(device.seal(device.request()))
        place = data.draw(st.integers(0, len(message) - 1))
        if data.draw(st.booleans()):
            del message[place:]
        else:
            message[place] ^= data.draw(st.integers(1, 255))
        answer = long_lived.request("POST", "/exchange", bytes(message))
        assert 400 <= answer.status < 500
        assert answer.code

    @HOSTILE
    @given(PAYLOADS)
    def test_a_known_device_that_says_nonsense_breaks_nothing(self, long_lived, device, payload):
        from sync.message import Kind, make_message

        text = json.dumps(payload).encode()
        message = make_message(Kind.EXCHANGE_REQUEST, text, device.identity, device.server)
        answer = long_lived.request("POST", "/exchange", message)
        assert answer.status in (200, 400)

    @HOSTILE
    @given(st.dictionaries(st.sampled_from([*"hfucwr"]), PAYLOADS, max_size=6))
    def test_requests_of_odd_values_break_nothing(self, long_lived, device, payload):
        from sync.message import Kind, make_message

        text = json.dumps(payload).encode()
        message = make_message(Kind.EXCHANGE_REQUEST, text, device.identity, device.server)
        answer = long_lived.request("POST", "/exchange", message)
        assert answer.status in (200, 400)


def test_a_body_that_stands_still_is_given_up(monkeypatch):
    async def quiet():
        await asyncio.Event().wait()

    async def read():
        request = Request({"type": "http", "headers": []}, quiet)
        with Room().visit("10.0.0.1") as visit:
            await read_body(request, 100, visit)

    monkeypatch.setattr("sync_server.http.bodies.STALL_TIMEOUT_S", 0.0)
    with pytest.raises(RequestError) as raised:
        asyncio.run(read())
    assert (raised.value.code, raised.value.status) == ("link-stalled", 408)


def test_who_ends_a_request_is_not_told_that_it_stalled():
    async def read():
        request = Request({"type": "http", "headers": []}, asyncio.Event().wait)
        with Room().visit("10.0.0.1") as visit:
            await read_body(request, 100, visit)

    async def end_it():
        task = asyncio.create_task(read())
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(end_it())
