"""Watching long work: whoever asked for it hears how far it is, and may have it stopped.

Every step counts bytes. Work is stopped between two of them by CancelledError, which leaves what a
crash at that place would leave: everything that was there before is whole.
"""

from __future__ import annotations

import threading
from typing import Callable, Optional

from content.errors import CancelledError

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many bytes of it are done, and how many there are in all."""
Cancel = Callable[[], bool]
"""Asked often, from any thread; True stops the work."""


class Watch:
    """Whoever looks on. Calls come one at a time, though not always from the same thread."""

    def __init__(
        self, progress: Optional[Progress] = None, cancel: Optional[Cancel] = None
    ) -> None:
        self._progress = progress
        self._cancel = cancel
        self._guard = threading.RLock()

    def check(self) -> None:
        """Go on, or raise CancelledError."""
        if self._cancel and self._cancel():
            raise CancelledError("It was stopped, as was asked for; what was there is whole.")

    def step(self, name: str, total_bytes: int) -> Step:
        """Begin a step of so many bytes."""
        return Step(self, name, total_bytes)

    def tell(self, name: str, done_bytes: int, total_bytes: int) -> None:
        """Say how far a step is; raises CancelledError."""
        with self._guard:
            self.check()
            if self._progress:
                self._progress(name, done_bytes, total_bytes)


class Step:
    """One step of long work and how far it is; several threads may work on it."""

    def __init__(self, watch: Watch, name: str, total_bytes: int) -> None:
        self._watch = watch
        self._name = name
        self._total_bytes = total_bytes
        self._done_bytes = 0
        self._guard = threading.Lock()

    def add(self, size_bytes: int) -> None:
        """So many bytes more are done; raises CancelledError."""
        with self._guard:
            self._done_bytes += size_bytes
            self._watch.tell(self._name, self._done_bytes, self._total_bytes)


UNWATCHED = Watch()
"""Nobody looks on, and nobody stops it."""
