"""A network around a laptop, as a test wishes it."""

from __future__ import annotations

from typing import List, Tuple


class TurnableNearby:
    """Says who is near; ``asked`` counts what was asked."""

    def __init__(self, near: Tuple[str, ...] = (), found: Tuple[str, ...] = ()) -> None:
        self.near: List[str] = list(near)
        self.found: List[str] = list(found)
        self.lending: List[str] = []
        self.asked: List[str] = []
        self.attended = 0
        self.closed = False

    def is_near(self, url):
        return url in self.near

    def servers(self, device_id):
        self.asked.append("servers")
        return tuple(self.found)

    def lenders(self, tags):
        self.asked.append("lenders")
        return tuple(self.lending)

    def attend(self):
        self.attended += 1

    def lend_unless(self, busy):
        self.busy = busy

    def close(self):
        self.closed = True
