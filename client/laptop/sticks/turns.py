"""Waiting for one's turn at a laptop's work and objects, which other programmes use as well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ContextManager

from client.laptop.errors import Fault
from client.laptop.problems import failure

if TYPE_CHECKING:
    from sync.sticks.turns import Cancel


def turn(path: Path, cancel: Cancel) -> ContextManager[None]:
    """Hold the lock of a file for the block, waiting for whoever holds it.

    Raises LaptopError ``sync-busy`` when that takes too long, CancelledError.
    """
    from sync.lock import held
    from sync.sticks.turns import patiently

    return patiently(lambda: held(path), failure("sync-busy", Fault.YOUR_DATA), cancel)
