"""A weak link for everybody: a TCP proxy on loopback that slows, delays, cuts and counts.

It needs no rights and runs on every system, and is less than `tests.support.link`: each side's TCP
talks to the proxy without delay, so slow start and retransmissions do not show, and loss cannot be
made. A full queue stops the sender instead of dropping what it sends.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import struct
import threading
import time
from typing import Callable, Dict, List, Optional, Tuple

from tests.support.link_shape import Shape, Way

_READ_BYTES = 1460
_BUFFER_BYTES = 1 << 14
Cut = Tuple[Optional[int], Optional[int]]
FAST = Shape(down_bit_per_s=8e9, delay_s=0.0)
"""No slowing: for cuts and counts alone."""


class LinkProxy:
    """Carries connections to ``target``; use it as a context manager.

    ``down_bytes`` and ``up_bytes`` count what was handed over, to the near and to the far side.
    ``again`` says after how many bytes (down, up) the next cut comes, whenever one has come, and
    ``heard`` is told of all that is handed over: a connection's number, ``up`` or ``down``, bytes.
    """

    def __init__(self, target: Tuple[str, int], shape: Shape = FAST) -> None:
        self._target = target
        self._ways = {"up": Way(shape.up, shape, 0), "down": Way(shape.down_bit_per_s, shape, 0)}
        self._guard = threading.Lock()
        self._counts = {"up": 0, "down": 0}
        self._left: Dict[str, Optional[int]] = {"up": None, "down": None}
        self._open: List[socket.socket] = []
        self._over = False
        self.connections = 0
        self.cuts = 0
        self.again: Callable[[], Cut] = lambda: (None, None)
        self.heard: Callable[[int, str, bytes], None] = lambda *_: None

    def __enter__(self) -> LinkProxy:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        # A thread in accept() is not woken by close() everywhere; a connection wakes it.
        with contextlib.suppress(OSError):
            socket.create_connection(self._listener.getsockname(), 1).close()
        self._thread.join(5)
        self._listener.close()
        self.cut()

    @property
    def down_bytes(self) -> int:
        """What the near side was given."""
        return self._counts["down"]

    @property
    def up_bytes(self) -> int:
        """What the far side was given."""
        return self._counts["up"]

    def cut_after(self, down_bytes: Optional[int] = None, up_bytes: Optional[int] = None) -> None:
        """Break all connections when so many more bytes have gone down, or up."""
        with self._guard:
            self._left = {"down": down_bytes, "up": up_bytes}

    def cut(self) -> None:
        """Break all connections now; new ones are welcome."""
        with self._guard:
            broken, self._open = self._open, []
            self._left = {"up": None, "down": None}
        for one in broken:
            with contextlib.suppress(OSError):
                # Both are told that it broke (RST), not that it ended.
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            if self._over:
                near.close()
                return
            try:
                far = socket.create_connection(self._target, timeout=10)
            except OSError:
                near.close()
                continue
            self.connections += 1
            with self._guard:
                self._open += [near, far]
            for source, sink, way in ((near, far, "up"), (far, near, "down")):
                _narrow(source)
                flying: queue.Queue[Tuple[float, bytes]] = queue.Queue()
                take = (source, sink, way, flying)
                hand_over = (sink, (self.connections, way), flying)
                threading.Thread(target=self._take, args=take, daemon=True).start()
                threading.Thread(target=self._hand_over, args=hand_over, daemon=True).start()

    def _take(
        self,
        source: socket.socket,
        sink: socket.socket,
        way: str,
        flying: queue.Queue[Tuple[float, bytes]],
    ) -> None:
        data = b"-"
        while data:
            try:
                data = source.recv(_READ_BYTES)
            except OSError:
                data = b""
            flying.put((self._arrival_s(way, len(data)), data))

    def _arrival_s(self, way: str, size_bytes: int) -> float:
        while True:
            with self._guard:
                arrival_s = self._ways[way].offer(size_bytes, time.monotonic())
            if arrival_s is not None:
                return arrival_s
            time.sleep(0.005)

    def _hand_over(
        self,
        sink: socket.socket,
        place: Tuple[int, str],
        flying: queue.Queue[Tuple[float, bytes]],
    ) -> None:
        while True:
            arrival_s, data = flying.get()
            time.sleep(max(0.0, arrival_s - time.monotonic()))
            now, last = self._share(place[1], data)
            self.heard(*place, now)
            ended = last or not data
            try:
                sink.sendall(now)
                if not data:
                    sink.shutdown(socket.SHUT_WR)
            except OSError:
                ended = True
            if last:
                self.cuts += 1
                self.cut()
                self.cut_after(*self.again())
            if ended:
                # What is still on its way is neither handed over nor counted.
                return

    def _share(self, way: str, data: bytes) -> Tuple[bytes, bool]:
        """Give what of ``data`` still goes through, and whether the cut comes then."""
        with self._guard:
            left = self._left[way]
            now = data if left is None else data[:left]
            last = left is not None and len(data) >= left
            if left is not None:
                self._left[way] = left - len(now)
            self._counts[way] += len(now)
        return now, last


def _narrow(connection: socket.socket) -> None:
    """Keep the kernel from queueing what the link should."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
