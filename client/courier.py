"""Sending by itself: when to try, and what the last try did. Imports no kivy.

No link is the normal case: a failed try is silent, and the next one comes later and later, up to
a quarter of an hour. After work was handed in, a try follows at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, List, Optional

from client.executor import ROAD, Outcome

if TYPE_CHECKING:
    from client.executor import Executor
    from client.laptop.account import SyncAccount, SyncProgress
    from client.laptop.laptop import Laptop

FIRST_DELAY_S = 4.0
"""Let the first screen come up before touching the network."""
USUAL_DELAY_S = 300.0
RETRY_DELAYS_S = (30.0, 60.0, 180.0, 420.0, 900.0)
AFTER_WORK_DELAY_S = 1.0


def next_delay_s(failures: int) -> float:
    """Return how long to wait after ``failures`` tries in a row that found no link."""
    if failures == 0:
        return USUAL_DELAY_S
    return RETRY_DELAYS_S[min(failures, len(RETRY_DELAYS_S)) - 1]


class Courier:
    """Runs ``laptop.sync`` on the road's thread, now and again.

    Args:
        schedule: calls a function after so many seconds on the window's thread and returns a
            function that cancels it.
    """

    def __init__(
        self,
        laptop: Laptop,
        executor: Executor,
        schedule: Callable[[float, Callable[[], None]], Callable[[], None]],
        deliver: Callable[[Callable[[], None]], None],
    ) -> None:
        self._laptop, self._executor = laptop, executor
        self._schedule, self._deliver = schedule, deliver
        self._cancel_timer: Callable[[], None] = lambda: None
        self._listeners: List[Callable[[], None]] = []
        self._failures = 0
        self._stopped = False
        self.running = False
        self.progress: Optional[SyncProgress] = None
        self.account: Optional[SyncAccount] = None

    def listen(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` whenever a try starts, moves on or ends."""
        self._listeners.append(callback)

    def forget(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` no more."""
        self._listeners = [one for one in self._listeners if one != callback]

    def start(self) -> None:
        """Begin to send by itself."""
        self._after(FIRST_DELAY_S)

    def stop(self) -> None:
        """Try no more; a running try ends at its next piece."""
        self._stopped = True
        self._cancel_timer()

    def work_waits(self) -> None:
        """Tell that something was handed in: try soon."""
        self._after(AFTER_WORK_DELAY_S)

    def send_now(self) -> None:
        """Try at once, unless a try is running."""
        self._cancel_timer()
        if self.running or self._stopped or not self._laptop.enrolled:
            return
        self.running, self.progress = True, None
        self._tell()
        self._executor.submit("sync", self._sync, self._ended, lane=ROAD)

    def _after(self, delay_s: float) -> None:
        self._cancel_timer()
        if not self._stopped:
            self._cancel_timer = self._schedule(delay_s, self.send_now)

    def _sync(self) -> SyncAccount:
        return self._laptop.sync(progress=self._moved, cancel=lambda: self._stopped)

    def _moved(self, progress: SyncProgress) -> None:
        def show() -> None:
            if self.running:
                self.progress = progress
                self._tell()

        self._deliver(show)

    def _ended(self, outcome: Outcome[Any]) -> None:
        self.running, self.progress = False, None
        self.account = outcome.value
        failed = self.account is None or self.account.problem is not None
        self._failures = self._failures + 1 if failed else 0
        self._tell()
        self._after(next_delay_s(self._failures))

    def _tell(self) -> None:
        for callback in list(self._listeners):
            callback()
