"""A TCP proxy on loopback that counts every payload byte and every HTTP request through it."""

from __future__ import annotations

import selectors
import socket
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Tuple

import h11

if TYPE_CHECKING:
    from types import TracebackType

READ_BYTES = 65536


@dataclass(frozen=True)
class Count:
    """What went through: TCP payload in each direction, headers included."""

    up_bytes: int = 0
    down_bytes: int = 0
    connections: int = 0
    requests: int = 0

    @property
    def total_bytes(self) -> int:
        """Payload of both directions together."""
        return self.up_bytes + self.down_bytes


class _RequestCounter:
    """Counts the requests in one connection's upstream bytes, as an HTTP/1.1 server reads them."""

    def __init__(self) -> None:
        self._parser = h11.Connection(h11.SERVER)
        self._readable = True

    def feed(self, data: bytes) -> int:
        if not self._readable:
            return 0
        seen = 0
        try:
            self._parser.receive_data(data)
            while True:
                event = self._parser.next_event()
                if event is h11.PAUSED:
                    self._restart()
                elif isinstance(event, h11.Request):
                    seen += 1
                elif isinstance(event, h11.EndOfMessage):
                    self._restart()
                elif event is h11.NEED_DATA or isinstance(event, h11.ConnectionClosed):
                    return seen
        except h11.RemoteProtocolError:
            self._readable = False
            return seen

    def _restart(self) -> None:
        rest = self._parser.trailing_data[0]
        self._parser = h11.Connection(h11.SERVER)
        if rest:
            self._parser.receive_data(rest)


class CountingProxy:
    """Forwards one loopback port to another and counts; use it as a context manager.

    Counting sees exactly what the two programmes wrote to their sockets: request lines, headers
    and bodies. TCP and IP headers and retransmissions are not in it.
    """

    def __init__(self, target: Tuple[str, int]) -> None:
        self._target = target
        self._count = Count()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._plugged = threading.Event()
        self._plugged.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def address(self) -> str:
        """The proxy's own base URL."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def count(self) -> Count:
        """What has gone through so far."""
        with self._lock:
            return self._count

    def reset(self) -> None:
        """Begin counting at zero again; open connections stay open."""
        with self._lock:
            self._count = Count()

    def unplug(self) -> None:
        """Cut the line: open connections end, new ones are refused until it is plugged in again."""
        self._plugged.clear()

    def plug(self) -> None:
        """Join the line again."""
        self._plugged.set()

    def __enter__(self) -> CountingProxy:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._thread.join()
        self._listener.close()

    def _accept(self) -> None:
        workers = []
        while not self._stopping.is_set():
            try:
                near, _ = self._listener.accept()
            except socket.timeout:
                continue
            if not self._plugged.is_set():
                near.close()
                continue
            self._add(connections=1)
            worker = threading.Thread(target=self._carry, args=(near,), daemon=True)
            worker.start()
            workers.append(worker)
        for worker in workers:
            worker.join()

    def _carry(self, near: socket.socket) -> None:
        requests = _RequestCounter()
        with near:
            try:
                far = socket.create_connection(self._target, timeout=10)
            except OSError:
                return
            with far, selectors.DefaultSelector() as waiting:
                waiting.register(near, selectors.EVENT_READ, far)
                waiting.register(far, selectors.EVENT_READ, near)
                while self._plugged.is_set() and not self._stopping.is_set():
                    for key, _ in waiting.select(0.1):
                        if not self._forward(key.fileobj, key.data, near, requests):
                            return

    def _forward(
        self,
        source: object,
        sink: socket.socket,
        near: socket.socket,
        requests: _RequestCounter,
    ) -> bool:
        assert isinstance(source, socket.socket)
        try:
            data = source.recv(READ_BYTES)
            if data:
                sink.sendall(data)
        except OSError:
            return False
        if source is near:
            self._add(up_bytes=len(data), requests=requests.feed(data))
        else:
            self._add(down_bytes=len(data))
        return bool(data)

    def _add(self, **amounts: int) -> None:
        with self._lock:
            self._count = replace(
                self._count,
                **{name: getattr(self._count, name) + more for name, more in amounts.items()},
            )
