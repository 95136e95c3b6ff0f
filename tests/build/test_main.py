from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import List

import pytest

from build import __main__ as commands
from build.paths import ROOT
from build.say import BuildError


def _python3_build(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "build"), *arguments],
        cwd=str(cwd),
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_command_every_command_is_listed() -> None:
    done = _python3_build()
    assert done.returncode == 2
    listed = {line.split()[0] for line in done.stdout.splitlines() if line.startswith("    ")}
    assert set(commands.COMMANDS) <= listed


def test_it_starts_from_any_folder(tmp_path: Path) -> None:
    assert _python3_build("--help", cwd=tmp_path).returncode == 0


def test_an_unknown_command_is_refused() -> None:
    done = _python3_build("dance")
    assert done.returncode == 2
    assert "dance" in done.stderr


def test_a_command_without_arguments_refuses_them() -> None:
    done = _python3_build("check", "--fast")
    assert done.returncode == 2
    assert "check takes no arguments, and got: --fast" in done.stderr


def test_a_failure_is_a_sentence_and_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_extra: List[str]) -> int:
        raise BuildError("the disk is full: make room.")

    command = commands.Command("", None, fail)
    monkeypatch.setitem(commands.COMMANDS, "check", command)
    assert commands.main(["check"]) == 1
    assert (
        capsys.readouterr().err == "\npython3 build check stopped: the disk is full: make room.\n"
    )


def test_arguments_reach_the_command_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    got: List[str] = []
    command = commands.Command("", "ARG", lambda extra: got.extend(extra) or 7)  # type: ignore[func-returns-value]
    monkeypatch.setitem(commands.COMMANDS, "test", command)
    assert commands.main(["test", "-x", "-k", "a or b", "tests/sync", "--", "--help"]) == 7
    assert got == ["-x", "-k", "a or b", "tests/sync", "--", "--help"]
