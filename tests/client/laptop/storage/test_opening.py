from __future__ import annotations

import os
import sqlite3

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from sync.lock import held
from tests.support.laptop import AIGERIM
from tests.support.pack_source import PACK


@pytest.mark.parametrize(
    "newer",
    ["UPDATE sync_meta SET value = 99 WHERE key = 'format'", "PRAGMA user_version = 99"],
)
def test_a_database_of_a_newer_programme_is_left_alone(sample, tmp_path, newer):
    sample.close()
    path = tmp_path / "sample" / "keruen.db"
    connection = sqlite3.connect(str(path))
    connection.execute(newer)
    connection.commit()
    connection.close()
    with pytest.raises(LaptopError) as caught:
        Laptop.open(tmp_path / "sample")
    assert caught.value.code == "database-newer"
    assert list((tmp_path / "sample").glob("*.damaged-*")) == []


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE drafts SET answers = '{'",
        "UPDATE lessons SET card = 'x'",
        "UPDATE sync_journal SET body = replace(body, 'answers', 'answ3rs') WHERE seq > 4",
        "UPDATE sync_journal SET hash = zeroblob(32) WHERE seq > 4",
        "UPDATE drafts SET answers = CAST(x'D0FF' AS TEXT)",
    ],
)
def test_damage_that_sqlite_does_not_see_is_seen(sample, tmp_path, harm):
    sample.save_draft(AIGERIM.id, PACK, "meaning", "check", {"root": "b"})
    sample.close()
    connection = sqlite3.connect(str(tmp_path / "sample" / "keruen.db"))
    connection.execute(harm)
    connection.commit()
    connection.close()
    laptop = Laptop.open(tmp_path / "sample")
    lost = "drafts" in harm or "answ3rs" in harm
    wanted = "error.rebuilt-lost" if lost else "error.rebuilt"
    assert [notice.key for notice in laptop.notices()] == [wanted]
    assert len(laptop.lessons()) == 3
    assert len(laptop.works(AIGERIM.id)) >= 2
    laptop.close()


def test_two_programmes_do_not_rebuild_at_once(sample, tmp_path):
    sample.close()
    (tmp_path / "sample" / "keruen.db").write_bytes(b"torn")
    with held(tmp_path / "sample" / "open.lock"), pytest.raises(LaptopError) as caught:
        Laptop.open(tmp_path / "sample")
    assert caught.value.code == "database-busy"
    Laptop.open(tmp_path / "sample").close()


@pytest.mark.skipif(os.name == "nt", reason="rights are Windows' own there")
def test_other_accounts_of_the_computer_cannot_look_into_a_new_folder(tmp_path):
    before = os.umask(0o022)
    try:
        Laptop.open(tmp_path / "data").close()
    finally:
        os.umask(before)
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LaptopError) as caught:
        Laptop.open(tmp_path / "file" / "data")
    assert caught.value.code == "disk-error"
