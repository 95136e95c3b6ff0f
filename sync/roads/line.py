"""One connection with several requests on it (HTTP/1.1 pipelining, RFC 9112, section 9.3.2).

The next request is sent before the answer to the last has come, so the other side goes on with the
next file at full speed, without a pause of a round trip and without a new connection that has to
come up to speed. Small files come as fast as large ones, and what was asked for first comes first.
"""

from __future__ import annotations

import contextlib
import http.client
import select
import socket
import time
from collections import deque
from typing import Any, Callable, Deque, Dict, Mapping, Optional, Tuple
from urllib.parse import urlsplit

from sync.errors import LinkError
from sync.roads.counting import CountingRaw, Sockets, WholeLines

NEXT_TIMEOUT_S = 15.0
"""An answer that follows another comes at once, or the other side ignores what was sent early."""

LOOK_S = 0.02
"""So often it is looked whether there is more to ask for, while an answer does not come yet."""

_READ_BYTES, _MOST_LEFT_BYTES = 1 << 10, 1 << 16


class Answer:
    """One answer on a line, as far as `sync.roads.http` reads answers."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response = response
        self.status_code = response.status
        self.headers: Mapping[str, str] = _Headers(response)
        self.raw = self

    def read1(self, size_bytes: int, decode_content: bool = False) -> bytes:  # noqa: ARG002
        """Return some bytes of the body; none at its end.

        Raises:
            LinkError: the line broke before the end.
        """
        if self.ended:
            return b""
        with _translated():
            data = self._response.read1(size_bytes)
        if not data and self._response.length:
            raise LinkError("link-lost", "cut inside a body")
        return data

    @property
    def ended(self) -> bool:
        """Whether all of it was read."""
        return self._response.isclosed() or self._response.length == 0

    @property
    def ends_line(self) -> bool:
        """Whether the other side closes the connection after it."""
        return bool(self._response.will_close)

    def finish(self) -> bool:
        """Read what is left, so that the next answer can be read; tell whether that was little."""
        reads = range(_MOST_LEFT_BYTES // _READ_BYTES)
        return any(not self.read1(_READ_BYTES) for _ in reads)


class _Headers(Dict[str, str]):
    """Headers by name in any case."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        super().__init__((name.lower(), value) for name, value in response.getheaders())

    def get(self, name: str, default: Any = None) -> Any:
        """Return a header."""
        return super().get(name.lower(), default)


class _Shared:
    """What an answer takes for its socket: it reads from the line's one buffer."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def makefile(self, *_: Any, **__: Any) -> Any:
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def close(self) -> None:
        """The line closes it."""


class Line:
    """A connection over plain HTTP to a server; for one thread, but for ``Sockets.abort``."""

    def __init__(self, base_url: str, sockets: Sockets, timeout_s: Tuple[float, float]) -> None:
        parts = urlsplit(base_url)
        self._place = (parts.hostname or "", parts.port or 80)
        self._host, self._prefix = parts.netloc, parts.path
        self._sockets = sockets
        self._connect_timeout_s, self._stall_timeout_s = timeout_s
        self._socket: Optional[socket.socket] = None
        self._asked: Deque[bool] = deque()
        self._last: Optional[Answer] = None

    @property
    def waiting(self) -> int:
        """How many answers are still to come."""
        return len(self._asked)

    @property
    def follows(self) -> bool:
        """Whether the next answer follows another one that its request did not wait for."""
        return bool(self._asked) and self._asked[0]

    def ask(self, path: str, headers: Mapping[str, str]) -> None:
        """Send a request for a path.

        Raises:
            LinkError: the server cannot be reached, or the line broke.
        """
        lines = [f"GET {self._prefix}{path} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        data = "\r\n".join([*lines, "", ""]).encode("ascii")
        with _translated():
            self._connect().sendall(data)
        if not self._asked and (self._last is None or self._last.ended):
            self._raw.asked(time.monotonic())
        self._sockets.traffic.requests += 1
        self._sockets.traffic.sent_bytes += len(data)
        self._asked.append(bool(self._asked or (self._last and not self._last.ended)))

    def open(self) -> None:
        """Connect before there is anything to ask for: it takes a round trip.

        Raises:
            LinkError: the server cannot be reached.
        """
        with _translated():
            self._connect()

    def wait(self, meanwhile: Callable[[], object]) -> None:
        """Wait until an answer begins to come; ``meanwhile`` may ask for more, and often is called.

        Raises:
            LinkError: nothing came in time.
        """
        if self.follows or self._socket is None:
            # What follows may be in the buffer already, where no look at the socket finds it.
            return
        ends_s = time.monotonic() + self._stall_timeout_s
        with _translated():
            while self._socket and not select.select([self._socket], [], [], LOOK_S)[0]:
                if time.monotonic() > ends_s:
                    raise LinkError("link-stalled", "no answer")
                meanwhile()

    def answer(self) -> Answer:
        """Return the answer to the oldest request; it is read before the next one is.

        Raises:
            LinkError: nothing came in time, or no answer.
        """
        follows = self._asked.popleft()
        if self._socket is None:
            raise LinkError("link-lost", "the line is closed")
        with _translated():
            timeout_s = self._stall_timeout_s
            self._socket.settimeout(min(NEXT_TIMEOUT_S, timeout_s) if follows else timeout_s)
            response = http.client.HTTPResponse(_Shared(self._file), method="GET")  # type: ignore[arg-type]
            self._raw.head_begins()
            response.begin()
            self._raw.head_ends()
            self._socket.settimeout(timeout_s)
        # One that closes may destroy what it sent last, when more requests meet it then
        # (RFC 9112, section 9.6): so nothing is sent early to whom nobody knows.
        self._sockets.flow.keeps_open = not response.will_close
        self._last = Answer(response)
        return self._last

    def close(self) -> None:
        """Give up the connection and all answers that are still to come."""
        self._asked.clear()
        self._last = None
        if self._socket is not None:
            self._file.close()
            self._socket.close()
            self._socket = None

    def _is_over(self) -> bool:
        """Whether the other side closed the connection, or says what nobody asked for."""
        asking = self._asked or (self._last is not None and not self._last.ended)
        if self._socket is None or asking:
            return False
        return bool(select.select([self._socket], [], [], 0)[0])

    def _connect(self) -> socket.socket:
        if self._is_over():
            self._sockets.flow.keeps_open = False
            self.close()
        if self._socket is None:
            began_s = time.monotonic()
            try:
                self._socket = socket.create_connection(self._place, self._connect_timeout_s)
            except OSError as error:
                raise LinkError("link-unreachable", type(error).__name__) from error
            self._sockets.flow.connected(time.monotonic() - began_s)
            self._sockets.add(self._socket)
            self._socket.settimeout(self._stall_timeout_s)
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw = self._socket.makefile("rb", buffering=0)
            self._raw = CountingRaw(raw, self._socket, self._sockets, began_s)
            self._file = WholeLines(self._raw)
        return self._socket


class _translated:  # noqa: N801 (used like a function)
    """Turns errors of sockets and of HTTP into ``LinkError``."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: Optional[BaseException], trace: object) -> None:
        if isinstance(error, socket.timeout):
            raise LinkError("link-stalled", "no answer") from error
        if isinstance(error, (OSError, http.client.HTTPException)):
            raise LinkError("link-lost", type(error).__name__) from error
