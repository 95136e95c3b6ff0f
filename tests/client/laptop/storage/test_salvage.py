from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3

import pytest

from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Station
from client.laptop.storage import opening, salvage
from client.laptop.storage.database import Database
from client.messages import LANGUAGES, Messages
from sync.database import open_database
from sync.record import NO_HASH, record_hash
from sync.schema import create_tables
from tests.support.golden import FOLDER, thaw
from tests.support.laptop import AIGERIM, sample_laptop
from tests.support.pack_source import PACK, RIGHT_ANSWERS

TASK = (PACK, "problems", "caravan")


@pytest.fixture(scope="module")
def worked_on(tmp_path_factory):
    """A laptop with many works; each test damages a copy of its own."""
    place = tmp_path_factory.mktemp("worked-on") / "a"
    laptop = sample_laptop(place)
    for number in range(120):
        laptop.save_draft(AIGERIM.id, *TASK, {"why": str(number) * 50})
        laptop.hand_in(AIGERIM.id, *TASK, {"why": str(number) * 50}, "kk")
    laptop.save_draft(AIGERIM.id, *TASK, RIGHT_ANSWERS)
    laptop.close()
    return place


@pytest.fixture
def folder(tmp_path, worked_on):
    shutil.copytree(worked_on, tmp_path / "a")
    return tmp_path / "a"


def damage(path, position, size=200):
    with path.open("r+b") as file:
        file.seek(position)
        file.write(
            random.Random(position).randbytes(size)
            if hasattr(random.Random, "randbytes")
            else bytes(random.Random(position).randrange(256) for _ in range(size))
        )


def chain_holds(laptop):
    journal, head = laptop._store.journal(), NO_HASH
    for seq in range(1, journal.head.seq + 1):
        record = journal.record(seq)
        if record is None:
            head = None
            continue
        if head is not None:
            assert record_hash(head, record) == journal.hash_at(seq)
        head = journal.hash_at(seq)


def test_a_sound_database_is_opened_as_it_is(folder):
    laptop = Laptop.open(folder)
    assert laptop.notices() == ()
    assert len(laptop.works(AIGERIM.id)) == 124
    assert list(folder.glob("*.damaged-*")) == []
    laptop.close()


