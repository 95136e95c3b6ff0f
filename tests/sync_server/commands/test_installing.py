from __future__ import annotations

import sys
from pathlib import Path
from typing import Tuple

import pytest

from sync.identity import Identity
from sync_server.commands import installing as cli_installing
from sync_server.data_folder import DataFolder
from sync_server.store.model import Upstream
from tests.support.server import server_command, server_json

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it prints systemd's unit")


@pytest.fixture
def data(tmp_path: Path) -> str:
    server_json("init", str(tmp_path / "s"), "--school", "Ақсу", "--port", "9000", "--json")
    return str(tmp_path / "s")


def relate(data: str) -> None:
    with DataFolder(Path(data)).store() as store, store.transaction() as transaction:
        transaction.add_upstream(
            Upstream(Identity.generate().public, "http://a.example", "Аудан", last_contact_ms=1)
        )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--window", "22"), "--upstream"),
        (("--upstream", "http://a.example", "--window", "22"), "--window is not understood"),
        (("--upstream", "http://b.example"), "keruen-server upstream"),
        (("--port", "70000"), "65535"),
        (("--host", "school"), "no address"),
    ],
)
def test_what_would_not_start_is_not_set_up(
    data: str, options: Tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    relate(data)
    monkeypatch.setattr(cli_installing, "carry_out", lambda _: pytest.fail("it was set up"))
    code, _, error = server_command("install", "--data", data, *options)
    assert (code, said in error) == (1, True)


@pytest.mark.parametrize("answers", [True, False])
def test_it_says_that_it_runs_when_it_does(
    data: str, answers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_installing, "_check_systemd", lambda _: None)
    monkeypatch.setattr(cli_installing, "carry_out", lambda _: ["told"])
    monkeypatch.setattr(cli_installing, "answers_at", lambda *_: answers)
    monkeypatch.setattr(cli_installing, "_PAUSE_S", 0.0)
    code, said, error = server_command("install", "--data", data)
    assert (code, "runs already" in said) == (int(not answers), answers)
    assert ("does not answer" in error) == (not answers)


def test_it_prints_what_would_be_done_and_does_nothing(data: str) -> None:
    relate(data)
    code, said, _ = server_command(
        "install",
        "--data",
        data,
        "--upstream",
        "http://a.example",
        "--budget",
        "1GB/day",
        "--print",
    )
    assert code == 0
    assert f"ExecStart={sys.executable} -m sync_server run --data {data}" in said
    assert "--budget 1GB/day --upstream http://a.example" in said
    assert "systemctl enable keruen-server" in said
    code, said, _ = server_command("uninstall", "--data", data, "--print")
    assert "systemctl disable --now keruen-server" in said
    steps = server_json("install", "--data", data, "--print", "--json")["steps"]
    assert steps[0].startswith("# write ")


def test_a_folder_that_is_none_is_told_before_the_system_hears_of_it(tmp_path: Path) -> None:
    code, _, said = server_command("install", "--data", str(tmp_path / "none"), "--print")
    assert code == 1
    assert "none" in said


def test_a_system_without_systemd_is_told_so(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_installing.Path, "is_dir", lambda _: False)
    code, _, said = server_command("install", "--data", data)
    assert code == 1
    assert "systemd" in said


def test_nobody_but_the_administrator_installs(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_installing.Path, "is_dir", lambda _: True)
    monkeypatch.setattr(cli_installing.os, "geteuid", lambda: 1000)
    code, _, said = server_command("uninstall", "--data", data)
    assert code == 1
    assert "sudo" in said
