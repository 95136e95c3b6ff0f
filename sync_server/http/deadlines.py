"""Connections for which nobody waits without end: a process has few handles.

Uvicorn gives up a connection that is idle after an answer. A laptop that falls asleep before its
first request, one that sends a head byte by byte, and one that never reads its answer would keep
theirs for as long as the server runs.
"""

from __future__ import annotations

import asyncio
from typing import Any, Optional

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_TIMEOUT_S = 60.0
"""How long a request's head may take, from its first byte or, for the first one, the connection."""
STALL_TIMEOUT_S = 300.0
"""How long the other side may take nothing of what is sent to it."""


class DeadlineProtocol(H11Protocol):
    """A connection that is cut where the other side neither asks nor takes what it asked for."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadline: Optional[asyncio.TimerHandle] = None
        self._head_begun = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait(HEAD_TIMEOUT_S)

    def connection_lost(self, exc: Optional[Exception]) -> None:
        """Wait for nothing any more."""
        super().connection_lost(exc)
        self._wait(None)

    def data_received(self, data: bytes) -> None:
        """Take in bytes. Those of a head win no time but for the first of them."""
        super().data_received(data)
        if self._is_asked:
            if not self.flow.write_paused:
                self._wait(None)
        elif not self._head_begun:
            self._head_begun = True
            self._wait(HEAD_TIMEOUT_S)

    def on_response_complete(self) -> None:
        """Wait until the rest is taken; closing an idle connection is uvicorn's business."""
        super().on_response_complete()
        self._head_begun = False
        self._wait(None if self._is_asked else STALL_TIMEOUT_S)

    def pause_writing(self) -> None:
        """Wait until the other side takes more."""
        super().pause_writing()
        self._wait(STALL_TIMEOUT_S)

    def resume_writing(self) -> None:
        """Go on; what was sent last may still lie here."""
        super().resume_writing()
        self._wait(None if self._is_asked else STALL_TIMEOUT_S)

    @property
    def _is_asked(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self, time_s: Optional[float]) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        # Not ``close``, which waits until all is taken that was sent.
        late = self.transport.abort
        self._deadline = None if time_s is None else self.loop.call_later(time_s, late)
