"""How long work shows on a terminal, and how Ctrl-C ends it."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from typing import Iterator, Optional

from content.watch import Watch

STOPPED = 130
"""What a shell expects of a programme that Ctrl-C ended."""


@contextlib.contextmanager
def watched(silent: bool) -> Iterator[Watch]:
    """A watch for one piece of work; ``silent`` shows nothing.

    The first Ctrl-C stops the work where everything is whole (CancelledError), a second one at
    once: even then nothing is torn, but drafts may lie about until the next time.
    """
    asked = threading.Event()

    def stop(*_: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    line = None if silent or not sys.stderr.isatty() else _ProgressLine()
    with contextlib.ExitStack() as after:
        if threading.current_thread() is threading.main_thread():
            after.callback(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, stop))
        if line:
            after.callback(line.clear)
        yield Watch(line, asked.is_set)


class _ProgressLine:
    """What is being done, on one line of a terminal that is rewritten."""

    def __init__(self) -> None:
        self._shown: Optional[str] = None

    def __call__(self, step: str, done_bytes: int, total_bytes: int) -> None:
        line = f"{step} {100 * done_bytes // max(total_bytes, 1)} %"
        if line != self._shown:
            print(f"\r{line:<78.78}", end="", file=sys.stderr, flush=True)
            self._shown = line
        if done_bytes >= total_bytes:
            self.clear()

    def clear(self) -> None:
        """Leave an empty line for what is said next."""
        if self._shown is not None:
            print(f"\r{'':<78}\r", end="", file=sys.stderr, flush=True)
            self._shown = None
