"""The identities that this file's journals were written under: the first, and its branches.

A new identity's keys are on the disk before anybody hears of it, and it becomes the one that writes
in the same transaction in which what was not received is carried over to its journal.
"""

from __future__ import annotations

import sqlite3
from typing import Dict, List, Optional, Sequence, Tuple

from sync.clock import Clock
from sync.database import transaction
from sync.identity import Identity
from sync.journals.bodies import PLAIN, Bodies
from sync.journals.branch import (
    PROBE_BYTES,
    Origin,
    Probe,
    carried,
    origin_of,
    original,
    plan_probes,
)
from sync.journals.journal import Journal
from sync.record import Record
from sync.schema import create_tables


class Lineage:
    """The identities in a database, whose open transaction every method joins."""

    def __init__(self, db: sqlite3.Connection, clock: Clock, bodies: Bodies = PLAIN) -> None:
        """Open the table of identities, making it where it is missing.

        What of a journal cannot be read now is not carried over now: ``sweep`` does it once
        it can.

        Raises:
            DatabaseError: ``database-newer``.
        """
        create_tables(db)
        self._db = db
        self._clock = clock
        self._bodies = bodies

    def adopted(self) -> Optional[Identity]:
        """Return the identity that writes now, or None while it is still the enrolled one."""
        row = self._db.execute(
            "SELECT secret FROM sync_identity WHERE adopted > 0 ORDER BY adopted DESC LIMIT 1"
        ).fetchone()
        return Identity.from_bytes(row[0]) if row else None

    def adopted_device(self) -> Optional[str]:
        """Name the device that writes now, without loading its keys; None as for ``adopted``."""
        row = self._db.execute(
            "SELECT device FROM sync_identity WHERE adopted > 0 ORDER BY adopted DESC LIMIT 1"
        ).fetchone()
        return row[0] if row else None

    def sweep(self, writing: Journal) -> int:
        """Carry over what was still written under other identities; return how much.

        Another thread may have written under a former identity at the last moment. And where the
        database alone was set back, it knows nothing of the identity that ``writing`` has: what no
        receipt covers of the journals that it does know is carried over to that one.
        """
        rows = self._db.execute(
            "SELECT c.secret, p.secret, c.shared_seq FROM sync_identity c"
            " JOIN sync_identity p ON p.device = c.parent"
            " WHERE c.adopted > 0 AND c.shared_seq >= 0 ORDER BY c.adopted"
        ).fetchall()
        late = sum(
            self.adopt(Identity.from_bytes(child), Identity.from_bytes(parent), shared_seq)
            for child, parent, shared_seq in rows
        )
        return late + sum(self._carry_over(stray, writing) for stray in self._strays(writing))

    def doubtful(self) -> List[Tuple[Identity, Identity]]:
        """Return parents and their branches where the server is to be asked again, oldest first."""
        rows = self._db.execute(
            "SELECT p.secret, c.secret FROM sync_identity c"
            " JOIN sync_identity p ON p.device = c.parent"
            " WHERE c.adopted > 0 AND c.shared_seq < 0 ORDER BY c.adopted"
        ).fetchall()
        return [(Identity.from_bytes(parent), Identity.from_bytes(child)) for parent, child in rows]

    def all_doubtful(self) -> bool:
        """Tell whether the server is to be asked about every branch again."""
        row = self._db.execute(
            "SELECT 1 FROM sync_identity WHERE adopted > 0 AND shared_seq >= 0 LIMIT 1"
        ).fetchone()
        return row is None

    def _strays(self, writing: Journal) -> List[Journal]:
        """Return the journals here that no branch continues, but for the one that is written."""
        rows = self._db.execute(
            "SELECT device FROM sync_progress WHERE device <> ? AND device NOT IN"
            " (SELECT device FROM sync_identity WHERE adopted > 0"
            " UNION SELECT parent FROM sync_identity WHERE adopted > 0) ORDER BY device",
            (writing.device,),
        ).fetchall()
        return [
            Journal.of_device(self._db, device, self._clock, self._bodies) for (device,) in rows
        ]

    def _carry_over(self, stray: Journal, to: Journal) -> int:
        with transaction(self._db):
            missing = _missing(to, stray.all(after_seq=stray.received_seq))
            if missing:
                to.inherit(stray)
            for record in missing:
                to.carry(carried(record, to.device, to.head.seq + 1))
            to.note_written()
        return len(missing)

    def parent_of(self, device: str) -> Optional[Identity]:
        """Return the identity that a device's journal branched from, None for the first one."""
        row = self._db.execute(
            "SELECT p.secret FROM sync_identity c JOIN sync_identity p ON p.device = c.parent"
            " WHERE c.device = ?",
            (device,),
        ).fetchone()
        return Identity.from_bytes(row[0]) if row else None

    def is_adopted(self, device: str) -> bool:
        """Tell whether a device writes here, or once did, as a branch."""
        row = self._db.execute(
            "SELECT 1 FROM sync_identity WHERE device = ? AND adopted > 0", (device,)
        ).fetchone()
        return row is not None

    def keys_of(self, device: str) -> Optional[Identity]:
        """Return the keys of a device in this table, adopted or about to be."""
        row = self._db.execute(
            "SELECT secret FROM sync_identity WHERE device = ?", (device,)
        ).fetchone()
        return Identity.from_bytes(row[0]) if row else None

    def prepare(self, parent: Identity) -> Identity:
        """Return the keys for a branch of ``parent``: new ones, or those of an unfinished try."""
        parent_id = parent.public.device_id
        with transaction(self._db):
            row = self._db.execute(
                "SELECT secret FROM sync_identity WHERE parent = ? AND adopted IS NULL",
                (parent_id,),
            ).fetchone()
            if row:
                return Identity.from_bytes(row[0])
            child = Identity.generate()
            add = "INSERT OR IGNORE INTO sync_identity (device, secret, parent) VALUES (?, ?, ?)"
            self._db.execute(add, (parent_id, parent.to_bytes(), ""))
            self._db.execute(add, (child.public.device_id, child.to_bytes(), parent_id))
        return child

    def probes(self, journal: Journal, low: int, high: int) -> List[Probe]:
        """Say what hashes a journal has between two numbers, for the server to compare."""
        found = ((seq, journal.hash_at(seq)) for seq in plan_probes(low, high))
        return [Probe(seq, digest[:PROBE_BYTES]) for seq, digest in found if digest is not None]

    def adopt(self, child: Identity, parent: Identity, shared_seq: int) -> int:
        """Let ``child`` write from now on, and carry over what the server does not hold.

        ``shared_seq`` is how far the server holds the parent's journal as it is here. Doing it
        again, also with a smaller number (the server was restored from a backup), carries over only
        what was not yet. Returns how many records were carried over.
        """
        old = Journal(self._db, parent.public, self._clock, self._bodies)
        new = Journal(self._db, child.public, self._clock, self._bodies)
        with transaction(self._db):
            missing = _missing(new, old.all(after_seq=shared_seq))
            new.inherit(old)
            for record in missing:
                new.carry(carried(record, new.device, new.head.seq + 1))
            new.note_written()
            self._keep_shared(old, shared_seq)
            self._db.execute(
                "UPDATE sync_identity SET shared_seq = ?, adopted = coalesce(adopted,"
                " (SELECT coalesce(max(adopted), 0) + 1 FROM sync_identity)) WHERE device = ?",
                (shared_seq, new.device),
            )
        return len(missing)

    def adopt_unheard(self, child: Identity, parent: Identity, shared_seq: int) -> int:
        """Let ``child`` write from now on, before the server has heard of it (``doubtful``).

        For where an answer takes days. ``shared_seq`` is what receipts say; the answer to the claim
        says what the server holds now, and ``adopt`` then carries over what is missing.
        """
        with transaction(self._db):
            carried_over = self.adopt(child, parent, shared_seq)
            self._db.execute(
                "UPDATE sync_identity SET shared_seq = -1 WHERE device = ?",
                (child.public.device_id,),
            )
        return carried_over

    def carry_back(self, records: Sequence[Record], to: Journal) -> List[Record]:
        """Write down, in the journal that writes, what a former one is found to have held as well.

        For what a disk lost when it was set back. Returns those that were not here.
        """
        with transaction(self._db):
            missing = _missing(to, records)
            for record in missing:
                to.carry(carried(record, to.device, to.head.seq + 1))
            to.note_written()
        return missing

    def identity_of(self, device: str) -> Optional[Identity]:
        """Return the keys of a device that writes here, or once did, as far as branches tell."""
        row = self._db.execute(
            "SELECT secret FROM sync_identity WHERE device = ?1 AND (adopted > 0 OR EXISTS"
            " (SELECT 1 FROM sync_identity c WHERE c.parent = ?1 AND c.adopted > 0))",
            (device,),
        ).fetchone()
        return Identity.from_bytes(row[0]) if row else None

    def devices(self) -> List[str]:
        """Name the devices that ever wrote here, the latest first; none before the first branch."""
        rows = self._db.execute(
            "SELECT i.device FROM sync_identity i WHERE adopted > 0 OR EXISTS"
            " (SELECT 1 FROM sync_identity c WHERE c.parent = i.device AND c.adopted > 0)"
            " ORDER BY coalesce(adopted, 0) DESC"
        ).fetchall()
        return [device for (device,) in rows]

    def _keep_shared(self, old: Journal, shared_seq: int) -> None:
        """Show what the school holds of the old journal among the records that came from there."""
        self._db.execute(
            "INSERT OR IGNORE INTO sync_inbox SELECT device, seq, time, person, kind, body, time"
            " FROM sync_journal WHERE device = ? AND seq <= ? AND body <> ''",
            (old.device, shared_seq),
        )


