"""Sending by itself: when to try, and what the last try did. Imports no kivy.

No link is the normal case: a failed try is silent, and the next one comes later and later, spread
by chance, so that a class does not come back to the server all at once (`sync.link`). After work
was handed in, a try follows soon. A try exchanges work; objects follow on a lane of their own for
as long as they take, and work goes past them.
"""

from __future__ import annotations

import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Callable, List, Optional

from client.executor import CART, DESK, ROAD, Outcome
from client.laptop.account import joined
from client.laptop.errors import Fault
from sync.link.backoff import Timetable

if TYPE_CHECKING:
    from client.executor import Executor
    from client.laptop.account import SyncAccount, SyncProgress
    from client.laptop.laptop import Laptop

FIRST_DELAY_S = 4.0
"""Let the first screen come up before touching the network."""
BUSY = "sync-busy"
PROGRESS_BYTES = 64 << 10
"""A cut after so much is a weak link's, and not the sign of one that carries no objects."""
TOLD_FROM_S = 20.0
"""A try that comes sooner is not worth a write to the disk."""


class Courier:
    """Runs ``laptop.exchange``, then ``laptop.carry``, now and again, on a thread each.

    ``exchanging`` and ``carrying`` tell what is under way, ``progress`` how far it is; ``account``
    is what the last try did, and ``ended`` counts exchanges and carries that came to an end.

    Args:
        schedule: calls a function after so many seconds on the window's thread and returns a
            function that cancels it.
        monotonic: seconds of a clock that never jumps.
        draw: a number from 0 up to 1, by chance.
    """

    def __init__(
        self,
        laptop: Laptop,
        executor: Executor,
        schedule: Callable[[float, Callable[[], None]], Callable[[], None]],
        deliver: Callable[[Callable[[], None]], None],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._laptop, self._executor = laptop, executor
        self._schedule, self._deliver = schedule, deliver
        self._monotonic, self._draw = monotonic, draw
        self._cancel_timer: Callable[[], None] = lambda: None
        self._listeners: List[Callable[[], None]] = []
        self._table = self._cuts = Timetable()
        self._work_came = False
        self._stopped = False
        self.exchanging = self.carrying = False
        self.ended = 0
        self.progress: Optional[SyncProgress] = None
        self.account: Optional[SyncAccount] = None

    def listen(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` whenever a try starts, moves on or ends."""
        self._listeners.append(callback)

    def forget(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` no more."""
        self._listeners = [one for one in self._listeners if one != callback]

    @property
    def running(self) -> bool:
        """Whether anything is under way."""
        return self.exchanging or self.carrying

    @property
    def next_try_in_s(self) -> Optional[float]:
        """How long it is until the next exchange; None when none is planned or one is running."""
        if self.exchanging or self._stopped or not self._laptop.enrolled:
            return None
        return self._table.wait_s(self._monotonic()) if self._table.next_s else None

    def start(self) -> None:
        """Begin to send by itself."""
        self._plan(self._table.begun(self._monotonic(), self._draw, FIRST_DELAY_S))

    def stop(self) -> None:
        """Try no more; a running try ends at its next piece. A second call changes nothing."""
        if self._stopped:
            return
        self._stopped = True
        self._cancel_timer()
        self._note_next_try(None)

    def work_waits(self) -> None:
        """Tell that something was handed in: try soon, but no faster while there is no link."""
        if self.exchanging:
            self._work_came = True
        else:
            self._plan(self._table.with_work(self._monotonic(), self._draw))

    def send_now(self) -> None:
        """Exchange work at once, unless an exchange is running; objects follow."""
        self._cancel_timer()
        if self.exchanging or self._stopped or not self._laptop.enrolled:
            return
        self.exchanging, self._work_came = True, False
        if not self.carrying:
            self.progress = None
        self._tell()
        self._executor.submit("exchange", self._exchange, self._exchanged, lane=ROAD)

    def _plan(self, table: Timetable) -> None:
        self._cancel_timer()
        self._table = table
        if self._stopped:
            return
        wait_s = table.wait_s(self._monotonic())
        self._cancel_timer = self._schedule(wait_s, self.send_now)
        if wait_s >= TOLD_FROM_S:
            self._note_next_try(wait_s)

    def _note_next_try(self, wait_s: Optional[float]) -> None:
        """Let ``keruen status``, another process, know; off the window's thread."""
        laptop = self._laptop
        self._executor.submit(
            "next-try", lambda: laptop.note_next_try(wait_s), lane=DESK, replaceable=True
        )

    def _exchange(self) -> SyncAccount:
        return self._laptop.exchange(progress=self._moved, cancel=self._is_stopped)

    def _carry(self) -> SyncAccount:
        return self._laptop.carry(progress=self._moved, cancel=self._is_stopped)

    def _is_stopped(self) -> bool:
        return self._stopped

    def _moved(self, progress: SyncProgress) -> None:
        def show() -> None:
            if self.running:
                self.progress = progress
                self._tell()

        self._deliver(show)

    def _exchanged(self, outcome: Outcome[Any]) -> None:
        self.exchanging = False
        self.account = outcome.value
        self._plan(self._after(self.account))
        if not self.carrying:
            self.progress = None
            if _may_carry(self.account) and not self._stopped:
                self.carrying = True
                self._executor.submit("carry", self._carry, self._carried, lane=CART)
        self._end()

    def _carried(self, outcome: Outcome[Any]) -> None:
        self.carrying, self.progress = False, None
        carried: Optional[SyncAccount] = outcome.value
        if carried is not None:
            self.account = joined(self.account, carried) if self.account else carried
        self._go_on_soon(carried)
        self._end()

    def _go_on_soon(self, carried: Optional[SyncAccount]) -> None:
        """Come back for objects that were cut before the usual time, but later and later."""
        cut = carried is None or (carried.problem and carried.problem.fault is Fault.LINK)
        if not cut or (carried and carried.received_bytes >= PROGRESS_BYTES):
            self._cuts = Timetable()
        if not cut:
            return
        retry_after_s = carried.problem.retry_after_s if carried and carried.problem else 0.0
        self._cuts = self._cuts.failed(self._monotonic(), self._draw, retry_after_s)
        if not self.exchanging and self._cuts.next_s < self._table.next_s:
            self._plan(replace(self._table, next_s=self._cuts.next_s))

    def _end(self) -> None:
        self.ended += 1
        self._tell()

    def _after(self, account: Optional[SyncAccount]) -> Timetable:
        """Return when to try next; without an account the last one met a bug."""
        now_s = self._monotonic()
        if account is not None and account.problem is None:
            table = self._table.succeeded(now_s, self._draw)
        else:
            retry_after_s = account.problem.retry_after_s if account and account.problem else 0.0
            table = self._table.failed(now_s, self._draw, retry_after_s)
        return table.with_work(now_s, self._draw) if self._work_came else table

    def _tell(self) -> None:
        for callback in list(self._listeners):
            callback()


def _may_carry(account: Optional[SyncAccount]) -> bool:
    """Tell whether objects may come now: a server that answered has a road, or neighbours lend."""
    if account is None:
        return False
    if account.may_borrow:
        return True
    problem = account.problem
    return problem is None or (problem.fault is not Fault.LINK and problem.code != BUSY)
