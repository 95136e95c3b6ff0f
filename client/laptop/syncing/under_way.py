"""What is under way on this laptop, in whichever programme: its locks tell, and what it noted.

Somebody who asks ``keruen status`` while the window syncs is told so. A programme that was killed
holds no lock, so what it noted last counts no more.
"""

from __future__ import annotations

import json
import time
from typing import Callable, Optional

from client.laptop.account import SyncProgress
from client.laptop.store import Store
from client.messages import Message
from sync.lock import is_held

WORK_LOCK = "sync.lock"
OBJECTS_LOCK = "objects.lock"
STICK_LOCK = "stick.lock"
"""Held during a visit of a stick, which may need a lock that others hold for hours."""
LOOK_EVERY_S = 0.5
NOTED = "objects.now"
NOTED_EVERY_S = 5.0
"""As often it is written down how far objects are: a disk has other things to do."""

Report = Callable[[SyncProgress], None]


class Noting:
    """Hears how far objects are, passes it on, and notes it for other programmes now and then."""

    def __init__(
        self, store: Store, then: Report, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._then = then
        self._monotonic = monotonic
        self._noted_s = -NOTED_EVERY_S

    def __call__(self, progress: SyncProgress) -> None:
        """Hear of progress."""
        now_s = self._monotonic()
        if now_s - self._noted_s >= NOTED_EVERY_S:
            self._noted_s = now_s
            sentence = progress.sentence
            row = [sentence.key, dict(sentence.values), progress.done_bytes, progress.total_bytes]
            self._store.keep_settings({NOTED: json.dumps(row, ensure_ascii=False)})
        self._then(progress)

    def close(self) -> None:
        """Forget what was noted: nothing is under way any more."""
        if self._store.setting(NOTED):
            self._store.keep_settings({NOTED: ""})


def until_stick(
    store: Store, cancel: Callable[[], bool], monotonic: Callable[[], float] = time.monotonic
) -> Callable[[], bool]:
    """Stop where ``cancel`` says so, and for a stick: somebody holds it in their hand and waits."""
    looked_s, waits = [monotonic()], [is_held(store.folder / STICK_LOCK)]

    def stop() -> bool:
        if monotonic() - looked_s[0] >= LOOK_EVERY_S:
            looked_s[0], waits[0] = monotonic(), is_held(store.folder / STICK_LOCK)
        return waits[0] or cancel()

    return stop


def under_way(store: Store) -> Optional[SyncProgress]:
    """Give what is under way; None when nothing is. Work is told before objects."""
    if is_held(store.folder / WORK_LOCK):
        return SyncProgress(Message("road.exchange"))
    if not is_held(store.folder / OBJECTS_LOCK):
        return None
    try:
        key, values, done_bytes, total_bytes = json.loads(store.setting(NOTED))
        return SyncProgress(Message(key, values), int(done_bytes), int(total_bytes))
    except (ValueError, TypeError):
        return SyncProgress(Message("road.catalogue"))
