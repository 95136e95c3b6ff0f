"""A network of a process's own: a thread that lives in a network namespace, on Linux."""

from __future__ import annotations

import ctypes
import os
import queue
import subprocess
import threading
from concurrent.futures import Future
from typing import Any, Callable, Optional, Tuple, TypeVar

_CLONE_NEWNET = 0x40000000  # linux/sched.h

T = TypeVar("T")


def ip(*words: str) -> None:
    """Run iproute2's ``ip``; OSError says why it would not."""
    run("ip", *words)


def run(*words: str) -> None:
    """Run a programme that sets up networks; OSError says why it would not."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"{' '.join(words)}: {done.stderr.strip()}")


class Namespace:
    """A thread in a network namespace of its own, which only knows its own loopback.

    What it calls, and threads and processes that are started there, see no other network. Raises
    OSError where the system makes none.
    """

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Optional[Tuple[Callable[[], Any], Future[Any]]]]
        self._calls = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()
        try:
            self.number = self.call(self._enter)
        except OSError:
            self.close()
            raise

    def call(self, function: Callable[[], T]) -> T:
        """Run a function there and give what it gives."""
        future: Future[T] = Future()
        self._calls.put((function, future))
        return future.result()

    def close(self) -> None:
        """Leave; the namespace goes with the last thread and process in it."""
        self._calls.put(None)
        self._thread.join()

    def _loop(self) -> None:
        for function, future in iter(self._calls.get, None):
            try:
                future.set_result(function())
            except BaseException as error:
                future.set_exception(error)

    def _enter(self) -> int:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_CLONE_NEWNET):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        ip("link", "set", "lo", "up")
        return threading.get_native_id()
