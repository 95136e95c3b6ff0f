from __future__ import annotations

import contextlib
import hashlib
import socket
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import objects
from sync.errors import CancelledError, LinkError, ObjectError, SyncError
from sync.objects import ObjectSpec
from sync.roads import line as lines
from sync.roads.ahead import LINES, Ahead
from sync.roads.http import HttpRoad
from tests.support.examples import examples
from tests.support.web import Handler, Reply, Request, WebServer, serving
from tests.sync.roads.test_http import data_of, ranged, spec_of

PIECE = 4096
SIZES = (10, 5000, 0, 20_000, 3, 70_000)
DATA = [data_of(size + at)[at:] for at, size in enumerate(SIZES)]
SPECS = [spec_of(data) for data in DATA]
NAMES = {spec.sha256: data for spec, data in zip(SPECS, DATA)}


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def honest(request: Request) -> Reply:
    name = request.path.rpartition("/")[2]
    return ranged(NAMES[name], request) if name in NAMES else Reply(404, b"{}")


@contextlib.contextmanager
def ahead_of(handler: Handler, stall_s: float = 5.0) -> Iterator[Tuple[WebServer, Ahead]]:
    with serving(handler) as server, HttpRoad(server.address, stall_timeout_s=stall_s) as road:
        ahead = Ahead(road)
        try:
            yield server, ahead
        finally:
            ahead.close()


def places(folder: Path, spec: ObjectSpec) -> Tuple[Path, Path]:
    return folder / f"{spec.sha256}.part", folder / spec.sha256


def bring_all(ahead: Ahead, folder: Path) -> List[Optional[str]]:
    """Expect all objects, then ask for each; give the errors' codes."""
    for spec in SPECS:
        ahead.expect_object(spec, *places(folder, spec), repository="/r")
    codes: List[Optional[str]] = []
    for spec in SPECS:
        try:
            ahead.download(spec, *places(folder, spec), repository="/r")
            codes.append(None)
        except SyncError as error:
            codes.append(error.code)
    return codes


def all_here(folder: Path) -> bool:
    return [places(folder, spec)[1].read_bytes() for spec in SPECS] == DATA


def test_many_requests_go_over_few_connections(tmp_path: Path) -> None:
    with ahead_of(honest) as (server, ahead):
        assert bring_all(ahead, tmp_path) == [None] * len(SPECS)
        asked = [request.path.rpartition("/")[2] for request in server.requests]
        assert sorted(asked) == sorted(spec.sha256 for spec in SPECS if spec.size_bytes)
        assert server.connections <= LINES
        assert (ahead.received_bytes, ahead.sent_bytes) == (
            server.sent_bytes,
            server.received_bytes,
        )
    assert all_here(tmp_path)


def test_a_request_is_sent_before_the_answer_to_the_last(tmp_path: Path) -> None:
    with serving(honest) as server, HttpRoad(server.address) as road:
        line = road.line()
        assert line is not None
        for spec in SPECS:
            line.ask(f"/objects/{spec.sha256}", {})
        assert line.waiting == len(SPECS)
        for data in DATA:
            answer = line.answer()
            assert answer.status_code == 200
            assert b"".join(iter(lambda one=answer: one.read1(99), b"")) == data
        line.close()


def test_more_is_asked_for_while_an_answer_does_not_come_yet() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with HttpRoad(address, stall_timeout_s=5.0) as road:
            line = road.line()
            assert line is not None
            line.open()
            far, _ = listener.accept()
            line.ask("/first", {})

            def meanwhile() -> None:
                if line.waiting == 1:
                    line.ask("/second", {})
                elif b"/second" in far.recv(1 << 16, socket.MSG_PEEK):
                    far.sendall(2 * b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")

            line.wait(meanwhile)
            assert line.waiting == 2
            assert [line.answer().read1(9) for _ in range(2)] == [b"x", b"x"]
            line.close()
            far.close()


def test_waiting_ends_when_nothing_comes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with HttpRoad(address, stall_timeout_s=0.1) as road:
            line = road.line()
            assert line is not None
            line.ask("/first", {})
            with pytest.raises(LinkError) as caught:
                line.wait(lambda: None)
            assert caught.value.code == "link-stalled"
            line.close()


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.integers(0, 30_000), max_size=6), st.booleans())
def test_cut_anywhere_all_arrives_and_what_came_is_not_asked_for_again(
    tmp_path_factory: pytest.TempPathFactory, cuts: List[int], closing: bool
) -> None:
    folder, left = tmp_path_factory.mktemp("cut"), list(cuts)

    def cutting(request: Request) -> Reply:
        reply = honest(request)
        if left:
            reply.cut = left.pop()
        elif closing:
            reply.headers["Connection"], reply.cut = "close", 1 << 30
        return reply

    with ahead_of(cutting) as (server, ahead):
        for _ in range(len(cuts) + 1):
            codes = bring_all(ahead, folder)
            assert set(codes) <= {None, "link-lost"}
            if codes == [None] * len(SPECS):
                break
        assert all_here(folder)
        heads = 300 * len(server.requests)
        assert server.sent_bytes <= sum(len(data) for data in DATA) + heads


