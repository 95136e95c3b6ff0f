"""The command ``keruen-server open``, as one types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sync_server.cli import main
from sync_server.data_folder import DataFolder
from sync_server.lessons.openings import openings

TASK, CODE = "p/l/t", "K7PM-3QXA-9WTC"


@pytest.fixture
def data(tmp_path):
    folder = str(tmp_path / "data")
    assert main(["init", folder, "--school", "Ақсу"]) == 0
    assert main(["enrol", "--data", folder, "--class", "7А", "--student", "Анна"]) == 0
    return folder


def open_test(data, *more, task=TASK, code=CODE, class_name="7А"):
    return main(["open", "--data", data, "--class", class_name, *more, task, code])


def kept(data):
    with DataFolder(Path(data)).store() as store, store.transaction() as transaction:
        return openings(transaction)


def test_it_is_kept_with_its_time_and_said_that_nothing_could_be_tried(data, capsys):
    capsys.readouterr()
    at = ("--at", "2026-12-01T09:00+05:00")
    assert open_test(data, *at, "--json", code="k7pm 3qxa 9wtc") == 0
    value = json.loads(capsys.readouterr().out)
    assert value == {
        "task": TASK,
        "class": "7А",
        "time_ms": 1_796_097_600_000,
        "codes": 1,
        "told": False,
        "tried": False,
    }
    (one,) = kept(data)
    assert (one.pack, one.lesson, one.task, one.code) == ("p", "l", "t", "K7PM3QXA9WTC")
    assert (one.time_ms, one.told) == (1_796_097_600_000, False)
    assert open_test(data) == 0
    assert "not published here" in capsys.readouterr().out
    (again,) = kept(data)
    assert again.time_ms != one.time_ms


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"task": "p/l"}, "pack/lesson/task"),
        ({"task": "../l/t"}, "pack/lesson/task"),
        ({"code": "K7PM-3QXA"}, "is no code"),
        ({"class_name": "8Б"}, "Nobody is in class 8Б"),
    ],
)
def test_what_cannot_be_acted_on_is_said_and_changes_nothing(data, capsys, wrong, sentence):
    assert open_test(data, **wrong) == 1
    assert sentence in capsys.readouterr().err
    assert kept(data) == ()


@pytest.mark.parametrize("at", ["tomorrow", "2026-13-01 09:00", "1950-01-01", ""])
def test_a_time_that_is_none_is_refused(data, capsys, at):
    assert open_test(data, "--at", at) == 1
    assert "is no time" in capsys.readouterr().err
    assert kept(data) == ()
