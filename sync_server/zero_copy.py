"""Sending files without carrying their bytes through this process, where the system can do that.

Eighty laptops that take a pack at once are served by the system's own ``sendfile``, in threads of
their own: a slow disk keeps nobody waiting who wants something else. ASGI's word for it is its
extension Zero Copy Send, which uvicorn does not speak by itself
(https://asgi.readthedocs.io/en/latest/extensions.html#zero-copy-send).
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import h11
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

EXTENSION = "http.response.zerocopysend"
THREADS = 4
WINDOW_BYTES = 4 << 20
"""After so much of one file it is another laptop's turn."""
_SENDERS = ThreadPoolExecutor(THREADS, "files")


class ZeroCopyProtocol(H11Protocol):
    """A connection of uvicorn's that sends files by the system's own means."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if hasattr(os, "sendfile"):
            self.app = _Lending(self.app, self)

    async def send_file(self, file: int, start: int, size_bytes: int) -> None:
        """Send a part of a file as part of the body of an answer whose head has been sent.

        A connection that breaks meanwhile ends as it always does: what is sent after that vanishes.
        """
        if self.cycle.disconnected:
            return
        # Only the length of what goes another way is HTTP's business.
        self.conn.send_with_data_passthrough(h11.Data(data=range(size_bytes)))  # type: ignore[arg-type]
        await self._head_is_sent()
        if self.transport.is_closing():
            return
        # The transport goes on listening on its own handle, lest a laptop that went is missed.
        connection = os.dup(self.transport.get_extra_info("socket").fileno())
        try:
            if not await self._sent(connection, file, start, start + size_bytes):
                self.transport.abort()
        finally:
            os.close(connection)

    async def _head_is_sent(self) -> None:
        self.transport.set_write_buffer_limits(0)
        await self.flow.drain()
        self.transport.set_write_buffer_limits()

    async def _sent(self, connection: int, file: int, start: int, stop: int) -> bool:
        """Send; False where the other side went, or the file ends early: then nothing helps."""
        while start < stop:
            size_bytes = min(WINDOW_BYTES, stop - start)
            turn = partial(_send_some, connection, file, start, size_bytes)
            sent_bytes = await _finished(self.loop.run_in_executor(_SENDERS, turn))
            if sent_bytes < 0:
                return False
            start += sent_bytes
            if sent_bytes < size_bytes:
                await self._room(connection)
        return True

    async def _room(self, connection: int) -> None:
        """Wait until the network takes more."""
        room = asyncio.Event()
        self.loop.add_writer(connection, room.set)
        try:
            await room.wait()
        finally:
            self.loop.remove_writer(connection)


class _Lending:
    """Tells an application that this connection can send files, and does so when it is asked."""

    def __init__(self, app: Any, connection: ZeroCopyProtocol) -> None:
        self._app = app
        self._connection = connection

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {**(scope.get("extensions") or {}), EXTENSION: {}}

        async def sending(message: Message) -> None:
            if message["type"] != EXTENSION:
                await send(message)
                return
            await self._connection.send_file(message["file"], message["offset"], message["count"])
            if not message.get("more_body", False):
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self._app(scope, receive, sending)


async def _finished(turn: asyncio.Future[int]) -> int:
    """Wait for a thread to be done, also when nobody wants it any more: it has our handles."""
    try:
        return await asyncio.shield(turn)
    except asyncio.CancelledError:
        await asyncio.wait([turn])
        raise


def _send_some(connection: int, file: int, start: int, size_bytes: int) -> int:
    """Send what the network takes at once; return how much, or -1 where it can be no more."""
    sent_bytes = 0
    while sent_bytes < size_bytes:
        try:
            now_bytes = os.sendfile(connection, file, start + sent_bytes, size_bytes - sent_bytes)
        except BlockingIOError:
            break
        except OSError:
            return -1
        if not now_bytes:
            return -1
        sent_bytes += now_bytes
    return sent_bytes


def body_bytes(message: Message) -> int:
    """Return how many bytes of an answer's body a message stands for."""
    return len(message.get("body", b"")) + int(message.get("count") or 0)
