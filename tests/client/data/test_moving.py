from __future__ import annotations

import os
import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest

from client.data import moving, pointer
from client.data.moving import move
from client.data.place import Chosen, find_place
from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from tests.support.laptop import AIGERIM, sample_laptop
from tests.support.pack_source import PACK


@pytest.fixture(scope="module")
def pattern(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pattern") / "keruen"
    laptop = sample_laptop(folder)
    laptop.save_draft(AIGERIM.id, PACK, "solving", "check", {"q1": "-7"})
    laptop.close()
    return folder


class Machine:
    """An account with data in the usual place, and two more disks."""

    def __init__(self, folder, pattern):
        self.environment = {"XDG_DATA_HOME": str(folder / "system"), "HOME": str(folder)}
        self.usual = folder / "system" / "keruen"
        shutil.copytree(pattern, self.usual)
        self.disks = [folder / "d", folder / "e"]
        for disk in self.disks:
            disk.mkdir()

    def place(self):
        return find_place(self.environment, lambda: self.disks)

    def move(self, target, **more):
        return move(self.place().folder, target, self.usual, self.disks, **more)

    def back(self):
        return self.move(self.usual)

    def seen(self):
        laptop = Laptop.open(self.place().folder)
        try:
            return (
                laptop.works(AIGERIM.id),
                laptop.draft(AIGERIM.id, PACK, "solving", "check"),
                len(laptop.lessons()),
                laptop.school,
                laptop.pack(PACK).id,
                laptop.status().waiting,
            )
        finally:
            laptop.close()


@pytest.fixture
def machine(tmp_path, pattern):
    return Machine(tmp_path, pattern)


def test_everything_is_there_after_each_move_and_nothing_where_it_was(machine):
    before = machine.seen()
    assert before[0] and before[1] == {"q1": "-7"}
    heard = []
    moved = machine.move(machine.disks[0] / "data", report=lambda *one: heard.append(one))
    assert moved.folder == machine.disks[0] / "data" == machine.place().folder
    assert moved.survivor == machine.disks[0] / pointer.SURVIVOR
    assert [path.name for path in machine.usual.iterdir()] == [pointer.MOVED]
    assert os.name == "nt" or moved.folder.stat().st_mode & 0o077 == 0
    assert machine.seen() == before
    assert heard == sorted(heard) and heard[-1][0] == heard[-1][1] > 0
    machine.move(machine.disks[1])
    assert machine.place().folder == machine.disks[1] / moving.FOLDER
    assert machine.seen() == before
    machine.back()
    assert machine.place() == (machine.usual, Chosen.USUAL)
    assert machine.seen() == before


def test_the_system_s_disk_may_be_set_back_at_every_start(machine, tmp_path):
    image = tmp_path / "image"
    shutil.copytree(machine.usual, image)
    machine.move(machine.disks[0])
    laptop = Laptop.open(machine.place().folder)
    laptop.save_draft(AIGERIM.id, PACK, "solving", "check", {"q1": "7"})
    laptop.close()
    now = machine.seen()
    for _ in range(2):
        shutil.rmtree(machine.usual)
        shutil.copytree(image, machine.usual)
        assert machine.seen() == now
    machine.move(machine.disks[1] / "further")
    shutil.rmtree(machine.usual)
    shutil.copytree(image, machine.usual)
    assert machine.seen() == now
    machine.back()
    assert machine.seen() == now
    assert machine.place().folder == machine.usual


def test_others_files_stay_and_get_company_in_a_folder_of_its_own(machine):
    (machine.disks[0] / "photo.jpg").write_bytes(b"mine")
    assert machine.move(machine.disks[0]).folder == machine.disks[0] / moving.FOLDER
    assert (machine.disks[0] / "photo.jpg").read_bytes() == b"mine"


@pytest.mark.parametrize("where", [".", "packs", "inner/deep"])
def test_data_are_not_moved_into_themselves(machine, where):
    target = machine.usual / where
    before = machine.seen()
    with pytest.raises(LaptopError) as raised:
        move(machine.usual, Path(os.path.normpath(target)), Path("/elsewhere"), machine.disks)
    assert raised.value.code in ("data-place-inside", "data-place-taken")
    assert machine.seen() == before


def test_a_file_in_the_way_is_named(machine):
    (machine.disks[0] / "x").write_bytes(b"")
    with pytest.raises(LaptopError) as raised:
        machine.move(machine.disks[0] / "x")
    assert raised.value.code == "data-place-taken"
    assert raised.value.message.values["subject"] == str(machine.disks[0] / "x")


def test_a_full_disk_is_noticed_before_anything_is_copied(machine, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1 << 30, 0, 1 << 20))
    before = machine.seen()
    with pytest.raises(LaptopError) as raised:
        machine.move(machine.disks[0])
    assert raised.value.code == "disk-full"
    assert [path for path in machine.disks[0].rglob("*") if path.is_file()] == []
    assert machine.seen() == before


