from __future__ import annotations

import sys
from pathlib import Path

import pytest

from build import interpreters
from build.say import BuildError


def _fake(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)
    return path


def test_ask_reports_a_real_interpreter() -> None:
    found = interpreters.ask(Path(sys.executable))
    assert found is not None
    assert found.version == sys.version_info[:3]


@pytest.mark.parametrize(
    "script", ["exit 127", "echo nonsense", "echo 3.8", "echo; echo /bin/python"]
)
def test_ask_refuses_a_stub(tmp_path: Path, script: str) -> None:
    assert interpreters.ask(_fake(tmp_path / "python3.8", script)) is None


def test_ask_refuses_what_is_not_there(tmp_path: Path) -> None:
    assert interpreters.ask(tmp_path / "python3.8") is None


def test_find_passes_over_a_stub_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake(tmp_path / "shims" / "python3.8", "exit 127")
    real = tmp_path / "pyenv" / "versions" / "3.8.18" / "bin" / "python3.8"
    _fake(real, f"echo 3 8 18; echo {real}")
    monkeypatch.setenv("PATH", f"{tmp_path / 'shims'}:/usr/bin:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setattr(interpreters, "current", lambda: interpreters.Interpreter(real, (3, 11, 0)))
    assert interpreters.find(8) == interpreters.Interpreter(real, (3, 8, 18))


@pytest.mark.parametrize(
    ("version", "fits"),
    [((3, 7, 9), False), ((3, 8, 0), True), ((3, 13, 5), True), ((3, 14, 0), False)],
)
def test_suits_is_what_has_wheels(version: tuple[int, ...], fits: bool) -> None:
    assert interpreters.suits(version) is fits


def test_no_suitable_python_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = interpreters.Interpreter(Path("/usr/bin/python3"), (3, 15, 0))
    monkeypatch.setattr(interpreters, "current", lambda: newer)
    monkeypatch.setattr(interpreters, "find", lambda minor: None)
    with pytest.raises(BuildError, match=r"3\.8 to 3\.13 and this is 3\.15\.0"):
        interpreters.for_development()
