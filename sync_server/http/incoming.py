"""A request's body as it comes, so that what came before a connection broke is not lost.

Uvicorn forgets what it has of a body when the connection breaks. So bytes are taken from it at
once, while the disk is busy with those before, as far as the memory for one request goes.
"""

from __future__ import annotations

from collections import deque
from typing import Deque, Optional

import anyio
from starlette.types import Receive

from sync_server.http.bodies import STALL_TIMEOUT_S

AHEAD_BYTES = 512 << 10


class Incoming:
    """One request's body. Used from one event loop: ``run`` takes it in, ``next`` hands it out."""

    def __init__(self, receive: Receive, ahead_bytes: int = AHEAD_BYTES) -> None:
        self._receive = receive
        self._ahead_bytes = ahead_bytes
        self._parts: Deque[bytes] = deque()
        self._waiting_bytes = 0
        self._changed = anyio.Event()
        self._scope = anyio.CancelScope()
        self._ended = False
        self.whole = False

    async def begin(self) -> None:
        """Take what has come with the request's head; to be called before anything else waits."""
        self._take(await self._receive())

    async def run(self) -> None:
        """Take in the body until it ends, breaks off, stands still or is stopped."""
        with self._scope:
            while not self._ended:
                if self._waiting_bytes >= self._ahead_bytes:
                    await self._changed.wait()
                    continue
                with anyio.move_on_after(STALL_TIMEOUT_S) as waiting:
                    # No step between this one and the next may let the connection's end come first.
                    self._take(await self._receive())
                if waiting.cancelled_caught:
                    break
        self._ended = True
        self._tell()

    def stop(self) -> None:
        """Take in no more; what came is handed out."""
        self._scope.cancel()

    async def next(self) -> Optional[bytes]:
        """Return the next bytes, or None after the last; ``whole`` then says if that was all."""
        while not self._parts:
            if self._ended:
                return None
            await self._changed.wait()
        data = b"".join(self._parts)
        self._parts.clear()
        self._waiting_bytes = 0
        self._tell()
        return data

    def _take(self, message: object) -> None:
        assert isinstance(message, dict)  # noqa: S101 - ASGI says so
        if message["type"] == "http.disconnect":
            self._ended = True
        else:
            data = message.get("body", b"")
            if data:
                self._parts.append(data)
                self._waiting_bytes += len(data)
            if not message.get("more_body", False):
                self._ended = self.whole = True
        self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()
