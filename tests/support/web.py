"""A web server on loopback that answers as a test tells it to, down to the byte."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from typing import Callable, Dict, Iterator, List, Optional


@dataclass
class Request:
    """One request as it came: the head's bytes, its parts, and the body."""

    head: bytes
    method: str
    path: str
    headers: Dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What to send. ``cut`` sends so many bytes and breaks off; ``stall`` then waits instead.

    ``drip_s`` waits so long after each 512 bytes.
    """

    status: int = 200
    body: bytes = b""
    headers: Dict[str, str] = field(default_factory=dict)
    cut: Optional[int] = None
    stall: bool = False
    drip_s: float = 0.0

    def to_bytes(self) -> bytes:
        headers = {"Content-Length": str(len(self.body)), **self.headers}
        lines = [f"HTTP/1.1 {self.status} X", *(f"{k}: {v}" for k, v in headers.items() if v)]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


Handler = Callable[[Request], Reply]


class WebServer:
    """Answers with ``handler``; keeps every request and counts bytes at the socket."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.requests: List[Request] = []
        self.connections = 0
        self.pipelining = True
        self.received_bytes = 0
        self.sent_bytes = 0
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.02)
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._socket.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(socket.timeout):
                connection, _ = self._socket.accept()
                self.connections += 1
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(0.02)
        # What was sent before it was asked for (pipelining) is the next request's beginning.
        early = bytearray()
        with connection, contextlib.suppress(OSError):
            while not self._over.is_set():
                request = self._read(connection, early)
                if request is None:
                    return
                if not self.pipelining:
                    early.clear()
                self.requests.append(request)
                reply = self.handler(request)
                data = reply.to_bytes()[: reply.cut]
                self.sent_bytes += len(data)
                self._send(connection, data, reply.drip_s)
                if reply.stall:
                    self._over.wait(10)
                if reply.cut is not None:
                    return

    def _send(self, connection: socket.socket, data: bytes, drip_s: float) -> None:
        step = 512 if drip_s else max(1, len(data))
        for at in range(0, len(data), step):
            connection.sendall(data[at : at + step])
            if drip_s and self._over.wait(drip_s):
                return

    def _read(self, connection: socket.socket, early: bytearray) -> Optional[Request]:
        data = bytes(early)
        while b"\r\n\r\n" not in data:
            more = self._receive(connection)
            if not more:
                return None
            data += more
        head, body = data.split(b"\r\n\r\n", 1)
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        while len(body) < int(headers.get("Content-Length", 0)):
            more = self._receive(connection)
            if not more:
                return None
            body += more
        size_bytes = int(headers.get("Content-Length", 0))
        early[:], body = body[size_bytes:], body[:size_bytes]
        method, path, _ = first.split(" ")
        return Request(head, method, path, headers, body)

    def _receive(self, connection: socket.socket) -> bytes:
        while not self._over.is_set():
            with contextlib.suppress(socket.timeout):
                data = connection.recv(65536)
                self.received_bytes += len(data)
                return data
        return b""


@contextlib.contextmanager
def serving(handler: Handler) -> Iterator[WebServer]:
    server = WebServer(handler)
    try:
        yield server
    finally:
        server.close()
