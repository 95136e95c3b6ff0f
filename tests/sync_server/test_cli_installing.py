from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sync_server import cli_installing
from tests.support.server import server_command, server_json

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it prints systemd's unit")


@pytest.fixture
def data(tmp_path: Path) -> str:
    server_json("init", str(tmp_path / "s"), "--school", "Ақсу", "--port", "9000", "--json")
    return str(tmp_path / "s")


def test_it_prints_what_would_be_done_and_does_nothing(data: str) -> None:
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