def test_a_server_that_ignores_what_is_sent_early_is_asked_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "NEXT_TIMEOUT_S", 0.2)
    with ahead_of(honest) as (server, ahead):
        server.pipelining = False
        assert bring_all(ahead, tmp_path) == [None] * len(SPECS)
    assert all_here(tmp_path)


def test_a_missing_object_stops_no_other(tmp_path: Path) -> None:
    def without(request: Request) -> Reply:
        return Reply(404, b"{}") if SPECS[1].sha256 in request.path else honest(request)

    with ahead_of(without) as (server, ahead):
        assert bring_all(ahead, tmp_path) == [None, "object-missing", None, None, None, None]
        assert server.connections <= LINES


def test_a_damaged_object_is_asked_for_again_and_stops_no_other(tmp_path: Path) -> None:
    def harmed(request: Request) -> Reply:
        reply = honest(request)
        if SPECS[3].sha256 in request.path and request.headers.get("Range") is None:
            reply.body = b"?" + reply.body[1:]
        return reply

    with ahead_of(harmed) as (_, ahead):
        codes = bring_all(ahead, tmp_path)
    assert codes == [None, None, None, "object-damaged", None, None]


@pytest.mark.parametrize("size", [100, 300_000])
def test_a_login_page_is_nobodys_file(tmp_path: Path, size: int) -> None:
    def portal(_: Request) -> Reply:
        return Reply(200, b"<html>" + b" " * size, {"Content-Type": "text/html"})

    with ahead_of(portal) as (_, ahead):
        codes = bring_all(ahead, tmp_path)
        assert set(codes) == {"link-captive", None}
        assert codes.count(None) == 1, "only the empty object needs nobody"
    left = [path for path in tmp_path.iterdir() if path.stat().st_size]
    assert left == [], "nothing of it was kept"


def test_a_cancel_ends_a_line_that_stands_still(tmp_path: Path) -> None:
    def stalling(_: Request) -> Reply:
        return Reply(body=b"x" * 100, cut=30, stall=True)

    with ahead_of(stalling, stall_s=60) as (_, ahead), pytest.raises(CancelledError):
        spec = SPECS[1]
        ahead.download(spec, *places(tmp_path, spec), repository="/r", cancel=lambda: True)


def test_a_line_that_stalls_is_told(tmp_path: Path) -> None:
    def stalling(_: Request) -> Reply:
        return Reply(body=b"x" * 100, cut=30, stall=True)

    with serving(stalling) as server, HttpRoad(server.address, stall_timeout_s=0.2) as road:
        line = road.line()
        assert line is not None
        line.ask("/x", {})
        with pytest.raises(LinkError) as caught:
            line.answer()
        assert caught.value.code == "link-stalled"
        line.close()


def test_no_line_goes_through_a_proxy_or_under_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    with HttpRoad("https://127.0.0.1:9") as road:
        assert road.line() is None
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:3128")
    with HttpRoad("http://school.test") as road:
        assert road.line() is None
    monkeypatch.setenv("no_proxy", "school.test")
    with HttpRoad("http://school.test") as road:
        assert road.line() is not None


def test_a_server_below_a_path_is_asked_there() -> None:
    with serving(honest) as server, HttpRoad(server.address + "/keruen") as road:
        ahead = Ahead(road)
        with pytest.raises(ObjectError):
            ahead.fetch("/x", 10)
        ahead.close()
        assert [request.path for request in server.requests] == ["/keruen/x"]


def test_pieces_are_verified_on_a_line_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "PIECE_BYTES", PIECE)
    data = data_of(3 * PIECE)
    spec = spec_of(data)
    asked: List[Optional[str]] = []

    def harmed_once(request: Request) -> Reply:
        asked.append(request.headers.get("Range"))
        reply = ranged(data, request)
        if len(asked) == 1:
            reply.body = reply.body[: PIECE + 5] + b"?" + reply.body[PIECE + 6 :]
        return reply

    with ahead_of(harmed_once) as (_, ahead):
        ahead.download(spec, *places(tmp_path, spec), repository="/r")
    assert asked == [None, f"bytes={PIECE}-"], "the good piece was kept"
    assert hashlib.sha256(places(tmp_path, spec)[1].read_bytes()).hexdigest() == spec.sha256
