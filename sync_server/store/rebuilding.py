"""Rebuilding a damaged SQLite file from what can still be read of it.

Every table is read around its bad pages, and each journal kept as far as its chain is whole: what
follows a gap is sent again by its laptop, or comes again from the server above. The new file is
complete and verified before the damaged one gets another name; that one is never deleted.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path
from typing import Any, Iterator, List, NamedTuple, Sequence, Tuple

from content.storage import pieces_of, sync_folder, write_durably
from sync.errors import SyncError
from sync.identity import Identity
from sync_server.errors import DataFolderError, SetupError
from sync_server.records.routing import people_of, readers_of, relay_reader
from sync_server.store.sqlite import SqliteStore, SqliteTransaction
from sync_server.verification import good_part, verify_database

_REBUILT, _ASIDE = "server.db.rebuilt", ".rebuilding"
_SIDES = ("", "-wal", "-shm", "-journal")
_MAX_ROWID = 1 << 40
_TRIES = 2000
"""How often the rows between two bad pages of a table are asked for in smaller parts."""


class Rebuilt(NamedTuple):
    """How many records are kept, of how many journals something is missing, and the old file."""

    records: int
    cut_journals: int
    damaged: Path


def rebuild(database: Path, identity: Identity) -> Rebuilt:
    """Put a rebuilt file in a damaged one's place.

    Raises:
        SetupError: the server runs.
        DataFolderError: not even that can be done; the file is as it was.
        OSError: the disk failed; likewise.
    """
    _check_alone(database)
    aside = database.with_name(_ASIDE)
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    try:
        # Opening a database may write to it: what is damaged is read from a copy.
        for side in _SIDES[:2]:
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(f"{database}{side}", aside / f"{database.name}{side}")
        new = aside / _REBUILT
        cut = _fill(new, aside / database.name)
        found = verify_database(new, identity)
        if not found.records:
            raise DataFolderError("nothing can be read of it")
        damaged = _swap(database, new)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Rebuilt(found.records, cut, damaged)


def _check_alone(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(str(database), timeout=0.2)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise SetupError(
                    "The server runs: stop it before its database is mended."
                ) from error
        except sqlite3.DatabaseError:
            # As damaged as was thought.
            return


def _fill(new: Path, old: Path) -> int:
    """Write what can be read of ``old`` to ``new``; return how many journals were cut."""
    with contextlib.closing(SqliteStore(new)) as store, store.transaction() as transaction:
        connection = store.connection
        connection.execute("PRAGMA defer_foreign_keys = ON")
        with contextlib.closing(sqlite3.connect(str(old))) as damaged:
            damaged.text_factory = bytes
            for table in _tables(connection):
                _copy(damaged, connection, table)
        connection.execute("DELETE FROM grants WHERE person NOT IN (SELECT id FROM people)")
        connection.execute("DELETE FROM grants WHERE device NOT IN (SELECT id FROM devices)")
        cut = _cut_journals(transaction, connection)
        _address(transaction, connection)
    return cut


def _tables(connection: sqlite3.Connection) -> List[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return [name for (name,) in rows]


def _copy(damaged: sqlite3.Connection, connection: sqlite3.Connection, table: str) -> None:
    columns = connection.execute(f"PRAGMA table_info([{table}])").fetchall()
    names = ", ".join(f"[{column[1]}]" for column in columns)
    texts = [column[2].upper() == "TEXT" for column in columns]
    marks = ", ".join("?" for _ in columns)
    for row in _rows(damaged, table, names):
        with contextlib.suppress(UnicodeDecodeError, sqlite3.IntegrityError):
            values = [_plain(value, text) for value, text in zip(row, texts)]
            connection.execute(
                f"INSERT OR IGNORE INTO [{table}] ({names}) VALUES ({marks})", values
            )


def _plain(value: Any, text: bool) -> Any:
    return value.decode("utf-8") if text and isinstance(value, bytes) else value


def _rows(damaged: sqlite3.Connection, table: str, names: str) -> Iterator[Sequence[Any]]:
    try:
        damaged.execute(f"SELECT rowid FROM [{table}] LIMIT 0")
    except sqlite3.OperationalError:
        # Without rowids: from both ends, as far as it goes.
        for order in ("ASC", "DESC"):
            with contextlib.suppress(sqlite3.DatabaseError):
                yield from damaged.execute(f"SELECT {names} FROM [{table}] ORDER BY 1 {order}")
        return
    except sqlite3.DatabaseError:
        return
    yield from _around(damaged, f"SELECT rowid, {names} FROM [{table}] WHERE rowid")


def _around(damaged: sqlite3.Connection, query: str) -> Iterator[Sequence[Any]]:
    """Read rows from both ends up to the first bad page, and what lies between bad ones."""
    low, high = -1, _MAX_ROWID
    try:
        for place, *row in damaged.execute(f"{query} > -1 ORDER BY rowid"):
            yield row
            low = place
        return
    except sqlite3.DatabaseError:
        pass
    with contextlib.suppress(sqlite3.DatabaseError):
        for place, *row in damaged.execute(f"{query} > ? ORDER BY rowid DESC", (low,)):
            yield row
            high = place
    spans: List[Tuple[int, int]] = [(low + 1, high - 1)]
    tries = _TRIES
    while spans and tries:
        first, last = spans.pop()
        try:
            for _, *row in damaged.execute(f"{query} BETWEEN ? AND ?", (first, last)).fetchall():
                yield row
        except sqlite3.DatabaseError:
            tries -= 1
            if first < last:
                middle = (first + last) // 2
                spans += [(middle + 1, last), (first, middle)]


def _cut_journals(transaction: SqliteTransaction, connection: sqlite3.Connection) -> int:
    """Keep of each journal what is whole from its beginning."""
    ends = dict(transaction.journal_ends())
    rows = connection.execute(
        "SELECT DISTINCT device FROM records UNION SELECT device FROM journals"
    )
    cut = 0
    for (device,) in rows.fetchall():
        end = ends.get(device)
        good = good_part(transaction, device, 0 if end is None else end.time_ms)
        if end is not None and (good.seq, good.hash) == (end.seq, end.hash):
            continue
        cut += 1
        transaction.forget_records(device, good.seq + 1)
        connection.execute(
            "DELETE FROM refused WHERE device = ? AND seq > ? AND chained", (device, good.seq)
        )
        if good.seq:
            transaction.set_journal_end(device, good)
        else:
            connection.execute("DELETE FROM journals WHERE device = ?", (device,))
    return cut


def _address(transaction: SqliteTransaction, connection: sqlite3.Connection) -> None:
    """Say anew who may read each record: some of that may have been lost."""
    connection.execute("DELETE FROM audience WHERE serial NOT IN (SELECT serial FROM records)")
    rows = connection.execute("SELECT serial, device, seq FROM records").fetchall()
    for serial, device, seq in rows:
        record = transaction.kept_record(device, seq)
        with contextlib.suppress(SyncError, KeyError, TypeError):
            if record is not None:
                relays = transaction.relays_of(people_of(record))
                author = transaction.person(record.person)
                readers = (*readers_of(record, author), *map(relay_reader, relays))
                connection.executemany(
                    "INSERT OR IGNORE INTO audience (reader, serial) VALUES (?, ?)",
                    [(reader, serial) for reader in readers],
                )


def _swap(database: Path, new: Path) -> Path:
    number = 1
    while (damaged := database.with_name(f"{database.name}.damaged-{number}")).exists():
        number += 1
    # A log that outlived its file would be taken for one of the new.
    for side in _SIDES[1:]:
        with contextlib.suppress(FileNotFoundError):
            Path(f"{database}{side}").replace(f"{damaged}{side}")
    write_durably(damaged, pieces_of(database))
    damaged.chmod(0o600)
    new.replace(database)
    sync_folder(database.parent)
    return damaged
