from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any, Callable

import pytest

from sync_server.backups import restoring
from sync_server.backups.index import DATABASE, IDENTITY, NAME, Entry, Index
from sync_server.backups.locking import Lock, master_key
from sync_server.backups.making import back_up
from sync_server.backups.restoring import Backup, check_backup, restore
from sync_server.data_folder import DataFolder
from sync_server.errors import BackupError, BackupLockedError, DataFolderError, SetupError
from tests.support.power import Power, PowerCut
from tests.support.server import open_school
from tests.sync_server.backups.test_making import PASSPHRASE, attach, files_of


@pytest.fixture
def place(school: Any, tmp_path: Path) -> Path:
    attach(school)
    back_up(school.folder, tmp_path / "backup", now_ms=7)
    return tmp_path / "backup"


def object_of(place: Path, path: str) -> Path:
    backup = Backup(place)
    found: Path = backup.shelf.path(backup.entry(path).sha256)
    return found


def rewritten(place: Path, change: Callable[[Index], Index]) -> None:
    """Put another index in place whose hash is right."""
    (place / NAME).write_bytes(change(Backup(place).index).to_bytes())


def with_database(place: Path, sql: str) -> None:
    """Have the backup hold a database in which something was changed."""
    old = object_of(place, DATABASE)
    aside = place.with_name("changed.db")
    shutil.copyfile(old, aside)
    connection = sqlite3.connect(str(aside))
    with connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        assert connection.execute(sql).rowcount > 0
    connection.close()
    content = aside.read_bytes()
    name = hashlib.sha256(content).hexdigest()
    new = place / "objects" / name[:2] / name
    new.parent.mkdir(exist_ok=True)
    new.write_bytes(content)

    def change(index: Index) -> Index:
        kept = [one for one in index.files if one.path != DATABASE]
        return Index(
            index.server, index.made_ms, (*kept, Entry(DATABASE, len(content), name)), index.lock
        )

    rewritten(place, change)


def test_a_whole_backup_becomes_a_server_that_goes_on(
    school: Any, place: Path, tmp_path: Path, clock: Any
) -> None:
    before = files_of(place)
    done = restore(Backup(place), DataFolder(tmp_path / "new" / "server"))
    # The laptop's journal, with what was refused of it, and the server's own.
    assert (done.journals, done.records, done.lost, done.made_ms) == (2, 5 + 1, (), 7)
    assert files_of(place) == before
    with open_school(tmp_path / "new" / "server", clock) as again:
        assert again.identity.public == school.identity.public
        with again.store.transaction() as transaction:
            assert transaction.counts()["refused"] == 2
        assert again.folder.identity_path.stat().st_mode & 0o077 == 0
        assert again.folder.database.stat().st_mode & 0o077 == 0
        for one in ("repositories", "attachments"):
            assert files_of(again.folder.root / one) == files_of(school.folder.root / one)
    assert not (tmp_path / "new" / "server" / restoring.STAGING).exists()


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("UPDATE records SET body = replace(body, '\"1\"', '\"9\"') WHERE seq = 1", "Record 1 of"),
        ("UPDATE records SET person = 'x' WHERE seq = 2", "Record 2 of"),
        ("UPDATE records SET time = time + 1 WHERE seq = 3", "Record 3 of"),
        ("DELETE FROM records WHERE seq = 2", "Record 2 of .* is missing"),
        ("DELETE FROM records WHERE seq = 1", "Record 1 of .* is missing"),
        ("UPDATE refused SET content = x'00' WHERE seq = 4", "Record 4 of"),
        ("DELETE FROM refused WHERE seq = 5", "Record 5 of"),
        ("UPDATE journals SET seq = seq + 1", "missing or one too many"),
        ("UPDATE journals SET hash = zeroblob(32)", "missing or one too many"),
    ],
)
def test_a_changed_record_is_found_and_nothing_is_left(
    place: Path, tmp_path: Path, sql: str, sentence: str
) -> None:
    with_database(place, sql)
    target = DataFolder(tmp_path / "new")
    with pytest.raises(DataFolderError, match=sentence):
        restore(Backup(place), target)
    assert not target.root.exists()


