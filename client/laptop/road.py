"""The roads that the laptop takes: over HTTP, and several at once."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Dict, Iterator, Sequence

from sync.link.pace import Pace
from sync.roads.road import Foresight, Holding, Road

if TYPE_CHECKING:
    from sync.roads.flow import Flow

__all__ = ["Foresight", "Holding", "OverHttp", "Road", "several_at_once"]

SOURCE_TIMEOUT_S = 5.0
"""A source that is down costs no more than this, beside what others bring."""


class OverHttp:
    """Reaches servers over HTTP; what was learned of a link is known the next time."""

    def __init__(self) -> None:
        self._flows: Dict[str, Flow] = {}

    def __call__(self, address: str) -> Road:
        """Take the road; raises sync.errors.EnrolmentError ``address-invalid``."""
        from sync.roads.flow import Flow
        from sync.roads.http import HttpRoad

        return HttpRoad(address, flow=self._flows.setdefault(address, Flow()))


@contextlib.contextmanager
def several_at_once(road: Road, pace: Pace, others: Sequence[Road] = ()) -> Iterator[Road]:
    """Fetch ahead over a road that can, at a pace, and objects from other sources too.

    Any other road is used as it is.
    """
    from sync.roads.ahead import Ahead
    from sync.roads.carrier import Carrier

    if not isinstance(road, Carrier):
        yield road
        return
    sources = [other for other in others if isinstance(other, Carrier)]
    for one in (road, *sources):
        one.pace, one.traffic = pace, road.traffic
    for one in sources:
        one.connect_timeout_s = SOURCE_TIMEOUT_S
    ahead = Ahead(road, sources)
    try:
        yield ahead
    finally:
        ahead.close()
