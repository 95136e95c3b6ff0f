"""One line a request, with nothing in it that says who somebody is."""

from __future__ import annotations

import re
import sys
import time
from typing import Callable, List

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LONG_NAME = re.compile(r"[0-9a-f]{12,}")


def to_stderr(line: str) -> None:
    """Write a line where services write their logs."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


class AccessLog:
    """Passes requests on and writes method, path, status, bytes sent and milliseconds of each."""

    def __init__(self, app: ASGIApp, write: Callable[[str], None] = to_stderr) -> None:
        self._app = app
        self._write = write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_s = time.monotonic()
        statuses: List[int] = []
        sent_bytes = 0

        async def counted(message: Message) -> None:
            nonlocal sent_bytes
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            sent_bytes += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            duration_ms = round((time.monotonic() - started_s) * 1000)
            status = statuses[0] if statuses else 0
            path = readable_path(scope["path"])
            self._write(f"{scope['method']} {path} {status} {sent_bytes} B {duration_ms} ms")


def readable_path(path: str) -> str:
    """Shorten hashes, and keep control characters and long nonsense out of the log."""
    shown = "".join(c if c.isascii() and c.isprintable() else "?" for c in path[:200])
    return _LONG_NAME.sub(lambda found: found.group(0)[:8] + "..", shown)
