from __future__ import annotations

import json
import sys

import pytest

from client import cli, cli_data
from client.laptop.laptop import Laptop
from tests.support.laptop import AIGERIM, sample_laptop


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An account with a laptop in the usual place, and a disk beside the system's."""
    monkeypatch.delenv("KERUEN_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "platform", "linux")
    (tmp_path / "disk").mkdir()
    monkeypatch.setattr(cli_data.drives, "disks", lambda: (tmp_path / "disk",))
    sample_laptop(tmp_path / "home" / "keruen").close()
    return tmp_path


def run(capsys, *arguments):
    code = cli.main([str(one) for one in ("--language", "en", *arguments)])
    output = capsys.readouterr()
    return code, json.loads(output.out), output.err


def test_where_the_data_lie_and_that_there_is_a_better_place(capsys, home):
    code, told, _ = run(capsys, "data")
    assert code == cli.DONE
    assert told.pop("free_bytes") > 0
    assert told["other_disks"][0].pop("free_bytes") > 0
    assert told["sentence"].startswith("The data are on the system's disk: ")
    assert told == {
        "folder": str(home / "home" / "keruen"),
        "chosen": "usual",
        "outlives_reset": False,
        "other_disks": [{"folder": str(home / "disk")}],
        "sentence": told["sentence"],
    }


def test_data_are_moved_found_there_and_moved_back(capsys, home):
    _, before, _ = run(capsys, "status")
    code, told, _ = run(capsys, "data", "--move", home / "disk")
    assert code == cli.DONE
    assert (told["chosen"], told["outlives_reset"]) == ("moved", True)
    assert told["folder"] == str(home / "disk" / "Keruen-data")
    assert told["moved_bytes"] > 0
    assert run(capsys, "data")[1]["folder"] == told["folder"]
    assert run(capsys, "status")[1] == before
    code, told, _ = run(capsys, "data", "--back")
    assert (code, told["chosen"]) == (cli.DONE, "usual")
    assert run(capsys, "status")[1] == before


def test_who_sits_at_a_terminal_sees_how_far_it_is(capsys, home, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    _, told, seen = run(capsys, "data", "--move", home / "disk")
    assert seen.endswith("\r100 %\n")
    assert told["chosen"] == "moved"


def test_a_disk_that_is_away_is_said_and_can_be_given_up(capsys, home):
    run(capsys, "data", "--move", home / "disk")
    (home / "disk").rename(home / "away")
    code, told, complained = run(capsys, "status")
    assert (code, told["error"]) == (cli.YOURS, "data-away")
    assert str(home / "disk" / "Keruen-data") in complained
    assert run(capsys, "data")[1]["error"] == "data-away"
    assert run(capsys, "data", "--forget")[1]["chosen"] == "usual"
    assert run(capsys, "status")[1]["enrolled"] is False
    assert Laptop.open(home / "away" / "Keruen-data").works(AIGERIM.id)


def test_what_was_set_at_the_start_is_not_moved(capsys, home):
    code, told, _ = run(capsys, "--data", home / "own", "data", "--move", home / "disk")
    assert (code, told["error"]) == (cli.YOURS, "data-place-fixed")


def test_only_a_packaged_programme_goes_on_a_stick(capsys, home):
    code, told, _ = run(capsys, "portable", home)
    assert (code, told["error"]) == (cli.YOURS, "portable-unpackaged")


def test_a_packaged_one_says_where_it_is(capsys, home, monkeypatch):
    programme = home / "programme" / "keruen"
    programme.parent.mkdir()
    programme.write_bytes(b"code")
    (home / "stick").mkdir()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(programme))
    code, told, _ = run(capsys, "portable", home / "stick")
    folder = home / "stick" / "Keruen-portable"
    assert (code, told["folder"]) == (cli.DONE, str(folder))
    assert (told["size_bytes"], told["written_bytes"]) == (4, 4)
    monkeypatch.setattr(sys, "executable", str(folder / "linux" / "keruen"))
    _, told, _ = run(capsys, "data")
    assert (told["chosen"], told["folder"]) == ("portable", str(folder / "data"))
    assert told["sentence"].startswith("The program and its data are on the stick")
