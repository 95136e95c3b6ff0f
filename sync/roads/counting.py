"""Counting what a requests session really sends and receives, headers included.

Bytes are counted where they meet the socket: the payload of TCP (under TLS: of TLS). An estimate
from headers and bodies would miss what libraries add. There too the link is measured, and the
receive window kept to what it needs.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
import time
import weakref
from dataclasses import dataclass
from typing import Any, Optional, Tuple, Type

import requests.adapters
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from sync.roads.flow import Flow
from sync.roads.patience import Patience

MAX_HEAD_BYTES = 1 << 17
"""An answer that begins with more is none: the library reads interim answers without end."""
_WINDOW_STEP = 1.25
"""A window is changed when it should be so many times larger or smaller."""


@dataclass
class Traffic:
    """What went over a session's connections so far."""

    requests: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0


class Sockets:
    """A session's open sockets, which any thread may end."""

    def __init__(self, traffic: Traffic, flow: Flow, patience: Optional[Patience] = None) -> None:
        self.traffic = traffic
        self.flow = flow
        self.patience = patience
        self._open: weakref.WeakSet[Any] = weakref.WeakSet()

    def add(self, sock: Any) -> None:
        """Know of a socket."""
        self._open.add(sock)

    def keep_send_queue(self, size_bytes: int) -> None:
        """Bound what waits in the system to be sent: where a link breaks, that much is in doubt."""
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size_bytes)

    def abort(self) -> None:
        """End all transfers: whoever waits for bytes is told at once."""
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class CountingRaw(io.RawIOBase):
    """A socket's raw stream that counts what is read from it and measures the link by it."""

    def __init__(self, raw: Any, sock: Any, sockets: Sockets, asked_at_s: float) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._sockets = sockets
        self._traffic, self._flow = sockets.traffic, sockets.flow
        self._asked_at_s: Optional[float] = asked_at_s
        self._window_bytes = 0
        self._head_left_bytes: Optional[int] = MAX_HEAD_BYTES

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def asked(self, now_s: float) -> None:
        """Learn that a request was made just now, and that no other answer is to come before."""
        self._asked_at_s = now_s

    def head_begins(self) -> None:
        """Learn that the head of an answer is read from now on."""
        self._head_left_bytes = MAX_HEAD_BYTES

    def head_ends(self) -> None:
        """Learn that a body is read from now on, which has a bound of its own."""
        self._head_left_bytes = None

    def readinto(self, buffer: Any) -> Any:
        """Read, count and measure.

        Raises:
            socket.timeout: nothing came in time, or too little.
            http.client.HTTPException: the head of an answer has no end.
        """
        began_s = time.monotonic()
        count = self._raw.readinto(buffer)
        if self._sockets.patience is not None:
            self._sockets.patience.waited(time.monotonic() - began_s, count or 0)
        if self._head_left_bytes is not None:
            self._head_left_bytes -= count or 0
            if self._head_left_bytes < 0:
                raise http.client.HTTPException("a head without end")
        if self._asked_at_s is not None and count:
            self._flow.answered(time.monotonic() - self._asked_at_s)
            self._asked_at_s = None
        self._traffic.received_bytes += count or 0
        self._flow.heard(count or 0)
        self._narrow()
        return count

    def _narrow(self) -> None:
        """Keep the window to what the link needs; once it was set, the system sets it no more."""
        wanted_bytes = self._flow.window_bytes()
        if wanted_bytes is None:
            return
        step = wanted_bytes / self._window_bytes if self._window_bytes else _WINDOW_STEP
        if 1 / _WINDOW_STEP < step < _WINDOW_STEP:
            return
        with contextlib.suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, wanted_bytes)
            self._window_bytes = wanted_bytes

    def close(self) -> None:
        """Close the stream below."""
        self._raw.close()
        super().close()


class WholeLines(io.BufferedReader):
    """A buffered stream that refuses half a line.

    ``http.client`` takes the end of the stream for the end of the head, so that a link cut inside
    ``Content-Length: 1048576`` would pass for a server with a shorter object.
    """

    def readline(self, size: Optional[int] = -1) -> bytes:
        """Return a line; raise RemoteDisconnected for half of one."""
        line = super().readline(size)
        at_limit = size is not None and 0 <= size <= len(line)
        if not line.endswith(b"\n") and not at_limit:
            raise http.client.RemoteDisconnected("cut inside a line")
        return line


def counting_pools(
    sockets: Sockets,
) -> Tuple[Type[HTTPConnectionPool], Type[HTTPSConnectionPool]]:
    """Return connection pools for http and https whose connections count and measure."""
    traffic = sockets.traffic
    asked_at_s = [0.0]

    class Response(http.client.HTTPResponse):
        def __init__(self, sock: Any, *arguments: Any, **named: Any) -> None:
            super().__init__(sock, *arguments, **named)
            self.fp.close()
            raw = sock.makefile("rb", buffering=0)
            self._counting = CountingRaw(raw, sock, sockets, asked_at_s[0])
            self.fp = WholeLines(self._counting)

        def begin(self) -> None:
            super().begin()
            self._counting.head_ends()

    class Counting:
        response_class: Any = Response

        def _new_conn(self) -> Any:
            began_s = time.monotonic()
            sock = super()._new_conn()  # type: ignore[misc]
            sockets.flow.connected(time.monotonic() - began_s)
            sockets.add(sock)
            return sock

        def send(self, data: Any) -> None:
            super().send(data)  # type: ignore[misc]
            asked_at_s[0] = time.monotonic()
            traffic.sent_bytes += len(data)

        def putrequest(self, *arguments: Any, **named: Any) -> None:
            traffic.requests += 1
            super().putrequest(*arguments, **named)  # type: ignore[misc]

    class PlainConnection(Counting, HTTPConnection):
        pass

    class SecureConnection(Counting, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = PlainConnection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return PlainPool, SecurePool


class CountingAdapter(requests.adapters.HTTPAdapter):
    """A transport for ``requests.Session.mount`` that counts and measures."""

    def __init__(self, sockets: Sockets) -> None:
        plain, secure = counting_pools(sockets)
        self._pools = {"http": plain, "https": secure}
        super().__init__(pool_connections=2, pool_maxsize=2, max_retries=0)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *arguments: Any, **named: Any) -> Any:
        """Make the pools of connections through a proxy."""
        manager = super().proxy_manager_for(*arguments, **named)
        manager.pool_classes_by_scheme = self._pools
        return manager
