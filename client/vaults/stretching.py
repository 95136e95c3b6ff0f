"""Stretching what a person knows into a key: scrypt (RFC 7914), with a cost fitted to the machine.

A PIN of four digits can be tried out by whoever copies the disk, however slow each try is made:
docs/threat-model.md says what that costs them. Parameters are stored beside what they lock, so that
a vault made on one machine opens on another one; a file that asks for too little, or for more
than any machine should give, is refused before anything is computed.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Callable

from client.laptop.errors import Fault
from client.laptop.problems import failure

KEY_BYTES = 32
SALT_BYTES = 16
MIN_LOG_N, MAX_LOG_N = 14, 17
"""From 16 MiB on, which the oldest machine has to spare; up to 128 MiB."""
FIT_LOG_N = 16
"""No vault is made to ask for more than 64 MiB: it may travel to an old machine."""
BLOCK_SIZE = 8
MAX_PARALLEL = 16
TARGET_S = 0.4
SLOWEST_S, QUICKEST_S = 1.0, 0.3
_MEMORY_SLACK_BYTES = 1 << 20

Measure = Callable[["Cost"], float]


@dataclass(frozen=True)
class Cost:
    """What one try costs: ``1 << log_n`` blocks of 1 KiB of memory, ``parallel`` times over."""

    log_n: int
    parallel: int = 1

    @property
    def memory_bytes(self) -> int:
        """How much memory a try takes at once."""
        return 128 * BLOCK_SIZE << self.log_n

    def check(self) -> None:
        """Raise LaptopError ``vault-cost`` where this is too cheap to protect, or too dear."""
        if not (MIN_LOG_N <= self.log_n <= MAX_LOG_N and 1 <= self.parallel <= MAX_PARALLEL):
            detail = f"scrypt with N=2**{self.log_n}, p={self.parallel}"
            raise failure("vault-cost", Fault.THEIR_DATA, detail)


def new_salt() -> bytes:
    """Draw a salt."""
    return secrets.token_bytes(SALT_BYTES)


def stretch(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    """Return the key (32 bytes) that a secret and a salt stand for at a cost.

    Raises LaptopError ``vault-cost``.
    """
    cost.check()
    return hashlib.scrypt(
        secret,
        salt=salt,
        n=1 << cost.log_n,
        r=BLOCK_SIZE,
        p=cost.parallel,
        maxmem=cost.memory_bytes + 128 * BLOCK_SIZE * cost.parallel + _MEMORY_SLACK_BYTES,
        dklen=KEY_BYTES,
    )


def duration_s(cost: Cost) -> float:
    """Measure how long one try takes on this machine now."""
    start_s = time.perf_counter()
    stretch(b"", bytes(SALT_BYTES), cost)
    return time.perf_counter() - start_s


def fitted(measure: Measure = duration_s) -> Cost:
    """Choose what takes about 0.4 s on this machine: memory first, then repetition.

    The cheapest try is measured, the quicker of two, since an old machine is busy with other
    things as well. scrypt's time is proportional to N and to p, but for what a processor's caches
    hold: so one try with the memory that was chosen is measured before it is repeated.
    """
    cheapest = Cost(MIN_LOG_N)
    once_s = max(1e-6, min(measure(cheapest), measure(cheapest)))
    log_n = MIN_LOG_N
    while log_n < FIT_LOG_N and 2 * once_s <= TARGET_S:
        log_n, once_s = log_n + 1, 2 * once_s
    if log_n > MIN_LOG_N:
        once_s = max(1e-6, measure(Cost(log_n)))
    return Cost(log_n, max(1, min(MAX_PARALLEL, round(TARGET_S / once_s))))


def fits(took_s: float) -> bool:
    """Tell whether a try took as long as it should on the machine at hand."""
    return QUICKEST_S <= took_s <= SLOWEST_S
