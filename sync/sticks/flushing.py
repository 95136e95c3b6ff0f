"""Flushing a large file while more of it is written: a slow stick is never left without work."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Callable, Optional, Type

FLUSH_BYTES = 32 << 20
"""So much of a large file is put on the medium at a time: what was counted as written is there."""


class Flushing:
    """Flushes on a thread whenever so much was written; one flush at a time.

    Use as a context manager. So no more than twice ``FLUSH_BYTES`` wait for the medium.
    """

    def __init__(self, flush: Callable[[], None]) -> None:
        """Call ``flush`` now and then."""
        self._flush = flush
        self._unflushed_bytes = 0
        self._thread: Optional[threading.Thread] = None
        self._error: Optional[BaseException] = None

    def wrote(self, size_bytes: int) -> None:
        """Hear that so many bytes were written; raises what an earlier flush raised."""
        self._unflushed_bytes += size_bytes
        if self._unflushed_bytes >= FLUSH_BYTES:
            self._unflushed_bytes = 0
            self.wait()
            self._thread = threading.Thread(target=self._run, name="flushing", daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Wait for the flush under way; raises what it raised."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _run(self) -> None:
        try:
            self._flush()
        except BaseException as error:  # noqa: BLE001 - it is raised where the file is written
            self._error = error

    def __enter__(self) -> Flushing:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        if kind is None:
            self.wait()
        elif self._thread is not None:
            self._thread.join()
