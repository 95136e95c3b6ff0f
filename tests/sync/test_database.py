from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sync.database import give_back, open_database, transaction
from sync.errors import DatabaseError


def test_what_is_committed_is_on_the_disk(tmp_path: Path) -> None:
    db = open_database(tmp_path / "a.db")
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert db.execute("PRAGMA busy_timeout").fetchone()[0] >= 5000
    db.close()


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    db = open_database(tmp_path / "a.db")
    db.execute("CREATE TABLE t (x)")
    with pytest.raises(KeyError), transaction(db):
        db.execute("INSERT INTO t VALUES (1)")
        with transaction(db):
            db.execute("INSERT INTO t VALUES (2)")
        raise KeyError
    assert db.execute("SELECT count(*) FROM t").fetchone() == (0,)
    with transaction(db), transaction(db):
        db.execute("INSERT INTO t VALUES (3)")
    assert not db.in_transaction
    db.close()
    again = open_database(tmp_path / "a.db")
    assert again.execute("SELECT x FROM t").fetchall() == [(3,)]
    again.close()


def test_a_file_that_is_no_database_is_named_and_left(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(DatabaseError) as caught:
        open_database(path)
    assert caught.value.code == "database-damaged"
    assert "a.db" in str(caught.value)
    assert path.read_bytes().startswith(b"not a database")


def test_a_damaged_page_is_found_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    db = open_database(path)
    db.execute("CREATE TABLE t (x)")
    db.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 200)
    db.close()
    data = bytearray(path.read_bytes())
    data[8192 : 8192 + 4096] = b"\xff" * 4096
    path.write_bytes(bytes(data))
    with pytest.raises(DatabaseError) as caught:
        open_database(path, check=True)
    assert caught.value.code == "database-damaged"


def test_a_missing_folder_is_the_disk_s_fault(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError) as caught:
        open_database(tmp_path / "missing" / "a.db")
    assert caught.value.code == "disk-failed"


def test_a_database_that_another_holds_is_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.database.BUSY_TIMEOUT_MS", 10)
    path = tmp_path / "a.db"
    holder = sqlite3.connect(str(path), isolation_level=None)
    holder.execute("CREATE TABLE t (x)")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseError) as caught:
        open_database(path)
    assert caught.value.code == "database-busy"
    holder.close()


def _grown(tmp_path: Path) -> sqlite3.Connection:
    db = open_database(tmp_path / "grown.db")
    db.execute("CREATE TABLE t (x)")
    with transaction(db):
        db.executemany("INSERT INTO t VALUES (?)", [("x" * 1000,)] * 4000)
        db.execute("INSERT INTO t VALUES ('kept')")
    return db


def test_unused_pages_go_back_to_the_disk(tmp_path: Path) -> None:
    db = _grown(tmp_path)
    assert not give_back(db, 1 << 30)
    db.execute("DELETE FROM t WHERE x <> 'kept'")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = (tmp_path / "grown.db").stat().st_size
    assert not give_back(db, 3 << 20)
    assert give_back(db, 1 << 30)
    assert (tmp_path / "grown.db").stat().st_size < before / 50
    assert db.execute("SELECT x FROM t").fetchall() == [("kept",)]
    assert not give_back(db, 1 << 30)
    db.close()


def test_on_a_stick_there_is_no_log_and_no_memory_that_the_stick_backs(tmp_path: Path) -> None:
    db = open_database(tmp_path / "a.db", on_stick=True)
    db.execute("CREATE TABLE t (x)")
    assert db.execute("PRAGMA journal_mode").fetchone() == ("persist",)
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.db", "a.db-journal"]
    db.close()


def test_a_database_that_came_from_a_disk_loses_its_log_on_a_stick(tmp_path: Path) -> None:
    db = open_database(tmp_path / "a.db")
    db.execute("CREATE TABLE t (x)")
    other = open_database(tmp_path / "a.db", on_stick=True)
    # As long as somebody has it open with the log, that is kept: nobody is shut out.
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.execute("INSERT INTO t VALUES (1)")
    other.close()
    db.close()
    alone = open_database(tmp_path / "a.db", on_stick=True)
    assert alone.execute("PRAGMA journal_mode").fetchone() == ("persist",)
    assert alone.execute("SELECT x FROM t").fetchall() == [(1,)]
    assert not (tmp_path / "a.db-shm").exists()
    alone.close()
