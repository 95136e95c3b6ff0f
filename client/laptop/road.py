"""What the laptop asks of a road. The road over HTTP is one; tests bring theirs."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Callable,
    Dict,
    Iterator,
    Optional,
    Protocol,
    Sequence,
    runtime_checkable,
)

from sync.objects import ObjectSpec
from sync.pace import Pace

if TYPE_CHECKING:
    from sync.roads.flow import Flow

SOURCE_TIMEOUT_S = 5.0
"""A source that is down costs no more than this, beside what others bring."""


class Road(Protocol):
    """Carries messages and objects to and from one school's server, and counts its bytes.

    Methods raise sync.errors.LinkError when the road fails and other SyncErrors when what came
    is not what was asked for.
    """

    @property
    def requests(self) -> int:
        """How many requests were made."""
        ...

    @property
    def sent_bytes(self) -> int:
        """Bytes sent, headers included."""
        ...

    @property
    def received_bytes(self) -> int:
        """Bytes received, headers included."""
        ...

    def exchange(self, request: bytes) -> bytes:
        """Carry an exchange."""
        ...

    def enrol(self, request: bytes) -> bytes:
        """Carry an enrolment."""
        ...

    def fetch(self, path: str, max_bytes: int) -> bytes:
        """Bring a small file."""
        ...

    def download(
        self,
        spec: ObjectSpec,
        part_path: Path,
        final_path: Path,
        *,
        repository: str,
        progress: Optional[Callable[[int, int], None]] = None,
        cancel: Optional[Callable[[], bool]] = None,
    ) -> None:
        """Bring a verified object to its place, going on where an earlier call stopped."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class Foresight(Protocol):
    """A road that fetches ahead when it is told what will be asked for."""

    def expect_file(self, path: str, size_bytes: int) -> None:
        """Say that a small file will be asked for."""
        ...

    def expect_object(
        self, spec: ObjectSpec, part_path: Path, final_path: Path, *, repository: str
    ) -> None:
        """Say that an object will be asked for."""
        ...


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