@pytest.mark.parametrize("path", [DATABASE, IDENTITY])
@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"\xff" * 4096)])
def test_without_database_and_keys_there_is_no_backup(
    place: Path, tmp_path: Path, path: str, harm: Callable[[Path], Any]
) -> None:
    harm(object_of(place, path))
    with pytest.raises(BackupError, match=path):
        restore(Backup(place), DataFolder(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


def test_one_damaged_file_is_named_and_keeps_nothing_else_back(
    school: Any, place: Path, tmp_path: Path
) -> None:
    listed = [one for one in Backup(place).index.files if "/" in one.path]
    photo = next(one for one in listed if one.path.startswith("attachments/"))
    lesson = next(one for one in listed if "/objects/" in one.path)
    Backup(place).shelf.path(photo.sha256).write_bytes(b"x")
    Backup(place).shelf.path(lesson.sha256).unlink()
    done = restore(Backup(place), DataFolder(tmp_path / "new"))
    assert set(done.lost) == {photo.path, lesson.path}
    assert not (tmp_path / "new" / photo.path).exists()
    assert len(files_of(tmp_path / "new")) >= len(listed)
    (tmp_path / "staging").mkdir()
    assert set(check_backup(Backup(place), tmp_path / "staging").lost) == set(done.lost)


def test_another_servers_keys_are_found(
    school: Any, place: Path, tmp_path: Path, clock: Any
) -> None:
    with open_school(tmp_path / "other", clock) as other:
        keys = other.folder.identity_path.read_bytes()
    name = hashlib.sha256(keys).hexdigest()
    path = place / "objects" / name[:2] / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(keys)

    def change(index: Index) -> Index:
        kept = [one for one in index.files if one.path != IDENTITY]
        files = (*kept, Entry(IDENTITY, len(keys), name))
        return Index(index.server, index.made_ms, files, index.lock)

    rewritten(place, change)
    with pytest.raises(BackupError, match="another server"):
        restore(Backup(place), DataFolder(tmp_path / "new"))


def test_what_is_there_is_not_written_over(place: Path, school: Any) -> None:
    before = school.folder.database.read_bytes()
    with pytest.raises(SetupError, match="not empty"):
        restore(Backup(place), school.folder)
    (school.folder.root / restoring.STAGING).mkdir()
    with pytest.raises(SetupError, match="not empty"):
        restore(Backup(place), school.folder)
    assert school.folder.database.read_bytes() == before


def test_the_passphrase_is_asked_for_and_must_be_right(school: Any, tmp_path: Path) -> None:
    place = tmp_path / "backup"
    back_up(school.folder, place, PASSPHRASE)
    with pytest.raises(BackupLockedError, match="has a passphrase"):
        Backup(place)
    with pytest.raises(BackupLockedError, match="another one"):
        Backup(place, PASSPHRASE + "!")
    done = restore(Backup(place, PASSPHRASE), DataFolder(tmp_path / "new"))
    assert done.lost == ()
    assert (tmp_path / "new" / IDENTITY).read_bytes() == school.folder.identity_path.read_bytes()


def test_a_backup_that_lost_its_lock_is_not_taken_for_the_own(
    school: Any, place: Path, tmp_path: Path
) -> None:
    with pytest.raises(SetupError, match="no passphrase"):
        Backup(place, PASSPHRASE)


def test_a_locked_index_that_was_changed_is_found(school: Any, tmp_path: Path) -> None:
    place = tmp_path / "backup"
    back_up(school.folder, place, PASSPHRASE)
    value = json.loads((place / NAME).read_bytes())
    found = Backup(place, PASSPHRASE).index
    fewer = Index(found.server, found.made_ms, found.files[:2], found.lock)
    value_of = json.loads(fewer.to_bytes(master_key("guessed", Lock(b"x" * 16, 14))))
    (place / NAME).write_bytes(json.dumps({**value_of, "proof": value["proof"]}).encode())
    with pytest.raises(BackupLockedError):
        Backup(place, PASSPHRASE)


def test_the_power_may_fail_at_any_step(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "new"
    cuts = 0
    for steps in range(0, 400, 5):
        shutil.rmtree(target, ignore_errors=True)
        with monkeypatch.context() as patch:
            power = Power(patch, steps)
            try:
                restore(Backup(place), DataFolder(target))
            except PowerCut:
                cuts += 1
            left = power.left
        if left >= 0:
            break
        if (target / DATABASE).exists():
            # The last step but for the clearing up: it is a server's folder already.
            assert files_of(target / "attachments")
        else:
            with pytest.raises(DataFolderError):
                DataFolder(target).open_store()
            assert restore(Backup(place), DataFolder(target)).lost == ()
        with DataFolder(target).store() as store, store.transaction() as transaction:
            assert transaction.counts()["refused"] == 2
    assert cuts > 5


def test_a_disk_that_fails_halfway_is_gone_on_with(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "_put", full)
        with pytest.raises(OSError, match="No space"):
            restore(Backup(place), DataFolder(tmp_path / "new"))
    with pytest.raises(DataFolderError):
        DataFolder(tmp_path / "new").identity()
    assert restore(Backup(place), DataFolder(tmp_path / "new")).lost == ()