def test_damage_anywhere_never_keeps_the_laptop_from_opening(folder, tmp_path):
    size = (folder / "keruen.db").stat().st_size
    restored = []
    for number, position in enumerate(range(0, size, max(1, size // 40))):
        place = tmp_path / f"copy-{number}"
        shutil.copytree(folder, place)
        damage(place / "keruen.db", position)
        laptop = Laptop.open(place)
        restored.append(len(laptop.works(AIGERIM.id)))
        assert laptop.enrolled and len(laptop.people()) == 3
        assert len(laptop.lessons()) == 3, "packs lie beside the database"
        chain_holds(laptop)
        work = laptop.hand_in(AIGERIM.id, *TASK, {"root": "b"}, "kk")
        assert laptop.works(AIGERIM.id)[0].id == work.id
        laptop.close()
        again = Laptop.open(place)
        assert again.notices() == ()
        again.close()
        shutil.rmtree(place)
    assert sorted(restored)[len(restored) // 2] > 100, "most of the work survives most damage"


def test_what_was_damaged_is_kept_and_said_in_every_language(folder):
    size = (folder / "keruen.db").stat().st_size
    damage(folder / "keruen.db", size // 2, 5000)
    damaged = (folder / "keruen.db").read_bytes()
    laptop = Laptop.open(folder)
    assert len(laptop.notices()) == 1
    for language in LANGUAGES:
        assert "keruen.db.damaged-1" in Messages(language).text(laptop.notices()[0])
    assert (folder / "keruen.db.damaged-1").read_bytes() == damaged
    laptop.close()


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 500, b"SQLite format 3\0"])
def test_a_file_that_is_no_database(folder, content):
    (folder / "keruen.db").write_bytes(content)
    laptop = Laptop.open(folder)
    assert laptop.enrolled
    assert laptop.hand_in(AIGERIM.id, *TASK, {"root": "b"}, "kk").points == 1
    laptop.close()


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9])
def test_a_torn_file(folder, keep):
    path = folder / "keruen.db"
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    laptop = Laptop.open(folder)
    assert len(laptop.notices()) == 1
    chain_holds(laptop)
    laptop.close()


def test_a_crash_at_any_step_of_rebuilding_is_repeated(folder, monkeypatch):
    damage(folder / "keruen.db", (folder / "keruen.db").stat().st_size // 2, 5000)

    class Crash(BaseException):
        pass

    def crash(*_):
        raise Crash

    for name in ("_fill", "put_in_place"):
        with monkeypatch.context() as patch, pytest.raises(Crash):
            patch.setattr(salvage, name, crash)
            Laptop.open(folder)
    laptop = Laptop.open(folder)
    assert len(laptop.works(AIGERIM.id)) > 60
    assert (folder / "keruen.db.damaged-1").exists()
    laptop.close()


def test_records_after_a_hole_get_new_numbers_and_none_is_lost(folder):
    connection = sqlite3.connect(str(folder / "keruen.db"))
    connection.execute("UPDATE sync_journal SET body = 'torn' WHERE seq = 60")
    connection.execute("UPDATE sync_journal SET body = 'torn' WHERE seq = 2")
    connection.commit()
    connection.close()
    salvage.rebuild(folder)
    laptop = Laptop.open(folder)
    works = laptop.works(AIGERIM.id)
    assert len(works) == 122
    stations = {work.task: work.station for work in works}
    assert stations["check"] is Station.MARKED, "what a receipt covers keeps its number"
    chain_holds(laptop)
    laptop.close()


def test_what_came_from_others_is_restored_from_an_older_format_too(tmp_path):
    folder = tmp_path / "old"
    folder.mkdir()
    thaw(FOLDER / "laptop-2-3.sql", folder / "keruen.db")
    connection = sqlite3.connect(str(folder / "keruen.db"))
    for table in ("sync_inbox", "sync_inbox_branch"):
        row = ("o" * 22, 1, 7, "p", "note", "{}")
        connection.execute(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.commit()
    connection.close()
    salvage.rebuild(folder)
    connection = sqlite3.connect(str(folder / "keruen.db"))
    for table in ("sync_inbox", "sync_inbox_branch"):
        assert connection.execute(f"SELECT time, written FROM {table}").fetchall() == [(7, 7)]
    connection.close()


def test_the_journal_of_a_damaged_database_is_not_played_into_the_rebuilt_one(
    folder, tmp_path, monkeypatch
):
    monkeypatch.setattr(opening, "lies_on_stick", lambda _: True)
    rebuilt = Database(tmp_path / "rebuilt", on_stick=True)
    rebuilt.create()
    create_tables(rebuilt.connection)
    rebuilt.close()
    pulled = pull_out_in_a_commit(folder, tmp_path)
    (tmp_path / "rebuilt").rename(pulled / salvage.REBUILT)
    laptop = Laptop.open(pulled)
    assert laptop.works(AIGERIM.id) == () and laptop.notices() == ()
    laptop.close()
    assert any((pulled / "keruen.db.damaged-1-journal").read_bytes()[:8])


def test_a_stick_pulled_out_in_a_commit_has_all_that_was_there_before(
    folder, tmp_path, monkeypatch
):
    monkeypatch.setattr(opening, "lies_on_stick", lambda _: True)
    laptop = Laptop.open(pull_out_in_a_commit(folder, tmp_path))
    assert laptop.notices() == ()
    assert len(laptop.works(AIGERIM.id)) == 124
    laptop.close()


def pull_out_in_a_commit(folder, tmp_path):
    """Give the folder as a stick has it when it is pulled out while a commit is written."""
    Laptop.open(folder).close()
    pulled = tmp_path / "pulled"
    with contextlib.closing(open_database(folder / "keruen.db", on_stick=True)) as writer:
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM sync_journal")
        shutil.copytree(folder, pulled)
        writer.execute("ROLLBACK")
    assert any((pulled / "keruen.db-journal").read_bytes()[:8]), "the journal is needed"
    return pulled
