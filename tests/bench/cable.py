"""A network cable between two hosts on one machine: two network namespaces, and a rate.

The kernel carries the packets itself (veth) and holds them to the rate (tc-tbf), which costs little
even at a gigabit; `tests.support.link` is for links that are slow, lose and break.
"""

from __future__ import annotations

import shutil
from typing import Any

from tests.support.namespace import Namespace, ip, run

SERVER, LAPTOPS = "10.98.0.1", "10.98.0.2"
"""The hosts' addresses."""
GIGABIT = 1_000_000_000
_BURST_BYTES = 256 * 1024
_QUEUE_MS = 20


class Cable:
    """A cable of a rate each way; use it as a context manager. Raises OSError where none can be."""

    def __init__(self, bit_per_s: int) -> None:
        self._bit_per_s = bit_per_s

    def __enter__(self) -> Cable:
        if not shutil.which("ip") or not shutil.which("tc"):
            raise OSError("iproute2 is not installed")
        self.server, self.laptops = Namespace(), Namespace()
        self.server.call(lambda: ip(*_ends(self.laptops.number)))
        for host, address in ((self.server, SERVER), (self.laptops, LAPTOPS)):
            host.call(lambda address=address: self._plug_in(address))  # type: ignore[misc]
        return self

    def __exit__(self, *_: Any) -> None:
        self.server.close()
        self.laptops.close()

    def _plug_in(self, address: str) -> None:
        ip("addr", "add", f"{address}/24", "dev", "cable")
        ip("link", "set", "cable", "up")
        rate = ("rate", f"{self._bit_per_s}bit", "burst", str(_BURST_BYTES))
        run("tc", "qdisc", "add", "dev", "cable", "root", "tbf", *rate, "latency", f"{_QUEUE_MS}ms")


def _ends(other: int) -> tuple[str, ...]:
    """The words that make a cable between this host and that of another thread."""
    far = ("peer", "name", "cable", "netns", str(other))
    return ("link", "add", "cable", "type", "veth", *far)
