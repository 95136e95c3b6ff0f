"""Nights of the line: what went up, what came down, what waits and why, as people ask of a night.

All turns from one noon to the next are one night, whatever the window: the page of the morning
shows it, and pictures show the nights before.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Dict, Tuple

from sync_server.days import night_of
from sync_server.store.protocol import Store

if TYPE_CHECKING:
    from sync_server.relay.account import Account


@dataclass(frozen=True)
class Night:
    """What became of a night with one upstream.

    ``line_s`` is how long the line was used. ``code`` says why the last turn failed, ``held`` which
    rule of the line let something wait, both empty where none. ``missing`` and ``missing_bytes``
    are media to come, ``lessons`` those needed soon of which some are still missing: pairs of pack
    and lesson. ``problems`` are sentences about single things that were put aside.
    """

    turns: int = 0
    failed: int = 0
    records_up: int = 0
    records_down: int = 0
    files_up: int = 0
    files_down: int = 0
    packs: int = 0
    media: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    line_s: float = 0.0
    code: str = ""
    held: str = ""
    missing: int = 0
    missing_bytes: int = 0
    lessons: Tuple[Tuple[str, str], ...] = ()
    problems: Tuple[str, ...] = ()
    last_ms: int = 0

    def plus(self, account: Account, line_s: float, now_ms: int) -> Night:
        """Return the night with one more turn of the line, which ended now."""
        told = account.told_of_packs
        packs = account.mirrored
        return replace(
            self,
            turns=self.turns + 1,
            failed=self.failed + bool(account.code),
            records_up=self.records_up + account.relayed.sent,
            records_down=self.records_down + account.relayed.received,
            files_up=self.files_up + account.attached.sent,
            files_down=self.files_down + account.attached.fetched,
            packs=self.packs + packs.packs,
            media=self.media + packs.media,
            sent_bytes=self.sent_bytes + account.sent_bytes,
            received_bytes=self.received_bytes + account.received_bytes,
            line_s=self.line_s + line_s,
            code=account.code,
            held=account.held.code if account.held else "",
            missing=len(packs.missing) if told else self.missing,
            missing_bytes=packs.missing_bytes if told else self.missing_bytes,
            lessons=account.lessons if told else self.lessons,
            problems=_latest(self.problems, (*account.attached.problems, *packs.problems)),
            last_ms=now_ms,
        )

    def less(self, turn: Night) -> Night:
        """Return the night without the counts of a turn that is counted anew."""
        counts = {name: getattr(self, name) - getattr(turn, name) for name in _COUNTS}
        return replace(self, **counts)

    def to_json(self) -> Dict[str, Any]:
        """Return it for scripts and for the store."""
        return asdict(self)


_COUNTS = (
    "turns",
    "failed",
    "records_up",
    "records_down",
    "files_up",
    "files_down",
    "packs",
    "media",
    "sent_bytes",
    "received_bytes",
    "line_s",
)
MAX_PROBLEMS = 20


def _latest(before: Tuple[str, ...], now: Tuple[str, ...]) -> Tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *now)))[-MAX_PROBLEMS:]


def night_from(text: str) -> Night:
    """Read what was kept; what this version does not know is passed over."""
    values = json.loads(text)
    known = {one.name for one in fields(Night)}
    kept = {name: value for name, value in values.items() if name in known}
    kept["lessons"] = tuple((pack, lesson) for pack, lesson in kept.get("lessons", ()))
    kept["problems"] = tuple(kept.get("problems", ()))
    return Night(**kept)


class TurnNotes:
    """Counts a turn into its night, as often as it likes while the turn goes on."""

    def __init__(self, store: Store, upstream_id: str) -> None:
        self._store = store
        self._upstream_id = upstream_id
        self._noted = Night()

    def note(self, account: Account, line_s: float, local: datetime, now_ms: int) -> None:
        """Count what came to be since the last note; over noon the rest is the next night's."""
        number = night_of(local)
        with self._store.transaction() as transaction:
            kept = transaction.night(number, self._upstream_id)
            before = night_from(kept) if kept else Night()
            night = before.less(self._noted).plus(account, line_s, now_ms)
            value = json.dumps(night.to_json(), ensure_ascii=False)
            transaction.set_night(number, self._upstream_id, value)
        self._noted = Night().plus(account, line_s, now_ms)
