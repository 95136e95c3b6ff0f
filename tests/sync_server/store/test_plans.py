"""What an exchange asks of the database is found by an index, and costs what it brings.

A school's file grows for years; an exchange must not.
"""

from __future__ import annotations

import re
import sqlite3
from typing import List

import pytest

from sync.canonical import canonical_json
from sync.record import Record
from sync_server.store.model import NewRecord
from sync_server.store.sqlite import SqliteStore
from sync_server.store.sqlite_journals import ARRIVED, WAITING
from tests.support.records import identity

LARGE = ("records", "audience", "refused", "journals", "carried", "grants", "upstream_heads")
"""Tables that grow with a school's work or its people."""
ANNA, SAULE = "Анна", "Сәуле"
LAPTOP, OTHER = (identity(name).public.device_id for name in ("laptop", "other"))


def plan_of(db: sqlite3.Connection, statement: str, *values: object) -> List[str]:
    return [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}", values)]


@pytest.fixture
def store(tmp_path):
    store = SqliteStore(tmp_path / "server.db")
    yield store
    store.close()


def filled(transaction, count: int, first_seq: int = 1) -> None:
    transaction.add_records(
        [
            NewRecord(
                Record(OTHER, seq, seq << 16, "anna", "note", {"n": seq}),
                canonical_json({"n": seq}),
                seq.to_bytes(32, "big"),
                ("p:anna", "t:7А", "c:7А"),
                seq,
            )
            for seq in range(first_seq, first_seq + count)
        ]
    )


def test_what_waits_for_a_reader_is_read_off_the_key_in_its_order(store):
    with store.transaction() as transaction:
        db = transaction._connection
        assert plan_of(db, WAITING, "p:anna", 7) == [
            "SEARCH audience USING PRIMARY KEY (reader=? AND serial>?)"
        ]
        assert plan_of(db, ARRIVED.format(marks="?,?"), 1, 2, LAPTOP) == [
            "SEARCH records USING INTEGER PRIMARY KEY (rowid=?)"
        ]


def steps(store: SqliteStore, limit: int) -> int:
    """How much the database does for one question, in tens of its own steps."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    with store.transaction() as transaction:
        transaction._connection.set_progress_handler(count, 10)
        found = transaction.deliveries(("p:anna", "t:7А", "c:7А"), LAPTOP, 3, limit)
        transaction._connection.set_progress_handler(None, 0)
    assert [one.serial for one in found] == list(range(4, 4 + limit))
    return counted


def test_a_few_of_many_cost_what_a_few_of_few_cost(store):
    with store.transaction() as transaction:
        filled(transaction, 100)
    few = steps(store, 20)
    with store.transaction() as transaction:
        filled(transaction, 5_000, 101)
    assert steps(store, 20) <= 1.5 * few + 10
    assert steps(store, 200) > steps(store, 20)


def test_own_records_are_passed_over_and_cut_nothing_short(store):
    with store.transaction() as transaction:
        filled(transaction, 700)
        own = Record(LAPTOP, 1, 1 << 16, "anna", "note", {})
        transaction.add_records([NewRecord(own, b"{}", b"o" * 32, ("p:anna",), 5)])
        filled(transaction, 3, 701)
        readers = ("p:anna", "p:anna", "t:7А")
        assert len(transaction.deliveries(readers, LAPTOP, 0, 10_000)) == 703
        last = transaction.deliveries(readers, LAPTOP, 700, 2)
        assert [one.record.seq for one in last] == [701, 702]
        assert [one.record.seq for one in transaction.deliveries(readers, OTHER, 0, 9)] == [1]


def test_no_exchange_reads_a_large_table_whole(school, road, enrolled):
    """Every statement of handing in, refusing, marking, carrying mail and of nothing new."""
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    said: List[str] = []
    with school.store.transaction() as transaction:
        db = transaction._connection
    db.set_trace_callback(said.append)
    work = pupil.hand_in(pupil.person(ANNA))
    pupil.write("nobody", "progress", {"pack": "p", "lesson": "l", "position_s": 1, "seen": True})
    pupil.exchange_all(road)
    teacher.exchange_all(road)
    teacher.mark(teacher.person(SAULE), pupil.person(ANNA), work)
    teacher.exchange_all(road)
    pupil.exchange_all(road)
    pupil.exchange_all(road)
    db.set_trace_callback(None)
    asked = {one for one in said if re.match(r"(SELECT|UPDATE|DELETE|INSERT)\b", one)}
    assert any("FROM audience" in one for one in asked)
    for statement in asked:
        for step in plan_of(db, statement):
            whole = re.match(r"SCAN (?:TABLE )?(\w+)", step)
            assert not (whole and whole[1] in LARGE), (statement, step)
