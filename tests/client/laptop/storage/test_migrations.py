"""A laptop's database as each version left it (laptop's tables, journal's tables) is brought on."""

from __future__ import annotations

import shutil
import sqlite3

import pytest

from client.laptop.laptop import Laptop
from client.laptop.storage.chain import chain_is_whole
from client.laptop.storage.schema import SCHEMA_VERSION
from sync.kinds import PROGRESS
from sync.schema import FORMAT
from tests.support.golden import samples, tables, thaw
from tests.support.laptop import AIGERIM, NURLAN, TEACHER_SAULE
from tests.support.pack_source import PACK, RIGHT_ANSWERS

SAMPLES = samples("laptop")
WORKS = dict.fromkeys(("laptop-1-1", "laptop-1-2", "laptop-2-2", "laptop-3-5"), 5)
WORKS.update({"laptop-2-3": 2, "laptop-2-4": 2})


@pytest.fixture(params=SAMPLES, ids=lambda sample: sample.stem)
def old(request, tmp_path):
    folder = tmp_path / request.param.stem
    folder.mkdir()
    thaw(request.param, folder / "keruen.db")
    shutil.copy(str(request.param.with_suffix(".membership")), str(folder / "membership"))
    return folder


def test_there_is_a_sample_of_every_version_that_was():
    versions = [sample.stem.split("-")[1:] for sample in SAMPLES]
    assert {int(one) for one, _ in versions} >= set(range(1, SCHEMA_VERSION))
    assert {int(two) for _, two in versions} >= set(range(1, FORMAT))


def test_an_older_database_becomes_what_a_new_one_is(old, tmp_path):
    Laptop.open(old).close()
    Laptop.open(tmp_path / "new").close()
    found, fresh = (sqlite3.connect(str(path / "keruen.db")) for path in (old, tmp_path / "new"))
    assert tables(found) == tables(fresh)
    assert found.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    stored = found.execute("SELECT value FROM sync_meta WHERE key = 'format'").fetchone()
    assert stored == (FORMAT,)
    assert found.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found.close()
    fresh.close()


def test_an_older_database_shows_all_that_it_held(old):
    laptop = Laptop.open(old)
    assert laptop.notices() == ()
    assert laptop.draft(NURLAN.id, PACK, "problems", "caravan") == {"x": "5"}
    assert laptop.progress(AIGERIM.id)[PACK, "meaning"].position_s == 61.5
    assert laptop.progress(AIGERIM.id)[PACK, "meaning"].seen
    works = [*laptop.works(AIGERIM.id), *laptop.works(NURLAN.id)]
    assert len(works) == WORKS[old.name]
    assert laptop.status().waiting > 0
    assert laptop.class_work(TEACHER_SAULE.id).rows
    assert chain_is_whole(laptop._store.database.connection)
    laptop.close()


def test_an_older_database_is_written_on(old):
    laptop = Laptop.open(old)
    waiting = laptop.status().waiting
    work = laptop.hand_in(NURLAN.id, PACK, "solving", "practice", RIGHT_ANSWERS, "kk")
    assert laptop.works(NURLAN.id)[0].id == work.id
    assert laptop.status().waiting == waiting + 1
    laptop.close()
    again = Laptop.open(old)
    assert again.works(NURLAN.id)[0].id == work.id
    assert chain_is_whole(again._store.database.connection)
    again.close()


def test_bodies_that_left_are_not_asked_for(old):
    laptop = Laptop.open(old)
    journal = laptop._store.journal()
    rows = laptop._store.database.connection.execute("SELECT seq, body FROM sync_journal")
    left = [seq for seq, body in rows if body == ""]
    assert left in ([], [2, 3, 4])
    assert all(journal.hash_at(seq) for seq in left)
    assert [record.seq for record in journal.of_kind(PROGRESS) if record.seq in left] == []
    assert journal.has_all(1) == (not left)
    laptop.close()
