"""The ``Range`` header, as far as resuming a download needs it (RFC 9110, section 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

_ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})\Z")


@dataclass(frozen=True)
class Span:
    """The bytes from ``start`` up to, not including, ``stop``."""

    start: int
    stop: int

    @property
    def size_bytes(self) -> int:
        """How many bytes it holds."""
        return self.stop - self.start


class UnsatisfiableError(ValueError):
    """The range lies outside the file (answered with 416)."""


def parse_range(header: Optional[str], size_bytes: int) -> Optional[Span]:
    """Return the part of a file that is asked for, or None for all of it.

    Headers of any other form, several ranges among them, are ignored as the RFC allows.

    Raises:
        UnsatisfiableError: no byte of the file lies in the range.
    """
    found = _ONE_RANGE.match(header.strip().lower()) if header else None
    if found is None or found.group(0) == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        start, stop = max(0, size_bytes - int(last)), size_bytes
    else:
        start = int(first)
        if last and int(last) < start:
            return None
        stop = min(size_bytes, int(last) + 1) if last else size_bytes
    if start >= stop:
        raise UnsatisfiableError
    return Span(start, stop)
