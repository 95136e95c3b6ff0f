"""Rebuilding a damaged keruen.db from what can still be read.

The order of steps lets a crash at any point be repeated: the new file is written aside, complete
and on the disk; only then the damaged one gets the name ``keruen.db.damaged-N`` (it is never
deleted); then the new one takes its place.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any, Dict, Iterator, List

from client.laptop.storage.chain import (
    Row,
    is_emptied,
    is_locked,
    is_whole,
    last_receipt,
    rechained,
    set_apart,
    split_chain,
)
from client.laptop.storage.database import NAME, Database
from client.laptop.storage.losses import SETTING, Losses, find_losses
from client.laptop.storage.schema import KEPT_TABLES
from client.messages import Message
from sync import fields
from sync.disk import sync_folder
from sync.identity import DEVICE_ID_BYTES
from sync.kinds import SUBMISSION
from sync.schema import brought_forward, create_tables

REBUILT = NAME + ".rebuilt"
_UNFINISHED = NAME + ".rebuilding"
_SIDES = ("", "-wal", "-journal", "-shm")
_SYNC_TABLES = (
    "sync_progress",
    "sync_receipt",
    "sync_refused",
    "sync_inbox",
    "sync_inbox_branch",
    "sync_identity",
    "sync_letter",
    "sync_outbox",
    "sync_journal",
)
_BY_KEY = (*_SYNC_TABLES, "row_keys")


def rebuild(folder: Path) -> Message:
    """Put a damaged database aside and a rebuilt one in its place; tell what was restored."""
    unfinished = folder / _UNFINISHED
    for side in _SIDES:
        _remove(Path(str(unfinished) + side))
    with tempfile.TemporaryDirectory(dir=str(folder), prefix="salvage-") as aside:
        # Opening a database may write to it: what is damaged is read from a copy.
        copy = Path(aside) / NAME
        for side in _SIDES[:3]:
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(str(folder / NAME) + side, str(copy) + side)
        database = Database(unfinished)
        database.create()
        create_tables(database.connection)
        with database.transaction() as connection:
            losses = _fill(connection, copy)
            connection.execute(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)", (SETTING, losses.to_json())
            )
        counts = _counts(database.connection)
        database.connection.execute("PRAGMA journal_mode = DELETE")
        database.close()
    unfinished.replace(folder / REBUILT)
    sync_folder(folder)
    name = put_in_place(folder)
    said = Message("error.rebuilt", {"file": name, **counts})
    if not losses.any:
        return said
    return Message("error.rebuilt-lost", {"said": said, "n": losses.count})


def put_in_place(folder: Path) -> str:
    """Give the damaged file its new name and the rebuilt one its place; repeat it after a crash."""
    number = 1
    while (folder / f"{NAME}.damaged-{number}").exists():
        number += 1
    damaged = f"{NAME}.damaged-{number}"
    # The log first: beside a rebuilt database it would be played into it.
    for side in reversed(_SIDES):
        with contextlib.suppress(FileNotFoundError):
            (folder / (NAME + side)).replace(folder / (damaged + side))
    (folder / REBUILT).replace(folder / NAME)
    sync_folder(folder)
    return damaged


def _fill(connection: sqlite3.Connection, damaged: Path) -> Losses:
    found = {table: _readable(damaged, table) for table in (*KEPT_TABLES, *_SYNC_TABLES)}
    journal = [Row(**row) for row in found.pop("sync_journal") if set(row) == set(Row._fields)]
    found["drafts"] = [row for row in found["drafts"] if _is_readable(row)]
    for table, rows in found.items():
        _insert(connection, table, [brought_forward(table, row) for row in rows])
    _restore_journals(connection, journal)
    held = {(row.device, row.seq) for row in journal if is_whole(row) or is_emptied(row)}
    return find_losses(damaged, held, connection)


def _is_readable(draft: Dict[str, Any]) -> bool:
    """Tell whether a draft is one: a torn one would have the file rebuilt at every start.

    Of a locked one (bytes) only its owner can tell.
    """
    answers = draft.get("answers")
    if isinstance(answers, bytes):
        return True
    try:
        json.loads(answers or "")
    except (ValueError, TypeError):
        return False
    return True


def _readable(damaged: Path, table: str) -> List[Dict[str, Any]]:
    """Read a table from its beginning and from its end, as far as the damage lets us."""
    rows: Dict[str, Dict[str, Any]] = {}
    for order in ("ASC", "DESC"):
        with contextlib.suppress(sqlite3.Error, UnicodeDecodeError):
            for row in _rows(damaged, table, order):
                rows.setdefault(repr(sorted(row.items())), row)
    return list(rows.values())


def _rows(damaged: Path, table: str, order: str) -> Iterator[Dict[str, Any]]:
    connection = sqlite3.connect(str(damaged))
    try:
        connection.row_factory = sqlite3.Row
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        # Each table's own order is that of its key; sorting would read all of it first.
        keys = [column["name"] for column in columns if column["pk"]]
        keys.sort(key=[column["name"] for column in columns].index)
        by = ", ".join(f"{key} {order}" for key in keys) if table in _BY_KEY else f"rowid {order}"
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY {by}"):
            yield dict(row)
    finally:
        connection.close()


def _insert(connection: sqlite3.Connection, table: str, rows: List[Dict[str, Any]]) -> None:
    for row in rows:
        names = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        # A row that the tables' own rules refuse is damaged, whatever SQLite could read of it.
        with contextlib.suppress(sqlite3.Error):
            connection.execute(
                f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",
                tuple(row.values()),
            )


def _restore_journals(connection: sqlite3.Connection, rows: List[Row]) -> None:
    """Restore each device's chain, and write what came loose from it as records of their own."""
    connection.execute("DELETE FROM sync_journal")
    for device in sorted({row.device for row in rows if isinstance(row.device, str)}):
        own = {
            row.seq: row
            for row in rows
            if row.device == device and (is_whole(row) or is_emptied(row))
        }
        received = last_receipt(connection, device)
        kept, loose = split_chain(device, own, *received)
        readable = [row for row in loose if not is_locked(row)]
        locked = [row for row in loose if is_locked(row)]
        kept += rechained(kept[-1] if kept else None, readable)
        _write_journal(connection, device, kept)
        if locked:
            apart = fields.to_text(secrets.token_bytes(DEVICE_ID_BYTES))
            _write_journal(connection, apart, set_apart(apart, locked))


def _write_journal(connection: sqlite3.Connection, device: str, rows: List[Row]) -> None:
    connection.executemany("INSERT INTO sync_journal VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    last_time = max((row.time for row in rows), default=0)
    connection.execute("INSERT OR IGNORE INTO sync_progress (device) VALUES (?)", (device,))
    connection.execute(
        "UPDATE sync_progress SET last_time = max(last_time, ?) WHERE device = ?",
        (last_time, device),
    )


def _counts(connection: sqlite3.Connection) -> Dict[str, int]:
    works = connection.execute(
        "SELECT count(*) FROM sync_journal WHERE kind = ?", (SUBMISSION,)
    ).fetchone()[0]
    return {
        "works": works,
        "drafts": connection.execute("SELECT count(*) FROM drafts").fetchone()[0],
    }


def _remove(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
