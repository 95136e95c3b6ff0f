"""A TCP proxy that cuts connections after so many bytes, up or down, and counts what passed."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from typing import Callable, Iterator, List, Optional, Tuple
from urllib.parse import urlsplit

Cut = Tuple[Optional[int], Optional[int]]
"""After how many bytes up, and after how many down, a connection is cut; None: never."""
_READ_BYTES = 1 << 14


class CuttingProxy:
    """Listens on loopback; ``plan`` is asked for every new connection."""

    def __init__(self, target: str, plan: Callable[[], Cut]) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname, parts.port)
        self._plan = plan
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.up_bytes = self.down_bytes = self.connections = self.cuts = 0
        self._lock = threading.Lock()
        self._threads: List[threading.Thread] = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(10)
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(socket.timeout):
                near, _ = self._listener.accept()
                self.connections += 1
                cut = self._plan()
                thread = threading.Thread(target=self._carry, args=(near, cut))
                self._threads.append(thread)
                thread.start()

    def _carry(self, near: socket.socket, cut: Cut) -> None:
        left = list(cut)
        with near, socket.create_connection(self._target) as far:
            while not self._over.is_set():
                ready, _, _ = select.select([near, far], [], [], 0.05)
                for source in ready:
                    up = source is near
                    if not self._pass(source, far if up else near, left, 0 if up else 1):
                        return

    def _pass(
        self, source: socket.socket, sink: socket.socket, left: List[Optional[int]], way: int
    ) -> bool:
        try:
            data = source.recv(_READ_BYTES)
        except OSError:
            return False
        allowed = left[way]
        passed = data if allowed is None else data[:allowed]
        with contextlib.suppress(OSError):
            sink.sendall(passed)
        with self._lock:
            if way:
                self.down_bytes += len(passed)
            else:
                self.up_bytes += len(passed)
            if allowed is not None:
                left[way] = allowed - len(passed)
                if left[way] == 0:
                    self.cuts += 1
                    return False
        return bool(data)


@contextlib.contextmanager
def cutting(target: str, plan: Callable[[], Cut]) -> Iterator[CuttingProxy]:
    """Run a proxy before ``target`` as long as a block lasts."""
    proxy = CuttingProxy(target, plan)
    try:
        yield proxy
    finally:
        proxy.close()
