"""Checking what a database holds: every page is read, every journal hashed from its beginning."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from pathlib import Path
from typing import NamedTuple

from sync.errors import RecordError
from sync.identity import Identity
from sync.record import NO_HASH, record_hash
from sync_server.errors import DataFolderError
from sync_server.store.model import JournalEnd, JournalItem
from sync_server.store.protocol import Transaction
from sync_server.store.sqlite import SqliteStore


class Verified(NamedTuple):
    """What was found to be whole."""

    journals: int
    records: int


def verify_database(database: Path, identity: Identity) -> Verified:
    """Read every page of a database, and check its journals.

    Raises:
        DataFolderError: it is missing or damaged, or ``verify_journals`` does.
    """
    check_database(database)
    with contextlib.closing(SqliteStore(database)) as store, store.transaction() as transaction:
        return verify_journals(transaction, identity)


def check_database(database: Path) -> None:
    """Read every page of a database.

    Raises:
        DataFolderError: it is missing or damaged.
    """
    if not database.exists():
        raise DataFolderError(f"{database} is missing.")
    if database.stat().st_size == 0:
        # To SQLite that is a database without tables, to us one that a power cut emptied.
        raise DataFolderError(f"{database} is empty.")
    with contextlib.closing(sqlite3.connect(str(database))) as connection:
        try:
            finding = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            finding = error
    if finding != "ok":
        # SQLite begins with a line that names the database within the file.
        last = str(finding).splitlines()[-1]
        raise DataFolderError(f"{database} is not whole ({last}).")


def verify_journals(transaction: Transaction, identity: Identity) -> Verified:
    """Hash all journals again and compare with what receipts were given for.

    Raises:
        DataFolderError: a record is missing, changed or of nobody, or ``identity`` is not that
            of the server which wrote here.
    """
    ends = dict(transaction.journal_ends())
    if transaction.people_of_school("") and identity.public.device_id not in ends:
        raise DataFolderError("The identity belongs to another server than the database does.")
    total = 0
    for device_id, end in ends.items():
        previous, count = NO_HASH, 0
        for item in transaction.journal(device_id):
            count += 1
            if item.seq != count:
                raise _damage(device_id, count, "is missing")
            try:
                computed = _hash_of(item, previous)
            except RecordError as error:
                raise _damage(device_id, count, f"cannot be read ({error.code})") from error
            if computed != item.hash:
                raise _damage(device_id, count, "is not what the laptop sent")
            previous = computed
        if (count, previous) != (end.seq, end.hash):
            raise _damage(device_id, min(count, end.seq) + 1, "is missing or one too many")
        total += count
    return Verified(len(ends), total)


def good_part(transaction: Transaction, device_id: str, time_ms: int) -> JournalEnd:
    """Return how far a journal is whole from its first record on; ``seq`` 0: not even that."""
    seq, previous = 0, NO_HASH
    for item in transaction.journal(device_id):
        try:
            computed = _hash_of(item, previous)
        except RecordError:
            break
        if item.seq != seq + 1 or computed != item.hash:
            break
        seq, previous = item.seq, computed
    return JournalEnd(seq, previous, time_ms)


def _hash_of(item: JournalItem, previous: bytes) -> bytes:
    """Hash one place of a journal anew; raises RecordError where it is no record."""
    if item.record is not None:
        return record_hash(previous, item.record)
    return hashlib.sha256(previous + item.content).digest()


def _damage(device_id: str, seq: int, what: str) -> DataFolderError:
    return DataFolderError(
        f"Record {seq} of laptop {device_id} {what}: take an older backup. "
        "Laptops send again what it lacks."
    )
