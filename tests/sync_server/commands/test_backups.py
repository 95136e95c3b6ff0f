from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sync_server.commands import backups as cli_backups
from tests.support.server import server_command, server_json


@pytest.fixture
def data(tmp_path: Path) -> str:
    server_json("init", str(tmp_path / "data"), "--school", "Ақсу", "--json")
    enrolled = ("enrol", "--data", str(tmp_path / "data"), "--class", "7А", "--student", "Анна")
    server_json(*enrolled, "--json")
    return str(tmp_path / "data")


def test_a_backup_is_checked_and_restored(data: str, tmp_path: Path) -> None:
    backup, new = str(tmp_path / "backup"), str(tmp_path / "new")
    code, said, _ = server_command("backup", "--data", data, backup)
    assert code == 0
    assert "1 record" in said
    assert "lock it away" in said
    assert "on the same disk" in said
    checked = server_json("restore", "--data", new, "--check", "--json", backup)
    assert (checked["journals"], checked["records"], checked["lost"]) == (1, 1, [])
    assert not (tmp_path / "new").exists()
    assert server_json("restore", "--data", new, "--json", backup) == checked
    assert server_json("status", "--data", new, "--json")["people"] == 1
    code, _, errors = server_command("restore", "--data", new, backup)
    assert (code, "not empty" in errors) == (1, True)


def test_a_passphrase_comes_from_a_file_or_the_environment(
    data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup, new = str(tmp_path / "backup"), str(tmp_path / "new")
    (tmp_path / "words").write_text("қызыл алма\n", encoding="utf-8")
    words = ("--passphrase-file", str(tmp_path / "words"))
    code, said, _ = server_command("backup", "--data", data, backup, *words)
    assert (code, "without it nobody" in said) == (0, True)
    code, said, errors = server_command("restore", "--data", new, backup, "--json")
    assert code == 1
    assert '"error": "backup-locked"' in said
    assert "has a passphrase" in errors
    monkeypatch.setenv("KERUEN_PASSPHRASE", "қызыл алма")
    assert server_json("restore", "--data", new, backup, "--json")["records"] == 1


def test_a_passphrase_is_typed_twice(
    data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = str(tmp_path / "backup")
    code, _, errors = server_command("backup", "--data", data, backup, "--passphrase")
    assert (code, "Nobody is here" in errors) == (1, True)
    typed = iter(("one", "two", "", "three", "three", "three"))
    monkeypatch.setattr(cli_backups.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(cli_backups.getpass, "getpass", lambda _: next(typed))
    words = ("--data", data, backup, "--passphrase")
    assert "differ" in server_command("backup", *words)[2]
    assert not (tmp_path / "backup").exists()
    assert "No passphrase" in server_command("restore", "--data", data, "--passphrase", data)[2]
    assert server_command("backup", *words)[0] == 0
    check = ("restore", "--data", data, backup, "--check", "--passphrase")
    assert server_command(*check)[0] == 0


def test_what_is_damaged_is_named_and_the_exit_code_says_so(
    data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{number:064x}" for number in range(12)]
    for name in names:
        place = tmp_path / "data" / "attachments" / name[:2] / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"not what its name says")
    code, said, _ = server_command("backup", "--data", data, str(tmp_path / "backup"))
    assert code == 1
    assert "Damaged on this computer" in said
    assert "and 2 more" in said
    value: Any = server_json  # The same as JSON ends with 1 too, and names all.
    with pytest.raises(AssertionError):
        value("backup", "--data", data, str(tmp_path / "backup"), "--json")


def test_a_file_that_is_no_passphrase_is_told(data: str, tmp_path: Path) -> None:
    words = ("--passphrase-file", str(tmp_path / "none"))
    code, _, errors = server_command("backup", "--data", data, str(tmp_path / "b"), *words)
    assert (code, len(errors.splitlines())) == (1, 1)
