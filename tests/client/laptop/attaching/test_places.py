from __future__ import annotations

import os
from pathlib import Path

import pytest

from client.laptop.attaching import places as module
from client.laptop.attaching.places import listing, places
from sync.sticks.drives import Drive


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", staticmethod(lambda: tmp_path / "home"))
    stick = Drive(tmp_path / "media" / "pupil" / "FLASH", "FLASH", "vfat", True)
    monkeypatch.setattr(module.drives, "drives", lambda: (stick,))
    (tmp_path / "home" / "Pictures").mkdir(parents=True)
    (tmp_path / "media" / "pupil" / "FLASH").mkdir(parents=True)
    return tmp_path / "home"


def names(found):
    return [entry.name for entry in found.entries]


def test_sticks_come_first_then_the_own_folders(home):
    assert names(places()) == ["FLASH", "Pictures", "home"]


def test_folders_by_name_then_the_newest_files_of_kinds_that_may_be_attached(home):
    folder = home / "Pictures"
    for at, name in enumerate(["old.jpg", "new.JPG", "song.mp3", "game.exe", ".hidden.jpg"]):
        (folder / name).write_bytes(b"x" * (at + 1))
        os.utime(folder / name, (1000 + at, 1000 + at))
    (folder / "Б").mkdir()
    (folder / "а").mkdir()
    (folder / "broken.jpg").symlink_to(folder / "nowhere")
    found = listing(folder)
    assert names(found) == ["а", "Б", "song.mp3", "new.JPG", "old.jpg"]
    assert [entry.is_photo for entry in found.entries] == [False, False, False, True, True]
    assert found.entries[3].size_bytes == 2
    assert found.parent is None
    assert listing(folder / "а").parent == folder


def test_a_folder_that_is_gone_is_said_to_be_unreadable(home):
    found = listing(home / "gone")
    assert (found.readable, found.entries) == (False, ())


def test_a_camera_s_folder_is_bounded(home, monkeypatch):
    monkeypatch.setattr(module, "MAX_ENTRIES", 3)
    for at in range(5):
        (home / f"{at}.jpg").write_bytes(b"x")
        os.utime(home / f"{at}.jpg", (at, at))
    found = listing(home)
    assert names(found) == ["Pictures", "4.jpg", "3.jpg", "2.jpg"]
    assert found.more
