"""A school's nights on a clock that is turned: a line of some speed that is cut, and its power.

Time passes by what is sent over the line and by waiting for the next turn, so a week takes seconds.
The relaying is the programme's own, with its own timetable, window and notes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Iterator, List, Optional, Set

from sync.errors import LinkError
from sync.link.rules import LinkRules
from sync.objects import ObjectSpec
from sync_server.relay.account import Account
from sync_server.relay.background import Background
from sync_server.relay.line import Line
from sync_server.relay.night import find_upstream
from sync_server.school_clock import SchoolClock
from tests.support.clock import TurnableClock
from tests.support.relays import RelayRoad
from tests.support.server import MemoryRoad, School

ROUND_TRIP_S = 0.6


class PowerCut(BaseException):
    """The machine went off; no handler of ordinary errors may catch it."""


class TurnedLine(MemoryRoad):
    """A road to an upstream: takes time, counts, and fails whenever it is told to."""

    def __init__(self, upstream: School, night: TurnedNight) -> None:
        super().__init__(upstream)
        self._records = RelayRoad(upstream)
        self._night = night
        self.pace: Any = None
        night.roads.append(self)

    def relay(self, request: bytes) -> bytes:
        self._night.pass_line(len(request))
        answer = self._records.relay(request)
        self._count(len(request), len(answer))
        return answer

    def download(self, spec: ObjectSpec, part_path: Path, final_path: Path, **options: Any) -> None:
        self._night.fetched.append((self._night.wall.time_ms, spec.size_bytes))
        super().download(spec, part_path, final_path, **options)

    def _count(self, sent_bytes: int, received_bytes: int) -> None:
        super()._count(sent_bytes, received_bytes)
        self._night.pass_line(received_bytes)
        if received_bytes:
            self.pace.spend(received_bytes)


class TurnedNight:
    """A school's server that relays to an upstream; ``until`` lets time pass.

    ``cuts`` and ``power_cuts`` are bytes on the line after which it is cut once, ``is_away`` tells
    whether nobody answers at a time. ``machine`` is the PC's clock, where it is not the wall's.
    """

    def __init__(
        self,
        school: School,
        upstream: School,
        wall: TurnableClock,
        rules: LinkRules,
        *,
        bytes_per_s: float = 125_000.0,
        cuts: Iterator[int] = iter(()),  # noqa: B008 - empty
        power_cuts: Iterator[int] = iter(()),  # noqa: B008 - empty
        is_away: Callable[[int], bool] = lambda _: False,
        machine: Optional[TurnableClock] = None,
    ) -> None:
        self.school, self.upstream, self.wall = school, upstream, wall
        self.roads: List[TurnedLine] = []
        self.fetched: List[Any] = []
        """When each object was asked for, and its size."""
        self.turns: List[Account] = []
        self.cuts_seen = self.power_cuts_seen = 0
        self.passed_bytes = 0
        self._machine = machine
        self._rules = rules
        self._bytes_per_s = bytes_per_s
        self._cuts, self._power_cuts = cuts, power_cuts
        self._cut, self._power_cut = next(cuts, None), next(power_cuts, None)
        self._is_away = is_away
        self._began_ms = wall.time_ms
        self._start()

    def _start(self) -> None:
        """Switch the PC on."""
        store = self.school.folder.open_store()
        clock = SchoolClock(store, self._machine or self.wall)
        line = Line(store, clock, monotonic=self.monotonic_s, sleep=self.pass_s)
        line.set_rules(self._rules)
        self._relay = Background(
            store,
            self.school.identity,
            clock,
            find_upstream(store, None),
            self.school.folder.root,
            line=line,
            make_road=lambda _: TurnedLine(self.upstream, self),
            monotonic_s=self.monotonic_s,
            draw=lambda: 0.99,
        )

    def monotonic_s(self) -> float:
        return (self.wall.time_ms - self._began_ms) / 1000

    def pass_s(self, seconds: float) -> None:
        """Let time pass on all clocks."""
        # Times are whole milliseconds; whoever waits for less must not wait for ever.
        step_ms = max(1, round(seconds * 1000))
        self.wall.time_ms += step_ms
        if self._machine is not None:
            self._machine.time_ms += step_ms

    def pass_line(self, size_bytes: int) -> None:
        """Carry bytes, unless the line or the power is cut before."""
        if self._is_away(self.wall.time_ms):
            self.pass_s(20)
            raise LinkError("link-unreachable")
        self.pass_s(size_bytes / self._bytes_per_s + ROUND_TRIP_S * (size_bytes < 2000))
        self.passed_bytes += size_bytes
        if self._power_cut is not None and self.passed_bytes >= self._power_cut:
            self._power_cut = next(self._power_cuts, None)
            self.power_cuts_seen += 1
            raise PowerCut
        if self._cut is not None and self.passed_bytes >= self._cut:
            self._cut = next(self._cuts, None)
            self.cuts_seen += 1
            raise LinkError("link-lost")

    def until(self, time_ms: int) -> None:
        """Relay until a time, as the school's server does."""
        while True:
            wait_s = self._relay.wait_s()
            if self.wall.time_ms + wait_s * 1000 > time_ms:
                self.pass_s((time_ms - self.wall.time_ms) / 1000)
                return
            self.pass_s(wait_s)
            try:
                self.turns.append(self._relay.turn())
            except PowerCut:
                self._relay.stop()
                self.pass_s(60)
                self._start()

    def close(self) -> None:
        self._relay.stop()

    @property
    def codes(self) -> Set[str]:
        """Why turns ended."""
        return {turn.code for turn in self.turns}
