from __future__ import annotations

from pathlib import Path

import pytest

from sync.errors import StickError
from sync.sticks.volume import FolderVolume, Volume, find_stick, make_folder
from tests.support.stick_volume import MemoryVolume
from tests.sync.sticks.volume_contract import VolumeContract


class TestMemoryVolume(VolumeContract):
    @pytest.fixture
    def volume(self) -> Volume:
        return MemoryVolume()


class TestFolderVolume(VolumeContract):
    @pytest.fixture
    def volume(self, tmp_path: Path) -> Volume:
        return FolderVolume(tmp_path)


def test_a_drive_has_a_stick_s_folder_or_not(tmp_path: Path) -> None:
    assert find_stick(tmp_path) is None
    made = make_folder(tmp_path)
    found = find_stick(tmp_path)
    assert found is not None
    assert made.path == found.path == tmp_path / "KERUEN"
    make_folder(tmp_path)


def test_a_stranger_s_file_of_our_name_stays(tmp_path: Path) -> None:
    (tmp_path / "KERUEN").write_text("a diary")
    assert find_stick(tmp_path) is None
    with pytest.raises(StickError) as caught:
        make_folder(tmp_path)
    assert caught.value.code == "stick-damaged"
    assert (tmp_path / "KERUEN").read_text() == "a diary"
