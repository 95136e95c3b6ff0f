from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, List

import pytest

from build import lock
from build.say import BuildError


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> List[Path]:
    paths = [tmp_path / "requirements.lock", tmp_path / "constraints.txt"]
    for path in paths:
        path.write_text("old\n")
    monkeypatch.setattr(lock, "LOCK", paths[0])
    monkeypatch.setattr(lock, "WINDOWS7_PINS", paths[1])
    monkeypatch.setattr(lock, "_uv", lambda: Path("uv"))
    return paths


def _answer(monkeypatch: pytest.MonkeyPatch, failing: str = "") -> List[List[str]]:
    commands: List[List[str]] = []

    def resolve(command: List[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        failed = bool(failing) and failing in command
        return subprocess.CompletedProcess(command, int(failed), "kivy==2.3.1\n", "no way out")

    monkeypatch.setattr(lock.subprocess, "run", resolve)
    return commands


def test_both_files_come_from_the_same_input(
    files: List[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = _answer(monkeypatch)
    assert lock.lock() == 0
    for path in files:
        assert path.read_text().endswith("\nkivy==2.3.1\n")
        assert path.read_text().startswith("# Everything")
    for command in commands:
        assert str(lock.HELD_BACK) in command
        assert str(lock.PYPROJECT) in command
        assert command[command.index("--python-version") + 1] == "3.8"
    assert "--generate-hashes" in commands[0]


@pytest.mark.parametrize("failing", ["--universal", "--python-platform"])
def test_what_does_not_resolve_changes_neither_file(
    files: List[Path], monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    _answer(monkeypatch, failing)
    with pytest.raises(BuildError, match="no way out"):
        lock.lock()
    assert [path.read_text() for path in files] == ["old\n", "old\n"]
