from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys

import pytest

from sync.roads.http import HttpRoad
from sync_server.commands.arguments import make_parser
from sync_server.disk.levels import Usage
from tests.support.device import TestDevice
from tests.support.packs import KEY, build_sample
from tests.support.server import ROOT, ServerProcess, server_command, server_json

DOCS = ROOT / "docs" / "operating.md"


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    server_json("init", str(folder), "--school", "Ақсу", "--json")
    return str(folder)


def commands(parser=None):
    parser = parser or make_parser()
    found = [a.choices for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return found[0] if found else {}


def test_the_help_of_every_command_says_what_it_does():
    for name, command in commands().items():
        for one in (command, *commands(command).values()):
            assert (one.description or "").endswith("."), name


def test_init_again_keeps_everything_and_may_rename(data):
    server_json("enrol", "--data", data, "--class", "7А", "--student", "Анна", "--json")
    first = server_json("init", data, "--school", "Ақсу", "--json")
    second = server_json("init", data, "--school", " Жаңа   Ақсу ", "--json")
    assert first["id"] == second["id"]
    status = server_json("status", "--data", data, "--json")
    assert (status["school"], status["people"]) == ("Жаңа Ақсу", 1)
    assert "called Жаңа Ақсу before" in server_command("init", data, "--school", "Ақсу")[1]
    assert "before" not in server_command("init", data, "--school", "Ақсу")[1]


def test_enrol_prints_code_addresses_and_people(data):
    server_json("init", data, "--school", "Ақсу", "--port", "9000", "--json")
    arguments = ("--class", "7А", "--student", "Анна", "--teacher", "Сәуле", "--laptops", "3")
    value = server_json("enrol", "--data", data, *arguments, "--json")
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", value["code"])
    assert [person["name"] for person in value["people"]] == ["Анна", "Сәуле"]
    assert all(re.fullmatch(r"http://[0-9.]+:9000", address) for address in value["addresses"])
    code, output, _ = server_command("enrol", "--data", data, *arguments)
    assert code == 0
    assert re.search(r"\d{4} \d{4} \d{4} \d{4} .*3 laptops", output)
    assert "Анна, student, 7А" in output
    assert len(server_json("status", "--data", data, "--json")["codes"]) == 2


def test_enrol_new_adds_a_namesake(data):
    for extra in ((), (), ("--new",)):
        server_json("enrol", "--data", data, "--class", "7А", "--student", "Анна", "--json", *extra)
    assert server_json("status", "--data", data, "--json")["people"] == 2


def test_withdrawing_shows_in_the_status(data):
    value = server_json("enrol", "--data", data, "--class", "7А", "--student", "Анна", "--json")
    server_json("enrol", "--data", data, "--withdraw", value["id"], "--json")
    assert server_json("status", "--data", data, "--json")["codes"][0]["withdrawn"]


def test_publish_tells_what_is_new(data, tmp_path):
    build_sample(tmp_path, video_bytes=300_000)
    repository = str(tmp_path / "repository")
    code, _, errors = server_command("publish", "--data", data, repository)
    assert code == 1
    command = re.search(r"--trust ([0-9a-f]+)", errors)
    assert command[1] == KEY.public.key_id
    value = server_json("publish", "--data", data, repository, "--trust", command[1], "--json")
    assert value["packs"] == [{"pack": "equations", "version": 1}]
    assert server_json("publish", "--data", data, repository, "--json")["copied_files"] == 0
    assert server_json("status", "--data", data, "--json")["publishers"] == [
        {"id": KEY.public.key_id, "catalogue": 1}
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("status", "--data", "{tmp}/none"), "is not a server's data folder"),
        (("run", "--data", "{tmp}/none"), "keruen-server init"),
        (("enrol", "--data", "{data}"), "--class"),
        (("enrol", "--data", "{data}", "--class", "7А"), "Nobody is in class 7А"),
        (("enrol", "--data", "{data}", "--class", " ", "--student", "А"), "class is empty"),
        (("enrol", "--data", "{data}", "--withdraw", "beef"), "no code with the id beef"),
        (("run", "--data", "{data}", "--port", "70000"), "0 to 65535"),
        (("run", "--data", "{data}", "--host", "school"), "no address"),
        (("run", "--data", "{data}", "--host", "192.0.2.77"), "cannot be used"),
        (("publish", "--data", "{data}", "{tmp}/none"), "none"),
        (("init", "{tmp}/file/in", "--school", "Ақсу"), "cannot be written"),
        (("backup", "--data", "{data}", "{data}"), "in the data folder itself"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(data, tmp_path, arguments, expected):
    (tmp_path / "file").write_bytes(b"")
    filled = [part.format(data=data, tmp=tmp_path) for part in arguments]
    code, output, errors = server_command(*filled)
    assert code == 1
    assert output == ""
    assert expected in errors
    assert errors.startswith("keruen-server: ")
    assert len(errors.strip().splitlines()) == 1


def test_errors_are_json_too_where_json_is_asked_for(tmp_path):
    code, output, _ = server_command("enrol", "--data", str(tmp_path / "none"), "--json")
    assert code == 1
    assert json.loads(output)["error"] == "data-folder"


def test_a_lost_identity_is_not_replaced(data, tmp_path):
    (tmp_path / "data" / "identity").unlink()
    code, _, errors = server_command("init", data, "--school", "Ақсу")
    assert code == 1
    assert "put it back from a backup" in errors


def test_the_secret_keys_are_their_owners_alone(data, tmp_path):
    assert (tmp_path / "data" / "identity").stat().st_mode & 0o077 == 0


def test_run_serves_until_it_is_asked_to_stop(data):
    value = server_json("enrol", "--data", data, "--class", "7А", "--student", "Анна", "--json")
    device = TestDevice()
    with ServerProcess(data) as server:
        with HttpRoad(server.url) as road:
            device.enrol(road, value["code"])
            device.hand_in(device.person("Анна"))
            assert device.exchange(road).covered
        later = server_json("enrol", "--data", data, "--class", "7А", "--json")
        assert later["addresses"] == [server.url]
        assert server.stop() == 0
    status = server_json("status", "--data", data, "--json")
    assert status["laptops"][0]["records"] == 1
    assert status["last_contact"] is not None
    device.close()


def test_ctrl_c_at_a_question_is_an_answer(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("sync_server.commands.asking.ask_all", interrupted)
    code, output, errors = server_command("init")
    assert (code, output) == (130, "")
    assert errors.startswith("keruen-server: Stopped.")


def test_a_console_without_kazakh_letters_gets_the_rest(data):
    server_json("init", data, "--school", "Ақсу №7", "--json")
    environment = {**os.environ, "PYTHONIOENCODING": "cp1251", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "sync_server", "status", "--data", data]
    text, value = (
        subprocess.run(
            [*command, *more], cwd=ROOT, env=environment, capture_output=True, check=True
        ).stdout
        for more in ((), ("--json",))
    )
    assert text.decode("cp1251").startswith("А\\u049bсу №7")
    assert json.loads(value)["school"] == "Ақсу №7"


def test_on_a_full_disk_the_reserve_lets_the_server_start(data, tmp_path, monkeypatch):
    reserve = tmp_path / "data" / "reserve"
    reserve.write_bytes(b"room")

    monkeypatch.setattr(
        "sync_server.disk.levels.looking_at",
        lambda _: lambda: Usage(10**9, 0 if reserve.exists() else 10**8),
    )
    served = "sync_server.http.runner.serve"
    monkeypatch.setattr(served, lambda _, listener, __: listener.close())
    assert server_command("run", "--data", data, "--port", "0", "--no-announce")[0] == 0
    assert not reserve.exists()


def test_a_full_disk_is_not_called_damage(data, monkeypatch):
    def broken(*_, **__):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("sqlite3.connect", broken)
    assert "keruen-server doctor" in server_command("status", "--data", data)[2]
    monkeypatch.setattr("sync_server.store.sqlite.is_full", lambda _: True)
    code, _, errors = server_command("status", "--data", data)
    assert (code, "is full: remove" in errors) == (1, True)


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "essay.odt").write_bytes(b"mine")
    code, _, errors = server_command("init", str(tmp_path), "--school", "Ақсу")
    assert (code, "essay.odt" in errors) == (1, True)
    assert [one.name for one in tmp_path.iterdir()] == ["essay.odt"]
    code, _, errors = server_command("init", str(tmp_path / "essay.odt"), "--school", "Ақсу")
    assert (code, "is a file" in errors) == (1, True)


def test_a_request_under_way_is_finished_before_the_stop(data):
    import socket
    from urllib.parse import urlsplit

    with ServerProcess(data) as server:
        address = urlsplit(server.url)
        with socket.create_connection((address.hostname, address.port), timeout=20) as line:
            head = b"POST /exchange HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
            line.sendall(head + b"Expect: 100-continue\r\n\r\n")
            # From here on the request is under way.
            assert line.recv(4096).startswith(b"HTTP/1.1 100")
            server.process.terminate()
            line.sendall(b"KX\1\1")
            assert line.recv(4096).startswith(b"HTTP/1.1 400")
        assert server.wait() == 0


def test_the_port_of_another_program_is_named(data, tmp_path):
    other = tmp_path / "other"
    server_json("init", str(other), "--school", "Шалқар", "--json")
    with ServerProcess(other) as server:
        port = server.url.rpartition(":")[2]
        code, _, errors = server_command(
            "run", "--data", data, "--host", "127.0.0.1", "--port", port
        )
        assert code == 1
        assert f"Port {port} at 127.0.0.1 cannot be used" in errors


def test_the_log_has_a_line_a_request_and_names_nobody(data):
    command = [sys.executable, "-m", "sync_server", "run", "--data", data, "--json"]
    command += ["--host", "127.0.0.1", "--port", "0"]
    value = server_json("enrol", "--data", data, "--class", "7А", "--student", "Анна", "--json")
    device = TestDevice()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        url = json.loads(process.stdout.readline())["listening"]
        with HttpRoad(url) as road:
            device.enrol(road, value["code"], "Laptop of Анна")
            device.exchange(road)
        process.terminate()
        _, log = process.communicate(timeout=30)
    lines = log.splitlines()
    assert len(lines) == 2
    assert re.fullmatch(r"POST /enrol 200 \d+ B \d+ ms", lines[0])
    assert re.fullmatch(r"POST /exchange 200 \d+ B \d+ ms", lines[1])
    device.close()


def test_what_was_restored_runs(data, tmp_path):
    value = server_json("enrol", "--data", data, "--class", "7А", "--student", "Анна", "--json")
    build_sample(tmp_path, video_bytes=300_000)
    repository, key_id = str(tmp_path / "repository"), KEY.public.key_id
    server_json("publish", "--data", data, repository, "--trust", key_id, "--json")
    device, copy, backup = TestDevice(), str(tmp_path / "copy"), str(tmp_path / "backup")
    with ServerProcess(data) as server, HttpRoad(server.url) as road:
        device.enrol(road, value["code"])
        device.hand_in(device.person("Анна"))
        device.exchange_all(road)
        for _ in range(2):
            assert server_command("backup", "--data", data, backup)[0] == 0
    assert server_command("restore", "--data", copy, backup)[0] == 0
    with ServerProcess(copy) as server, HttpRoad(server.url) as road:
        assert device.exchange(road).problem is None
        assert road.fetch(f"/repository/{key_id}/catalogue", 1 << 20)
    assert server_json("status", "--data", copy, "--json")["records"] == 2
    device.close()


def test_a_backup_goes_over_no_other_server(data, tmp_path):
    server_json("init", str(tmp_path / "other"), "--school", "Басқа", "--json")
    code, _, errors = server_command("backup", "--data", data, str(tmp_path / "other"))
    assert code == 1
    assert "something else than a backup" in errors


@pytest.mark.parametrize("command", sorted(commands()))
def test_the_docs_name_every_command_and_option(command):
    text = DOCS.read_text("utf-8")
    assert f"keruen-server {command}" in text
    for action in commands()[command]._actions:
        for option in action.option_strings:
            known = option in ("-h", "--help")
            assert known or f"`{option}" in text or f" {option}" in text, option


def test_every_command_in_the_docs_is_understood():
    text = DOCS.read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    found = [line for line in lines if line.startswith("keruen-server ")]
    assert len(found) >= 6
    import shlex

    for line in found:
        make_parser().parse_args(shlex.split(line)[1:])


def test_the_status_is_plain_text_unless_json_is_asked_for(data):
    server_json("enrol", "--data", data, "--class", "7А", "--student", "Анна", "--json")
    code, text, _ = server_command("status", "--data", data)
    assert code == 0
    assert text.startswith("Ақсу")
    assert "used by 0 of 1" in text
    assert "Анна" not in text


def test_log_lines_can_be_json(data):
    from sync.errors import ObjectError
    from tests.support.server import ServerProcess

    with ServerProcess(data, "--port", "0", "--log-json", quiet=False) as server:
        with HttpRoad(server.url) as road, pytest.raises(ObjectError):
            road.fetch("/repository/none", 100)
        server.process.send_signal(2)
        _, errors = server.process.communicate(timeout=60)
    (line,) = errors.splitlines()
    value = json.loads(line)
    assert set(value) == {"time", "method", "path", "status", "sent_bytes", "duration_ms"}
    assert (value["method"], value["path"], value["status"]) == ("GET", "/repository/none", 404)
