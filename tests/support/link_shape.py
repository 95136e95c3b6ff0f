"""What a weak link does to packets: a rate, a bounded queue, a delay, losses and outages.

No input or output and no clock: times come in, times go out.
"""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass, replace
from typing import Optional, Tuple


@dataclass(frozen=True)
class Shape:
    """A link between two hosts, the same both ways but for ``up_bit_per_s`` (0: as down).

    ``delay_s`` is one way's, so a round trip is twice that. ``queue_s`` is how long a full queue
    takes to drain at the link's rate: what does not fit is dropped. ``loss`` is the part of packets
    that vanish at random, each way. ``outages`` are pairs of a beginning and a length in seconds
    since the link came up, in which nothing arrives at all.
    """

    down_bit_per_s: float
    delay_s: float
    up_bit_per_s: float = 0.0
    loss: float = 0.0
    queue_s: float = 0.5
    outages: Tuple[Tuple[float, float], ...] = ()
    seed: int = 1

    def to_json(self) -> str:
        """For another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Shape:
        """From another process."""
        shape = cls(**json.loads(text))
        return replace(shape, outages=tuple((begin, length) for begin, length in shape.outages))

    @property
    def up(self) -> float:
        """Bits a second on the way up."""
        return self.up_bit_per_s or self.down_bit_per_s

    def is_out(self, since_s: float) -> bool:
        """Whether an outage lasts at this time since the link came up."""
        return any(begin <= since_s < begin + length for begin, length in self.outages)


SMALLEST_QUEUE_BYTES = 3000
"""Two full packets: with less, a queue would be a loss."""


@dataclass(frozen=True)
class Count:
    """What one way took and delivered: bytes of whole packets, their headers included.

    ``payload_bytes`` are what TCP carried in the delivered ones, its retransmissions included.
    """

    offered_bytes: int = 0
    delivered_bytes: int = 0
    packets: int = 0
    dropped: int = 0
    payload_bytes: int = 0


class Way:
    """One direction of a link."""

    def __init__(self, bit_per_s: float, shape: Shape, seed: int) -> None:
        self._byte_per_s = bit_per_s / 8
        self._shape = shape
        self._queue_bytes = max(SMALLEST_QUEUE_BYTES, shape.queue_s * self._byte_per_s)
        self._chance = random.Random(seed)
        self._free_at_s = 0.0
        self.count = Count()

    def offer(
        self, size_bytes: int, now_s: float, out: bool = False, payload_bytes: int = 0
    ) -> Optional[float]:
        """Return when a packet arrives at the other end, or None when it is dropped.

        A lost packet has taken its time on the wire all the same. ``payload_bytes`` of it are not
        its headers.
        """
        begin_s = max(now_s, self._free_at_s)
        waiting_bytes = (begin_s - now_s) * self._byte_per_s
        arrives = not out and waiting_bytes + size_bytes <= self._queue_bytes
        if arrives:
            self._free_at_s = begin_s + size_bytes / self._byte_per_s
            arrives = self._chance.random() >= self._shape.loss
        self.count = replace(
            self.count,
            offered_bytes=self.count.offered_bytes + size_bytes,
            delivered_bytes=self.count.delivered_bytes + size_bytes * arrives,
            packets=self.count.packets + 1,
            dropped=self.count.dropped + (not arrives),
            payload_bytes=self.count.payload_bytes + payload_bytes * arrives,
        )
        return self._free_at_s + self._shape.delay_s if arrives else None
