from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import List, Tuple

import pytest

from sync_server.data_folder import DataFolder
from sync_server.doctor.rights import look_at_rights

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its rights are others")
ADMINISTRATOR = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only the administrator gives files away"
)
SOMEBODY = 4711


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "school")
    made.create()
    return made


def said(folder: DataFolder, *, mend: bool = False) -> List[Tuple[str, bool]]:
    return [(one.state.value, one.mendable) for one in look_at_rights(folder, mend=mend)]


def test_a_new_folder_is_its_owners_alone(folder: DataFolder) -> None:
    assert folder.root.stat().st_mode & 0o777 == 0o700
    assert said(folder) == []


def test_an_open_folder_is_closed(folder: DataFolder) -> None:
    folder.root.chmod(0o755)
    assert said(folder) == [("advice", True)]
    assert said(folder, mend=True) == [("mended", False)]
    assert said(folder) == []


def test_a_disk_without_rights_is_told_so(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.root.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    assert said(folder, mend=True) == [("advice", False)]


@ADMINISTRATOR
def test_what_belongs_to_another_user_is_given_back(folder: DataFolder) -> None:
    os.chown(folder.root, SOMEBODY, SOMEBODY)
    assert said(folder) == [("ill", True)]
    assert said(folder, mend=True) == [("mended", False)]
    assert folder.database.stat().st_uid == SOMEBODY
    assert said(folder) == []


@ADMINISTRATOR
def test_nobody_else_can_give_it_back(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chown(folder.database, SOMEBODY, SOMEBODY)
    monkeypatch.setattr(os, "geteuid", lambda: 1)
    (found,) = look_at_rights(folder, mend=True)
    assert not found.mendable
    assert "sudo" in found.sentence
    assert folder.database.stat().st_uid == SOMEBODY
