from __future__ import annotations

from pathlib import Path
from typing import Any, List

import pytest

from build import testing


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
