"""What a damaged database held and a rebuilt one does not: named, as far as anything tells.

A page with somebody's answers may be gone and the index still say whose they were and what: SQLite
keeps the indexes in pages of their own, with all columns that are asked for here.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Set, Tuple

from client.messages import Message

SETTING = "rebuilt.losses"
_JOURNAL = (
    "SELECT device, seq, person, kind FROM sync_journal INDEXED BY sync_journal_kind"
    " ORDER BY kind {0}, person {0}, device {0}, seq {0}"
)
_DRAFTS = (
    "SELECT person, pack, lesson, task FROM drafts"
    " ORDER BY person {0}, pack {0}, lesson {0}, task {0}"
)


@dataclass(frozen=True)
class Losses:
    """What could not be restored.

    ``at_school`` counts records that the school has said it holds; ``records`` are how many others
    there were, by person, and ``drafts`` whose answers to what: (person, pack, lesson, task).
    """

    at_school: int = 0
    records: Tuple[Tuple[str, int], ...] = ()
    drafts: Tuple[Tuple[str, ...], ...] = ()

    @property
    def any(self) -> bool:
        """Tell whether something is gone that is nowhere else."""
        return bool(self.records or self.drafts)

    def to_json(self) -> str:
        """Write it down, for who asks later."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def count(self) -> int:
        """How many records and drafts are gone."""
        return sum(self.people().values())

    def people(self) -> Dict[str, int]:
        """Count what is gone by person."""
        count = Counter(dict(self.records))
        count.update(person for person, *_ in self.drafts)
        return dict(count)

    def told(self, name_of: Callable[[str], str]) -> Optional[Message]:
        """Say what is gone; None where nothing is."""
        if not self.any:
            return None
        names = {name_of(one) or one: count for one, count in sorted(self.people().items())}
        listed = ", ".join(f"{name} ({count})" for name, count in sorted(names.items()))
        return Message("error.rebuilt-losses", {"people": listed})


def from_json(text: str) -> Optional[Losses]:
    """Read what was written down; None where nothing was."""
    try:
        values = json.loads(text)
        return Losses(
            int(values["at_school"]),
            tuple((str(person), int(count)) for person, count in values["records"]),
            tuple(tuple(map(str, draft)) for draft in values["drafts"]),
        )
    except (ValueError, TypeError, KeyError):
        return None


def find_losses(damaged: Path, held: Set[Tuple[str, int]], rebuilt: sqlite3.Connection) -> Losses:
    """Compare what the indexes of a damaged file name with what was read of it.

    ``held`` are the device and number of each record that could be read, or had left before.
    """
    received = dict(
        rebuilt.execute("SELECT device, max(seq) FROM sync_receipt GROUP BY device").fetchall()
    )
    missing = {
        (device, seq): person
        for device, seq, person, kind in _named(damaged, _JOURNAL)
        if kind and (device, seq) not in held
    }
    gone = {place: who for place, who in missing.items() if place[1] > received.get(place[0], 0)}
    here = set(rebuilt.execute("SELECT person, pack, lesson, task FROM drafts").fetchall())
    drafts = sorted(set(_named(damaged, _DRAFTS)) - here)
    records = tuple(sorted(Counter(gone.values()).items()))
    return Losses(len(missing) - len(gone), records, tuple(drafts))


def _named(damaged: Path, query: str) -> List[Tuple[Any, ...]]:
    """Read an index from both its ends, as far as the damage lets us."""
    found: Dict[Tuple[Any, ...], None] = {}
    for order in ("ASC", "DESC"):
        with contextlib.suppress(sqlite3.Error, UnicodeDecodeError):
            found.update(dict.fromkeys(_rows(damaged, query.format(order))))
    return list(found)


def _rows(damaged: Path, query: str) -> Iterator[Tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(str(damaged))) as connection:
        yield from connection.execute(query)
