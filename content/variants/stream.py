"""Chance that is the same everywhere: numbers from a seed, by SHA-256 in counter mode.

The standard library's ``random`` promises no equal shuffles from version to version. These do not
change: block N is SHA-256(seed, N as 8 bytes, big-endian), and a number below ``n`` is the first
of the next runs of bytes, cut to the bits that ``n - 1`` has, that is below ``n``.
"""

from __future__ import annotations

import hashlib
from typing import List, Sequence, Tuple, TypeVar

T = TypeVar("T")

_DOMAIN = "keruen variant 1"


def seed_of(task_key: str, person: str, attempt: int) -> bytes:
    """The seed of one pupil's attempt at one task; ``task_key`` holds no line break."""
    words = "\n".join((_DOMAIN, task_key, person, str(attempt)))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()


class Stream:
    """Numbers drawn one after another."""

    def __init__(self, seed: bytes, label: str = "") -> None:
        """Begin a stream; streams of one seed with different labels know nothing of each other.

        So a question that is added to a task leaves the numbers of the others alone.
        """
        self._seed = hashlib.sha256(seed + b"\n" + label.encode("utf-8")).digest()
        self._block = b""
        self._blocks = 0
        self._at = 0

    def _take(self, count: int) -> bytes:
        while len(self._block) - self._at < count:
            fresh = hashlib.sha256(self._seed + self._blocks.to_bytes(8, "big")).digest()
            self._block, self._at = self._block[self._at :] + fresh, 0
            self._blocks += 1
        taken = self._block[self._at : self._at + count]
        self._at += count
        return taken

    def below(self, count: int) -> int:
        """A number from 0 to ``count`` - 1, each as likely as any other."""
        if count < 1:
            raise ValueError("there is nothing to draw from")
        bits = (count - 1).bit_length()
        mask = (1 << bits) - 1
        while True:
            drawn = int.from_bytes(self._take((bits + 7) // 8), "big") & mask
            if drawn < count:
                return drawn

    def one_of(self, values: Sequence[T]) -> T:
        """One of several."""
        return values[self.below(len(values))]

    def shuffled(self, values: Sequence[T]) -> Tuple[T, ...]:
        """All of them in another order (Fisher and Yates)."""
        order: List[T] = list(values)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return tuple(order)

    def some_of(self, values: Sequence[T], count: int) -> Tuple[T, ...]:
        """``count`` of them, in the order in which they stand."""
        chosen = sorted(self.shuffled(range(len(values)))[:count])
        return tuple(values[at] for at in chosen)
