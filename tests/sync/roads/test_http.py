from __future__ import annotations

import contextlib
import hashlib
import json
import socket
from pathlib import Path
from typing import Iterator, List, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import objects
from sync.errors import CancelledError, EnrolmentError, LinkError, ObjectError, SyncError
from sync.message import MAX_MESSAGE_BYTES
from sync.objects import ObjectSpec
from sync.roads.http import HttpRoad
from tests.support.examples import examples
from tests.support.web import Handler, Reply, Request, WebServer, serving

PIECE = 4096
ANSWER = b"KX\x01\x02" + bytes(60)
REPOSITORY = "/repository/0123"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(objects, "PIECE_BYTES", PIECE)


def data_of(size: int) -> bytes:
    return b"".join(hashlib.sha256(b"%d" % at).digest() for at in range(size // 32 + 1))[:size]


def spec_of(data: bytes) -> ObjectSpec:
    pieces: Tuple[bytes, ...] = ()
    if len(data) > objects.PIECE_BYTES:
        starts = range(0, len(data), objects.PIECE_BYTES)
        pieces = tuple(
            hashlib.sha256(data[at : at + objects.PIECE_BYTES]).digest() for at in starts
        )
    return ObjectSpec(hashlib.sha256(data).hexdigest(), len(data), pieces)


def ranged(data: bytes, request: Request) -> Reply:
    """An honest answer to a request for an object."""
    wanted = request.headers.get("Range")
    if wanted is None:
        return Reply(body=data)
    start = int(wanted[len("bytes=") : -1])
    part = f"bytes {start}-{len(data) - 1}/{len(data)}"
    return Reply(206, data[start:], {"Content-Range": part})


@contextlib.contextmanager
def road_to(handler: Handler, stall_s: float = 5.0) -> Iterator[Tuple[WebServer, HttpRoad]]:
    with serving(handler) as server, HttpRoad(server.address, stall_timeout_s=stall_s) as road:
        yield server, road


def exchange_error(handler: Handler, stall_timeout_s: float = 5.0) -> SyncError:
    with road_to(handler, stall_timeout_s) as (_, road), pytest.raises(SyncError) as caught:
        road.exchange(b"request")
    return caught.value


def download_error(handler: Handler, folder: Path, data: bytes) -> SyncError:
    with road_to(handler) as (_, road), pytest.raises(SyncError) as caught:
        fetch(road, data, folder)
    return caught.value


def fetch(road: HttpRoad, data: bytes, folder: Path) -> None:
    road.download(spec_of(data), folder / "x.part", folder / "x", repository=REPOSITORY)


def test_an_exchange_sends_nothing_that_is_not_needed() -> None:
    with road_to(lambda _: Reply(body=ANSWER)) as (server, road):
        assert road.exchange(b"request") == ANSWER
        assert road.enrol(b"request") == ANSWER
    request = server.requests[0]
    assert (request.method, request.path, request.body) == ("POST", "/exchange", b"request")
    assert set(request.headers) == {"Host", "Content-Length"}
    assert len(request.head) < 75
    assert server.requests[1].path == "/enrol"


def test_counts_are_what_the_socket_saw() -> None:
    with road_to(lambda _: Reply(body=ANSWER)) as (server, road):
        for _ in range(3):
            road.exchange(b"request" * 100)
        assert (road.requests, server.connections) == (3, 1)
        assert road.sent_bytes == server.received_bytes
        assert road.received_bytes == server.sent_bytes


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(200, b"<html>Log in</html>", {"Content-Type": "text/html"}), "link-captive"),
        (Reply(200, b""), "link-lost"),
        (Reply(302, b"", {"Location": "http://login.example/"}), "link-captive"),
        (Reply(403, b"<html>Blocked</html>"), "link-captive"),
        (Reply(404, b"[]"), "link-captive"),
        (Reply(511, b"<html>"), "link-captive"),
        (Reply(500, b"oops"), "server-failed"),
        (Reply(502, b'{"code": "x"}'), "server-refused"),
        (Reply(429, b"", {"Retry-After": "30"}), "server-busy"),
        (Reply(503, b'{"code":"server-busy"}'), "server-busy"),
        (Reply(403, b'{"code":"device-unknown"}'), "device-unknown"),
        (Reply(400, b'{"code":"message-unreadable"}'), "message-unreadable"),
        (Reply(400, b'{"code":7}'), "link-captive"),
        (Reply(400, b"[" * 3000), "link-captive"),
        (Reply(400, b"x" * 10_000), "link-captive"),
        (Reply(200, ANSWER, cut=30), "link-lost"),
        (Reply(200, ANSWER, cut=90), "link-lost"),
        (Reply(200, ANSWER, cut=0), "link-lost"),
        (Reply(200, ANSWER, cut=90, stall=True), "link-stalled"),
        (Reply(200, ANSWER, cut=0, stall=True), "link-stalled"),
        (Reply(200, ANSWER + bytes(MAX_MESSAGE_BYTES)), "message-too-large"),
    ],
)
def test_what_is_no_answer_is_told(reply: Reply, code: str) -> None:
    error = exchange_error(lambda _: reply, stall_timeout_s=0.3 if reply.stall else 5.0)
    assert error.code == code