def _missing(journal: Journal, records: Sequence[Record]) -> List[Record]:
    """Return those of another journal's records that were not carried over to this one yet.

    Under one name there may be two facts: each of two branches wrote its own.
    """
    if not records:
        return []
    there: Dict[Optional[Origin], List[Record]] = {}
    for record in journal.all():
        there.setdefault(origin_of(record), []).append(original(record))
    return [
        record
        for record in records
        if original(record) not in there.get(origin_of(record) or _name_of(record), ())
    ]


def _name_of(record: Record) -> Origin:
    return Origin(record.device, record.seq)


def doubt(db: sqlite3.Connection) -> None:
    """Note that the server lost something: how far it holds former journals is unknown now.

    Of what was asked by letter before, the answer may be older than the loss.
    """
    with transaction(db):
        db.execute("UPDATE sync_identity SET shared_seq = -1 WHERE adopted > 0")
        db.execute(
            "INSERT OR REPLACE INTO sync_meta"
            " SELECT 'doubted_letter', coalesce(max(number), 0) FROM sync_letter"
        )


def last_doubted_letter(db: sqlite3.Connection) -> int:
    """Return the number of the last letter that was written before something came into doubt."""
    row = db.execute("SELECT value FROM sync_meta WHERE key = 'doubted_letter'").fetchone()
    return int(row[0]) if row else 0
