"""Making room when the disk is short: what was received long ago and counts no more leaves.

Nothing that a screen shows changes (`sync.journals`). Whatever fails here leaves everything as
it was, and a disk too full to tidy keeps all that is on it.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from typing import Optional

from client.laptop.errors import LaptopError
from client.laptop.store import Store
from sync.database import give_back
from sync.errors import SyncError
from sync.journals.compaction import Compacted, compact

SHORT_BYTES = 512 << 20
"""So little free room is short: a video lesson of a week no longer fits."""
DAY_MS = 24 * 3600 * 1000
KEPT_MS = 30 * DAY_MS
"""How long ago the school must have acknowledged what leaves: see docs/sync-protocol.md."""
_TIDIED = "tidied_ms"


def tidy(store: Store, free_bytes: Optional[int] = None) -> Optional[Compacted]:
    """Let go of what can be done without, where the disk is short, once a day at most.

    ``free_bytes`` is what the disk has left, asked of the system by default. Gives what left, or
    None when it was not the time.
    """
    with contextlib.suppress(LaptopError, SyncError, sqlite3.Error, OSError):
        free = shutil.disk_usage(str(store.folder)).free if free_bytes is None else free_bytes
        if free >= SHORT_BYTES or not _due(store):
            return None
        now_ms = store.now_ms()
        with store.database.transaction() as connection:
            left = compact(connection, store.journal(), store.inbox(), now_ms - KEPT_MS)
            store.keep_settings({_TIDIED: str(now_ms)})
        give_back(store.database.connection, free)
        return left
    return None


def _due(store: Store) -> bool:
    tidied = store.setting(_TIDIED)
    # A clock that was ahead must not put it off for years.
    return not tidied or abs(store.now_ms() - int(tidied)) >= DAY_MS