def test_a_wish_to_come_later_is_passed_on() -> None:
    error = exchange_error(lambda _: Reply(503, b"", {"Retry-After": "30"}))
    assert isinstance(error, LinkError)
    assert error.retry_after_s == 30.0


def test_a_refused_code_is_an_enrolment_error() -> None:
    reply = Reply(403, json.dumps({"code": "enrolment-code-used"}).encode())
    with road_to(lambda _: reply) as (_, road), pytest.raises(EnrolmentError) as caught:
        road.enrol(b"request")
    assert caught.value.code == "enrolment-code-used"


def test_an_answer_that_never_ends_is_cut_short() -> None:
    endless = Reply(200, ANSWER + bytes(3 * MAX_MESSAGE_BYTES), {"Content-Length": ""})
    assert exchange_error(lambda _: endless).code == "message-too-large"


def test_nobody_there_is_the_link_s_fault() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with HttpRoad(f"127.0.0.1:{port}") as road, pytest.raises(LinkError) as caught:
        road.exchange(b"request")
    assert caught.value.code == "link-unreachable"


def test_proxies_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(lambda _: Reply(body=ANSWER)) as proxy:
        monkeypatch.setenv("http_proxy", f"http://{proxy.address}")
        with HttpRoad("school.example") as road:
            assert road.exchange(b"request") == ANSWER
            assert road.requests == 1
            assert road.received_bytes == proxy.sent_bytes
        assert proxy.requests[0].path == "http://school.example/exchange"


def test_a_direct_road_goes_past_any_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(lambda _: Reply(body=ANSWER)) as proxy, serving(
        lambda _: Reply(body=ANSWER)
    ) as server:
        monkeypatch.setenv("http_proxy", f"http://{proxy.address}")
        with HttpRoad(server.address, direct=True) as road:
            twin = road.twin()
            assert twin.direct
            assert road.line() is not None
            for one in (road, twin):
                one.exchange(b"KX")
            twin.close()
        assert len(server.requests) == 2
        assert not proxy.requests


def test_small_files_are_fetched_within_a_bound() -> None:
    with road_to(lambda _: Reply(body=b"x" * 100)) as (_server, road):
        assert road.fetch("/repository/0123/catalogue", 100) == b"x" * 100
        with pytest.raises(ObjectError) as caught:
            road.fetch("/repository/0123/catalogue", 99)
        assert caught.value.code == "object-size"


def test_a_missing_file_is_named() -> None:
    with road_to(lambda _: Reply(404)) as (_, road), pytest.raises(ObjectError) as caught:
        road.fetch("/repository/0123/catalogue", 99)
    assert caught.value.code == "object-missing"
    assert "catalogue" in str(caught.value)


def test_an_object_arrives_with_its_progress(tmp_path: Path) -> None:
    data = data_of(3 * PIECE + 5)
    heard: List[Tuple[int, int]] = []
    with road_to(lambda request: ranged(data, request)) as (server, road):
        spec = spec_of(data)
        road.download(
            spec,
            tmp_path / "x.part",
            tmp_path / "x",
            repository=REPOSITORY,
            progress=lambda done, total: heard.append((done, total)),
        )
        fetch(road, data, tmp_path)
    assert (tmp_path / "x").read_bytes() == data
    assert len(server.requests) == 1, "what is here is not asked for again"
    assert server.requests[0].path == f"{REPOSITORY}/objects/{spec.sha256[:2]}/{spec.sha256}"
    assert heard[-1] == (len(data), len(data))
    assert heard == sorted(heard)


