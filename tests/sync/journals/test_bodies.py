from __future__ import annotations

import sqlite3

from sync.journals.bodies import PLAIN, loaded, outline
from tests.support.records import make_record


def test_in_clear_a_body_lies_as_it_is_and_what_another_locked_is_not_read() -> None:
    record, db = make_record(1), sqlite3.connect(":memory:")
    assert PLAIN.lock(db, record, "{}") == "{}"
    assert PLAIN.unlock(db, record, "{}") == "{}"
    assert PLAIN.unlock(db, record, b"locked") is None
    assert not PLAIN.same(b"{}", "{}")


def test_what_the_disk_damaged_is_as_good_as_absent() -> None:
    assert loaded('{"a": 1}') == {"a": 1}
    assert loaded('{"a": ') is None
    assert loaded(None) is None


def test_an_outline_is_a_record_without_its_body() -> None:
    record = make_record(3)
    bare = outline(record.device, record.seq, record.time, record.person, record.kind)
    assert bare.body == {}
    assert (bare.device, bare.seq, bare.time) == (record.device, record.seq, record.time)
