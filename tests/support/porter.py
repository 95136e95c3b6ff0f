"""A porter without a window: a session on a showcase laptop whose sticks a test puts in."""

from __future__ import annotations

import time

from client.courier import Courier
from client.executor import Executor
from client.messages import LANGUAGES, Messages
from client.porter import Porter
from client.screens.model import Session
from tests.support.laptop import AIGERIM
from tests.support.showcase import Showcase


class Carrying:
    """``session`` with its porter; ``shown`` are the laptop's sticks, ``timers`` what waits."""

    def __init__(self, folder, person=AIGERIM):
        self.laptop, self.calls, self.timers = Showcase(folder), [], []
        self.shown = self.laptop.sticks
        self.executor = Executor(self.calls.append)
        self.porter = Porter(self.laptop, self.executor, self._schedule, self.calls.append)
        courier = Courier(self.laptop, self.executor, lambda *_: lambda: None, self.calls.append)
        self.session = Session(
            self.laptop, self.executor, courier, "kk", person, porter=self.porter
        )

    def _schedule(self, delay_s, call):
        entry = (delay_s, call)
        self.timers.append(entry)
        return lambda: entry in self.timers and self.timers.remove(entry)

    def turn(self):
        """Let the threads work until nothing is left to do."""
        assert self.executor.wait(60)
        while self.calls:
            self.calls.pop(0)()
            assert self.executor.wait(60)

    def until(self, reached):
        """Hand outcomes over until something is so, while a thread may go on working."""
        end_s = time.monotonic() + 10
        while not reached():
            assert time.monotonic() < end_s
            while self.calls:
                self.calls.pop(0)()

    def put_in(self, *sticks):
        """Change what is in, and look."""
        self.shown.here = sticks
        self.porter.look()
        self.turn()

    def close(self):
        """Stop the threads."""
        self.shown.hold.set()
        self.porter.stop()
        self.executor.close()


def said(*messages):
    """Say messages in all languages: a missing key or value fails here."""
    return [" ".join(Messages(one).text(word) for word in messages) for one in LANGUAGES]
