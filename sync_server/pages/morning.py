"""The morning: how a school's server stands, as one value that the page and ``status`` show.

Nothing in it is about a pupil: it counts records and names laptops, packs and lessons. ``happened``
says which laptops were copied, set back or put into another case in the last two weeks.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

from sync.fleet import Told
from sync_server.days import day_of, local_of, night_of
from sync_server.devices.fleet import happened, standing, told_json
from sync_server.pages.titles import Titles
from sync_server.relay.nights import Night, night_from
from sync_server.relay.planning import waiting_records
from sync_server.settings import LAST_BACKUP, SCHOOL
from sync_server.store.model import Upstream
from sync_server.store.protocol import Store, Transaction

SHOWN_NIGHTS = 14
AWAY_DAYS = 3
"""A laptop that was not here for so many days is named."""
DAY_MS = 86_400_000


@dataclass(frozen=True)
class Missing:
    """A lesson that is needed soon and of which something has not come, in the languages it has."""

    pack: Mapping[str, str]
    lesson: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One server above: what last night did, and what waits.

    ``waiting`` are records that it has not confirmed, ``refused`` those that it would not take.
    """

    name: str
    address: str
    waiting: int
    refused: int
    last_contact_ms: Optional[int]
    night: Night
    missing: Tuple[Missing, ...] = ()


@dataclass(frozen=True)
class Away:
    """A laptop that has not been here for ``days``; None where it never was."""

    name: str
    days: Optional[int]


@dataclass(frozen=True)
class Bar:
    """One day of a picture, as ``date.toordinal`` counts."""

    day: int
    value: int


@dataclass(frozen=True)
class Morning:
    """How the server stands. ``night`` is that of which the page tells.

    ``data`` is the data folder. ``backup_days`` is how old the last backup is; None where there is
    none but something to lose.
    """

    school: str
    now_ms: int
    night: int
    lines: Tuple[Line, ...]
    laptops: int
    here_today: int
    away: Tuple[Away, ...]
    records: int
    free_bytes: int
    total_bytes: int
    line_bytes: Tuple[Bar, ...]
    laptops_seen: Tuple[Bar, ...]
    happened: Tuple[Told, ...] = ()
    backup_days: Optional[int] = 0
    data: str = ""

    def to_json(self) -> Dict[str, Any]:
        """Return it for scripts."""
        return {**asdict(self), "happened": [told_json(one) for one in self.happened]}


def look(store: Store, data: Path, now_ms: int, titles: Optional[Titles] = None) -> Morning:
    """Look at a server as it stands now."""
    titles = titles or Titles(data / "repositories")
    local = local_of(now_ms)
    today, night = local.toordinal(), night_of(local)
    disk = shutil.disk_usage(str(data))
    with store.transaction() as transaction:
        kept = transaction.nights(night - SHOWN_NIGHTS + 1)
        seen = transaction.seen(today - SHOWN_NIGHTS + 1)
        devices = standing(transaction)
        upstreams = transaction.upstreams()
        lines = [_line(transaction, one, _of(kept, night, one.id)) for one in upstreams]
        school = transaction.setting(SCHOOL) or ""
        records = int(transaction.counts()["records"])
        told = happened(transaction, now_ms)
        backup_ms = transaction.setting(LAST_BACKUP)
    nights = range(night - SHOWN_NIGHTS + 1, night + 1)
    days = range(today - SHOWN_NIGHTS + 1, today + 1)
    away = [Away(one.name, _days_away(one.last_contact_ms, today)) for one in devices]
    return Morning(
        school=school,
        now_ms=now_ms,
        night=night,
        lines=tuple(_with_titles(line, titles) for line in lines),
        laptops=len(devices),
        here_today=min(len(devices), seen.get(today, 0)),
        away=_long_away(away),
        happened=told,
        records=records,
        free_bytes=disk.free,
        total_bytes=disk.total,
        line_bytes=tuple(Bar(one, _line_bytes(kept, one)) for one in nights),
        laptops_seen=tuple(Bar(one, seen.get(one, 0)) for one in days),
        backup_days=_days_away(int(backup_ms), today) if backup_ms else None if records else 0,
        data=str(data.absolute()),
    )


def _of(kept: Tuple[Tuple[int, str, str], ...], night: int, upstream: str) -> Night:
    """Return a night, or the latest before it that there was."""
    found = [value for when, name, value in kept if name == upstream and when <= night]
    return night_from(found[-1]) if found else Night()


def _line(transaction: Transaction, one: Upstream, night: Night) -> Line:
    return Line(
        one.name or one.address,
        one.address,
        waiting_records(transaction, one.id),
        len(transaction.upstream_refused(one.id)),
        one.last_contact_ms,
        night,
    )


def _with_titles(line: Line, titles: Titles) -> Line:
    missing = tuple(Missing(*titles.of(pack, lesson)) for pack, lesson in line.night.lessons)
    return Line(**{**vars(line), "missing": missing})


def _line_bytes(kept: Tuple[Tuple[int, str, str], ...], night: int) -> int:
    found = [night_from(value) for when, _, value in kept if when == night]
    return sum(one.sent_bytes + one.received_bytes for one in found)


def _days_away(last_contact_ms: Optional[int], today: int) -> Optional[int]:
    return None if last_contact_ms is None else max(0, today - day_of(last_contact_ms))


def _long_away(laptops: List[Away]) -> Tuple[Away, ...]:
    """Return those that were away for long, the longest first."""
    away = [one for one in laptops if one.days is None or one.days >= AWAY_DAYS]
    return tuple(sorted(away, key=lambda one: (-(one.days or 1 << 30), one.name)))
