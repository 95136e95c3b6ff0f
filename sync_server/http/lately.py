"""What was seen not long ago."""

from __future__ import annotations

from math import inf
from time import monotonic
from typing import Callable, Dict


class Lately:
    """Names that were seen not long ago: ``most`` of them at the most."""

    def __init__(self, lasting_s: float, most: int, now_s: Callable[[], float] = monotonic) -> None:
        self._lasting_s, self._most, self._now_s = lasting_s, most, now_s
        self._seen_s: Dict[str, float] = {}

    def has(self, name: str) -> bool:
        """Tell whether a name was added not long ago."""
        return self._now_s() - self._seen_s.get(name, -inf) < self._lasting_s

    def add(self, name: str) -> None:
        """Remember a name; where there are too many, all others are forgotten."""
        if len(self._seen_s) >= self._most:
            self._seen_s.clear()
        self._seen_s[name] = self._now_s()
