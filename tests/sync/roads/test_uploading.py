from __future__ import annotations

import contextlib
import io
from typing import Any, Callable, Iterator, List, Tuple

import pytest

from sync.attachments.grant import authorized
from sync.attachments.offer import RECEIPT_BYTES
from sync.errors import CancelledError, LinkError, ObjectError, RefusedError, SyncError
from sync.roads.http import HttpRoad
from sync.roads.uploading import OffsetError
from tests.support.records import identity
from tests.support.web import Handler, Reply, Request, WebServer, serving

LAPTOP, SERVER = identity("laptop"), identity("server")
NAME, DATA = "ab" * 32, bytes(range(256)) * 400
RECEIPT = bytes(RECEIPT_BYTES)
KNOWN = {LAPTOP.public.device_id: LAPTOP.public}.get


@contextlib.contextmanager
def road_to(handler: Handler, **options: Any) -> Iterator[Tuple[WebServer, HttpRoad]]:
    with serving(handler) as server, HttpRoad(server.address, stall_timeout_s=5, **options) as road:
        yield server, road


def send(road: HttpRoad, start: int = 0, **options: Any) -> bytes:
    return road.attachments.send(
        LAPTOP, SERVER.public, NAME, io.BytesIO(DATA), start, len(DATA), **options
    )


def error_of(reply: Reply, do: Callable[[HttpRoad], Any] = send) -> SyncError:
    with road_to(lambda _: reply) as (_, road), pytest.raises(SyncError) as caught:
        do(road)
    return caught.value


def head(road: HttpRoad) -> Any:
    return road.attachments.offset_bytes(LAPTOP, SERVER.public, NAME)


def fetched(road: HttpRoad, start: int = 0) -> bytes:
    parts = road.attachments.fetch(LAPTOP, SERVER.public, NAME, start, len(DATA))
    return b"".join(parts)


@pytest.mark.parametrize("start", [0, 1, 70_000, len(DATA)])
def test_the_rest_of_a_file_is_sent_signed_and_with_nothing_more(start: int) -> None:
    with road_to(lambda _: Reply(body=RECEIPT)) as (server, road):
        assert send(road, start) == RECEIPT
    (request,) = server.requests
    assert (request.method, request.path) == ("PATCH", f"/attachments/{NAME}")
    assert request.body == DATA[start:]
    assert set(request.headers) == {"Host", "Content-Length", "Upload-Offset", "Authorization"}
    signed = ("PATCH", NAME, start, len(DATA) - start)
    assert authorized(request.headers["Authorization"], KNOWN, SERVER.public, *signed)


def test_pace_progress_and_cancel_hear_of_every_block() -> None:
    spent: List[int] = []

    class Counting:
        def spend(self, size_bytes: int) -> None:
            spent.append(size_bytes)

    heard: List[Tuple[int, int]] = []
    with road_to(lambda _: Reply(body=RECEIPT), pace=Counting()) as (_, road):
        send(road, 1000, progress=lambda *here: heard.append(here))
    assert sum(spent) == len(DATA) - 1000
    assert heard[-1] == (len(DATA), len(DATA))
    with road_to(lambda _: Reply(body=RECEIPT)) as (_, road), pytest.raises(CancelledError):
        send(road, cancel=lambda: True)


def test_elsewhere_is_told_with_the_place() -> None:
    for code in ("link-offset", "link-altered"):
        body = b'{"code":"%b"}' % code.encode()
        error = error_of(Reply(409, body, {"Upload-Offset": "65536"}))
        assert isinstance(error, OffsetError)
        assert (error.code, error.offset_bytes) == (code, 65536)
    error = error_of(Reply(204, b"", {"Upload-Offset": "5", "Content-Length": ""}))
    assert isinstance(error, OffsetError)


@pytest.mark.parametrize(
    ("reply", "code", "kind"),
    [
        (Reply(200, b"<html>Sign in"), "link-captive", LinkError),
        (Reply(200, b"x" * 5000), "link-captive", LinkError),
        (Reply(302, b"", {"Location": "http://login.test/"}), "link-captive", LinkError),
        (Reply(204, b"", {"Content-Length": ""}), "link-captive", LinkError),
        (Reply(409, b"", {"Upload-Offset": "-5"}), "link-captive", LinkError),
        (Reply(507, b'{"code":"server-full"}'), "server-full", LinkError),
        (Reply(429, b'{"code":"server-busy"}'), "server-busy", LinkError),
        (Reply(404, b'{"code":"object-missing"}'), "object-missing", ObjectError),
        (Reply(400, b'{"code":"attachment-damaged"}'), "attachment-damaged", RefusedError),
        (Reply(403, b'{"code":"device-unknown"}'), "object-missing", ObjectError),
        (Reply(200, RECEIPT, cut=30), "link-lost", LinkError),
    ],
)
def test_other_answers_to_a_sent_file(reply: Reply, code: str, kind: type) -> None:
    error = error_of(reply)
    assert error.code == code
    assert isinstance(error, kind)


def test_how_much_is_there() -> None:
    def answering(reply: Reply) -> Any:
        with road_to(lambda _: reply) as (_, road):
            return head(road)

    assert answering(Reply(204, b"", {"Upload-Offset": "77", "Content-Length": ""})) == 77
    assert answering(Reply(200, b"")) is None
    assert error_of(Reply(404, b""), head).code == "object-missing"
    assert error_of(Reply(204, b"", {"Content-Length": ""}), head).code == "link-captive"
    assert error_of(Reply(500, b""), head).code == "server-failed"


def ranged(request: Request) -> Reply:
    wanted = request.headers.get("Range")
    if wanted is None:
        return Reply(body=DATA)
    start = int(wanted[len("bytes=") : -1])
    place = f"bytes {start}-{len(DATA) - 1}/{len(DATA)}"
    return Reply(206, DATA[start:], {"Content-Range": place})


@pytest.mark.parametrize("start", [0, 5, 65_536])
def test_the_rest_of_a_file_is_fetched(start: int) -> None:
    with road_to(ranged) as (server, road):
        assert fetched(road, start) == DATA[start:]
    signed = ("GET", NAME, start, 0)
    header = server.requests[0].headers["Authorization"]
    assert authorized(header, KNOWN, SERVER.public, *signed)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(404), "object-missing"),
        (Reply(200, b"short"), "object-size"),
        (Reply(200, b"<html>", {"Content-Type": "text/html"}), "link-captive"),
        (Reply(503), "server-busy"),
    ],
)
def test_other_answers_to_a_wanted_file(reply: Reply, code: str) -> None:
    assert error_of(reply, fetched).code == code
