"""People who left the school: their data go from this laptop, after the receipts and a grace time.

The school's server says who left, in a roster record. What the school has not said it holds never
goes: neither do the person, their drafts and their vault before it. What goes first is the person's
name in the list of those who are going, so that a crash at any point is followed by the rest.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from dataclasses import dataclass, replace
from typing import Dict, Iterable, Optional, Set, Tuple

from client.laptop.attaching.attachments import Attachments, named_by
from client.laptop.errors import LaptopError
from client.laptop.people.locking_up import tidy_up
from client.laptop.people.people import Person
from client.laptop.store import Store
from sync.clock import milliseconds
from sync.errors import SyncError
from sync.journals.journal import Journal
from sync.kinds import ANSWER, FEEDBACK, MARK, ROSTER, SUBMISSION
from sync.record import Record

DAY_MS = 24 * 3_600_000
GRACE_MS = 30 * DAY_MS
"""So long after leaving, and after the last receipt for their work: a mistake can be taken back."""
LEFT = "left"
"""The field of a roster record that says that its person is at the school no more."""
_LOOKED, _GOING, _WORDS = "leavers.looked_ms", "leavers.going", "leavers.words"
_TO_STUDENTS = (MARK, FEEDBACK, ANSWER)


@dataclass(frozen=True)
class Leaver:
    """Somebody who left, and when their data may go at the earliest."""

    person: str
    due_ms: int


def note_rosters(store: Store, records: Iterable[Record]) -> None:
    """Keep what rosters say of leaving: locked ones can be read only while their readers sit here.

    Of people of this laptop that they did not leave is kept as well: an older word may come late.
    """
    known, here = _noted(store), {one.id for one in store.people()}
    news = dict(known)
    for record in records:
        if record.kind == ROSTER:
            person, left = str(record.body["person"]), record.body.get(LEFT) is True
            if left or person in news or person in here:
                news[person] = max(news.get(person, (0, False)), (record.time, left))
    if news != known:
        # On a full disk the roster that lies in the inbox has to do.
        with contextlib.suppress(LaptopError):
            store.keep_settings({_WORDS: json.dumps(news, sort_keys=True)})


def _noted(store: Store) -> Dict[str, Tuple[int, bool]]:
    try:
        noted = json.loads(store.setting(_WORDS, "{}"))
        return {str(person): (int(time), bool(left)) for person, (time, left) in noted.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def leavers(store: Store) -> Tuple[Leaver, ...]:
    """Name those of whom the school says that they left: people of this laptop, or of a class.

    What a teacher's laptop has of a pupil goes as well.
    """
    latest = _noted(store)
    for record in store.inbox().of_kind(ROSTER):
        word = record.time, record.body.get(LEFT) is True
        person = str(record.body["person"])
        latest[person] = max(latest.get(person, (0, False)), word)
    return tuple(
        Leaver(person, milliseconds(time) + GRACE_MS)
        for person, (time, left) in sorted(latest.items())
        if left
    )


def due(store: Store) -> Tuple[str, ...]:
    """Name those whose grace time is over and of whose work the school holds everything."""
    now_ms = store.now_ms()
    return tuple(
        one.person
        for one in leavers(store)
        if one.due_ms <= now_ms and _held_since(store, one.person, now_ms - GRACE_MS)
    )


def let_leavers_go(store: Store) -> Tuple[str, ...]:
    """Let go of the data of those who are due, once a day at most; return who went.

    Nothing that fails here stops anything else; the next time goes on with it.
    """
    with contextlib.suppress(LaptopError, SyncError, sqlite3.Error, OSError):
        going = set(json.loads(store.setting(_GOING, "[]")))
        # Whoever has come back since a crash stays.
        going &= {one.person for one in leavers(store)} if going else set()
        if _due_to_look(store):
            going.update(due(store))
            store.keep_settings({_LOOKED: str(store.now_ms()), _GOING: json.dumps(sorted(going))})
        for person in sorted(going):
            let_go(store, person)
        if going:
            store.keep_settings({_GOING: "[]"})
            tidy_up(store)
        return tuple(sorted(going))
    return ()


def _held_since(store: Store, person: str, time_ms: int) -> bool:
    """Tell whether receipts from before a time cover all that somebody wrote here."""
    journal = store.journal()
    (last,) = store.database.connection.execute(
        "SELECT coalesce(max(seq), 0) FROM sync_journal WHERE device = ? AND person = ?",
        (journal.device, person),
    ).fetchone()
    return int(last) <= journal.received_before(time_ms) and not _files_waiting(store, person)


def _files_waiting(store: Store, person: str) -> bool:
    """Tell whether a file has not reached the school that is not known to be somebody else's."""
    rows = store.database.connection.execute(
        "SELECT name FROM attachments WHERE handed_in = 1 AND receipt IS NULL"
    ).fetchall()
    waiting = {name for (name,) in rows}
    return bool(waiting) and bool(waiting - _of_others(files_by_person(store), person))


