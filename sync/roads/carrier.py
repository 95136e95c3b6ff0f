"""What fetching ahead asks of a road beyond what everybody does."""

from __future__ import annotations

from typing import Any, Optional, Protocol, runtime_checkable

from sync.link.pace import Pace
from sync.roads.flow import Flow
from sync.roads.line import Line
from sync.roads.patience import Patience
from sync.roads.road import Road


@runtime_checkable
class Carrier(Road, Protocol):
    """A road with several connections; `sync.roads.http.HttpRoad` is one.

    ``pace`` is told of every run of bytes that is fetched, ``traffic`` counts them; ``requests``
    and bytes are those of all its twins together.
    """

    base_url: str
    pace: Pace
    traffic: Any
    connect_timeout_s: float

    @property
    def patience(self) -> Optional[Patience]:
        """What is borne of a stranger; None where it leads to somebody who is known."""
        ...

    @property
    def flow(self) -> Flow:
        """What is known of the link."""
        ...

    def line(self) -> Optional[Line]:
        """Give a line to where it leads; None where there can be none."""
        ...

    def twin(self) -> Carrier:
        """Give a further connection of this road, for another thread."""
        ...

    def abort(self) -> None:
        """End what is on its way, from any thread."""
        ...
