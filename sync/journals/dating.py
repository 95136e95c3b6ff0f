"""When a record counts: as it was written, or by when a server is known to have had it.

A laptop whose clock was days or years ahead finds that out from a receipt: what a server held at
some time was written before. It says so in a record of its own (``sync.kinds.CLOCK``), which
travels, is kept and is carried on as every record. So who has the same records gives them the same
times, whatever a server lost in between and whoever heard of what first.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from typing import Any, Dict, Iterable, List, Mapping, Sequence, Tuple

from sync.clock import hybrid_time
from sync.journals.branch import original
from sync.kinds import CLOCK
from sync.record import Record

_STORED = " UNION ALL ".join(
    f"SELECT person, body FROM {table} WHERE kind = '{CLOCK}'"
    for table in ("sync_journal", "sync_inbox", "sync_inbox_branch")
)


class Dates:
    """What clock records say: by when somebody's records on a device had been written."""

    def __init__(self, words: Iterable[Tuple[str, Mapping[str, Any]]] = ()) -> None:
        """Take persons and the bodies of their clock records.

        Raises:
            KeyError: a field is missing.
        """
        self._known: Dict[Tuple[str, str], List[Tuple[int, int]]] = {}
        for person, body in words:
            known = self._known.setdefault((body["device"], person), [])
            known.append((body["seq"], hybrid_time(body["time_ms"])))

    def counted(self, record: Record) -> Record:
        """Return a record with the time that counts, whoever carried it on: the earliest known."""
        written = record.written_time
        if not self._known:
            return record.counted_at(written) if record.time != written else record
        first = original(record)
        known = self._known.get((first.device, record.person), ())
        return record.counted_at(min([written, *(at for seq, at in known if first.seq <= seq)]))


def dated(records: Sequence[Record]) -> List[Record]:
    """Return records with the times that count by what the clock records among them say."""
    dates = Dates((one.person, one.body) for one in records if one.kind == CLOCK)
    return [dates.counted(record) for record in records]


def stored_dates(db: sqlite3.Connection) -> Dates:
    """Return what all clock records in a laptop's database say, its own and others'."""
    words = []
    for person, body in db.execute(_STORED):
        # The disk may have damaged one since it was checked: it must not hide the others.
        with contextlib.suppress(ValueError, KeyError, TypeError):
            word = person, json.loads(body)
            Dates([word])
            words.append(word)
    return Dates(words)
