from __future__ import annotations

import json

import pytest

from client.cli import DONE, YOURS, main
from client.laptop.laptop import Laptop
from sync.sticks.choice import read_choice
from sync.sticks.volume import find_stick
from tests.support.laptop import TurnableClock
from tests.support.school import ADDRESS, MemoryRoad, School

OTHER = "second-pack"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A teacher's laptop with two packs."""
    place = tmp_path_factory.mktemp("teacher")
    school = School(place / "school")
    road = MemoryRoad(school)
    laptop = Laptop.open(place / "laptop", TurnableClock(), road)
    laptop.enrol(ADDRESS, school.code((), ("Сәуле Жүнісова",)))
    for pack in ("first-pack", OTHER):
        school.publish(pack, lessons=("meaning",), video_bytes=300_000)
    assert laptop.sync().problem is None
    laptop.close()
    school.close()
    return place / "laptop"


def run(folder, capsys, *arguments):
    code = main(["--data", str(folder), "--language", "en", "stick", "write", *arguments])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def sticks(tmp_path):
    found = [tmp_path / "one", tmp_path / "two"]
    for root in found:
        root.mkdir()
    return [str(root) for root in found]


def test_several_sticks_get_all_packs(folder, sticks, capsys):
    code, told = run(folder, capsys, *sticks)
    assert code == DONE
    assert [one["path"] for one in told["sticks"]] == sticks
    for one in told["sticks"]:
        assert set(one["packs"]) == {"first-pack", OTHER}
        assert one["written_bytes"] >= 600_000
        assert (one["problem"], one["set_aside"]) == (None, [])


def test_packs_and_how_much_of_them_are_chosen(folder, sticks, capsys, tmp_path):
    code, told = run(folder, capsys, sticks[0], "--pack", OTHER, "--media", "text")
    assert code == DONE
    assert told["sticks"][0]["packs"] == [OTHER]
    assert told["sticks"][0]["written_bytes"] < 100_000
    choice = read_choice(find_stick(tmp_path / "one"))
    assert [(key.partition("/")[2], level) for key, level in choice.packs.items()] == [
        (OTHER, "text")
    ]


def test_a_class_is_all_its_packs_and_an_unknown_pack_changes_nothing(folder, sticks, capsys):
    code, told = run(folder, capsys, sticks[0], "--grade", "7")
    assert (code, len(told["sticks"][0]["packs"])) == (DONE, 2)
    code, told = run(folder, capsys, sticks[1], "--pack", "no-such")
    assert (code, told["error"]) == (YOURS, "pack-missing")
    assert find_stick(type(folder)(sticks[1])) is None


def test_one_that_fails_is_named_and_the_other_is_written(folder, sticks, capsys, tmp_path):
    missing = str(tmp_path / "gone")
    code, told = run(folder, capsys, missing, sticks[0])
    assert code == YOURS
    assert told["sticks"][0]["problem"]["sentence"]
    assert told["sticks"][1]["problem"] is None
