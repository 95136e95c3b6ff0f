"""Multicast over loopback, for one test at a time: all processes of a machine hear each other."""

from __future__ import annotations

import contextlib
import gc
import socket
import tempfile
import time
from pathlib import Path
from typing import Iterator

import pytest

from sync.lock import Busy, held

GROUP = ("224.0.0.251", 5353)
LONGEST_S = 120.0


@contextlib.contextmanager
def alone_on_air() -> Iterator[None]:
    """Skip the test where there is no multicast; wait until no other test speaks."""
    with contextlib.closing(loopback_sender()) as one:
        try:
            one.sendto(b"", GROUP)
        except OSError:
            pytest.skip("no multicast over loopback here")
    ends_s = time.monotonic() + LONGEST_S
    with contextlib.ExitStack() as stack:
        while True:
            try:
                stack.enter_context(held(Path(tempfile.gettempdir()) / "keruen-tests-on-air.lock"))
                break
            except Busy:
                assert time.monotonic() < ends_s, "another test speaks for too long"
                time.sleep(0.05)
        yield
        gc.collect()


def loopback_sender() -> socket.socket:
    """Return a socket whose packets go to whoever listens on this machine."""
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    return one
