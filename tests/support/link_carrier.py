"""The process that carries packets between two TUN devices and shapes them on the way."""

from __future__ import annotations

import collections
import json
import os
import select
import sys
import time
from dataclasses import asdict
from typing import Deque, Dict, Tuple

from tests.support.link_shape import Shape, Way

_MAX_PACKET_BYTES = 65536
_IPV4, _TCP = 4, 6


class Carrier:
    """Carries packets until its standard input ends; a line there asks for the counts.

    The words ``cut`` and ``join`` take the link down and up again at once.
    """

    def __init__(self, near: int, far: int, shape: Shape) -> None:
        self._shape = shape
        self._began_s = time.monotonic()
        self._cut = False
        self._ways: Dict[int, Tuple[Way, int]] = {
            near: (Way(shape.up, shape, shape.seed), far),
            far: (Way(shape.down_bit_per_s, shape, shape.seed + 1), near),
        }
        self._flying: Dict[int, Deque[Tuple[float, bytes]]] = {
            near: collections.deque(),
            far: collections.deque(),
        }
        self._up, self._down = self._ways[near][0], self._ways[far][0]

    def run(self) -> None:
        """Carry."""
        asked = sys.stdin.fileno()
        while True:
            ready, _, _ = select.select([asked, *self._ways], [], [], self._nap_s())
            if asked in ready and not self._answer():
                return
            now_s = time.monotonic()
            for end in self._ways:
                if end in ready:
                    self._take(end, now_s)
            self._deliver(now_s)

    def _nap_s(self) -> float:
        due = [flying[0][0] for flying in self._flying.values() if flying]
        return max(0.0, min(due) - time.monotonic()) if due else 1.0

    def _answer(self) -> bool:
        words = os.read(sys.stdin.fileno(), 4096).decode().split("\n")
        for word in words[:-1]:
            if word in ("cut", "join"):
                self._cut = word == "cut"
            counts = {"up": asdict(self._up.count), "down": asdict(self._down.count)}
            print(json.dumps(counts), flush=True)
        return len(words) > 1

    def _take(self, end: int, now_s: float) -> None:
        way, to = self._ways[end]
        out = self._cut or self._shape.is_out(now_s - self._began_s)
        while True:
            try:
                packet = os.read(end, _MAX_PACKET_BYTES)
            except BlockingIOError:
                return
            if packet[0] >> 4 != _IPV4:
                continue
            arrival_s = way.offer(len(packet), now_s, out, _payload_bytes(packet))
            if arrival_s is not None:
                self._flying[to].append((arrival_s, packet))

    def _deliver(self, now_s: float) -> None:
        for end, flying in self._flying.items():
            while flying and flying[0][0] <= now_s:
                os.write(end, flying.popleft()[1])


def _payload_bytes(packet: bytes) -> int:
    """Return how much of an IPv4 packet is what a TCP connection carries (RFC 791, RFC 9293)."""
    internet_bytes = (packet[0] & 15) * 4
    if packet[9] != _TCP or len(packet) < internet_bytes + 20:
        return 0
    return max(0, len(packet) - internet_bytes - (packet[internet_bytes + 12] >> 4) * 4)


if __name__ == "__main__":
    Carrier(int(sys.argv[1]), int(sys.argv[2]), Shape.from_json(sys.argv[3])).run()
