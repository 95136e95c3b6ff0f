"""A session on a showcase laptop whose threads a test turns by hand."""

from __future__ import annotations

from client.courier import Courier
from client.executor import Executor
from client.screens.model import Session
from client.sitting import ASK
from tests.support.showcase import Showcase


class Desk:
    """``session`` with nobody sitting there; ``turn`` lets what was submitted come back."""

    def __init__(self, folder):
        self.laptop = Showcase(folder)
        self.laptop.set_preference(ASK, "")
        self._calls = []
        self.executor = Executor(self._calls.append)
        courier = Courier(self.laptop, self.executor, lambda *_: lambda: None, self._calls.append)
        self.session = Session(self.laptop, self.executor, courier, "kk")

    @property
    def vaults(self):
        return self.laptop.vaults

    def lock(self, person, secret):
        """Give somebody a vault, and let them get up."""
        self.vaults.create(person.id, secret)
        self.vaults.get_up()

    def turn(self):
        """Wait for the threads and hand over what they did."""
        assert self.executor.wait(30)
        while self._calls:
            self._calls.pop(0)()

    def close(self):
        self.executor.close()
