"""Files that the system itself sends: the same bytes, and no worse when somebody goes away."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import socket
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable, Iterator, List, Optional, Tuple

import pytest
from starlette.types import Receive, Scope, Send

from sync_server.http import files, zero_copy
from sync_server.http.files import Files
from sync_server.http.runner import listen, make_server
from sync_server.http.sending import TURN_BYTES, Part
from sync_server.http.zero_copy import EXTENSION, ZeroCopyProtocol, body_bytes
from tests.support.server import School, connect, running_server

PUBLISHER = "0123456789abcdef" * 2
SIZE_BYTES = 3 * TURN_BYTES + 12_345
DATA = hashlib.shake_128(b"a film").digest(SIZE_BYTES)
NAME = hashlib.sha256(DATA).hexdigest()
PATH = f"/repository/{PUBLISHER}/objects/{NAME[:2]}/{NAME}"

pytestmark = pytest.mark.skipif(not hasattr(os, "sendfile"), reason="the system has no sendfile")


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    School(tmp_path).close()
    place = tmp_path / "repositories" / PUBLISHER / "objects" / NAME[:2] / NAME
    place.parent.mkdir(parents=True)
    place.write_bytes(DATA)
    return tmp_path


@pytest.fixture(name="url")
def _url(folder: Path) -> Iterator[str]:
    with running_server(folder) as url:
        yield url


def ask(near: socket.socket, path: str = PATH, headers: str = "") -> None:
    near.sendall(f"GET {path} HTTP/1.1\r\nHost: school\r\n{headers}\r\n".encode("ascii"))


def read_answer(near: socket.socket) -> Tuple[bytes, bytes]:
    """Head and body of one answer; what ends early is as short as it is."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += near.recv(4096)
    head, _, body = data.partition(b"\r\n\r\n")
    size_bytes = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    parts = [body]
    while sum(map(len, parts)) < size_bytes:
        parts.append(near.recv(1 << 20))
        if not parts[-1]:
            break
    return head, b"".join(parts)


def until(holds: Callable[[], bool]) -> bool:
    for _ in range(2_400):
        if holds():
            return True
        time.sleep(0.025)
    return False


@pytest.mark.parametrize(
    ("wanted", "span"),
    [
        (None, (0, SIZE_BYTES)),
        ("0-", (0, SIZE_BYTES)),
        (f"{TURN_BYTES - 1}-", (TURN_BYTES - 1, SIZE_BYTES)),
        (f"5-{2 * TURN_BYTES}", (5, 2 * TURN_BYTES + 1)),
        ("7-9", (7, 10)),
        ("-200000", (SIZE_BYTES - 200_000, SIZE_BYTES)),
    ],
)
def test_every_part_is_the_files(url: str, wanted: Optional[str], span: Tuple[int, int]) -> None:
    with connect(url) as near:
        for _ in range(2):
            ask(near, headers=f"Range: bytes={wanted}\r\n" if wanted else "")
            head, body = read_answer(near)
            assert body == DATA[slice(*span)]
            assert head.startswith(b"HTTP/1.1 206" if wanted else b"HTTP/1.1 200")
        ask(near, "/metrics")
        assert read_answer(near)[0].startswith(b"HTTP/1.1 200")


def test_what_was_sent_is_counted(url: str) -> None:
    with connect(url) as near:
        ask(near)
        read_answer(near)
        ask(near, "/metrics")
        lines = read_answer(near)[1].decode("utf-8").splitlines()
    (line,) = [
        one for one in lines if one.startswith("keruen_http_sent_bytes_total") and "repos" in one
    ]
    assert float(line.split()[-1]) == SIZE_BYTES
    assert body_bytes({"type": "http.response.body", "body": b"abc"}) == 3


def test_those_who_stop_reading_keep_nobody_waiting(url: str) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(30):
            ask(stack.enter_context(connect(url)))
        with connect(url) as near:
            ask(near)
            assert read_answer(near)[1] == DATA


def warmed_up(url: str) -> None:
    """Have opened what stays open from the first file on."""
    with connect(url) as near:
        ask(near)
        read_answer(near)


def open_files() -> int:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("the system does not tell which files are open")
    return len(list(Path("/proc/self/fd").iterdir()))


def test_who_goes_away_leaves_nothing_open(url: str) -> None:
    warmed_up(url)
    before = open_files()
    for _ in range(20):
        with connect(url) as near:
            ask(near)
            near.recv(1000)
    assert until(lambda: open_files() <= before + 1)


