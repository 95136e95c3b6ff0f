"""How long somebody nobody knows may keep us waiting.

Time limits are on standing still, since a slow link is a good link. But who sends a byte now and
then never stands still. In the same network there is no slow link, and whoever is found there may
be anybody.
"""

from __future__ import annotations

import socket


class Patience:
    """Waits while bytes come at a rate; for one thread.

    Only time counts in which bytes were waited for, and ``over_s`` of it at a time: what was fast
    once does not make up for what is slow now.
    """

    def __init__(self, least_bytes_per_s: float, over_s: float) -> None:
        self._least_bytes_per_s, self._over_s = least_bytes_per_s, over_s
        self._waited_s = 0.0
        self._came_bytes = 0

    def anew(self) -> Patience:
        """Give the same patience with somebody else."""
        return Patience(self._least_bytes_per_s, self._over_s)

    def waited(self, duration_s: float, came_bytes: int) -> None:
        """Note what came of a wait.

        Raises:
            socket.timeout: too little for all that time.
        """
        self._waited_s += duration_s
        self._came_bytes += came_bytes
        if self._waited_s < self._over_s:
            return
        enough = self._came_bytes >= self._least_bytes_per_s * self._waited_s
        self._waited_s, self._came_bytes = 0.0, 0
        if not enough:
            raise socket.timeout("too slow to wait for")
