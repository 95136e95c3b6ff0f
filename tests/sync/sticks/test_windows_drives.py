from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

import pytest

from sync.sticks import windows_drives
from sync.sticks.drives import Drive, ask_nobody
from sync.sticks.windows_drives import (
    DISC,
    FIXED,
    REMOVABLE,
    Volume,
    disks,
    found,
    is_plugged,
    kernel,
)

NETWORK = 4


class MadeUp:
    """A Windows with drives: letter to kind, volume (None: empty) and bus."""

    def __init__(self, **drives):
        self.drives = drives
        self.asked = []

    def letters(self):
        return sum(1 << (ord(letter) - ord("A")) for letter in self.drives)

    def kind(self, root):
        return self.drives[root[0]][0]

    def volume(self, root):
        self.asked.append(root[0])
        return self.drives[root[0]][1]

    def bus(self, root):
        return self.drives[root[0]][2]


FAT = Volume("FLASH", "FAT32", "12ab34cd")


def letters(windows, system_drive="C:"):
    return [str(drive.root)[0] for drive in found(windows, system_drive)]


def test_a_stick_a_card_and_a_disc_are_found_with_what_they_are():
    windows = MadeUp(
        C=(FIXED, Volume("", "NTFS", "1"), 11),
        E=(REMOVABLE, FAT, 7),
        F=(DISC, Volume("LESSONS", "CDFS", "2"), 2),
    )
    assert found(windows, "C:") == [
        Drive(Path("E:\\"), "FLASH", "FAT32", True, "12ab34cd"),
        Drive(Path("F:\\"), "LESSONS", "CDFS", True, "2"),
    ]


@pytest.mark.parametrize(("bus", "removable"), [(7, True), (12, True), (11, False), (None, False)])
def test_a_disk_that_calls_itself_fixed_is_judged_by_what_it_hangs_on(bus, removable):
    (drive,) = found(MadeUp(D=(FIXED, FAT, bus)), "C:")
    assert drive.removable is removable


def test_an_empty_reader_and_a_drive_on_a_network_are_none():
    windows = MadeUp(E=(REMOVABLE, None, 7), Z=(NETWORK, FAT, None))
    assert letters(windows) == []
    assert windows.asked == ["E"]


def test_floppy_drives_are_not_even_asked_and_windows_own_is_left_out():
    windows = MadeUp(A=(REMOVABLE, FAT, 1), B=(REMOVABLE, FAT, 1), D=(FIXED, FAT, 11))
    assert letters(windows, "d:") == []
    assert windows.asked == []


def test_a_file_s_drive_tells_whether_it_can_be_pulled_out():
    windows = MadeUp(C=(FIXED, FAT, 11), D=(FIXED, FAT, 7), E=(REMOVABLE, FAT, None))
    found = {letter: is_plugged(windows, PureWindowsPath(letter + ":\\a\\b")) for letter in "CDE"}
    assert found == {"C": False, "D": True, "E": True}
    assert windows.asked == []


def test_built_in_disks_beside_windows_own_are_told_apart_from_what_is_plugged_in():
    windows = MadeUp(
        C=(FIXED, FAT, 11), D=(FIXED, FAT, 11), E=(FIXED, FAT, 7), F=(REMOVABLE, FAT, 7)
    )
    assert disks(windows, "C:") == [Path("D:\\")]


@pytest.mark.skipif(os.name == "nt", reason="this is Windows")
def test_elsewhere_there_is_no_windows_to_ask():
    ask_nobody()
    with pytest.raises(OSError, match="not Windows"):
        kernel()


def test_windows_is_told_to_ask_nobody_for_a_drive_that_is_gone(monkeypatch):
    told = []
    windows = MadeUp()
    windows.ask_nobody = lambda: told.append(True)
    monkeypatch.setattr(windows_drives, "kernel", lambda: windows)
    ask_nobody("win32")
    assert told == [True]
