"""Sending files without carrying their bytes through this process, where the system can do that.

Eighty laptops that take a pack at once are served by the system's own ``sendfile``, in a thread of
its own: a slow disk keeps nobody waiting who wants something else than files. ASGI's word for it is
its extension Zero Copy Send, which uvicorn does not speak by itself
(https://asgi.readthedocs.io/en/latest/extensions.html#zero-copy-send).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import Any, Optional

import h11
from starlette.types import Message, Receive, Scope, Send

from sync_server.http.deadlines import STALL_TIMEOUT_S, DeadlineProtocol
from sync_server.http.sending import Part, Sender

EXTENSION = "http.response.zerocopysend"
_SENDER = Sender()


class ZeroCopyProtocol(DeadlineProtocol):
    """A connection of uvicorn's that sends files by the system's own means."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._part: Optional[Part] = None
        if hasattr(os, "sendfile"):
            self.app = _Lending(self.app, self)

    def connection_lost(self, exc: Optional[Exception]) -> None:
        """Stop sending: nobody is there any more."""
        super().connection_lost(exc)
        if self._part is not None:
            _SENDER.give_up(self._part)

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
        try:
            connection = os.dup(self.transport.get_extra_info("socket").fileno())
        except OSError:
            # Too much is open. What was promised cannot be sent, so nobody shall wait for it.
            self.transport.abort()
            return
        try:
            if not await self._sent(connection, file, start, start + size_bytes):
                self.transport.abort()
        finally:
            self._part = None
            os.close(connection)

    async def _head_is_sent(self) -> None:
        self.transport.set_write_buffer_limits(0)
        await self.flow.drain()
        self.transport.set_write_buffer_limits()

    async def _sent(self, connection: int, file: int, start: int, stop: int) -> bool:
        """Send; False where the other side went or takes nothing, or the file ends early.

        Nobody closes a handle that the thread may still use: also when nobody wants the file any
        more, its last word is waited for.
        """
        sent: asyncio.Future[bool] = self.loop.create_future()

        def ended(whole: bool) -> None:
            # A loop that has come to its end waits for nothing.
            with contextlib.suppress(RuntimeError):
                self.loop.call_soon_threadsafe(sent.set_result, whole)

        self._part = part = Part(connection, file, start, stop, ended)
        _SENDER.send(part)
        try:
            at = start
            while not (await asyncio.wait([sent], timeout=STALL_TIMEOUT_S))[0]:
                if part.start == at:
                    _SENDER.give_up(part)
                at = part.start
        except asyncio.CancelledError:
            _SENDER.give_up(part)
            while not sent.done():
                # A server that stops may say so twice.
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait([sent])
            raise
        return sent.result()


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


def body_bytes(message: Message) -> int:
    """Return how many bytes of an answer's body a message stands for."""
    return len(message.get("body", b"")) + int(message.get("count") or 0)
