"""Locking what already lies in the database, once somebody has a vault whom it concerns."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Any, Iterator, Tuple

from client.laptop.attaching.attachments import Attachments
from client.laptop.attaching.offers import note_named
from client.laptop.schoolwork import drafts, positions
from client.laptop.schoolwork.drafts import DraftKey
from client.laptop.store import Store
from sync.canonical import canonical_json
from sync.journals.bodies import Stored, loaded, outline, readable
from sync.record import Record

_TIMES = {"sync_journal": "time", "sync_inbox": "written", "sync_inbox_branch": "written"}
_LOCKED = "vault.locked."
"""The setting that says under which vault a person's rows were locked up."""
_SHARED = "vault.shared."
"""The setting that says for which teachers' vaults a person's rows were locked."""
_Row = Tuple[Record, str]


def lock_up(store: Store, connection: sqlite3.Connection, person: str, public: bytes) -> bool:
    """Lock what concerns somebody and lies in clear, in the caller's transaction; tell if it did.

    Once for each vault, which ``public`` names. What another of its owners, who has no vault,
    needs in clear stays as it is.
    """
    stamp = public.hex()
    if locked_for(store, person) == stamp:
        return False
    store.keep_settings({_LOCKED + person: stamp})
    for table in _TIMES:
        for record, text in list(_in_clear(connection, table)):
            stored = store.bodies.lock(connection, record, text)
            if isinstance(stored, bytes):
                _replace(connection, table, record, text, stored)
                note_named(store, [record])
            if table == "sync_journal" and record.person == person:
                _lock_files(store, person, record.body.get("answers"))
    _lock_drafts(store, connection, person)
    positions.lock_up(connection, person, store.bodies)
    if store.membership is not None:
        # Whole names leave the list that the first screen shows.
        store.keep_membership(store.membership)
    return True


def locked_for(store: Store, person: str) -> str:
    """Name the vault that what is somebody's was locked for, by its public key in hex, or ""."""
    return store.setting(_LOCKED + person)


def forget_lock(connection: sqlite3.Connection, person: str) -> None:
    """Forget for which vault somebody's things were locked: its keys go from this laptop."""
    connection.execute("DELETE FROM settings WHERE name = ?", (_LOCKED + person,))


def share(store: Store, connection: sqlite3.Connection, person: str) -> bool:
    """Let teachers read what concerns them who have had a vault only since; tell if it did.

    Only who can read something can have it read by others: so this is for whoever sits here.
    """
    here = (store.keyring.public_key(one.id) for one in store.people() if one.is_teacher)
    setting, stamp = _SHARED + person, " ".join(sorted(one.hex() for one in here if one))
    if store.setting(setting) == stamp:
        return False
    store.keep_settings({setting: stamp})
    for table in _TIMES:
        for record, stored in list(_locked(store, connection, table)):
            if store.bodies.is_withheld(connection, record, stored):
                text = canonical_json(record.body).decode("utf-8")
                again = store.bodies.lock(connection, record, text)
                _replace(connection, table, record, stored, again)
    return True


def tidy_up(store: Store) -> None:
    """Let nothing stay in freed pages or in the log of what was replaced by locked rows."""
    connection = store.database.connection
    # While another programme is at work, freed pages stay, overwritten all the same.
    with contextlib.suppress(sqlite3.OperationalError):
        connection.execute("VACUUM")
    empty_log(store)


def empty_log(store: Store) -> None:
    """Bring the write-ahead log's contents into the database and make it empty."""
    store.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _in_clear(connection: sqlite3.Connection, table: str) -> Iterator[_Row]:
    rows = connection.execute(
        f"SELECT device, seq, {_TIMES[table]}, person, kind, body FROM {table}"
        " WHERE typeof(body) = 'text' AND body <> ''"
    )
    for device, seq, time, person, kind, text in rows:
        body = loaded(text)
        if isinstance(body, dict):
            yield Record(device, seq, time, person, kind, body), text


def _locked(
    store: Store, connection: sqlite3.Connection, table: str
) -> Iterator[Tuple[Record, bytes]]:
    """Yield what is locked and can be read now."""
    rows = connection.execute(
        f"SELECT device, seq, {_TIMES[table]}, person, kind, body FROM {table}"
        " WHERE typeof(body) = 'blob'"
    )
    for *outlined, stored in rows:
        record = readable(connection, store.bodies, outline(*outlined), stored)
        if record is not None:
            yield record, stored


def _replace(
    connection: sqlite3.Connection, table: str, record: Record, before: Stored, after: Stored
) -> None:
    connection.execute(
        f"UPDATE {table} SET body = ? WHERE device = ? AND seq = ? AND body = ?",
        (after, record.device, record.seq, before),
    )


def _lock_files(store: Store, person: str, answers: Any) -> None:
    if isinstance(answers, dict):
        Attachments(store).lock_up(person, answers)


def _lock_drafts(store: Store, connection: sqlite3.Connection, person: str) -> None:
    rows = connection.execute(
        "SELECT person, pack, lesson, task, answers FROM drafts"
        " WHERE person = ? AND typeof(answers) = 'text'",
        (person,),
    ).fetchall()
    for *names, text in rows:
        key = DraftKey(*names)
        _lock_files(store, person, loaded(text))
        stored = store.bodies.lock_text(connection, person, text, drafts.bound(key))
        connection.execute(
            "UPDATE drafts SET answers = ?"
            " WHERE person = ? AND pack = ? AND lesson = ? AND task = ?",
            (stored, *key),
        )
