from __future__ import annotations

import pytest

from sync.errors import DatabaseError
from sync.journals.inbox import Inbox
from sync.kinds import SUBMISSION
from sync.schema import FORMAT, create_tables, stored_format
from tests.support.records import make_record
from tests.support.sync_device import Device


def test_tables_are_made_once(device: Device) -> None:
    assert stored_format(device.db) == 0
    create_tables(device.db)
    create_tables(device.db)
    assert stored_format(device.db) == FORMAT


def test_a_newer_database_is_left_alone(device: Device) -> None:
    create_tables(device.db)
    device.db.execute("UPDATE sync_meta SET value = ? WHERE key = 'format'", (FORMAT + 1,))
    with pytest.raises(DatabaseError) as caught:
        create_tables(device.db)
    assert caught.value.code == "database-newer"


_INBOX_3 = (
    "CREATE TABLE sync_inbox (device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL,"
    " person TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (device, seq))"
    " WITHOUT ROWID",
    "CREATE TABLE sync_inbox_branch (device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT"
    " NULL, person TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (device, seq,"
    " person, kind, body)) WITHOUT ROWID",
)


@pytest.mark.parametrize("has_branches", [False, True])
def test_an_inbox_of_format_3_learns_how_own_records_were_written(
    device: Device, has_branches: bool
) -> None:
    create_tables(device.db)
    own = device.write()
    for table in ("sync_inbox", "sync_inbox_branch"):
        device.db.execute(f"DROP TABLE {table}")
    for statement in _INBOX_3[: 1 + has_branches]:
        device.db.execute(statement)
    others = [make_record(1, "other", time=4), make_record(2, "other", time=9)]
    rows = device.db.execute("SELECT body FROM sync_journal").fetchall()
    for record in (own.counted_at(5), *others):
        row = (record.device, record.seq, record.time, record.person, record.kind, rows[0][0])
        device.db.execute("INSERT INTO sync_inbox VALUES (?, ?, ?, ?, ?, ?)", row)
    if has_branches:
        device.db.execute("INSERT INTO sync_inbox_branch SELECT * FROM sync_inbox WHERE time = 9")
        device.db.execute("DELETE FROM sync_inbox WHERE time = 9")
    device.db.execute("UPDATE sync_meta SET value = 3 WHERE key = 'format'")
    told = Inbox(device.db).of_kind(SUBMISSION)
    assert [(one.device, one.time, one.wrong_time) for one in told] == [
        (others[0].device, 4, None),
        (others[1].device, 9, None),
        (own.device, own.time, None),
    ]
    assert stored_format(device.db) == FORMAT
