"""Whole numbers in as few bytes as they need: 7 bits a byte, lowest first (LEB128, unsigned)."""

from __future__ import annotations

from typing import Iterable, List, Optional

from content.errors import FormatError

_MAX_BYTES = 9
"""Enough for every size and count that the formats allow, and never a giant integer."""


def encode(number: int) -> bytes:
    """``number``, from 0 to 2^63 - 1."""
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def encode_rising(numbers: Iterable[int]) -> bytes:
    """How many there are, then each one's distance from the one before, less one."""
    rising = list(numbers)
    before, parts = -1, [encode(len(rising))]
    for number in rising:
        parts.append(encode(number - before - 1))
        before = number
    return b"".join(parts)


class Cursor:
    """Reads bytes from front to back; FormatError naming ``place`` where they end too soon."""

    def __init__(self, data: bytes, place: str) -> None:
        self._data = data
        self._at = 0
        self._place = place

    @property
    def left(self) -> int:
        """Bytes not yet read."""
        return len(self._data) - self._at

    def number(self, limit: int) -> int:
        """A number of at most ``limit``, in its shortest writing."""
        value = 0
        for count in range(_MAX_BYTES):
            byte = self.take(1)[0]
            value |= (byte & 127) << 7 * count
            if byte < 128:
                if value > limit or (byte == 0 and count):
                    break
                return value
        raise FormatError(f"{self._place} is damaged: it holds a number out of bounds.")

    def rising(self, end: int, most: Optional[int] = None) -> List[int]:
        """What ``encode_rising`` wrote: ``most`` different numbers below ``end``, in order."""
        numbers: List[int] = []
        before = -1
        for _ in range(self.number(end if most is None else most)):
            before += 1 + self.number(end)
            if before >= end:
                raise FormatError(f"{self._place} is damaged: it names a file that is not there.")
            numbers.append(before)
        return numbers

    def take(self, size_bytes: int) -> bytes:
        """The next bytes."""
        if size_bytes > self.left:
            raise FormatError(f"{self._place} is damaged: it ends too soon.")
        start, self._at = self._at, self._at + size_bytes
        return self._data[start : self._at]
