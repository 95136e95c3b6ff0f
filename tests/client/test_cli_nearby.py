from __future__ import annotations

import json

import pytest

from client import cli
from client.cli_nearby import nearby_for
from client.laptop.nearby import surroundings
from tests.support.laptop import sample_laptop
from tests.support.nearby import TurnableNearby


@pytest.fixture
def data(tmp_path):
    sample_laptop(tmp_path / "data").close()
    return tmp_path / "data"


def run(capsys, *arguments):
    code = cli.main([str(one) for one in arguments])
    output = capsys.readouterr()
    return code, json.loads(output.out), output.err


def test_addresses_are_set_told_and_forgotten(capsys, data):
    enrolled = "http://127.0.0.1:9"
    code, told, _ = run(capsys, "--data", data, "server", "school.kz", "192.168.1.5:8765")
    addresses = ["http://school.kz", "http://192.168.1.5:8765"]
    expected = {"enrolled": enrolled, "addresses": addresses, "here": None}
    assert (code, told) == (cli.DONE, expected)
    assert run(capsys, "--data", data, "server")[1] == expected
    code, told, said = run(capsys, "--data", data, "server", "http://")
    assert (code, told["error"]) == (cli.YOURS, "address-invalid")
    assert said
    assert run(capsys, "--data", data, "server", "--none")[1]["addresses"] == []


def test_neighbours_are_told_and_lending_is_set(capsys, data, monkeypatch):
    around = TurnableNearby(found=("http://192.168.1.5:8765",))
    around.lending = ["http://192.168.1.20:4000"]
    monkeypatch.setenv("KERUEN_NEARBY", "on")
    monkeypatch.setattr(surroundings, "Surroundings", lambda store, lends: around)
    code, told, _ = run(capsys, "--data", data, "neighbours")
    assert code == cli.DONE
    assert told == {
        "lends": True,
        "server": ["http://192.168.1.5:8765"],
        "neighbours": ["http://192.168.1.20:4000"],
    }
    assert around.closed
    assert run(capsys, "--data", data, "neighbours", "--lend", "no")[1]["lends"] is False
    assert run(capsys, "--data", data, "neighbours")[1]["lends"] is False
    assert run(capsys, "--data", data, "neighbours", "--lend", "yes")[1]["lends"] is True


def test_where_it_is_switched_off_nobody_is_looked_for(capsys, data, monkeypatch):
    monkeypatch.setenv("KERUEN_NEARBY", " OFF ")
    told = run(capsys, "--data", data, "neighbours")[1]
    assert (told["server"], told["neighbours"]) == ([], [])


def test_only_the_window_lends(monkeypatch):
    made = []

    def surround(store, lends):
        made.append(lends)
        return TurnableNearby()

    monkeypatch.setattr(surroundings, "Surroundings", surround)
    for lends in (True, False):
        nearby = nearby_for({}, lends)(None)
        nearby.attend()
    assert made == [True, False]
    assert nearby_for({"KERUEN_NEARBY": "off"}, True) is None


def test_a_laptop_of_no_school_is_told_so(capsys, tmp_path):
    for command in ("server", "neighbours"):
        code, told, _ = run(capsys, "--data", tmp_path / "new", command)
        assert (code, told["error"]) == (cli.YOURS, "not-enrolled")
