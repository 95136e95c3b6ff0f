"""Counting what a requests session really sends and receives, headers included.

Bytes are counted where they meet the socket: the payload of TCP (under TLS: of TLS). An estimate
from headers and bodies would miss what libraries add.
"""

from __future__ import annotations

import http.client
import io
from dataclasses import dataclass
from typing import Any, Optional, Tuple, Type

import requests.adapters
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


@dataclass
class Traffic:
    """What went over a session's connections so far."""

    requests: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0


class _CountingRaw(io.RawIOBase):
    """A socket's raw stream that counts what is read from it."""

    def __init__(self, raw: Any, traffic: Traffic) -> None:
        super().__init__()
        self._raw = raw
        self._traffic = traffic

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        count = self._raw.readinto(buffer)
        self._traffic.received_bytes += count or 0
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _WholeLines(io.BufferedReader):
    """A buffered stream that refuses half a line.

    ``http.client`` takes the end of the stream for the end of the head, so that a link cut inside
    ``Content-Length: 1048576`` would pass for a server with a shorter object.
    """

    def readline(self, size: Optional[int] = -1) -> bytes:
        line = super().readline(size)
        at_limit = size is not None and 0 <= size <= len(line)
        if not line.endswith(b"\n") and not at_limit:
            raise http.client.RemoteDisconnected("cut inside a line")
        return line


def counting_pools(
    traffic: Traffic,
) -> Tuple[Type[HTTPConnectionPool], Type[HTTPSConnectionPool]]:
    """Return connection pools for http and https whose connections count into ``traffic``."""

    class Response(http.client.HTTPResponse):
        def __init__(self, sock: Any, *arguments: Any, **named: Any) -> None:
            super().__init__(sock, *arguments, **named)
            self.fp.close()
            raw = sock.makefile("rb", buffering=0)
            self.fp = _WholeLines(_CountingRaw(raw, traffic))

    class Counting:
        response_class: Any = Response

        def send(self, data: Any) -> None:
            super().send(data)  # type: ignore[misc]
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
    """A transport for ``requests.Session.mount`` that counts into ``traffic``."""

    def __init__(self, traffic: Traffic) -> None:
        plain, secure = counting_pools(traffic)
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
