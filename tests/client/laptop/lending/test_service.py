"""What a lender answers, byte for byte, and what it does not."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import SimpleNamespace

import pytest

from client.laptop.lending import service
from client.laptop.lending.service import Lender
from client.laptop.lending.shelf import Lent
from sync import objects
from sync.roads.ahead import Ahead
from sync.roads.http import HttpRoad
from tests.sync.roads.test_http import data_of, spec_of
from tests.sync.roads.test_line import places

DATA = data_of(300_000)
SHA = spec_of(DATA).sha256
PATH = f"/repository/{'ab' * 16}/objects/{SHA[:2]}/{SHA}"


class OneObject:
    def __init__(self, path):
        self.path = path

    def find(self, sha256):
        return Lent(self.path, len(DATA)) if sha256 == SHA else None

    def lists(self, sha256):
        return sha256 in (SHA, "f" * 64)


@pytest.fixture
def shelf(tmp_path):
    path = tmp_path / "film"
    path.write_bytes(DATA)
    return OneObject(path)


@contextlib.contextmanager
def lending(shelf, welcome=lambda _: True, willing=lambda: True, rate=1 << 30):
    lender = Lender(shelf, welcome, willing, rate, "127.0.0.1")
    try:
        yield lender
    finally:
        lender.close()


def talk(lender, request, enough=lambda data: False):
    """Send bytes as they are, and read until the other side has nothing more to say."""
    data = b""
    with socket.create_connection(("127.0.0.1", lender.port), 5) as one:
        one.sendall(request)
        if not request.endswith(b"\n"):
            one.shutdown(socket.SHUT_WR)
        one.settimeout(5)
        with contextlib.suppress(ConnectionError):
            while not enough(data):
                more = one.recv(1 << 16)
                if not more:
                    break
                data += more
    return data


def get(path, *lines):
    head = [f"GET {path} HTTP/1.1", "Host: x", "Connection: close", *lines]
    return "\r\n".join([*head, "", ""]).encode()


def test_an_object_comes_whole_with_no_header_too_many(shelf):
    with lending(shelf) as lender:
        head, _, body = talk(lender, get(PATH)).partition(b"\r\n\r\n")
        assert body == DATA
        assert head == b"HTTP/1.1 200 OK\r\nContent-Length: 300000"
        assert lender.lent_bytes == len(DATA)


def test_the_rest_of_an_object_comes_where_it_stopped(shelf):
    with lending(shelf) as lender:
        head, _, body = talk(lender, get(PATH, "Range: bytes=299990-")).partition(b"\r\n\r\n")
        assert body == DATA[-10:]
        assert b"206" in head
        assert b"Content-Range: bytes 299990-299999/300000" in head
        assert talk(lender, get(PATH, "Range: bytes=300000-")).startswith(b"HTTP/1.1 416")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/membership",
        "/../keruen.db",
        f"{PATH}/../../../../../../keruen.db",
        f"/repository/{'ab' * 16}/catalogue",
        f"/repository/{'ab' * 16}/objects/00/{SHA}",
        f"/repository/{'ab' * 16}/objects/{'0' * 2}/{'0' * 64}",
        PATH + "%00",
        PATH.upper(),
        "http://elsewhere" + PATH,
    ],
)
def test_nothing_but_objects_is_there(shelf, path):
    with lending(shelf) as lender:
        answer = talk(lender, get(path))
        assert answer.startswith(b"HTTP/1.1 404")
        assert answer.endswith(b'{"code": "object-missing"}')


@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD", "DELETE", "PATCH"])
def test_nothing_is_taken_in(shelf, method):
    with lending(shelf) as lender:
        request = get(PATH).replace(b"GET", method.encode(), 1)
        assert talk(lender, request).startswith(b"HTTP/1.1 501")


@pytest.mark.parametrize(
    "request_bytes",
    [b"\r\n\r\n", b"\0" * 200, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 70_000],
)
def test_rubbish_ends_its_own_connection_only(shelf, request_bytes):
    with lending(shelf) as lender:
        talk(lender, request_bytes, lambda data: b"\r\n\r\n" in data)
        assert talk(lender, get(PATH)).endswith(DATA)


def test_who_is_of_another_network_is_not_heard(shelf):
    with lending(shelf, welcome=lambda _: False) as lender:
        assert talk(lender, get(PATH)) == b""
        assert lender.lent_bytes == 0


def test_on_a_low_battery_nothing_is_lent_for_long(shelf):
    with lending(shelf, willing=lambda: False) as lender:
        answer = talk(lender, get(PATH))
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"Retry-After: 600" in answer


def test_what_is_still_to_come_here_is_promised_for_soon(shelf):
    coming = f"/repository/{'ab' * 16}/objects/ff/{'f' * 64}"
    with lending(shelf) as lender:
        answer = talk(lender, get(coming))
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"Retry-After: 2\r\n" in answer


def test_a_neighbour_has_one_file_at_a_time_and_two_neighbours_are_enough(shelf):
    with lending(shelf) as lender:
        taken = lender.guests.taken
        with taken("1.1.1.1") as first, taken("1.1.1.1") as again:
            assert (first, again) == (True, False)
            with taken("2.2.2.2") as second, taken("3.3.3.3") as third:
                assert (second, third) == (True, False)


def test_a_second_file_for_the_same_neighbour_waits(shelf):
    with lending(shelf) as lender, lender.guests.taken("127.0.0.1"):
        assert talk(lender, get(PATH)).startswith(b"HTTP/1.1 503")


def test_all_together_are_given_no_more_than_the_rate(shelf):
    class Bucket:
        spent = 0

        def spend(self, size_bytes):
            self.spent += size_bytes

    with lending(shelf) as lender:
        lender.pace = Bucket()
        talk(lender, get(PATH))
        assert lender.pace.spent == len(DATA)


def test_what_becomes_shorter_while_it_is_lent_is_cut_off(shelf):
    with lending(shelf) as lender:
        shelf.path.write_bytes(DATA[:1000])
        body = talk(lender, get(PATH)).partition(b"\r\n\r\n")[2]
        assert len(body) == 1000


def test_idle_connections_take_no_more_places_than_there_are(shelf, monkeypatch):
    monkeypatch.setattr(service, "MOST_CONNECTIONS", 3)
    with lending(shelf) as lender, contextlib.ExitStack() as stack:
        address = ("127.0.0.1", lender.port)
        idle = [stack.enter_context(socket.create_connection(address)) for _ in range(5)]
        for one in idle:
            one.settimeout(5)
        ended = [_is_ended(one) for one in idle[3:]]
        assert ended == [True, True]
        idle[0].close()
        assert _comes_in(lender)


def test_one_guest_does_not_take_all_connections(shelf):
    with lending(shelf) as lender, contextlib.ExitStack() as stack:
        address = ("127.0.0.1", lender.port)
        idle = [
            stack.enter_context(socket.create_connection(address, 60))
            for _ in range(service.MOST_FOR_ONE + 1)
        ]
        assert _is_ended(idle[-1])
        other = stack.enter_context(socket.socket())
        other.bind(("127.0.0.2", 0))
        other.settimeout(60)
        other.connect(address)
        other.sendall(get(PATH))
        assert other.recv(12) == b"HTTP/1.1 200"


def test_who_does_not_read_is_sent_away(tmp_path, monkeypatch):
    monkeypatch.setattr(service, "CHUNK_S", 0.05)
    monkeypatch.setattr(service, "MOST_GUESTS", 1)
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(64 << 20)
    shelf = OneObject(large)
    shelf.find = lambda _: Lent(large, 64 << 20)
    with lending(shelf) as lender, socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.settimeout(60)
        one.connect(("127.0.0.1", lender.port))
        one.sendall(get(PATH))
        assert one.recv(12)
        ends_s = time.monotonic() + 60
        while lender.guests.is_full:
            assert time.monotonic() < ends_s
            time.sleep(0.01)


def test_a_request_that_never_ends_is_not_waited_for(shelf, monkeypatch):
    monkeypatch.setattr(service, "IDLE_S", 0.05)
    with lending(shelf) as lender, socket.create_connection(("127.0.0.1", lender.port), 1) as one:
        one.sendall(b"GET / HTTP/1.1\r\nA: ")
        ends_s = time.monotonic() + 60
        with contextlib.suppress(ConnectionError):
            while time.monotonic() < ends_s:
                one.sendall(b"a")
                time.sleep(0.01)
        assert time.monotonic() < ends_s


def test_a_body_is_not_taken_for_a_request(shelf):
    with lending(shelf) as lender:
        body = get(PATH)
        request = get("/", f"Content-Length: {len(body)}").replace(b"close", b"keep-alive") + body
        answer = talk(lender, request)
        assert answer.count(b"HTTP/1.1 ") == 1
        assert answer.startswith(b"HTTP/1.1 404")


def test_what_cannot_be_read_learns_nothing_of_what_answers(shelf):
    with lending(shelf) as lender:
        answer = talk(lender, b"BREW / HTTP/1.1\r\n\r\n")
        head, body = answer.split(b"\r\n\r\n")
        assert head == b"HTTP/1.1 501 Not Implemented\r\nContent-Length: 29"
        assert body == b'{"code": "message-malformed"}'


def test_requests_are_looked_at_so_many_a_second(shelf):
    with lending(shelf) as lender:
        turns = []
        lender.turns = SimpleNamespace(spend=turns.append)
        talk(lender, get("/"))
        assert turns == [1, 1], "one for the connection, one for what was asked"


def _is_ended(one):
    with contextlib.suppress(ConnectionError):
        return one.recv(1) == b""
    return True


def _comes_in(lender):
    return any(talk(lender, get(PATH)).endswith(DATA) for _ in range(200))


def test_our_own_road_brings_it_with_requests_one_behind_the_other(shelf, tmp_path, monkeypatch):
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(objects, "PIECE_BYTES", 1 << 16)
    spec = spec_of(DATA)
    part, final = places(tmp_path / "mine", spec)
    part.parent.mkdir(parents=True, exist_ok=True)
    with lending(shelf) as lender:
        nobody = HttpRoad("127.0.0.1:9", connect_timeout_s=1)
        lent = HttpRoad(f"127.0.0.1:{lender.port}")
        ahead = Ahead(nobody, (), [lent])
        try:
            ahead.download(spec, part, final, repository=f"/repository/{'ab' * 16}")
        finally:
            ahead.close()
        assert final.read_bytes() == DATA
        assert nobody.requests == 0


def test_closing_cuts_off_who_is_served_and_leaves_no_thread(shelf):
    before = threading.active_count()
    lender = Lender(shelf, lambda _: True, lambda: True, 70_000, "127.0.0.1")
    one = socket.create_connection(("127.0.0.1", lender.port))
    one.sendall(get(PATH))
    assert one.recv(100)
    lender.close()
    one.close()
    assert threading.active_count() <= before + 1
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", lender.port), 1)
