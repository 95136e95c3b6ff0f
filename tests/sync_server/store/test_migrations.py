"""Files that older servers wrote are brought forward whole; a newer one's are left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sync.kinds import SUBMISSION
from sync.people import Person
from sync.record import NO_HASH, Head, record_hash
from sync_server.errors import DataFolderError
from sync_server.records.routing import readers_for
from sync_server.store.schema import STEPS
from sync_server.store.sqlite import SqliteStore
from tests.support.golden import samples, tables, thaw

SAMPLES = samples("server")


@pytest.fixture(params=SAMPLES, ids=lambda sample: sample.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file as an older version left it."""
    thaw(request.param, tmp_path / "server.db")
    return tmp_path / "server.db"


def test_there_is_a_sample_of_every_version_that_was() -> None:
    assert {sample.stem for sample in SAMPLES} >= {f"server-{at}" for at in range(1, len(STEPS))}


def test_an_older_file_becomes_what_a_new_one_is(old: Path, tmp_path: Path) -> None:
    SqliteStore(old).close()
    SqliteStore(tmp_path / "new.db").close()
    found, fresh = (sqlite3.connect(str(path)) for path in (old, tmp_path / "new.db"))
    assert tables(found) == tables(fresh)
    assert found.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
    assert found.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert found.execute("PRAGMA foreign_key_check").fetchall() == []
    found.close()
    fresh.close()


def test_an_older_file_keeps_all_that_it_held(old: Path) -> None:
    store = SqliteStore(old)
    with store.transaction() as transaction:
        counts = transaction.counts()
        assert (counts["devices"], counts["people"], counts["classes"]) == (2, 3, 1)
        assert (counts["records"], counts["refused"]) == (7, 1)
        for device, end in transaction.journal_ends():
            before = NO_HASH
            for item in transaction.journal(device):
                if item.record is not None:
                    assert record_hash(before, item.record) == item.hash
                before = item.hash
            assert Head(end.seq, end.hash) == Head(item.seq, before)
        (pupils, teachers) = (transaction.granted(device.id) for device in transaction.devices())
        assert [person.name for person in pupils] == ["Айару", "Нұрлан"]
        seen = transaction.deliveries(readers_for(teachers), "", 0, 100)
        assert [one.record.kind for one in seen].count(SUBMISSION) == 2
        assert len(transaction.codes()) == 2
        assert transaction.setting("school") == "Ақсу орта мектебі"
    store.close()


def test_an_older_file_is_written_on(old: Path) -> None:
    store = SqliteStore(old)
    with store.transaction() as transaction:
        transaction.add_person(Person("new", "Дана", "student", "8Б", "tulip"))
        first, second = transaction.devices()
        transaction.add_branch(second.id, first.id)
        transaction.grant(second.id, ["new"])
        assert transaction.continues(second.id, first.id)
    store.close()
    again = SqliteStore(old)
    with again.transaction() as transaction:
        assert transaction.person("new") is not None
    again.close()


def test_a_newer_file_is_left_as_it_is(tmp_path: Path) -> None:
    thaw(SAMPLES[-1], tmp_path / "server.db")
    db = sqlite3.connect(str(tmp_path / "server.db"))
    db.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    before = tables(db)
    db.close()
    with pytest.raises(DataFolderError) as caught:
        SqliteStore(tmp_path / "server.db")
    assert "newer keruen-server" in str(caught.value)
    db = sqlite3.connect(str(tmp_path / "server.db"))
    assert tables(db) == before
    db.close()


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.stem >= "server-6"])
def test_what_an_older_file_knows_of_letters_stays(sample: Path, tmp_path: Path) -> None:
    thaw(sample, tmp_path / "server.db")
    store = SqliteStore(tmp_path / "server.db")
    with store.transaction() as transaction:
        (head,) = transaction.letter_heads()
        assert (head.letter, head.first_seq, head.head) == (
            "5d7ef73fdb570d78",
            1,
            Head(3, b"headhash"),
        )
        assert head.catalogues == {"ab" * 16: 7}
        assert head.messages == (b"KX\x01\x03a claim, an enrolment or an offer", b"")
        reply = transaction.reply("ba9d209b43f80e00", 12)
        assert reply is not None
        assert (reply.name, reply.state) == ("d3773dddc951e2e6", b"sixteen bytes of")
    store.close()
