"""Nobody keeps a connection by doing nothing: not before a request, in one, or after an answer."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any, Awaitable, Callable, Optional

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from sync_server.http import deadlines
from sync_server.http.deadlines import HEAD_TIMEOUT_S, STALL_TIMEOUT_S, DeadlineProtocol
from tests.support.server import School, connect, running_server

HEAD = b"GET / HTTP/1.1\r\nHost: school\r\n\r\n"


class Wire(asyncio.Transport):
    """A transport that goes nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.aborted = self.closing = False

    def write(self, data: Any) -> None:
        pass

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.aborted = self.closing = True


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(10_000):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came")


class Line:
    """One connection, whose requests are answered when somebody says so."""

    def __init__(self) -> None:
        self.goes_on = asyncio.Event()
        self.wire = Wire()
        config = uvicorn.Config(self._answer, interface="asgi3", log_level="error")
        self.protocol = DeadlineProtocol(config, ServerState(), {})
        self.protocol.connection_made(self.wire)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.goes_on.wait()
        head = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", b"0")],
        }
        await send(head)
        await send({"type": "http.response.body", "body": b""})

    async def answer(self) -> None:
        self.goes_on.set()
        await until(lambda: not self.protocol._is_asked)
        self.goes_on.clear()

    @property
    def wait_s(self) -> Optional[float]:
        """How long from now on the other side is waited for; None for without end."""
        deadline = self.protocol._deadline
        return None if deadline is None else deadline.when() - self.protocol.loop.time()

    def waits_for(self, time_s: float) -> bool:
        return self.wait_s is not None and time_s - 30 < self.wait_s <= time_s


def on_a_line(steps: Callable[[Line], Awaitable[None]]) -> None:
    async def run() -> None:
        await steps(Line())

    asyncio.run(run())


def test_a_head_has_its_time_however_many_pieces_it_comes_in() -> None:
    async def steps(line: Line) -> None:
        first = line.protocol._deadline
        assert line.waits_for(HEAD_TIMEOUT_S)
        for byte in HEAD[:-1]:
            line.protocol.data_received(bytes([byte]))
            assert line.protocol._deadline is first
        line.protocol.data_received(HEAD[-1:])
        assert line.wait_s is None

    on_a_line(steps)


def test_the_server_itself_may_take_its_time() -> None:
    async def steps(line: Line) -> None:
        line.protocol.data_received(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
        assert line.wait_s is None
        line.protocol.data_received(b"four")
        assert line.wait_s is None

    on_a_line(steps)


def test_after_an_answer_the_next_head_has_its_time_from_its_first_byte_on() -> None:
    async def steps(line: Line) -> None:
        for _ in range(2):
            line.protocol.data_received(HEAD)
            await line.answer()
            assert line.waits_for(STALL_TIMEOUT_S)
        line.protocol.data_received(HEAD[:3])
        first = line.protocol._deadline
        assert line.waits_for(HEAD_TIMEOUT_S)
        line.protocol.data_received(HEAD[3:9])
        assert line.protocol._deadline is first

    on_a_line(steps)


def test_a_request_that_came_with_another_one_is_answered_without_haste() -> None:
    async def steps(line: Line) -> None:
        line.protocol.data_received(HEAD + HEAD)
        first = line.protocol.cycle
        line.goes_on.set()
        await until(lambda: line.protocol.cycle is not first)
        assert line.protocol._is_asked
        assert line.wait_s is None

    on_a_line(steps)


def test_who_takes_nothing_is_waited_for_in_an_answer_and_after_it() -> None:
    async def steps(line: Line) -> None:
        line.protocol.data_received(HEAD)
        line.protocol.pause_writing()
        assert line.waits_for(STALL_TIMEOUT_S)
        first = line.protocol._deadline
        line.protocol.data_received(HEAD[:3])
        assert line.protocol._deadline is first
        line.protocol.resume_writing()
        assert line.wait_s is None
        await line.answer()
        line.protocol.pause_writing()
        line.protocol.resume_writing()
        assert line.waits_for(STALL_TIMEOUT_S)
        line.protocol.connection_lost(None)
        assert line.wait_s is None

    on_a_line(steps)


def test_what_is_late_is_cut_and_not_asked_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing waits until the other side has taken what was sent, which may be never."""
    monkeypatch.setattr(deadlines, "HEAD_TIMEOUT_S", 0.0)

    async def steps(line: Line) -> None:
        await until(lambda: line.wire.aborted)

    on_a_line(steps)


@pytest.mark.parametrize("said", [b"", HEAD[:-1]])
def test_a_connection_without_a_request_ends(
    said: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "HEAD_TIMEOUT_S", 0.05)
    School(tmp_path).close()
    with running_server(tmp_path) as url, connect(url) as near:
        near.sendall(said)
        with contextlib.suppress(ConnectionResetError):
            assert near.recv(100) == b""
