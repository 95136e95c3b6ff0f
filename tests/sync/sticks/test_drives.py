from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sync.sticks.drives import Change, Drive, Watch, disks, drive_of, drives, may_be_pulled_out


def stick(root="/media/FLASH", serial="1234-ABCD"):
    return Drive(Path(root), "FLASH", "vfat", True, serial)


class Looks:
    def __init__(self, *looks):
        self.left = list(looks)

    def __call__(self):
        return self.left.pop(0)


def test_what_is_there_at_first_came_and_what_stays_is_no_news():
    watch = Watch(Looks((stick(),), (stick(),), ()))
    assert watch.poll() == Change((stick(),), ())
    assert watch.poll() == Change((), ())
    assert watch.poll() == Change((), (stick(),))


def test_another_stick_in_the_same_place_is_another_one():
    other = stick(serial="FFFF-0000")
    watch = Watch(Looks((stick(),), (other,)))
    watch.poll()
    assert watch.poll() == Change((other,), (stick(),))


def test_a_new_name_for_the_same_stick_is_no_news():
    renamed = stick()._replace(label="OQULYQ")
    watch = Watch(Looks((stick(),), (renamed,), ()))
    watch.poll()
    assert watch.poll() == Change((), ())
    assert watch.poll() == Change((), (renamed,))


def test_this_machine_can_be_asked_and_its_own_disk_is_no_stick():
    found = drives()
    own = "C:\\" if sys.platform == "win32" else "/"
    assert own not in {str(drive.root) for drive in found}
    assert list(found) == sorted(found, key=lambda drive: str(drive.root))


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has volumes")
def test_a_machine_without_volumes_has_none():
    assert drives("darwin") == ()


def test_a_file_lies_on_the_innermost_drive_that_holds_it(tmp_path):
    outer, inner = stick(str(tmp_path)), stick(str(tmp_path / "inner"))
    look = Looks(*[(outer, inner)] * 3)
    (tmp_path / "link").symlink_to(tmp_path / "inner")
    assert drive_of(tmp_path / "inner" / "not yet" / "there", look) == inner
    assert drive_of(tmp_path / "link", look) == inner
    assert drive_of(tmp_path / "inner two", look) == outer
    assert drive_of(Path("/elsewhere"), lambda: (outer, inner)) is None


def test_a_file_on_the_system_s_own_disk_stays(tmp_path):
    assert not may_be_pulled_out(Path("/etc"))
    assert not may_be_pulled_out(tmp_path, "darwin")


def test_the_system_s_own_disk_is_not_one_that_outlives_its_setting_back():
    assert Path("/") not in disks()
    assert disks("darwin") == ()
