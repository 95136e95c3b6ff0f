from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any, Dict

import pytest

from content.errors import CancelledError
from content.watch import Watch
from sync_server.backups import making, shelf
from sync_server.backups.index import NAME
from sync_server.backups.making import back_up
from sync_server.backups.restoring import Backup, check_backup
from sync_server.errors import BackupError, BackupLockedError, DataFolderError, SetupError
from sync_server.settings import LAST_BACKUP
from sync_server.store.sqlite import SqliteStore
from tests.support.power import Power, PowerCut
from tests.support.server import open_school

PASSPHRASE = "қызыл алма 7"


def files_of(folder: Path) -> Dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def attach(school: Any, content: bytes = b"a sealed photo") -> Path:
    name = hashlib.sha256(content).hexdigest()
    place: Path = school.folder.attachments / name[:2] / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def whole(target: Path, tmp_path: Path, passphrase: Any = None) -> Any:
    """Read a backup as ``restore --check`` does."""
    staging = tmp_path / "staging"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    return check_backup(Backup(target, passphrase), staging)


def test_a_second_backup_writes_what_is_new_alone(school: Any, tmp_path: Path) -> None:
    target = tmp_path / "stick" / "backup"
    first = back_up(school.folder, target, now_ms=5)
    assert first.written_files > 5
    assert first.damaged == ()
    assert not (target / "new").exists()
    with school.store.transaction() as transaction:
        assert transaction.setting(LAST_BACKUP) == "5"
    attach(school)
    second = back_up(school.folder, target)
    # The database, which now knows of the first backup, and the photo.
    assert second.written_files == 2
    assert second.files == first.files + 1
    assert whole(target, tmp_path).lost == ()


