"""What a server sent twice: HTTP/1.1 read as it passes by, and each byte charged to a cut.

A byte of a file that is sent again was lost by the first cut after it was sent before.
The head of an answer to a question that was asked before is charged like that too, and so
is what had come of an answer to a message, which is never the same again.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Callable, Deque, Dict, List, Optional, Tuple

_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"^content-length: *([0-9]+)", re.IGNORECASE | re.MULTILINE)
_FROM = re.compile(rb"^content-range: *bytes ([0-9]+)-", re.IGNORECASE | re.MULTILINE)
Run = Tuple[int, int, int]
"""From where to where bytes were sent, and how many cuts there had been."""


@dataclass
class _Message:
    """One message that is passing by: its head, and how much of its body is still to come."""

    name: str
    start: int = 0
    here: int = 0
    left: int = 0


@dataclass
class _Connection:
    up: bytearray = field(default_factory=bytearray)
    down: bytearray = field(default_factory=bytearray)
    body_up: int = 0
    asked: Deque[str] = field(default_factory=deque)
    now: Optional[_Message] = None


class WireLog:
    """Hears what passes on any number of connections; ``cuts`` tells how many came so far."""

    def __init__(self, cuts: Callable[[], int]) -> None:
        self._cuts = cuts
        self._guard = threading.Lock()
        self._connections: Dict[int, _Connection] = {}
        self._sent: Dict[str, List[Run]] = {}
        self._charged: Dict[int, int] = {}
        self._messages = 0

    def heard(self, connection: int, way: str, data: bytes) -> None:
        """Take what passes ``up`` or ``down``; none at the end of a connection."""
        with self._guard:
            one = self._connections.setdefault(connection, _Connection())
            if way == "up":
                self._up(one, data)
            else:
                self._down(one, data)

    @property
    def again_bytes(self) -> Dict[int, int]:
        """What each cut cost that cost anything, by its number."""
        with self._guard:
            for one in self._connections.values():
                self._broke(one)
            return dict(self._charged)

    @property
    def worst_bytes(self) -> int:
        """What the dearest cut cost."""
        return max(self.again_bytes.values(), default=0)

    def _up(self, one: _Connection, data: bytes) -> None:
        one.up += data
        while one.up:
            if one.body_up:
                passed = min(one.body_up, len(one.up))
                del one.up[:passed]
                one.body_up -= passed
                continue
            end = one.up.find(_HEAD_END)
            if end < 0:
                return
            head = bytes(one.up[:end])
            del one.up[: end + len(_HEAD_END)]
            method, path = head.split(b" ")[:2]
            self._messages += method != b"GET"
            number = "" if method == b"GET" else f" {self._messages}"
            one.asked.append(path.decode("ascii") + number)
            one.body_up = _number(_LENGTH, head)

    def _down(self, one: _Connection, data: bytes) -> None:
        one.down += data
        while one.down:
            if one.now is None and not self._begin(one):
                return
            message = one.now
            assert message is not None
            passed = min(message.left, len(one.down))
            del one.down[:passed]
            self._note(message, message.here, message.here + passed)
            message.here += passed
            message.left -= passed
            if not message.left:
                one.now = None

    def _begin(self, one: _Connection) -> bool:
        end = one.down.find(_HEAD_END)
        if end < 0:
            return False
        head = bytes(one.down[:end])
        del one.down[: end + len(_HEAD_END)]
        assert b"transfer-encoding" not in head.lower(), head
        name = one.asked.popleft()
        self._note(_Message("head of " + name), 0, end + len(_HEAD_END))
        start = _number(_FROM, head)
        one.now = _Message(name, start, start, _number(_LENGTH, head))
        return True

    def _note(self, message: _Message, begin: int, end: int) -> None:
        """Charge what of a run was sent before to the first cut after that."""
        if begin == end:
            return
        before, now = self._sent.setdefault(message.name, []), self._cuts()
        for at, (old_begin, old_end, cuts) in enumerate(before):
            shared = min(end, old_end) - max(begin, old_begin)
            if shared > 0:
                self._charge(cuts, shared)
                # Sent anew: the next time it is charged to a later cut.
                before[at] = (old_begin, max(old_begin, begin), cuts)
        before.append((begin, end, now))
        before[:] = [run for run in before if run[0] < run[1]]

    def _broke(self, one: _Connection) -> None:
        message, one.now = one.now, None
        if message is not None and " " in message.name:
            for _, _, cuts in self._sent.get(message.name, [])[-1:]:
                self._charge(cuts, message.here)

    def _charge(self, cut: int, size_bytes: int) -> None:
        self._charged[cut] = self._charged.get(cut, 0) + size_bytes


def _number(pattern: re.Pattern[bytes], head: bytes) -> int:
    found = pattern.search(head)
    return int(found[1]) if found else 0
