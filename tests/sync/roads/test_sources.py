"""Objects from several sources: whoever is fast brings more, whoever is wrong is blamed alone."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

import pytest

from sync import objects
from sync.errors import CancelledError, LinkError, ObjectError
from sync.roads import errand as errands
from sync.roads import overtaking
from sync.roads.ahead import Ahead
from sync.roads.http import HttpRoad
from sync.roads.overtaking import overtakes
from tests.support.web import Handler, Reply, Request, WebServer, serving
from tests.sync.roads.test_http import data_of, ranged, spec_of
from tests.sync.roads.test_line import places

PIECE = 4096
DATA = [data_of(5 * PIECE + at)[at:] for at in range(12)]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(objects, "PIECE_BYTES", PIECE)


def honest(request: Request) -> Reply:
    for data in DATA:
        if spec_of(data).sha256 in request.path:
            return ranged(data, request)
    return Reply(body=b"small") if request.path == "/small" else Reply(404, b"{}")


@contextlib.contextmanager
def sources(*handlers: Handler) -> Iterator[Tuple[List[WebServer], Ahead]]:
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(serving(handler)) for handler in handlers]
        roads = [HttpRoad(server.address, stall_timeout_s=2.0) for server in servers]
        ahead = Ahead(roads[0], roads[1:])
        try:
            yield servers, ahead
        finally:
            ahead.close()


def bring_all(ahead: Ahead, folder: Path) -> List[Optional[str]]:
    specs = [spec_of(data) for data in DATA]
    for spec in specs:
        ahead.expect_object(spec, *places(folder, spec), repository="/r")
    codes: List[Optional[str]] = []
    for spec in specs:
        try:
            ahead.download(spec, *places(folder, spec), repository="/r")
            codes.append(None)
        except (LinkError, ObjectError) as error:
            codes.append(error.code)
    return codes


def all_here(folder: Path) -> bool:
    return all(places(folder, spec_of(data))[1].read_bytes() == data for data in DATA)


def test_both_sources_bring_objects_and_only_the_first_small_files(tmp_path: Path) -> None:
    second_asked = threading.Event()

    def waiting(request: Request) -> Reply:
        # However busy the machine is, the other source has its turn.
        assert request.path == "/small" or second_asked.wait(10)
        return honest(request)

    def noting(request: Request) -> Reply:
        second_asked.set()
        return honest(request)

    with sources(waiting, noting) as (servers, ahead):
        assert ahead.fetch("/small", 10) == b"small"
        assert bring_all(ahead, tmp_path) == [None] * len(DATA)
        assert all(server.requests for server in servers)
        assert [request.path for request in servers[1].requests].count("/small") == 0
        assert ahead.blamed == {}
    assert all_here(tmp_path)


def test_a_wrong_piece_blames_its_source_alone_and_comes_from_another(tmp_path: Path) -> None:
    def lying(request: Request) -> Reply:
        reply = honest(request)
        reply.body = reply.body[: PIECE + 1] + b"?" + reply.body[PIECE + 2 :]
        return reply

    with sources(honest, lying) as (servers, ahead):
        assert bring_all(ahead, tmp_path) == [None] * len(DATA)
        if servers[1].requests:
            assert [error.code for error in ahead.blamed.values()] == ["object-damaged"]
            assert list(ahead.blamed) == ["http://" + servers[1].address]
        ranges = [request.headers.get("Range") for request in servers[0].requests]
        assert ranges.count(f"bytes={PIECE}-") <= 1
    assert all_here(tmp_path)


def test_what_the_first_source_lacks_or_has_wrong_comes_from_the_other(tmp_path: Path) -> None:
    lacking, wrong = spec_of(DATA[3]).sha256, spec_of(DATA[5]).sha256

    def poor(request: Request) -> Reply:
        if lacking in request.path:
            return Reply(404, b"{}")
        reply = honest(request)
        if wrong in request.path:
            reply.body = b"?" + reply.body[1:]
        return reply

    with sources(poor, honest) as (_, ahead):
        assert bring_all(ahead, tmp_path) == [None] * len(DATA)
        assert ahead.blamed == {}, "the school's server is never given up"
    assert all_here(tmp_path)


def test_what_nobody_has_is_told(tmp_path: Path) -> None:
    missing = spec_of(DATA[0]).sha256

    def poor(request: Request) -> Reply:
        return Reply(404, b"{}") if missing in request.path else honest(request)

    with sources(poor, poor) as (_, ahead):
        assert bring_all(ahead, tmp_path) == ["object-missing"] + [None] * (len(DATA) - 1)


def test_a_source_that_is_down_is_tried_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gone = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with serving(honest) as server:
        ahead = Ahead(HttpRoad(server.address), [HttpRoad(gone)])
        assert bring_all(ahead, tmp_path) == [None] * len(DATA)
        assert [error.code for error in ahead.blamed.values()] in ([], ["link-unreachable"])
        ahead.close()
    assert all_here(tmp_path)


def test_a_login_page_at_one_source_stops_no_other(tmp_path: Path) -> None:
    def portal(_: Request) -> Reply:
        return Reply(200, b"<html>log in</html>", {"Content-Type": "text/html"})

    with sources(honest, portal) as (_, ahead):
        assert bring_all(ahead, tmp_path) == [None] * len(DATA)
    assert all_here(tmp_path)


def test_objects_come_though_the_first_source_is_gone(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gone = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with serving(honest) as server:
        ahead = Ahead(HttpRoad(gone), [HttpRoad(server.address)])
        assert bring_all(ahead, tmp_path) == [None] * len(DATA)
        with pytest.raises(LinkError):
            ahead.fetch("/small", 10)
        ahead.close()
    assert all_here(tmp_path)


def test_who_is_idle_takes_over_only_where_that_pays() -> None:
    assert overtakes(10_000_000, 10_000, 100_000)
    assert not overtakes(10_000_000, 60_000, 100_000), "hardly faster"
    assert not overtakes(50_000, 10_000, 100_000), "it is over soon"
    assert overtakes(10_000_000, 10_000, None), "an unknown one is tried"
    assert not overtakes(100_000, 10_000, None)
    assert overtakes(10_000_000, 0.0, None)


def test_a_slow_source_is_overtaken_inside_an_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands, "RATE_FROM_S", 0.2)
    monkeypatch.setattr(overtaking, "TRIED_FROM_S", 0.2)
    data, asked = DATA[0], []

    def slow_at_first(request: Request) -> Reply:
        reply = honest(request)
        reply.drip_s = 0.0 if asked else 0.05
        asked.append(request.headers.get("Range", ""))
        return reply

    with sources(slow_at_first, slow_at_first) as (servers, ahead):
        spec = spec_of(data)
        ahead.download(spec, *places(tmp_path, spec), repository="/r")
        assert [len(server.requests) for server in servers] == [1, 1]
        assert 0 < int(asked[1][len("bytes=") : -1]) < len(data)
        assert ahead.blamed == {}
    assert places(tmp_path, spec)[1].read_bytes() == data


def test_what_nobody_waits_for_any_more_stops_and_may_be_wanted_again(tmp_path: Path) -> None:
    quick: List[bool] = []

    def slow(request: Request) -> Reply:
        reply = honest(request)
        reply.drip_s = 0.0 if quick else 0.05
        return reply

    with sources(slow) as (_, ahead):
        spec = spec_of(DATA[0])
        seen: List[int] = []
        for _ in range(2):
            with pytest.raises(CancelledError):
                ahead.download(
                    spec,
                    *places(tmp_path, spec),
                    repository="/r",
                    progress=lambda done, _: seen.append(done),
                    cancel=lambda: bool(seen),
                )
            other = spec_of(DATA[1])
            quick.append(True)
            ahead.download(other, *places(tmp_path, other), repository="/r")
            quick.clear()
            assert not places(tmp_path, spec)[1].exists()
        quick.append(True)
        ahead.download(spec, *places(tmp_path, spec), repository="/r")
    assert places(tmp_path, spec)[1].read_bytes() == DATA[0]


def test_what_was_only_foreseen_may_be_forgone_and_is_brought_no_further(tmp_path: Path) -> None:
    def slow(request: Request) -> Reply:
        reply = honest(request)
        reply.drip_s = 0.02 if "bytes=" not in str(request.headers) else 0.0
        return reply

    with sources(slow) as (_, ahead):
        spec = spec_of(DATA[0])
        part, final = places(tmp_path, spec)
        ahead.expect_object(spec, part, final, repository="/r")
        other = spec_of(DATA[1])
        ahead.expect_object(other, *places(tmp_path, other), repository="/r")
        seen: List[int] = []

        def heard(done_bytes: int, _: int) -> None:
            if not seen:
                ahead.forgo_object(final)
                ahead.forgo_object(tmp_path / "unknown")
            seen.append(done_bytes)

        ahead.download(other, *places(tmp_path, other), repository="/r", progress=heard)
        assert not final.exists()
        ahead.download(spec, part, final, repository="/r")
    assert final.read_bytes() == DATA[0]
