from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
from pathlib import Path
from typing import List

from tests.support.torn_database import read_log, tear

_NAMES = ("rows.db", "rows.db-wal")


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(str(path), isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    return database


def _rows(path: Path) -> List[int]:
    with contextlib.closing(_open(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [row[0] for row in database.execute("SELECT n FROM rows ORDER BY n")]


def test_what_was_committed_outlives_every_tear(tmp_path: Path) -> None:
    chance, torn = random.Random(1), 0
    with contextlib.closing(_open(tmp_path / "rows.db")) as database:
        database.execute("CREATE TABLE rows (n INTEGER PRIMARY KEY, noise BLOB)")
        for number in range(60):
            database.execute("INSERT INTO rows VALUES (?, randomblob(1500))", (number,))
            if number % 17 == 0:
                database.execute("PRAGMA wal_checkpoint(PASSIVE)")
            place = tmp_path / f"{number}"
            place.mkdir()
            for name in _NAMES:
                shutil.copyfile(tmp_path / name, place / name)
            torn += tear(place / "rows.db", chance)
            assert _rows(place / "rows.db") == list(range(number + 1))
    assert torn > 200


def test_a_page_that_is_not_in_the_log_is_missed(tmp_path: Path) -> None:
    with contextlib.closing(_open(tmp_path / "rows.db")) as database:
        database.execute("CREATE TABLE rows (n INTEGER PRIMARY KEY, noise BLOB)")
        for number in range(60):
            database.execute("INSERT INTO rows VALUES (?, randomblob(1500))", (number,))
        log = read_log((tmp_path / "rows.db-wal").read_bytes())
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        assert len(log.pages) == pages
        assert log.end == (tmp_path / "rows.db-wal").stat().st_size
        for name in _NAMES:
            shutil.copyfile(tmp_path / name, tmp_path / f"torn-{name}")
    database_file, log_file = tmp_path / "torn-rows.db", tmp_path / "torn-rows.db-wal"
    data = bytearray(log_file.read_bytes())
    data[-100] ^= 1
    log_file.write_bytes(data)
    assert read_log(bytes(data)).end < log.end
    assert _rows(database_file) != list(range(60))
