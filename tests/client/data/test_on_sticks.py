"""A laptop whose data lie on a stick, on real file systems."""

from __future__ import annotations

import itertools
import os
import signal
import time
from pathlib import Path

import pytest

from client.data.moving import move
from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Station
from client.laptop.storage import database, opening
from tests.support.file_systems import check_image, make_image, mounted
from tests.support.pack_source import PACK, RIGHT_ANSWERS
from tests.support.school import ADDRESS, MemoryRoad, School

TASK = (PACK, "meaning", "check")
SYSTEMS = ("exfat", "ntfs", "ext4")
"""FAT32's driver for images empties a folder that is renamed; exFAT has the same rules."""
DRIVEN = ("exfat", "ntfs")
"""File systems whose driver is a programme, which can be killed as a stick is pulled out."""

NUMBERS = itertools.count(1)


@pytest.fixture
def on_stick(monkeypatch):
    for module in (database, opening):
        monkeypatch.setattr(module, "lies_on_stick", lambda folder: True)


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    school = School(tmp_path_factory.mktemp("school"))
    school.publish(video_bytes=1000)
    yield school
    school.close()


@pytest.fixture
def road(school):
    return MemoryRoad(school)


def joined(folder, school, road):
    laptop = Laptop.open(folder, None, road)
    # The tests of a module share a school, and each needs a pupil of its own.
    pupil = f"Айгерім {next(NUMBERS)}"
    laptop.enrol(ADDRESS, school.code((pupil,)))
    account = laptop.sync()
    assert account.problem is None and account.packs_installed
    return laptop, laptop.people()[0].id


@pytest.mark.parametrize("kind", SYSTEMS)
def test_all_of_a_laptop_s_life_happens_on_a_stick(kind, tmp_path, school, road, on_stick):
    image, stick = tmp_path / "image", tmp_path / "stick"
    make_image(kind, image)
    with mounted(kind, image, stick):
        folder = stick / "Keruen-portable" / "data"
        laptop, person = joined(folder, school, road)
        laptop.save_draft(person, *TASK, RIGHT_ANSWERS)
        laptop.hand_in(person, *TASK, RIGHT_ANSWERS, "kk")
        assert laptop.sync().problem is None
        laptop.close()
        assert not (folder / "keruen.db-wal").exists()
    check_image(kind, image)
    with mounted(kind, image, stick):
        laptop = Laptop.open(folder, None, road)
        assert [work.station for work in laptop.works(person)] == [Station.SCHOOL]
        assert laptop.pack(PACK).id == PACK
        assert laptop.notices() == ()
        laptop.close()


@pytest.mark.parametrize("kind", SYSTEMS)
def test_data_are_moved_onto_another_file_system_and_back(kind, tmp_path, school, road):
    image, disk, home = tmp_path / "image", tmp_path / "disk", tmp_path / "home"
    make_image(kind, image, 128 << 20)
    laptop, person = joined(home, school, road)
    laptop.hand_in(person, *TASK, RIGHT_ANSWERS, "kk")
    laptop.close()
    with mounted(kind, image, disk):
        moved = move(home, disk, home, [disk])
        assert moved.survivor == disk / "Keruen-data.json"
        laptop = Laptop.open(moved.folder, None, road)
        assert len(laptop.works(person)) == 1 and laptop.sync().problem is None
        laptop.close()
        move(moved.folder, home, home, [disk])
    check_image(kind, image)
    laptop = Laptop.open(home, None, road)
    assert [work.station for work in laptop.works(person)] == [Station.SCHOOL]
    laptop.close()


@pytest.mark.parametrize("kind", DRIVEN)
def test_a_stick_that_is_pulled_out_and_put_in_again(kind, tmp_path, school, road, on_stick):
    image, stick = tmp_path / "image", tmp_path / "stick"
    make_image(kind, image)
    with mounted(kind, image, stick):
        laptop, person = joined(stick / "data", school, road)
        laptop.hand_in(person, *TASK, RIGHT_ANSWERS, "kk")
        for number in range(10):
            laptop.save_draft(person, *TASK, {"q1": str(number)})
        pull_out(stick)
        for _ in range(2):
            with pytest.raises(LaptopError) as raised:
                laptop.save_draft(person, *TASK, {"q1": "lost"})
            assert raised.value.code == "stick-gone"
        with pytest.raises(LaptopError, match="refused"):
            laptop.works(person)
    with mounted(kind, image, stick):
        # The programme went on running all the time.
        assert laptop.draft(person, *TASK) == {"q1": "9"}
        laptop.save_draft(person, *TASK, {"q1": "10"})
        laptop.close()
        laptop = Laptop.open(stick / "data", None, road)
        assert laptop.notices() == ()
        assert laptop.draft(person, *TASK) == {"q1": "10"}
        assert laptop.sync().records_sent == 1
        assert [work.station for work in laptop.works(person)] == [Station.SCHOOL]
        laptop.close()


def pull_out(folder: Path) -> None:
    """Kill the programme that drives the file system mounted on ``folder``."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and str(folder) in drives(process):
            os.kill(int(process.name), signal.SIGKILL)
    for _ in range(6_000):
        try:
            folder.stat()
        except OSError:
            return
        time.sleep(0.01)
    pytest.fail("the file system is still there")


def drives(process: Path):
    try:
        return process.joinpath("cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return []
