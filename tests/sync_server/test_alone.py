from __future__ import annotations

from pathlib import Path

import pytest

from sync_server.alone import LOCK, alone
from sync_server.data_folder import DataFolder
from sync_server.errors import DataFolderError, SetupError
from tests.support.server import ServerProcess, server_command, server_json


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "school")
    made.create()
    return made


def test_a_second_one_is_kept_out_until_the_first_is_done(folder: DataFolder) -> None:
    with alone(folder, 0), pytest.raises(SetupError, match="already"):
        alone(folder, 0).__enter__()
    with alone(folder, 0):
        assert (folder.root / LOCK).exists()
    assert not (folder.root / LOCK).exists()


def test_what_goes_wrong_inside_is_told_as_it_is(folder: DataFolder) -> None:
    with pytest.raises(ZeroDivisionError), alone(folder, 0):
        raise ZeroDivisionError
    with alone(folder, 0):
        pass


def test_a_folder_that_cannot_be_written_is_named(folder: DataFolder) -> None:
    (folder.root / LOCK).mkdir()
    with pytest.raises(DataFolderError, match=LOCK):
        alone(folder, 0).__enter__()


def test_no_second_server_starts_and_a_killed_one_is_in_nobodys_way(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_server.alone.STOPPING_S", 0.0)
    server_json("init", str(folder.root), "--school", "Ақсу", "--json")
    with ServerProcess(folder.root) as first:
        code, _, said = server_command("run", "--data", str(folder.root), "--port", "0")
        assert (code, "already" in said) == (1, True)
        first.kill()
    with ServerProcess(folder.root):
        pass
