from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, List

import pytest

from build import __main__ as commands
from build import bench, checks, project, testing
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
    assert [name for name in commands.COMMANDS if f"\n    {name} " not in done.stdout] == []


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


def test_an_unknown_measurement_is_answered_with_the_known(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bench_exchange.py").touch()
    (tmp_path / "counting_proxy.py").touch()
    monkeypatch.setattr(bench, "_FOLDER", tmp_path)
    assert bench.names() == ["exchange"]
    assert bench.chosen([]) == ["exchange"]
    with pytest.raises(BuildError, match=r"called speed\. There are: exchange"):
        bench.chosen(["speed"])


@pytest.mark.parametrize(
    ("extra", "spread"),
    [
        ([], True),
        (["-x", "tests/sync"], True),
        (["-n0"], False),
        (["--pdb"], False),
        (["-s"], False),
    ],
)
def test_tests_are_spread_unless_the_arguments_forbid_it(extra: List[str], spread: bool) -> None:
    assert bool(testing.parallel(extra)) is spread


def test_with_arguments_only_pytest_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: List[Any] = []
    monkeypatch.setattr(testing.project, "make_main", lambda: Path("python"))
    monkeypatch.setattr(testing.system, "ensure", lambda: None)
    monkeypatch.setattr(testing.checks, "check", lambda *_a, **_k: ran.append("checks") or 0)
    monkeypatch.setattr(testing, "windows7_round", lambda: ran.append("3.8") or 0)
    monkeypatch.setattr(testing, "main_round", lambda _python, extra: ran.append(extra) or 0)
    assert testing.test(["tests/sync"]) == 0
    assert ran == [["tests/sync"]]
    assert testing.test([]) == 0
    assert ran[1:] == ["checks", "3.8", []]


@pytest.mark.parametrize("part", ["check", "windows7_round", "main_round"])
def test_any_failing_part_fails_the_whole(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    codes = {"check": 0, "windows7_round": 0, "main_round": 0, part: 1}
    monkeypatch.setattr(testing.project, "make_main", lambda: Path("python"))
    monkeypatch.setattr(testing.system, "ensure", lambda: None)
    monkeypatch.setattr(testing.checks, "check", lambda *_a, **_k: codes["check"])
    monkeypatch.setattr(testing, "windows7_round", lambda: codes["windows7_round"])
    monkeypatch.setattr(testing, "main_round", lambda *_a: codes["main_round"])
    assert testing.test([]) == 1


def test_every_check_runs_though_one_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = checks.Check("sums", ("-c", "print('2 + 2 = 5'); raise SystemExit(1)"), "count again")
    passing = checks.Check("quiet", ("-c", "print('nobody reads this')"), "")
    monkeypatch.setattr(checks, "quick_checks", lambda: (failing, passing))
    assert checks.check(Path(sys.executable), with_wheels=False) == 1
    said = capsys.readouterr().out
    assert "sums: failed" in said
    assert "2 + 2 = 5" in said
    assert "count again" in said
    assert "quiet: fine" in said
    assert "nobody reads this" not in said


def test_the_windows_7_environment_holds_the_pins_and_the_test_tools() -> None:
    plan = project.windows7_plan(project.interpreters.current())
    for line in ("cryptography==42.0.8", "ffpyplayer==4.5.2", "pytest==8.3.5", "pyhpke=="):
        assert line in plan.requirements
    assert "mypy" not in plan.requirements
    assert "starlette" not in plan.requirements
