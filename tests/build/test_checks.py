from __future__ import annotations

import sys
from pathlib import Path

import pytest

from build import checks


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
