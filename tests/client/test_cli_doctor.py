from __future__ import annotations

import json

import pytest

from client.cli import DONE, YOURS, main
from tests.support.laptop import sample_laptop


@pytest.fixture
def folder(tmp_path):
    sample_laptop(tmp_path / "a").close()
    return tmp_path / "a"


def test_a_sound_laptop_is_told_in_lines(folder, capsys):
    assert main(["--data", str(folder), "--language", "en", "doctor"]) == DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "+ The data file is whole." and lines[-1] == "All is well."


def test_the_language_of_the_window_is_spoken(folder, capsys):
    assert main(["--data", str(folder), "doctor"]) == DONE
    assert capsys.readouterr().out.splitlines()[-1] == "Бәрі жақсы."


def test_what_is_ill_ends_with_its_own_code_until_it_is_mended(folder, capsys):
    (folder / "membership").write_bytes(b"torn")
    base = ["--data", str(folder), "--language", "ru", "doctor", "--json"]
    assert main(base) == YOURS
    told = json.loads(capsys.readouterr().out)
    assert told["well"] is False
    (ill,) = [one for one in told["findings"] if one["state"] == "ill"]
    assert ill["check"] == "membership" and ill["mendable"]
    assert main([*base, "--mend"]) == DONE
    told = json.loads(capsys.readouterr().out)
    assert told["well"] is True and "исправлено" in told["sentence"]
    assert main(base) == DONE
