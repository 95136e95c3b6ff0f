from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from client.laptop.errors import LaptopError
from client.laptop.storage.database import NAME, Database, said_plainly
from client.laptop.storage.opening import open_database


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "keruen.db")
    database.create()
    yield database
    database.close()


def put(database, name, value="x"):
    with database.transaction() as connection:
        connection.execute("INSERT INTO settings VALUES (?, ?)", (name, value))


def names(database):
    return [row[0] for row in database.connection.execute("SELECT name FROM settings")]


def test_what_is_committed_is_synced_to_the_disk(database):
    assert database.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_all_of_a_transaction_or_none(database):
    with pytest.raises(KeyError), database.transaction():
        put(database, "inner")
        raise KeyError
    assert names(database) == []


def test_a_reader_on_another_thread_waits_for_no_writer(database):
    put(database, "before")
    seen = []
    with database.transaction() as connection:
        connection.execute("INSERT INTO settings VALUES ('during', 'x')")
        thread = threading.Thread(target=lambda: seen.append(names(database)))
        thread.start()
        thread.join(60)
    assert seen == [["before"]]
    assert names(database) == ["before", "during"]


def test_each_thread_has_a_connection_and_ended_ones_are_closed(database):
    others = []
    thread = threading.Thread(target=lambda: others.append(database.connection))
    thread.start()
    thread.join()
    assert others[0] is not database.connection
    database.close()
    with pytest.raises(sqlite3.ProgrammingError):
        others[0].execute("SELECT 1")


def test_a_thread_still_at_work_keeps_its_connection(database):
    ready, done, seen = threading.Event(), threading.Event(), []

    def work():
        connection = database.connection
        ready.set()
        done.wait(60)
        seen.append(connection.execute("SELECT 1").fetchone())

    thread = threading.Thread(target=work)
    thread.start()
    ready.wait(60)
    database.close()
    done.set()
    thread.join(60)
    assert seen == [(1,)]


def test_two_openings_at_once_make_the_tables_once(tmp_path):
    errors = []

    def make():
        database = Database(tmp_path / "new.db")
        try:
            database.create()
        except Exception as error:
            errors.append(error)
        database.close()

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (sqlite3.OperationalError("database or disk is full"), "disk-full"),
        (sqlite3.OperationalError("disk I/O error"), "disk-error"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "disk-error"),
        (sqlite3.OperationalError("database is locked"), "database-busy"),
        (sqlite3.DatabaseError("database disk image is malformed"), "database-damaged"),
    ],
)
def test_what_the_disk_refuses_is_said(error, code):
    with pytest.raises(LaptopError) as caught, said_plainly():
        raise error
    assert caught.value.code == code


def test_our_own_mistakes_are_not_dressed_up():
    with pytest.raises(sqlite3.OperationalError), said_plainly():
        raise sqlite3.OperationalError("no such table: x")
    with pytest.raises(sqlite3.IntegrityError), said_plainly():
        raise sqlite3.IntegrityError("UNIQUE constraint failed")


def test_a_full_disk_loses_nothing_that_was_saved(database):
    put(database, "before")
    pages = database.connection.execute("PRAGMA page_count").fetchone()[0]
    database.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LaptopError) as caught:
        put(database, "large", "x" * 100_000)
    assert caught.value.code == "disk-full"
    assert names(database) == ["before"]
    database.connection.execute("PRAGMA max_page_count = 1000000")
    put(database, "large", "x" * 100_000)


def test_a_damaged_letter_hides_no_other_row(database):
    put(database, "a", "whole")
    database.connection.execute("INSERT INTO settings VALUES ('b', CAST(x'D0FF41' AS TEXT))")
    values = [row[0] for row in database.connection.execute("SELECT value FROM settings")]
    assert values == ["whole", "\ufffd\ufffdA"]


def test_a_database_of_version_1_is_brought_up_to_date_with_all_that_is_in_it(tmp_path):
    golden = Path(__file__).parents[3] / "golden" / "client" / "keruen-1.db"
    shutil.copy(golden, tmp_path / NAME)
    database, notices = open_database(tmp_path)
    assert notices == ()
    rows = database.connection.execute("SELECT answers FROM drafts").fetchall()
    assert rows == [('{"root": "b"}',)]
    assert database.connection.execute("SELECT count(*) FROM attachments").fetchone() == (0,)
    database.create()
    database.close()
