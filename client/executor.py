"""Work that the window must not wait for, off the window's thread.

Five lanes, one thread each: the *desk* for what touches only the disk (saving a draft, handing
in, opening a pack), in the order given; the *road* for what is small and may wait for a link (an
exchange of work); the *cart* for what is long (videos); *drives* for looking which sticks are in,
and *sticks* for reading and writing them, because a bad one may hang. A draft never stands in a
queue behind the link, and work never behind a video. A lane's thread begins with its first work.

Every piece of work carries a tag. When a tag is submitted again, results of the earlier
submission are stale and dropped; the work itself is done all the same, because it may have saved
something, unless it was submitted as ``replaceable`` and has not started.
"""

from __future__ import annotations

import collections
import itertools
import threading
from dataclasses import dataclass
from typing import Any, Callable, Deque, Dict, Generic, Optional, TypeVar

DESK = "desk"
ROAD = "road"
CART = "cart"
DRIVES = "drives"
STICKS = "sticks"
STICK_MOMENT_S = 2.0

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """How a piece of work ended: with a ``value`` or with an ``error``."""

    tag: str
    value: Optional[T] = None
    error: Optional[Exception] = None


@dataclass(frozen=True)
class _Job:
    tag: str
    number: int
    function: Callable[[], Any]
    done: Optional[Callable[[Outcome[Any]], None]]
    replaceable: bool


class Executor:
    """Runs functions on a lane's thread and hands outcomes back through ``deliver``.

    ``deliver`` is called on the lane's thread with a function to call on the window's thread:
    for Kivy ``lambda call: Clock.schedule_once(lambda _: call())``.
    """

    def __init__(self, deliver: Callable[[Callable[[], None]], None]) -> None:
        self._deliver = deliver
        self._numbers = itertools.count(1)
        self._newest: Dict[str, int] = {}
        self._guard = threading.Lock()
        self._lanes = {name: _Lane(name, self._run) for name in (DESK, ROAD, CART, DRIVES, STICKS)}

    def submit(
        self,
        tag: str,
        function: Callable[[], T],
        done: Optional[Callable[[Outcome[T]], None]] = None,
        lane: str = DESK,
        replaceable: bool = False,
    ) -> None:
        """Run ``function`` on a lane; call ``done`` with its outcome unless that is stale by then.

        ``replaceable`` work that has not started is left out when its tag is submitted
        again: what is typed faster than a slow disk saves needs only the last save.
        """
        with self._guard:
            job = _Job(tag, next(self._numbers), function, done, replaceable)
            self._newest[tag] = job.number
        self._lanes[lane].put(job)

    def drop(self, tag: str) -> None:
        """Make outcomes of all that was submitted under a tag stale."""
        with self._guard:
            self._newest[tag] = next(self._numbers)

    def wait(self, timeout_s: float = 30.0) -> bool:
        """Wait until all lanes are idle; tell whether they are."""
        return all(lane.wait(timeout_s) for lane in self._lanes.values())

    def close(self, timeout_s: float = 5.0) -> None:
        """Finish what the desk has in hand, so that nothing typed is lost, and stop all lanes.

        A stick that was told to end gets a moment to put away what it is at. The other threads are
        daemons: a hanging link or stick keeps no programme from ending.
        """
        for lane in self._lanes.values():
            lane.stop()
        self._lanes[DESK].join(timeout_s)
        self._lanes[STICKS].join(min(timeout_s, STICK_MOMENT_S))

    def _run(self, job: _Job) -> None:
        outcome: Outcome[Any]
        try:
            outcome = Outcome(job.tag, value=job.function())
        except Exception as error:  # noqa: BLE001 - whoever submitted it decides
            outcome = Outcome(job.tag, error=error)
        done = job.done
        if done is not None:
            handler = done
            self._deliver(lambda: self._hand_over(job, outcome, handler))

    def _hand_over(
        self, job: _Job, outcome: Outcome[Any], done: Callable[[Outcome[Any]], None]
    ) -> None:
        with self._guard:
            fresh = self._newest.get(job.tag) == job.number
        if fresh:
            done(outcome)


class _Lane:
    """One thread and its queue."""

    def __init__(self, name: str, run: Callable[[_Job], None]) -> None:
        self._run = run
        self._jobs: Deque[_Job] = collections.deque()
        self._changed = threading.Condition()
        self._busy = False
        self._stopping = False
        self._thread = threading.Thread(target=self._loop, name="keruen-" + name, daemon=True)
        self._begun = False

    def put(self, job: _Job) -> None:
        with self._changed:
            if self._stopping:
                raise RuntimeError("the executor is closed")
            kept = [one for one in self._jobs if not (one.replaceable and one.tag == job.tag)]
            if len(kept) != len(self._jobs):
                self._jobs = collections.deque(kept)
            self._jobs.append(job)
            self._changed.notify_all()
            if not self._begun:
                self._begun = True
                self._thread.start()

    def wait(self, timeout_s: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: not self._jobs and not self._busy, timeout_s)

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def join(self, timeout_s: float) -> None:
        if self._begun:
            self._thread.join(timeout_s)

    def _loop(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._jobs or self._stopping)
                if not self._jobs:
                    return
                job = self._jobs.popleft()
                self._busy = True
            try:
                self._run(job)
            finally:
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()
