from __future__ import annotations

from pathlib import Path

import pytest

from client.data import pointer
from client.data.place import Chosen, Place, find_place
from client.laptop.errors import LaptopError


class Machine:
    """An account's home on a system's disk, and a disk beside it."""

    def __init__(self, folder):
        self.environment = {"XDG_DATA_HOME": str(folder / "system"), "HOME": str(folder)}
        self.usual = folder / "system" / "keruen"
        self.disk = folder / "disk"
        self.disk.mkdir()

    def find(self, **more):
        return find_place(self.environment, lambda: [self.disk], **more)

    def holds(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "keruen.db").write_bytes(b"x")
        return folder


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_the_usual_place_need_not_be_there_yet(machine):
    assert machine.find() == Place(machine.usual, Chosen.USUAL)


def test_whoever_says_it_more_closely_counts_more(machine, tmp_path):
    programme = tmp_path / "Keruen-portable" / "linux" / "keruen"
    programme.parent.mkdir(parents=True)
    assert machine.find(programme=programme).chosen is Chosen.USUAL
    (tmp_path / "Keruen-portable" / "portable").write_text("x")
    data = tmp_path / "Keruen-portable" / "data"
    assert machine.find(programme=programme) == Place(data, Chosen.PORTABLE)
    machine.environment["KERUEN_DATA"] = "/d"
    assert machine.find(programme=programme) == Place(Path("/d"), Chosen.ENVIRONMENT)
    found = machine.find(option=Path("/o"), programme=programme)
    assert found == Place(Path("/o"), Chosen.OPTION)


def test_data_are_followed_from_place_to_place(machine):
    first, second = machine.disk / "a", machine.holds(machine.disk / "b")
    for folder in (machine.usual, first):
        folder.mkdir(parents=True)
    pointer.write_moved(machine.usual, first)
    pointer.write_moved(first, second)
    assert machine.find() == Place(second, Chosen.MOVED)


def test_a_system_s_disk_that_was_set_back_is_not_believed(machine):
    # The old data are there again, and nothing there says that they were moved.
    machine.holds(machine.usual)
    moved = machine.holds(machine.disk / "Keruen-data")
    pointer.write_survivor(machine.usual, moved, machine.disk)
    assert machine.find() == Place(moved, Chosen.MOVED)


def test_a_disk_with_another_letter_is_found(machine):
    machine.usual.mkdir(parents=True)
    pointer.write_moved(machine.usual, machine.disk.parent / "gone" / "Keruen-data")
    moved = machine.holds(machine.disk / "Keruen-data")
    pointer.write_survivor(machine.usual, moved, machine.disk)
    assert machine.find() == Place(moved, Chosen.MOVED)


def test_no_empty_laptop_is_made_where_the_data_s_disk_is_away(machine):
    machine.usual.mkdir(parents=True)
    away = machine.disk / "Keruen-data"
    pointer.write_moved(machine.usual, away)
    with pytest.raises(LaptopError) as raised:
        machine.find()
    assert raised.value.code == "data-away"
    assert raised.value.message.values["subject"] == str(away)
    pointer.remove_moved(machine.usual)
    pointer.write_survivor(machine.usual, away, machine.disk)
    with pytest.raises(LaptopError) as raised:
        machine.find()
    assert raised.value.code == "data-away"


def test_data_that_came_back_are_in_the_usual_place(machine):
    # The disk's own file could not be changed, and still says that the data are there.
    left = machine.disk / "Keruen-data"
    left.mkdir()
    machine.holds(machine.usual)
    pointer.write_survivor(machine.usual, left, machine.disk)
    pointer.write_moved(left, machine.usual)
    assert machine.find() == Place(machine.usual, Chosen.USUAL)


@pytest.mark.parametrize("where", ["usual", "disk", "both", "neither"])
def test_of_places_that_name_each_other_the_one_with_a_database_counts(machine, where):
    left = machine.disk / "Keruen-data"
    for folder in (machine.usual, left):
        folder.mkdir(parents=True)
    pointer.write_moved(machine.usual, left)
    pointer.write_moved(left, machine.usual)
    if where in ("usual", "both"):
        machine.holds(machine.usual)
    if where in ("disk", "both"):
        machine.holds(left)
    there = left if where in ("disk", "both") else machine.usual
    assert machine.find().folder == there
