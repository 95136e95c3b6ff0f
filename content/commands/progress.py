"""How long work shows on a terminal, and how Ctrl-C ends it."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from typing import Callable, Iterator, Optional

from content.watch import Watch

_TOO_SOON_S = 2.0
_TOO_LITTLE = 50
"""A guess from less than such a part of the work is wrong by hours."""
_LITTLE_S = 45.0
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
    """What is being done and how long it will take, on one line of a terminal, rewritten."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._shown: Optional[str] = None
        self._total_bytes = 0
        self._begun_s = 0.0
        self._begun_bytes = 0

    def __call__(self, step: str, done_bytes: int, total_bytes: int) -> None:
        if total_bytes != self._total_bytes or done_bytes < self._begun_bytes:
            self._total_bytes, self._begun_bytes = total_bytes, done_bytes
            self._begun_s = self._now_s()
        share = 100 * done_bytes // max(total_bytes, 1)
        line = f"{step} {share} %{self._left(done_bytes)}"
        if line != self._shown:
            print(f"\r{line:<78.78}", end="", file=sys.stderr, flush=True)
            self._shown = line
        if done_bytes >= total_bytes:
            self.clear()

    def _left(self, done_bytes: int) -> str:
        """How long the step will take, once there is something to tell it from."""
        passed_s = self._now_s() - self._begun_s
        here = done_bytes - self._begun_bytes
        too_soon = passed_s < _TOO_SOON_S or here * _TOO_LITTLE < self._total_bytes
        if too_soon or done_bytes >= self._total_bytes:
            return ""
        left_s = passed_s * (self._total_bytes - done_bytes) / here
        if left_s < _LITTLE_S:
            return ", less than a minute left"
        minutes = round(left_s / 60)
        return (
            f", {minutes // 60} h {minutes % 60} min left"
            if minutes >= 60
            else f", {minutes} min left"
        )

    def clear(self) -> None:
        """Leave an empty line for what is said next."""
        if self._shown is not None:
            print(f"\r{'':<78}\r", end="", file=sys.stderr, flush=True)
            self._shown = None