def files_by_person(store: Store) -> Dict[str, Set[str]]:
    """Name the attached files of each person's works, as far as they can be read here (SHA-256)."""
    found: Dict[str, Set[str]] = {}
    for record in (*store.journal().of_kind(SUBMISSION), *store.inbox().of_kind(SUBMISSION)):
        names = {one.sha256 for one in named_by(record.body)}
        if names:
            found.setdefault(record.person, set()).update(names)
    return found


def _of_others(files: Dict[str, Set[str]], person: str) -> Set[str]:
    return {name for one, names in files.items() if one != person for name in names}


def let_go(store: Store, person: str) -> None:
    """Remove all that is of a person, the files last of those that the database names."""
    known = files_by_person(store)
    files = known.get(person, set()) - _of_others(known, person)
    with store.database.transaction() as connection:
        _drop_written(connection, store.journal(), person)
        _drop_arrived(connection, person)
        for table in _tables_by_person(connection):
            connection.execute(f"DELETE FROM {table} WHERE person = ?", (person,))
        connection.execute(
            "DELETE FROM settings WHERE instr(name, ?) AND name <> ?", (person, _GOING)
        )
        connection.executemany("DELETE FROM attachments WHERE name = ?", [(one,) for one in files])
    membership = store.membership
    if membership is not None:
        people: Tuple[Person, ...] = tuple(one for one in membership.people if one.id != person)
        store.keep_membership(replace(membership, people=people))
    attachments = Attachments(store)
    for name in files:
        with contextlib.suppress(FileNotFoundError):
            attachments.path(name).unlink()
    store.keyring.cabinet.remove(person)


def _drop_written(connection: sqlite3.Connection, journal: Journal, person: str) -> None:
    """Let go of the bodies of what a person wrote here, and of what was written to them.

    What former journals of this disk had was carried over to this one, which has receipts for it.
    """
    rows = connection.execute(
        "SELECT seq FROM sync_journal WHERE device = ? AND person = ?", (journal.device, person)
    ).fetchall()
    to_them = [
        record.seq
        for kind in _TO_STUDENTS
        for record in journal.of_kind(kind)
        if record.body.get("student") == person
    ]
    journal.drop([*(seq for (seq,) in rows), *to_them])
    connection.execute(
        "UPDATE sync_journal SET time = 0, person = '', kind = '', body = ''"
        " WHERE device <> ? AND person = ?",
        (journal.device, person),
    )


def _drop_arrived(connection: sqlite3.Connection, person: str) -> None:
    """Remove what others wrote for a person, and what came back of their own."""
    own_keys = _keys_of_nobody_else(connection, person)
    for table in ("sync_inbox", "sync_inbox_branch"):
        connection.execute(f"DELETE FROM {table} WHERE person = ?", (person,))
        marks = ", ".join("?" for _ in _TO_STUDENTS)
        rows = connection.execute(
            f"SELECT device, seq, written, body FROM {table} WHERE kind IN ({marks})", _TO_STUDENTS
        ).fetchall()
        connection.executemany(
            f"DELETE FROM {table} WHERE device = ? AND seq = ? AND written = ? AND body = ?",
            [row for row in rows if _is_for(row[3], person, own_keys)],
        )


def _is_for(body: object, person: str, own_keys: Set[bytes]) -> bool:
    if isinstance(body, bytes):
        from client.vaults.row_keys import ID_BYTES

        return body[1 : 1 + ID_BYTES] in own_keys
    with contextlib.suppress(ValueError, TypeError, KeyError):
        return bool(json.loads(str(body))["student"] == person)
    return False


def _tables_by_person(connection: sqlite3.Connection) -> Tuple[str, ...]:
    """Name the laptop's own tables whose rows are a person's: drafts, progress, keys of rows."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    own = [name for (name,) in rows if not name.startswith("sync_")]
    return tuple(name for name in own if "person" in _columns(connection, name))


def _columns(connection: sqlite3.Connection, table: str) -> Set[str]:
    return {column[1] for column in connection.execute(f"PRAGMA table_info({table})")}


def _keys_of_nobody_else(connection: sqlite3.Connection, person: str) -> Set[bytes]:
    if "row_keys" not in _tables_by_person(connection):
        return set()
    readers: Dict[bytes, Set[str]] = {}
    for key, reader in connection.execute("SELECT key, person FROM row_keys"):
        readers.setdefault(key, set()).add(reader)
    return {key for key, those in readers.items() if those == {person}}


def _due_to_look(store: Store) -> bool:
    looked: Optional[str] = store.setting(_LOOKED)
    # A clock that was ahead must not put it off for years.
    return not looked or abs(store.now_ms() - int(looked)) >= DAY_MS