def test_who_never_reads_is_given_up(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, two = open_files(), threading.Semaphore(0)
    give_up = zero_copy._SENDER.give_up

    def noted(part: Part) -> None:
        give_up(part)
        two.release()

    monkeypatch.setattr(zero_copy._SENDER, "give_up", noted)
    monkeypatch.setattr(zero_copy, "STALL_TIMEOUT_S", 0.05)
    with connect(url) as near, connect(url) as other:
        for one in (near, other):
            ask(one)
        assert two.acquire(timeout=60)
        assert two.acquire(timeout=60)
        # They are still there, and nothing is open but their own ends.
        assert until(lambda: open_files() <= before + 3)


def test_while_too_much_is_open_nobody_hears_that_a_file_is_missing(
    url: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(*_: Any) -> Any:
        raise OSError(errno.EMFILE, "too many open files")

    with monkeypatch.context() as patch, connect(url) as near:
        # The server may take the connection only now, and asks then whether there is a sendfile.
        patch.setattr(zero_copy, "os", SimpleNamespace(dup=full, sendfile=os.sendfile))
        ask(near)
        assert len(read_answer(near)[1]) == 0
    with monkeypatch.context() as patch, connect(url) as near:
        patch.setattr(Path, "open", full)
        ask(near)
        head, body = read_answer(near)
        assert head.startswith(b"HTTP/1.1 503")
        assert b"server-busy" in body
    with connect(url) as near:
        ask(near)
        assert read_answer(near)[1] == DATA
    assert capfd.readouterr().err == ""


def test_a_handle_is_never_closed_under_the_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed one's number may be another laptop's the next moment."""
    parts: List[Part] = []
    given_up: List[Part] = []
    thread = SimpleNamespace(send=parts.append, give_up=given_up.append)
    monkeypatch.setattr(zero_copy, "_SENDER", thread)

    async def run() -> None:
        connection = SimpleNamespace(loop=asyncio.get_running_loop(), _part=None)
        sending = asyncio.ensure_future(ZeroCopyProtocol._sent(connection, 1, 2, 0, 9))  # type: ignore[arg-type]
        for _ in range(3):
            await asyncio.sleep(0)
            sending.cancel()
            await asyncio.sleep(0)
            assert not sending.done()
        assert given_up == parts
        parts[0].ended(False)
        with pytest.raises(asyncio.CancelledError):
            await sending

    asyncio.run(run())


def test_who_goes_away_before_the_answer_is_no_fault_of_ours(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    gone, answered = threading.Event(), threading.Event()
    opened = files._open

    def slow(*arguments: Any) -> Any:
        assert gone.wait(60)
        # Until the connection has noticed as well.
        time.sleep(0.1)
        answered.set()
        return opened(*arguments)

    monkeypatch.setattr(files, "_open", slow)
    with running_server(folder) as url:
        with connect(url) as near:
            ask(near)
        gone.set()
        assert answered.wait(60)
        with connect(url) as near:
            ask(near, "/healthz")
            assert read_answer(near)[0].startswith(b"HTTP/1.1 200")
    assert capfd.readouterr().err == ""


def test_a_file_that_became_shorter_ends_the_connection(folder: Path) -> None:
    place = folder / "repositories" / PUBLISHER / "objects" / NAME[:2] / NAME
    with running_server(folder) as url, connect(url) as near:
        ask(near)
        near.recv(100)
        os.truncate(place, 1000)
        got = 100
        with contextlib.suppress(ConnectionResetError):
            while True:
                data = near.recv(1 << 20)
                if not data:
                    break
                got += len(data)
    assert got < SIZE_BYTES


def test_a_server_that_cannot_do_it_reads_and_writes(folder: Path) -> None:
    """The same application where no connection lends its way."""
    told = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        scope["path_params"] = {"path": scope["path"][len("/repository/") :]}
        assert EXTENSION in scope.pop("extensions")

        async def noting(message: Any) -> None:
            told.append(message["type"])
            await send(message)

        await Files(folder / "repositories")(scope, receive, noting)

    ready, listener = threading.Event(), listen("127.0.0.1", 0)
    server = make_server(app, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        assert ready.wait(60)
        with socket.create_connection(listener.getsockname()) as near:
            ask(near)
            assert read_answer(near)[1] == DATA
    finally:
        server.should_exit = True
        thread.join(60)
        listener.close()
    assert EXTENSION not in told
    assert len(told) > 10
