"""One call at a time on a thread beside: a slow stick is never left without work."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Callable, Optional, Type, TypeVar

Self = TypeVar("Self", bound="Aside")

FLUSH_BYTES = 32 << 20
"""So much of a large file is put on the medium at a time."""


class Aside:
    """Runs calls on a thread of their own, one after the other, and raises here what they raise.

    Use as a context manager: at its end all calls have ended.
    """

    def __init__(self) -> None:
        self._thread: Optional[threading.Thread] = None
        self._error: Optional[BaseException] = None

    def start(self, call: Callable[[], None]) -> None:
        """Run a call when the last has ended; raises what that one raised, and runs none then."""
        self.wait()
        self._thread = threading.Thread(target=self._run, args=(call,), name="aside", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait for the call under way; raises what it raised."""
        self._join()
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _join(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def _run(self, call: Callable[[], None]) -> None:
        try:
            call()
        except BaseException as error:  # noqa: BLE001 - it is raised by who waits
            self._error = error

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        if kind is None:
            self.wait()
        else:
            self._join()


class Flushing(Aside):
    """Sends a file on its way whenever so much was written; no more than twice that waits."""

    def __init__(self, flush: Callable[[], None]) -> None:
        """Call ``flush`` now and then."""
        super().__init__()
        self._flush = flush
        self._unflushed_bytes = 0

    def wrote(self, size_bytes: int) -> None:
        """Hear that so many bytes were written; raises what an earlier flush raised."""
        self._unflushed_bytes += size_bytes
        if self._unflushed_bytes >= FLUSH_BYTES:
            self._unflushed_bytes = 0
            self.start(self._flush)
