"""How long a file takes over the links that schools have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

LINKS_BIT_S = (256_000, 1_000_000, 4_000_000)
"""A weak link, what many schools share, and what seven in ten rural schools do not reach."""
_OVERHEAD = 1.05
"""Headers of TCP and IP at a usual segment size, and the requests."""


@dataclass(frozen=True)
class Download:
    """One file to fetch: a rendition's name ("240p"; "text" for all that is small) and its size.

    ``is_estimate`` when the file is not made yet and its size is planned.
    """

    name: str
    size_bytes: int
    is_estimate: bool = False

    @property
    def seconds(self) -> Tuple[float, ...]:
        """How long it takes over each of LINKS_BIT_S, when nothing else uses the link."""
        return tuple(seconds(self.size_bytes, link) for link in LINKS_BIT_S)


def seconds(size_bytes: int, link_bit_s: int) -> float:
    """How long so many bytes take, headers included."""
    return size_bytes * 8 * _OVERHEAD / link_bit_s