def test_what_the_server_has_no_more_goes_from_the_backup_too(school: Any, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    photo = attach(school)
    back_up(school.folder, target)
    photo.unlink()
    back_up(school.folder, target)
    assert photo.name not in "".join(files_of(target))
    assert whole(target, tmp_path).lost == ()


def test_under_a_passphrase_nothing_private_is_to_be_read(school: Any, tmp_path: Path) -> None:
    plain, locked = tmp_path / "plain", tmp_path / "locked"
    keys = school.folder.identity_path.read_bytes()
    back_up(school.folder, plain)
    back_up(school.folder, locked, PASSPHRASE)
    for secret in (keys, "Анна".encode(), b"SQLite format 3"):
        assert any(secret in content for content in files_of(plain).values())
        assert not any(secret in content for content in files_of(locked).values())
    assert not (school.folder.root / making.STAGING).exists()
    assert whole(locked, tmp_path, PASSPHRASE) == whole(plain, tmp_path)


def test_a_backup_with_a_passphrase_is_gone_on_with_under_it_alone(
    school: Any, tmp_path: Path
) -> None:
    target = tmp_path / "backup"
    back_up(school.folder, target, PASSPHRASE)
    before = files_of(target)
    with pytest.raises(BackupLockedError, match="has a passphrase"):
        back_up(school.folder, target)
    with pytest.raises(BackupLockedError, match="another one"):
        back_up(school.folder, target, "another")
    assert files_of(target) == before
    # Only the database is another one: it knows of the backup.
    assert back_up(school.folder, target, PASSPHRASE).written_files <= 2
    assert whole(target, tmp_path, PASSPHRASE).lost == ()


def test_the_lessons_may_stay_out(school: Any, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    all_files = back_up(school.folder, tmp_path / "all").files
    photo = attach(school)
    done = back_up(school.folder, target, lessons=False)
    assert done.files < all_files
    assert whole(target, tmp_path).lost == ()
    listed = {one.path for one in Backup(target).index.files}
    assert f"attachments/{photo.name[:2]}/{photo.name}" in listed
    assert not any("/objects/" in path for path in listed)
    assert any(path.endswith("/catalogue") for path in listed)


def test_what_is_damaged_on_the_server_is_named_and_stops_nothing(
    school: Any, tmp_path: Path
) -> None:
    photo = attach(school)
    photo.write_bytes(b"A sealed photo")
    good = attach(school, b"another")
    done = back_up(school.folder, tmp_path / "backup")
    assert done.damaged == (f"attachments/{photo.name[:2]}/{photo.name}",)
    listed = {one.path for one in Backup(tmp_path / "backup").index.files}
    assert f"attachments/{good.name[:2]}/{good.name}" in listed
    assert whole(tmp_path / "backup", tmp_path).lost == ()


def test_a_damaged_database_replaces_no_good_backup(school: Any, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    back_up(school.folder, target)
    before = (target / NAME).read_bytes()
    school.store._connection.execute("UPDATE records SET person = 'x' WHERE seq = 2")
    with pytest.raises(DataFolderError, match="Record 2 of"):
        back_up(school.folder, target)
    assert (target / NAME).read_bytes() == before
    assert whole(target, tmp_path).lost == ()


def test_it_goes_over_nothing_else(school: Any, tmp_path: Path, clock: Any) -> None:
    repository = tmp_path / "repository"
    for place in (repository, school.folder.root, school.folder.root / "here", tmp_path):
        before = len(files_of(tmp_path))
        with pytest.raises(SetupError):
            back_up(school.folder, place)
        assert len(files_of(tmp_path)) == before
    with open_school(tmp_path / "other", clock) as other:
        back_up(other.folder, tmp_path / "theirs")
    with pytest.raises(SetupError, match="another server's backup"):
        back_up(school.folder, tmp_path / "theirs")


def test_a_stick_without_room_for_the_database_is_named(
    school: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Any, __: Path) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(SqliteStore, "backup", full)
    with pytest.raises(sqlite3.OperationalError):
        back_up(school.folder, tmp_path / "backup")
    monkeypatch.setattr(making, "is_full", lambda _: True)
    with pytest.raises(BackupError, match="backup has no room"):
        back_up(school.folder, tmp_path / "backup")


def test_a_stick_that_is_too_small_is_told_before_anything_changes(
    school: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "backup"
    back_up(school.folder, target)
    before = files_of(target)
    monkeypatch.setattr(shelf.Shelf, "free_bytes", lambda _: 100_000)
    with pytest.raises(BackupError, match="without-lessons"):
        back_up(school.folder, target)
    assert files_of(target) == before
    assert whole(target, tmp_path).lost == ()


def test_a_stick_that_gives_back_something_else_is_told(
    school: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fakes(path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(bytes([content[0] ^ 1]) + content[1:])

    monkeypatch.setattr(shelf, "forget_file", fakes)
    with pytest.raises(BackupError, match="take another stick"):
        back_up(school.folder, tmp_path / "backup")
    assert not (tmp_path / "backup" / NAME).exists()


def test_an_index_that_is_damaged_is_made_anew(school: Any, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    back_up(school.folder, target)
    (target / NAME).write_bytes((target / NAME).read_bytes()[:-40])
    back_up(school.folder, target)
    assert whole(target, tmp_path).lost == ()


def test_what_went_bad_on_the_stick_is_mended_when_all_is_read(school: Any, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    photo = attach(school)
    back_up(school.folder, target)
    place = target / "objects" / photo.name[:2] / photo.name
    place.write_bytes(b"A sealed photo")
    back_up(school.folder, target)
    assert whole(target, tmp_path).lost == (f"attachments/{photo.name[:2]}/{photo.name}",)
    back_up(school.folder, target, read_all=True)
    assert whole(target, tmp_path).lost == ()


def test_it_can_be_stopped_and_gone_on_with(school: Any, tmp_path: Path) -> None:
    target, told = tmp_path / "backup", []
    watch = Watch(lambda *now: told.append(now), lambda: len(told) > 3)
    with pytest.raises(CancelledError):
        back_up(school.folder, target, watch=watch)
    assert not (target / NAME).exists()
    assert back_up(school.folder, target).written_files > 1
    assert whole(target, tmp_path).lost == ()


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_the_power_may_fail_at_any_step(
    school: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passphrase: Any
) -> None:
    target, spare = tmp_path / "backup", tmp_path / "spare"
    cheap_keys(monkeypatch)
    back_up(school.folder, spare, passphrase)
    attach(school, os.urandom(100_000))
    for steps in range(0, 400, 7):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(spare, target)
        with monkeypatch.context() as patch:
            power = Power(patch, steps)
            with contextlib.suppress(PowerCut):
                back_up(school.folder, target, passphrase)
            left = power.left
        if left >= 0:
            break
        if steps % 2:
            # Whatever was not in the index may hold anything now.
            tear_unlisted(target, passphrase)
        assert whole(target, tmp_path, passphrase).lost == ()
        back_up(school.folder, target, passphrase)
        assert whole(target, tmp_path, passphrase).lost == ()
    else:
        pytest.fail("the backup never came to its end")
    assert steps > 10


def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "new_lock", lambda: making.Lock(b"s" * 16, 14))


def tear_unlisted(target: Path, passphrase: Any) -> None:
    listed = Backup(target, passphrase).index.names
    for path in (target / "objects").glob("*/*"):
        if path.name not in listed:
            path.write_bytes(bytes(path.stat().st_size))
