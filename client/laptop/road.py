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
NEAR_TIMEOUT_S = 3.0
"""Who is in the same network answers at once or is not there."""
STALL_NEAR_S = 8.0
NEIGHBOUR_BYTES_PER_S, NEIGHBOUR_S = 16 << 10, 20.0
STRANGER_BYTES_PER_S, STRANGER_S = 1 << 10, 45.0
"""Below, a neighbour is not worth the wait, nor somebody who says that he is our server."""


class OverHttp:
    """Reaches servers over HTTP; what was learned of a link is known the next time."""

    def __init__(self) -> None:
        self._flows: Dict[str, Flow] = {}

    def __call__(self, address: str) -> Road:
        """Take the road; raises sync.errors.EnrolmentError ``address-invalid``."""
        from sync.roads.flow import Flow
        from sync.roads.http import HttpRoad

        return HttpRoad(address, flow=self._flows.setdefault(address, Flow()))


def to_neighbour(address: str) -> Road:
    """Take the road to a neighbour in the same network, who lends objects."""
    from sync.roads.http import HttpRoad
    from sync.roads.patience import Patience

    return HttpRoad(
        address,
        stall_timeout_s=STALL_NEAR_S,
        connect_timeout_s=NEAR_TIMEOUT_S,
        direct=True,
        patience=Patience(NEIGHBOUR_BYTES_PER_S, NEIGHBOUR_S),
    )


def shorten(road: Road, proven: bool) -> None:
    """Go straight to somebody in the same network, and wait no longer than that can take.

    Who is not ``proven`` to be our server may be anybody, and does not keep us by trickling.
    """
    from sync.roads.http import HttpRoad
    from sync.roads.patience import Patience

    if isinstance(road, HttpRoad):
        road.connect_timeout_s, road.direct = NEAR_TIMEOUT_S, True
        if not proven:
            road.patience = Patience(STRANGER_BYTES_PER_S, STRANGER_S)


@contextlib.contextmanager
def several_at_once(
    road: Road, pace: Pace, others: Sequence[Road] = (), lenders: Sequence[Road] = ()
) -> Iterator[Road]:
    """Fetch ahead over a road that can, at a pace, and objects from other sources too.

    What ``lenders`` bring is not paced or counted with the rest: it comes over nobody's line. Any
    other road is used as it is.
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
    ahead = Ahead(road, sources, [one for one in lenders if isinstance(one, Carrier)])
    try:
        yield ahead
    finally:
        ahead.close()