def test_data_that_a_programme_works_on_are_not_moved(machine):
    laptop = Laptop.open(machine.usual)
    laptop.works(AIGERIM.id)
    with pytest.raises(LaptopError) as raised:
        machine.move(machine.disks[0])
    assert raised.value.code == "database-busy"
    laptop.save_draft(AIGERIM.id, PACK, "solving", "check", {"q1": "1"})
    laptop.close()
    assert machine.place().folder == machine.usual
    assert machine.seen()[1] == {"q1": "1"}


def test_a_programme_that_had_the_database_open_can_write_nothing_that_is_lost(machine):
    # Without a log, one that does nothing at the moment holds no lock.
    folder = machine.usual
    with sqlite3.connect(str(folder / "keruen.db")) as first:
        first.execute("PRAGMA journal_mode = DELETE")
    first.close()
    idle = sqlite3.connect(str(folder / "keruen.db"))
    assert idle.execute("SELECT count(*) FROM drafts").fetchone()[0]
    machine.move(machine.disks[0])
    with pytest.raises(sqlite3.Error):
        idle.execute("DELETE FROM drafts")
    idle.close()
    assert machine.seen()[1] == {"q1": "-7"}


class PowerCut(BaseException):
    pass


class Counting:
    """Lets so many steps at the disk be done, then the power is off."""

    def __init__(self, monkeypatch, left):
        self.left = left
        for owner, name in (
            (os, "fsync"),
            (Path, "replace"),
            (Path, "unlink"),
            (Path, "mkdir"),
            (Path, "rmdir"),
            (shutil, "rmtree"),
            (moving, "_make_useless"),
        ):
            monkeypatch.setattr(owner, name, self._counted(getattr(owner, name)))

    def _counted(self, step):
        def counted(*arguments, **more):
            if self.left <= 0:
                raise PowerCut()
            self.left -= 1
            return step(*arguments, **more)

        return counted


def cut_once(machine, left, target):
    with pytest.MonkeyPatch.context() as patch:
        counting = Counting(patch, left)
        try:
            machine.move(target)
        except PowerCut:
            return True
        assert counting.left > 0
        return False


@pytest.mark.parametrize("to", ["another disk", "back"])
def test_the_power_may_go_at_any_step(machine, tmp_path, pattern, to):
    target = machine.disks[0] / "data"
    if to == "back":
        machine.move(target)
        target = machine.usual
    start, before = tmp_path / "start", machine.seen()
    world = [machine.usual.parent, *machine.disks]
    for path in world:
        shutil.copytree(path, start / path.name)
    lefts, places = iter([*range(12), *range(12, 1000, 5)]), set()
    cut = True
    while cut:
        for path in world:
            shutil.rmtree(path)
            shutil.copytree(start / path.name, path)
        cut = cut_once(machine, next(lefts), target)
        places.add(machine.place().folder)
        assert machine.seen() == before
        if machine.place().folder != target:
            machine.move(target)
        assert machine.place().folder == target
        assert machine.seen() == before
    assert len(places) == 2
