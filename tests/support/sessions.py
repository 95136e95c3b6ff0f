"""A session for models without a window: results come when `settle` is called."""

from __future__ import annotations

from client.executor import Executor
from client.screens.model import Session


class QuietCourier:
    """Counts how often work was announced."""

    def __init__(self):
        self.announced = 0

    def work_waits(self):
        self.announced += 1


class Desk:
    """An executor whose outcomes are handed over by `settle`, on the test's own thread."""

    def __init__(self):
        self._calls = []
        self.executor = Executor(self._calls.append)

    def settle(self):
        """Wait for the threads and hand over what they brought."""
        assert self.executor.wait()
        while self._calls:
            self._calls.pop(0)()
            assert self.executor.wait()


def session_for(laptop, person, desk, language="kk"):
    """A session of one person on a laptop."""
    return Session(laptop, desk.executor, QuietCourier(), language, person)
