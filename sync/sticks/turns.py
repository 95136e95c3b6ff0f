"""Waiting for one's turn at what another programme, or another thread, does just now."""

from __future__ import annotations

import contextlib
import time
from typing import Callable, ContextManager, Iterator

from sync.errors import CancelledError, StickError
from sync.lock import Busy
from sync.sticks.volume import Volume

Cancel = Callable[[], bool]

PATIENCE_S = 60.0
"""As long is waited: an exchange over a bad link ends or gives up, a download stops soon."""
_AGAIN_S = 0.1


def turn_at(volume: Volume, cancel: Cancel) -> ContextManager[None]:
    """Hold the lock on a stick for the block, waiting for another programme of this machine.

    Raises StickError ``stick-busy`` when that takes too long, CancelledError.
    """
    return patiently(volume.held, StickError("stick-busy"), cancel)


@contextlib.contextmanager
def patiently(
    hold: Callable[[], ContextManager[None]], too_long: Exception, cancel: Cancel
) -> Iterator[None]:
    """Hold something for the block, waiting for whoever holds it.

    Raises ``too_long`` when that takes too long, CancelledError.
    """
    until_s = time.monotonic() + PATIENCE_S
    with contextlib.ExitStack() as holding:
        while not _is_held(holding, hold):
            if cancel():
                raise CancelledError()
            if time.monotonic() >= until_s:
                raise too_long
            time.sleep(_AGAIN_S)
        yield


def _is_held(holding: contextlib.ExitStack, hold: Callable[[], ContextManager[None]]) -> bool:
    try:
        holding.enter_context(hold())
    except Busy:
        return False
    except StickError as error:
        if error.code != "stick-busy":
            raise
        return False
    return True
