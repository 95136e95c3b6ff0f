"""One line a request, with nothing in it that says who somebody is: for people, or as JSON."""

from __future__ import annotations

import json
import re
import sys
import time
from typing import Callable, List, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync_server.http.zero_copy import body_bytes

_LONG_NAME = re.compile(r"[0-9a-f]{12,}")


def to_stderr(line: str) -> None:
    """Write a line where services write their logs."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


class Request(NamedTuple):
    """What the log says of a request; status 0: it was not answered."""

    method: str
    path: str
    status: int
    sent_bytes: int
    duration_ms: int


def as_text(request: Request) -> str:
    """Return a request as a line for people."""
    method, path, status, sent_bytes, duration_ms = request
    return f"{method} {path} {status} {sent_bytes} B {duration_ms} ms"


def as_json(request: Request) -> str:
    """Return a request as a JSON object with its time (UTC), for programmes that read logs."""
    time_text = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return json.dumps({"time": time_text, **request._asdict()})


class AccessLog:
    """Passes requests on and writes method, path, status, bytes sent and milliseconds of each."""

    def __init__(
        self,
        app: ASGIApp,
        write: Callable[[str], None] = to_stderr,
        form: Callable[[Request], str] = as_text,
    ) -> None:
        self._app = app
        self._write = write
        self._form = form

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
            sent_bytes += body_bytes(message)
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            duration_ms = round((time.monotonic() - started_s) * 1000)
            status = statuses[0] if statuses else 0
            path, method = readable_path(scope["path"]), readable_path(scope["method"])
            self._write(self._form(Request(method, path, status, sent_bytes, duration_ms)))


def readable_path(path: str) -> str:
    """Shorten hashes, and keep control characters and long nonsense out of the log."""
    shown = "".join(c if c.isascii() and c.isprintable() else "?" for c in path[:200])
    return _LONG_NAME.sub(lambda found: found.group(0)[:8] + "..", shown)
