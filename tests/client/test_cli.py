from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from client import __version__, cli
from client.laptop.laptop import Laptop
from tests.support.laptop import AIGERIM, make_member, sample_laptop
from tests.support.pack_source import PACK, RIGHT_ANSWERS
from tests.support.school import MemoryRoad, School

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data(tmp_path):
    sample_laptop(tmp_path / "data").close()
    return tmp_path / "data"


@pytest.fixture
def road(tmp_path, monkeypatch):
    school = School(tmp_path / "school")
    road = MemoryRoad(school)
    real = Laptop.open.__func__
    monkeypatch.setattr(
        Laptop, "open", classmethod(lambda own, folder, **_: real(own, folder, None, road))
    )
    yield road
    school.close()


def run(capsys, *arguments):
    code = cli.main([str(one) for one in arguments])
    output = capsys.readouterr()
    return code, json.loads(output.out), output.err


def test_status_says_what_waits(capsys, data):
    code, told, _ = run(capsys, "--data", data, "--language", "en", "status")
    assert code == cli.DONE
    assert told["sentence"] == "2 answers wait on this laptop."
    assert (told["waiting"], told["lessons"], told["enrolled"]) == (2, 3, True)
    assert told["last_received_ms"] > 0
    assert told["problem"] is None and told["set_aside"] == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("kk", "Бұл ноутбукте 2 жауап жіберуді күтіп тұр."),
        ("ru", "На этом ноутбуке 2 ответа ждут отправки."),
    ],
)
def test_sentences_are_in_the_language_asked_for(capsys, data, language, sentence):
    assert run(capsys, "--data", data, "--language", language, "status")[1]["sentence"] == sentence


def test_the_whole_road_without_a_window(capsys, tmp_path, road):
    road.school.publish(video_bytes=1000)
    folder, school = tmp_path / "data", road.school
    groups = school.code(("Айгерім",), ("Сәуле",)).split()
    code, told, _ = run(capsys, "--data", folder, "enrol", "school:8000", *groups)
    assert code == cli.DONE
    assert told["school"] == "Қарағаш орта мектебі"
    assert [one["role"] for one in told["people"]] == ["student", "teacher"]
    code, told, _ = run(capsys, "--data", folder, "sync")
    assert code == cli.DONE
    assert told["packs_installed"] == [{"pack": PACK, "version": 1}]
    laptop = Laptop.open(folder)
    person = laptop.people()[0].id
    laptop.hand_in(person, PACK, "meaning", "check", RIGHT_ANSWERS, "kk")
    laptop.close()
    road.weather.away = True
    code, told, _ = run(capsys, "--data", folder, "--language", "en", "sync")
    assert (code, told["problem"]["fault"]) == (cli.NO_LINK, "link")
    assert "nothing is lost" in told["sentence"]
    road.weather.away = False
    code, told, _ = run(capsys, "--data", folder, "--language", "en", "sync")
    assert (code, told["records_sent"], told["receipt"]["seq"]) == (cli.DONE, 1, 1)
    assert told["sentence"].startswith("Sent. Received by the school at")
    assert told["sent_bytes"] > 0 and told["requests"] >= 1


def test_what_was_put_aside_shows_in_the_exit_code(capsys, tmp_path, road):
    road.school.publish(video_bytes=0)
    road.weather.change = lambda path, data: data[:-1] + b"!" if "manifests" in path else data
    run(capsys, "--data", tmp_path / "d", "enrol", "s", road.school.code(("Дана",)))
    code, told, _ = run(capsys, "--data", tmp_path / "d", "--language", "en", "sync")
    assert code == cli.THEIRS
    assert [one["subject"] for one in told["set_aside"]] == [PACK]
    assert PACK in told["set_aside"][0]["sentence"]


def test_a_mistyped_code_is_said_on_both_channels(capsys, tmp_path):
    code, told, complaint = run(
        capsys, "--data", tmp_path / "d", "--language", "en", "enrol", "x", "1234567890123456"
    )
    assert code == cli.YOURS
    assert told["error"] == "enrolment-code-mistyped"
    assert told["sentence"] in complaint


def test_syncing_a_laptop_of_no_school(capsys, tmp_path):
    code, told, _ = run(capsys, "--data", tmp_path / "d", "sync")
    assert (code, told["error"]) == (cli.YOURS, "not-enrolled")


def test_a_server_that_is_not_there(capsys, tmp_path):
    from sync.identity import Identity

    make_member(tmp_path / "d", (AIGERIM,), Identity.generate(), Identity.generate())
    code, told, _ = run(capsys, "--data", tmp_path / "d", "sync")
    assert (code, told["problem"]["code"]) == (cli.NO_LINK, "link-unreachable")


def test_bad_usage_ends_with_2(capsys):
    for arguments in (["fly"], ["enrol"], ["--language", "fr", "status"]):
        with pytest.raises(SystemExit) as caught:
            cli.main(arguments)
        assert caught.value.code == cli.YOURS
    with pytest.raises(SystemExit) as caught:
        cli.main(["--version"])
    assert caught.value.code == 0
    assert __version__ in capsys.readouterr().out


def test_the_version_is_the_projects():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{__version__}"' in text


def test_a_damaged_database_is_said_and_the_rest_is_told(capsys, data):
    (data / "keruen.db").write_bytes(b"torn")
    code, told, complaint = run(capsys, "--data", data, "--language", "en", "status")
    assert (code, told["lessons"]) == (cli.DONE, 3)
    assert "keruen.db.damaged-1" in complaint


def command(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "client", *map(str, arguments)],
        cwd=str(ROOT),
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        check=False,
    )


def test_the_command_line_imports_neither_kivy_nor_a_http_library(data):
    code = (
        "import sys; from client.cli import main; main(sys.argv[1:]);"
        "print(sorted({'kivy', 'requests', 'cryptography', 'sqlite_utils'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--data", str(data), "status"],
        cwd=str(ROOT),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode("utf-8").splitlines()[-1] == "[]"


def test_a_console_without_kazakh_letters_gets_json_all_the_same(data):
    done = command("--data", data, "status", PYTHONIOENCODING="cp866", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    told = json.loads(done.stdout.decode("cp866"))
    assert told["sentence"] == "Бұл ноутбукте 2 жауап жіберуді күтіп тұр."


def test_the_data_folder_comes_from_the_environment(data):
    told = json.loads(command("status", KERUEN_DATA=str(data)).stdout.decode("utf-8"))
    assert told["waiting"] == 2


def test_the_docs_name_every_option_command_code_and_field(capsys, data):
    text = (ROOT / "docs" / "using-keruen.md").read_text(encoding="utf-8")
    parser = cli.make_parser()
    options = [name for action in parser._actions for name in action.option_strings]
    commands = next(action for action in parser._actions if action.dest == "command").choices
    for name, sub in commands.items():
        options += [one for action in sub._actions for one in action.option_strings]
        assert f"keruen {name}" in text
    for option in options:
        assert f"`{option}" in text, option
    for code in (cli.DONE, cli.BUG, cli.YOURS, cli.NO_LINK, cli.THEIRS):
        assert re.search(rf"^\| {code} \|", text, re.MULTILINE)
    status = run(capsys, "--data", data, "status")[1]
    account = run(capsys, "--data", data, "sync")[1]
    for field in {*status, *account, *account["problem"], "error", "people", "KERUEN_DATA"}:
        assert f"`{field}`" in text, field
