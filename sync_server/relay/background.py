"""Relaying while the server runs: a thread for each upstream, with backoff and jitter."""

from __future__ import annotations

import logging
import random
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Callable, List, Optional, Sequence

from sync.identity import Identity
from sync.link.backoff import Draw, Timetable
from sync.link.rules import LinkRules
from sync_server.data_folder import DataFolder
from sync_server.http.metrics import Metrics
from sync_server.school_clock import SchoolClock
from sync_server.store.model import Upstream
from sync_server.store.protocol import Store

if TYPE_CHECKING:
    # Imported where it is used: a server with no upstream has 2 MB less in memory without it.
    from sync_server.relay.account import Account
    from sync_server.relay.line import Line
    from sync_server.relay.night import MakeRoad

FIRST_S = 1.0
NO_RULES = LinkRules()
LOG = logging.getLogger("keruen.relay")


def backgrounds(
    folder: DataFolder, addresses: Sequence[str], rules: LinkRules = NO_RULES
) -> List[Background]:
    """Return what relays to the upstreams at some addresses, each with a store of its own.

    All share one line with its rules.

    Raises:
        SetupError: this server does not relay to one of them.
    """
    found: List[Background] = []
    if not addresses:
        return found
    from sync_server.relay.line import Line
    from sync_server.relay.night import find_upstream, tidy_address

    line: Optional[Line] = None
    for address in addresses:
        store = folder.open_store()
        upstream = find_upstream(store, tidy_address(address))
        clock = SchoolClock(store)
        if line is None:
            line = Line(store, clock)
            line.set_rules(rules)
        found.append(Background(store, folder.identity(), clock, upstream, folder.root, line=line))
    return found


class Background:
    """Relays to one upstream again and again until it is stopped."""

    def __init__(
        self,
        store: Store,
        identity: Identity,
        clock: SchoolClock,
        upstream: Upstream,
        data: Path,
        *,
        line: Optional[Line] = None,
        make_road: Optional[MakeRoad] = None,
        monotonic_s: Callable[[], float] = time.monotonic,
        draw: Draw = random.random,
    ) -> None:
        self._store = store
        self._identity = identity
        self.clock = clock
        self._upstream = upstream
        self._data = data
        self._line = line
        self._make_road = make_road
        self._monotonic_s = monotonic_s
        self._draw = draw
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self.timetable = Timetable().begun(monotonic_s(), draw, FIRST_S)
        self.last: Optional[Account] = None
        self.turns = 0

    @property
    def upstream(self) -> Upstream:
        """To whom it relays."""
        return self._upstream

    def wait_s(self) -> float:
        """Return how long it is until the next turn."""
        return self.timetable.wait_s(self._monotonic_s())

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """End after the request that is under way; what it brings can be had again."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        if not self._thread.is_alive():
            self._store.close()

    def turn(self) -> Account:
        """Relay once and decide when to do so again."""
        from sync_server.relay.night import http_road, relay_to

        account = relay_to(
            self._store,
            self._identity,
            self.clock,
            self._upstream,
            self._make_road or http_road,
            self._data,
            self._line,
        )
        now_s = self._monotonic_s()
        if account.code:
            # A line that drops every few minutes is used again soon, as long as things get through.
            before = Timetable() if account.moved else self.timetable
            self.timetable = before.failed(now_s, self._draw, account.retry_after_s)
        else:
            self.timetable = self._after(account, now_s)
        self.last = account
        self.turns += 1
        return account

    def _after(self, account: Account, now_s: float) -> Timetable:
        """Return when to look again after a turn that went well: in time for what waits."""
        usual = self.timetable.succeeded(now_s, self._draw)
        if account.held is None or account.held.until_ms is None:
            return usual
        until_s = max(FIRST_S, (account.held.until_ms - self.clock.now_ms()) / 1000)
        return Timetable(min(usual.next_s, now_s + until_s))

    def _run(self) -> None:
        while not self._stop.wait(self.wait_s()):
            try:
                self.turn()
            except Exception:
                # A bug here must not end what the school lives on; it is told, and tried later.
                LOG.exception("relaying failed")
                self.timetable = self.timetable.failed(self._monotonic_s(), self._draw)


def watch_relay(metrics: Metrics, relay: Background) -> None:
    """Show how relaying goes."""
    name = relay.upstream.id
    for what, sentence, value in (
        ("turns", "Turns of relaying", lambda: relay.turns),
        ("failures", "Turns in a row that failed", lambda: relay.timetable.failures),
        ("wait_seconds", "Time until the next turn", relay.wait_s),
    ):
        metrics.watch(f"keruen_relay_{what}", sentence, value, {"upstream": name})
