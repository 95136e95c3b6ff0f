"""What a teacher hears of the class's laptops: one sentence for all that happened to each."""

from __future__ import annotations

from typing import Tuple

from client.laptop.store import Store
from client.messages import Message
from sync.fleet import TOLD_MS, tell
from sync.kinds import DEVICE_REPORT


def fleet_news(store: Store) -> Tuple[Message, ...]:
    """Say which laptops were copied, set back or moved in the last two weeks, the latest first."""
    reports = (*store.inbox().of_kind(DEVICE_REPORT), *store.journal().of_kind(DEVICE_REPORT))
    return tuple(
        Message(f"class.laptop.{one.change.value}", {"name": one.laptop, "n": one.count})
        for one in tell(reports, store.now_ms() - TOLD_MS)
    )
