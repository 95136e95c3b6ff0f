"""A session on a laptop that several people share, with nobody sitting there yet."""

from __future__ import annotations

from client.sitting import ASK
from tests.support.sessions import Desk, session_for
from tests.support.showcase import Showcase


class SharedDesk(Desk):
    """``session`` on a ``laptop`` whose people are asked for a secret."""

    def __init__(self, folder):
        super().__init__()
        self.laptop = Showcase(folder)
        self.laptop.set_preference(ASK, "")
        self.session = session_for(self.laptop, None, self)

    @property
    def vaults(self):
        return self.laptop.vaults

    def lock(self, person, secret):
        """Give somebody a vault, and let them get up."""
        self.vaults.create(person.id, secret)
        self.vaults.get_up()

    def close(self):
        self.executor.close()
