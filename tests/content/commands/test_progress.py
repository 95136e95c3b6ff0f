from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from content.cli import main
from content.commands import progress as cli_progress
from content.commands.progress import STOPPED, watched
from content.errors import CancelledError
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from content.watch import Watch
from tests.support.packs import KEY, TRUSTED, build_sample, write_source

ROOT = Path(__file__).parents[3]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with watched(silent=False) as watch:
        step = watch.step("reading a film", 200)
        for _ in range(200):
            step.add(1)
        watch.step("empty", 0).add(0)
    words = sys.stderr.getvalue().split("\r")  # type: ignore[attr-defined]
    assert sum("reading a film" in word for word in words) == 101
    assert words[-1] == ""
    assert not words[-2].strip()


def test_time_left_is_told_once_there_is_something_to_tell_it_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    passed_s = [0.0]
    line = cli_progress._ProgressLine(lambda: passed_s[0])
    for now_s, done in ((0, 0), (1, 1), (60, 10), (120, 20), (500, 90)):
        passed_s[0] = now_s
        line("making", done, 1000 if now_s < 500 else 100)
    passed_s[0] = 510
    line("making", 95, 100)
    words = [one.strip() for one in sys.stderr.getvalue().split("\r")]  # type: ignore[attr-defined]
    assert [one for one in words if one] == [
        "making 0 %",
        "making 1 %",
        "making 2 %, 1 h 38 min left",
        "making 90 %",
        "making 95 %, less than a minute left",
    ]


@pytest.mark.parametrize("silent", [True, False])
def test_elsewhere_nothing_is_shown(capsys: pytest.CaptureFixture[str], silent: bool) -> None:
    with watched(silent) as watch:
        watch.step("reading a film", 2).add(1)
    assert capsys.readouterr().err == ""


def test_ctrl_c_stops_the_work_and_a_second_one_at_once() -> None:
    before = signal.getsignal(signal.SIGINT)
    with watched(silent=True) as watch:
        watch.check()
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(CancelledError):
            watch.check()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("command", ["verify", "gc", "diff", "publish"])
def test_each_command_says_that_it_was_stopped(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
) -> None:
    for version in (1, 2):
        build_sample(tmp_path, version=version, video_bytes=300_000)
    KEY.save(tmp_path / "key")
    repository, source = str(tmp_path / "repository"), str(tmp_path / "next")
    write_source(Path(source), version=3)
    (tmp_path / "repository" / "listings" / "equations" / "1").unlink()
    arguments = {
        "publish": [command, source, repository, "--key", str(tmp_path / "key")],
        "diff": [command, repository, "equations"],
    }.get(command, [command, repository])
    monkeypatch.setattr(cli_progress, "Watch", lambda *_: Watch(cancel=lambda: True))
    assert main([*arguments, "--json"]) == STOPPED
    assert json.loads(capsys.readouterr().out)["error"] == "cancelled"
    found = Repository(tmp_path / "repository").catalogue(TRUSTED)
    assert found.packs[0].version == 2
    assert not (tmp_path / "repository" / ".staging").exists()


@pytest.mark.skipif(os.name == "nt", reason="sends the signal that Ctrl-C sends")
def test_ctrl_c_while_publishing(tmp_path: Path) -> None:
    KEY.save(tmp_path / "key")
    source = write_source(tmp_path / "source", version=1, video_bytes=60_000_000)
    place = [str(source), str(tmp_path / "r"), "--key", str(tmp_path / "key")]
    process = subprocess.Popen(
        [sys.executable, "-m", "content.cli", "publish", *place],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / "r" / ".staging").exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=120)
    assert process.returncode == STOPPED
    assert words.splitlines()[-1] == (
        "keruen-pack: Stopped. What was there before is whole; run the same command again to go on."
    )
    assert "Traceback" not in words
    assert not (tmp_path / "r" / ".staging").exists()
    assert main(["publish", *place]) == 0
    assert verify_repository(Repository(tmp_path / "r"), TRUSTED) == ()
