from __future__ import annotations

import shutil
import sqlite3

import pytest

from sync_server.backup import back_up
from sync_server.data_folder import DataFolder
from sync_server.errors import DataFolderError, SetupError
from sync_server.restoring import restore, verify_backup
from tests.support.exchanges import forged_run
from tests.support.server import open_school


@pytest.fixture
def backup(tmp_path, enrolled, road, school):
    """A backup with kept records, a refused one and another branch."""
    pupil, shared = enrolled(["Анна"]), enrolled(["Болат", "Дана"])
    for answer in "123":
        pupil.hand_in(pupil.people[0].id, answer)
    pupil.exchange_all(road)
    first = pupil.journal.head
    road.exchange(pupil.seal(forged_run(pupil, [{"not": "answers"}, {"nor": "here"}])))
    assert first.seq == 3
    shared.hand_in(shared.people[1].id)
    shared.exchange_all(road)
    place = tmp_path / "backup"
    back_up(school.folder, place)
    return DataFolder(place)


def change(folder, sql):
    connection = sqlite3.connect(str(folder.database))
    with connection:
        assert connection.execute(sql).rowcount > 0
    connection.close()


def test_a_whole_backup_becomes_a_data_folder_that_goes_on(
    tmp_path, backup, enrolled, road, school, clock
):
    late = enrolled(["Ерлан"])
    late.hand_in(late.people[0].id)
    found = restore(backup, DataFolder(tmp_path / "new" / "server"))
    # Two laptops' journals and the server's own.
    assert (found.journals, found.records) == (3, 5 + 1 + 3)
    with open_school(tmp_path / "new" / "server", clock) as again:
        assert again.identity.public == school.identity.public
        with again.store.transaction() as transaction:
            assert transaction.counts()["records"] == 7
            assert transaction.counts()["refused"] == 2


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
def test_a_changed_record_is_found_and_nothing_is_copied(tmp_path, backup, sql, sentence):
    change(backup, sql)
    target = DataFolder(tmp_path / "new")
    with pytest.raises(DataFolderError, match=sentence):
        restore(backup, target)
    assert not target.root.exists()


def test_another_servers_identity_is_found(tmp_path, backup, clock):
    with open_school(tmp_path / "other", clock) as other:
        shutil.copy(other.folder.identity_path, backup.identity_path)
    with pytest.raises(DataFolderError, match="another server"):
        verify_backup(backup)


def test_a_damaged_file_is_found(backup):
    size_bytes = backup.database.stat().st_size
    with backup.database.open("r+b") as file:
        file.seek(size_bytes // 2)
        file.write(b"\xff" * 4096)
    with pytest.raises(DataFolderError):
        verify_backup(backup)


@pytest.mark.parametrize("missing", ["server.db", "identity"])
def test_half_a_backup_is_none(backup, missing):
    (backup.root / missing).unlink()
    with pytest.raises(DataFolderError):
        verify_backup(backup)


def test_what_is_there_is_not_written_over(tmp_path, backup, school):
    before = school.folder.database.read_bytes()
    with pytest.raises(SetupError, match="not empty"):
        restore(backup, school.folder)
    assert school.folder.database.read_bytes() == before


def test_a_disk_that_fails_halfway_leaves_no_half_server(tmp_path, backup, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sync_server.backup._copy_repositories", full)
    target = DataFolder(tmp_path / "new")
    with pytest.raises(OSError, match="No space"):
        restore(backup, target)
    assert not target.root.exists()
