"""Who trickles, babbles or crumbles is left soon; who is slow at times is not."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path

import pytest

from sync.errors import LinkError, SyncError
from sync.roads import http as over_http
from sync.roads.http import HttpRoad
from sync.roads.patience import Patience
from tests.support.web import Reply, serving
from tests.sync.roads.test_http import data_of, spec_of

DATA = data_of(100_000)


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_only_what_was_waited_for_counts_and_each_time_anew():
    patience = Patience(100, 20.0)
    patience.waited(0.001, 10)
    patience.waited(19.0, 1)
    patience.waited(1.0, 5000)
    patience.waited(19.9, 0)
    with pytest.raises(socket.timeout):
        patience.waited(0.2, 0)
    patience.waited(19.9, 0)
    other = patience.anew()
    other.waited(19.9, 0)
    with pytest.raises(socket.timeout):
        patience.waited(0.2, 2000)


@contextlib.contextmanager
def speaking(first, again):
    """A server that says ``first`` to whoever comes, and ``again`` until they hang up."""
    over = threading.Event()

    def speak(one):
        with one, contextlib.suppress(OSError):
            one.recv(1 << 16)
            one.sendall(first)
            while not over.is_set():
                one.sendall(again)
                if len(again) < 100:
                    over.wait(0.01)

    def listen():
        with contextlib.suppress(OSError):
            while True:
                one, _ = listener.accept()
                threading.Thread(target=speak, args=(one,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=listen, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def _line_answer(road, _):
    line = road.line()
    try:
        line.ask("/x", {})
        answer = line.answer()
        while answer.read1(100):
            pass
        raise AssertionError("it ended")
    finally:
        line.close()


def _exchange(road, _):
    road.exchange(b"request")


def _download(road, folder):
    road.download(spec_of(DATA), folder / "part", folder / "x", repository="/r")


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"


@pytest.mark.parametrize("ask", [_line_answer, _exchange, _download])
@pytest.mark.parametrize(
    ("first", "again", "codes"),
    [
        (b"HTTP/1.1 200 OK\r\nA: ", b"a", ("link-stalled",)),
        (HEAD, b"a", ("link-stalled",)),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100, ("link-lost", "link-stalled")),
        (b"HTTP/1.1 200 OK\r\n", b"A: " + b"a" * 60_000 + b"\r\n", ("link-lost", "link-stalled")),
        (HEAD.replace(b"Content-Length: 100000\r\n", b""), b"a", ("link-stalled",)),
    ],
)
def test_who_never_comes_to_an_end_is_left(tmp_path, ask, first, again, codes):
    with speaking(first, again) as url, HttpRoad(url, patience=Patience(16 << 10, 0.1)) as road:
        with pytest.raises(SyncError) as caught:
            ask(road, tmp_path)
        assert caught.value.code in codes


def test_a_twin_has_a_patience_of_its_own():
    with HttpRoad("127.0.0.1:9", patience=Patience(1, 1.0)) as road, road.twin() as twin:
        assert twin.patience is not None
        assert twin.patience is not road.patience
    with HttpRoad("127.0.0.1:9") as road, road.twin() as twin:
        assert twin.patience is None


def _in_parts(size_bytes):
    def give(request):
        start = int(request.headers.get("Range", "bytes=0-")[6:-1])
        body = DATA[start : start + size_bytes]
        place = f"bytes {start}-{start + len(body) - 1}/{len(DATA)}"
        return Reply(206, body, {"Content-Range": place})

    return give


def test_parts_are_put_together_but_crumbs_are_not_waited_for(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(over_http, "_PART_BYTES", 10_000)
    with serving(_in_parts(10_000)) as server, HttpRoad(server.address) as road:
        _download(road, tmp_path)
        assert (tmp_path / "x").read_bytes() == DATA
    (tmp_path / "x").unlink()
    with serving(_in_parts(1)) as server, HttpRoad(server.address) as road:
        with pytest.raises(LinkError, match="crumbs"):
            _download(road, tmp_path)
        assert len(server.requests) == 17


def test_a_line_that_was_closed_while_nothing_was_asked_is_opened_again():
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with listener, HttpRoad(url) as road:
        line = road.line()
        for _ in range(2):
            line.ask("/x", {})
            assert not road.flow.keeps_open
            far, _ = listener.accept()
            with far:
                far.settimeout(60)
                assert far.recv(100)
                far.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab")
                assert line.answer().read1(100) == b"ab"
            assert road.flow.keeps_open
            _closed(line)
        line.close()


def _closed(line):
    """Wait until the other side's goodbye is here."""
    import select

    assert select.select([line._socket], [], [], 60)[0]
