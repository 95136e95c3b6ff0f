from __future__ import annotations

import sqlite3

import pytest

from sync_server.errors import DataFolderError
from sync_server.store.sqlite import SqliteStore
from tests.sync_server.store.contract import ANNA, StoreContract
from tests.sync_server.store.night_contract import NightContract
from tests.sync_server.store.people_contract import PeopleContract


class TestSqliteStore(StoreContract, NightContract, PeopleContract):
    @pytest.fixture
    def store(self, tmp_path):
        store = SqliteStore(tmp_path / "server.db")
        yield store
        store.close()

    @pytest.fixture
    def reopened(self, store, tmp_path):
        opened = []

        def open_again():
            opened.append(SqliteStore(tmp_path / "server.db"))
            return opened[-1]

        yield open_again
        for one in opened:
            one.close()


def test_commits_are_synced_to_the_disk(tmp_path):
    store = SqliteStore(tmp_path / "server.db")
    try:
        with store.transaction() as transaction:
            ask = transaction._connection.execute
            assert ask("PRAGMA journal_mode").fetchone()[0] == "wal"
            assert ask("PRAGMA synchronous").fetchone()[0] == 2
    finally:
        store.close()


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "server.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(DataFolderError, match=r"server\.db: .*keruen-server doctor"):
        SqliteStore(path)
    assert path.read_bytes().startswith(b"not a database")


def test_a_newer_file_is_left_alone(tmp_path):
    path = tmp_path / "server.db"
    SqliteStore(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DataFolderError, match="newer keruen-server"):
        SqliteStore(path)


def test_a_commit_that_the_disk_refuses_leaves_the_store_usable(tmp_path):
    store = SqliteStore(tmp_path / "server.db")
    try:
        with store.transaction() as transaction:
            pages = transaction._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(sqlite3.OperationalError, match="full"), store.transaction() as t:
            t.set_setting("large", "x" * 100_000)
        store._connection.execute("PRAGMA max_page_count = 1000000")
        with store.transaction() as t:
            assert t.setting("large") is None
            t.add_person(ANNA)
            assert t.person("anna") == ANNA
    finally:
        store.close()


def test_a_backup_made_while_others_write_is_whole(tmp_path):
    store = SqliteStore(tmp_path / "server.db")
    try:
        with store.transaction() as transaction:
            transaction.add_person(ANNA)
        store.backup(tmp_path / "copy.db")
    finally:
        store.close()
    copy = SqliteStore(tmp_path / "copy.db")
    with copy.transaction() as transaction:
        assert transaction.person("anna") == ANNA
    copy.close()
