from __future__ import annotations

import json

import pytest

from client import cli
from client.laptop.laptop import Laptop
from sync.sticks.marker import make_stick
from tests.support.pack_source import PACK, RIGHT_ANSWERS
from tests.support.school import School
from tests.support.stick_post import answer_letters, invite, lay_packs


@pytest.fixture
def school(tmp_path):
    school = School(tmp_path / "school")
    school.publish(lessons=("meaning",), video_bytes=10_000)
    yield school
    school.close()


@pytest.fixture
def drive(tmp_path, school):
    root = tmp_path / "drive"
    root.mkdir()
    lay_packs(school, make_stick(root))
    return root


@pytest.fixture
def run(tmp_path, capsys):
    def run(*arguments):
        base = ["--data", str(tmp_path / "laptop"), "--language", "en"]
        code = cli.main([*base, *map(str, arguments)])
        return code, json.loads(capsys.readouterr().out)

    return run


def test_a_laptop_joins_hands_in_and_hears_back_by_stick_alone(tmp_path, run, school, drive):
    volume, code = make_stick(drive), school.code(("Айгерім",))
    invite(school, volume, code)
    exit_code, told = run("enrol", "--stick", drive, *code.split())
    assert exit_code == cli.DONE
    assert told["school"] == "Қарағаш орта мектебі"
    assert told["stick"]["packs_installed"] == [{"pack": PACK, "version": 1}]
    laptop = Laptop.open(tmp_path / "laptop")
    laptop.hand_in(told["people"][0]["id"], PACK, "meaning", "check", RIGHT_ANSWERS, "kk")
    laptop.close()
    exit_code, told = run("stick", "sync", drive)
    (visit,) = told["sticks"]
    assert exit_code == cli.DONE
    assert (visit["path"], visit["works_left"], visit["safe"]) == (str(drive), 1, True)
    assert visit["sentence"].startswith("1 answer is on the stick")
    answer_letters(school, volume)
    assert run("stick", "sync", drive / "KERUEN")[1]["sticks"][0]["works_arrived"] == 1
    assert run("status")[1]["waiting"] == 0


def test_what_is_no_stick_is_said(tmp_path, run, school):
    code, told = run("enrol", "--stick", tmp_path, school.code(("Айгерім",)))
    assert (code, told["error"]) == (cli.YOURS, "stick-none")
    code, told = run("stick", "check", tmp_path)
    assert (code, told["error"]) == (cli.YOURS, "stick-none")


def test_a_stick_that_cannot_be_checked_keeps_no_other_waiting(tmp_path, run, drive):
    code, told = run("stick", "check", tmp_path, drive)
    assert code == cli.YOURS
    assert told["sentence"].startswith("This stick has no folder KERUEN")
    none, whole = told["sticks"]
    assert none["problem"]["code"] == "stick-none"
    assert (whole["path"], whole["damaged"]) == (str(drive), [])


def test_a_damaged_stick_is_named_and_mended(run, drive):
    assert run("stick", "check", drive)[0] == cli.DONE
    path = next((drive / "KERUEN" / "repository").rglob("objects/*/*"))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    code, told = run("stick", "check", drive)
    assert code == cli.YOURS
    (damaged,) = told["sticks"][0]["damaged"]
    assert damaged.endswith(path.name)
    assert path.exists()
    run("stick", "check", "--remove", drive)
    assert not path.exists()
    assert run("stick", "check", drive)[0] == cli.DONE


def test_sticks_that_are_in_are_listed(run, drive, monkeypatch):
    from sync.sticks import drives

    found = (drives.Drive(drive, "САБАҚ", "vfat", True), drives.Drive(drive.parent, "", "", True))
    monkeypatch.setattr(drives, "drives", lambda *_: found)
    code, told = run("stick", "list")
    assert code == cli.DONE
    ours, empty = told["sticks"]
    assert (ours["kind"], ours["label"], ours["writable"]) == ("ours", "САБАҚ", True)
    assert (empty["kind"], empty["of_school"]) == ("empty", False)
    told = run("stick", "sync")[1]
    assert told["error"] == "stick-not-in", "none of this school is in"
    assert told["sentence"] == "No stick of this school is in. Put one in, or name where it is."