def test_an_empty_object_needs_no_request(tmp_path: Path) -> None:
    with road_to(lambda _: Reply(500)) as (server, road):
        fetch(road, b"", tmp_path)
    assert (tmp_path / "x").read_bytes() == b""
    assert not server.requests


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(st.integers(1, 5 * PIECE), max_size=5))
def test_cut_anywhere_it_goes_on_from_there(
    tmp_path_factory: pytest.TempPathFactory, cuts: List[int]
) -> None:
    data = data_of(4 * PIECE + 77)
    folder = tmp_path_factory.mktemp("download")
    left = list(cuts)

    def handler(request: Request) -> Reply:
        reply = ranged(data, request)
        reply.cut = left.pop() if left else None
        return reply

    with serving(handler) as server:
        for _ in range(len(cuts) + 1):
            with HttpRoad(server.address) as road:
                try:
                    fetch(road, data, folder)
                    break
                except LinkError as error:
                    assert error.code == "link-lost"
        assert (folder / "x").read_bytes() == data
        asked = [request.headers.get("Range", "bytes=0-") for request in server.requests]
        starts = [int(wanted[len("bytes=") : -1]) for wanted in asked]
        assert starts == sorted(starts)
        overhead = sum(
            len(ranged(data, request).to_bytes()) - len(ranged(data, request).body)
            for request in server.requests
        )
        assert server.sent_bytes <= len(data) + overhead, "no byte was sent twice"


def test_a_server_without_ranges_is_read_past_what_is_here(tmp_path: Path) -> None:
    data = data_of(3 * PIECE)
    (tmp_path / "x.part").write_bytes(data[: PIECE + 100])
    with road_to(lambda _: Reply(body=data)) as (server, road):
        fetch(road, data, tmp_path)
    assert server.requests[0].headers["Range"] == f"bytes={PIECE + 100}-"
    assert (tmp_path / "x").read_bytes() == data


def test_a_bad_piece_is_fetched_once_more(tmp_path: Path) -> None:
    data = data_of(3 * PIECE)
    bad = data[: PIECE + 9] + b"?" + data[PIECE + 10 :]
    assert bad != data
    replies = [bad, data]

    def handler(request: Request) -> Reply:
        return ranged(replies.pop(0), request)

    with road_to(handler) as (server, road):
        fetch(road, data, tmp_path)
    assert [request.headers.get("Range") for request in server.requests] == [
        None,
        f"bytes={PIECE}-",
    ]
    assert (tmp_path / "x").read_bytes() == data


def test_the_same_bad_piece_twice_is_the_source_s_fault(tmp_path: Path) -> None:
    data = data_of(3 * PIECE)
    bad = data[:-1] + b"?"
    error = download_error(lambda request: ranged(bad, request), tmp_path, data)
    assert error.code == "object-damaged"
    assert spec_of(data).sha256 in str(error)
    assert (tmp_path / "x.part").stat().st_size == 2 * PIECE
    assert not (tmp_path / "x").exists()
    with road_to(lambda request: ranged(data, request)) as (server, road):
        fetch(road, data, tmp_path)
    assert [request.headers["Range"] for request in server.requests] == [f"bytes={2 * PIECE}-"]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(404), "object-missing"),
        (Reply(200, b"<html>Log in</html>", {"Content-Type": "text/html"}), "link-captive"),
        (Reply(302), "link-captive"),
        (Reply(500), "server-failed"),
        (Reply(503), "server-busy"),
        (Reply(200, bytes(PIECE * 2 + 1)), "object-size"),
        (Reply(200, bytes(PIECE)), "object-size"),
        (Reply(200, bytes(PIECE * 2 + 1), {"Content-Length": ""}, cut=99_999), "object-damaged"),
        (Reply(200, data_of(PIECE), {"Content-Length": ""}, cut=99_999), "link-lost"),
        (Reply(200, b"", {"Content-Length": ""}, cut=99_999), "link-lost"),
        (Reply(200, bytes(PIECE * 2), {"Content-Encoding": "gzip"}), "link-altered"),
    ],
)
def test_sources_that_do_not_have_it(tmp_path: Path, reply: Reply, code: str) -> None:
    assert download_error(lambda _: reply, tmp_path, data_of(2 * PIECE)).code == code


def test_somebody_may_cancel_and_go_on(tmp_path: Path) -> None:
    data = data_of(20 * PIECE)
    with road_to(lambda request: ranged(data, request)) as (server, road):
        answers = iter([False, True])
        with pytest.raises(CancelledError):
            road.download(
                spec_of(data),
                tmp_path / "x.part",
                tmp_path / "x",
                repository=REPOSITORY,
                cancel=lambda: next(answers),
            )
        here = (tmp_path / "x.part").stat().st_size
        assert 0 < here < len(data)
        fetch(road, data, tmp_path)
    assert server.requests[1].headers["Range"] == f"bytes={here}-"
    assert (tmp_path / "x").read_bytes() == data


def test_a_wrong_file_under_the_right_name_is_replaced(tmp_path: Path) -> None:
    data = data_of(PIECE)
    (tmp_path / "x").write_bytes(bytes(PIECE))
    with road_to(lambda request: ranged(data, request)) as (_server, road):
        fetch(road, data, tmp_path)
    assert (tmp_path / "x").read_bytes() == data
