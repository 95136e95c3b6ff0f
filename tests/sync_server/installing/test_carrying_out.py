from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, List

import pytest

from sync_server.errors import SetupError
from sync_server.installing.carrying_out import carry_out, described
from sync_server.installing.plan import Remove, Run, Step, Write


class Calls:
    """Commands that were run; those named fail."""

    def __init__(self, failing: str = "") -> None:
        self.made: List[List[str]] = []
        self._failing = failing

    def __call__(self, command: List[str], **_: Any) -> subprocess.CompletedProcess[str]:
        self.made.append(command)
        failed = int(command[0] == self._failing)
        return subprocess.CompletedProcess(command, failed, "", "first\nno right\n" * failed)


def test_everything_happens_in_order(tmp_path: Path) -> None:
    file, old = tmp_path / "a" / "unit", tmp_path / "old"
    old.write_text("x")
    calls = Calls()
    steps: List[Step] = [Write(file, b"new"), Run(("one", "1")), Remove(old), Run(("two",))]
    assert carry_out(steps, calls) == []
    assert calls.made == [["one", "1"], ["two"]]
    assert file.read_bytes() == b"new"
    assert not old.exists()


def test_what_was_there_is_kept_beside(tmp_path: Path) -> None:
    file = tmp_path / "unit"
    for content in (b"first", b"second", b"second"):
        carry_out([Write(file, content)], Calls())
    assert file.read_bytes() == b"second"
    assert (tmp_path / "unit.before").read_bytes() == b"first"


def test_what_is_needed_and_fails_is_said_and_ends_it() -> None:
    calls = Calls("bad")
    with pytest.raises(SetupError, match="bad now failed: no right"):
        carry_out([Run(("bad", "now")), Run(("good",))], calls)
    assert calls.made == [["bad", "now"]]


def test_what_is_not_needed_and_fails_is_told() -> None:
    calls = Calls("bad")
    assert carry_out([Run(("bad",), needed=False), Run(("good",))], calls) == [
        "bad failed: no right"
    ]
    assert calls.made[-1] == ["good"]


def test_words_in_whatever_code_page_are_told() -> None:
    garbled = r"import sys; sys.stderr.buffer.write(b'\x98\xff bad\n'); sys.exit(1)"
    (told,) = carry_out([Run((sys.executable, "-c", garbled), needed=False)])
    assert told.endswith(" bad")


def test_a_command_that_is_not_there_is_said() -> None:
    with pytest.raises(SetupError, match="cannot be run"):
        carry_out([Run(("keruen-has-no-such-command",))])


def test_a_file_that_cannot_be_written_asks_for_the_administrator(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SetupError, match="administrator"):
        carry_out([Write(tmp_path / "file" / "unit", b"x")], Calls())


def test_a_plan_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "unit"
    text = described([Write(file, "ä".encode("utf-16")), Run(("a", "b c")), Remove(file)])
    assert text.splitlines() == [f"# write {file}:", "ä", "a 'b c'", f"# remove {file}"]
