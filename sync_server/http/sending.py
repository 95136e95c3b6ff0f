"""A thread that sends parts of files to many connections at once, each as fast as it takes them.

It waits for all of its connections together and sends by the system's own ``sendfile``: a turn by
way of the event loop and a thread of a pool costs several times what the sending costs. It is one
thread: several wake each other, and the laptops, for ever smaller pieces.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
from collections import deque
from typing import Callable, Deque, Optional, Set

TURN_BYTES = 4 << 20
"""After so much of one file it is another laptop's turn."""


class Part:
    """What is left to send of a file: bytes ``start`` to ``stop`` of ``file`` to ``connection``.

    ``ended`` is called once, by the thread: with True when everything was sent, with False where
    the other side went or the file ended early. Both handles are the caller's, who may close them
    from then on.
    """

    __slots__ = ("connection", "ended", "file", "start", "stop")

    def __init__(
        self, connection: int, file: int, start: int, stop: int, ended: Callable[[bool], None]
    ) -> None:
        self.connection, self.file = connection, file
        self.start, self.stop = start, stop
        self.ended = ended

    def turn(self) -> bool:
        """Send what the network takes at once; return whether something is left.

        Raises OSError or EOFError where nothing more can be sent.
        """
        most_bytes = min(TURN_BYTES, self.stop - self.start)
        with contextlib.suppress(BlockingIOError):
            sent_bytes = os.sendfile(self.connection, self.file, self.start, most_bytes)
            if not sent_bytes:
                raise EOFError
            self.start += sent_bytes
        return self.start < self.stop


class Sender:
    """The thread. It begins with the first part, and lasts as long as the process."""

    def __init__(self) -> None:
        self._orders: Deque[Callable[[], None]] = deque()
        self._parts: Set[Part] = set()
        self._selector = selectors.DefaultSelector()
        self._bell: Optional[socket.socket] = None
        self._guard = threading.Lock()

    def send(self, part: Part) -> None:
        """Begin to send."""
        self._order(lambda: self._begin(part))

    def give_up(self, part: Part) -> None:
        """End a part early; one that has ended already stays so."""
        self._order(lambda: self._end(part, False))

    def _order(self, order: Callable[[], None]) -> None:
        with self._guard:
            self._bell = bell = self._bell or self._start()
        self._orders.append(order)
        # Where the bell is full it has been rung.
        with contextlib.suppress(BlockingIOError):
            bell.send(b"!")

    def _start(self) -> socket.socket:
        waking, bell = socket.socketpair()
        bell.setblocking(False)
        self._selector.register(waking, selectors.EVENT_READ)
        threading.Thread(target=self._run, args=[waking], name="files", daemon=True).start()
        return bell

    def _run(self, waking: socket.socket) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    waking.recv(4096)
                elif key.data in self._parts:
                    self._turn(key.data)
            while self._orders:
                self._orders.popleft()()

    def _begin(self, part: Part) -> None:
        try:
            self._selector.register(part.connection, selectors.EVENT_WRITE, part)
        except (OSError, ValueError, KeyError):
            part.ended(False)
            return
        self._parts.add(part)
        self._turn(part)

    def _turn(self, part: Part) -> None:
        try:
            if not part.turn():
                self._end(part, True)
        except (OSError, EOFError):
            self._end(part, False)

    def _end(self, part: Part, whole: bool) -> None:
        if part in self._parts:
            self._parts.remove(part)
            self._selector.unregister(part.connection)
            part.ended(whole)
