"""The demo tells what it saw: with a server the whole road, without one where the road ended.

Each walk has a process of its own: one window serves a whole process.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from build import project
from build.paths import ROOT

WALK = """
import sys
from pathlib import Path
from client import window
window.prepare(offscreen=True, size=(1024, 600))
from build.demo.account import Account
from build.demo.scene import Scene
from build.demo.walk import Walk

def between(name, server):
    if name == sys.argv[2]:
        server.kill()

folder = Path(sys.argv[1])
scene = Scene(folder)
sys.exit(0 if Walk(scene, Account(folder / "account.json"), "ru", between).go() else 1)
"""

BY_STICK = """
import sys
from pathlib import Path
from client import window
window.prepare(offscreen=True, size=(1024, 600))
from build.demo.account import Account
from build.demo.scene import Scene
from build.demo.stick_walk import StickWalk

folder = Path(sys.argv[1])
scene = Scene(folder)
sys.exit(0 if StickWalk(scene, Account(folder / "account.json"), "ru", pupils=2).go() else 1)
"""


def _walk(folder, kill_after, script=WALK):
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder), kill_after],
        cwd=str(ROOT),
        env=project.variables(offscreen=True),
        timeout=240,
        check=False,
    )
    return done.returncode, json.loads((folder / "account.json").read_text(encoding="utf-8"))


@pytest.mark.screen
@pytest.mark.slow
def test_the_account_of_a_whole_road(tmp_path):
    code, stations = _walk(tmp_path / "demo", kill_after="never")
    assert code == 0, stations[-1]
    assert all(station["passed"] for station in stations)
    facts = {station["name"]: station["facts"] for station in stations}
    assert facts["video plays"]["pictures decoded and drawn"] > 20
    assert facts["work received by the school"]["receipt verified with the school's key"] is True
    assert facts["task done with the line cut"]["where it is"] in ("saved", "sent")
    assert facts["nothing new"]["requests"] == 1
    thief = facts["a thief who searches every byte of the laptop"]
    assert thief["found"] == 0
    assert thief["bytes searched, unpacked ones too"] > 1e6
    points, most = facts["mark reached the pupil"]["mark"].split(" of ")
    assert 0 < float(points) <= float(most)
    for station in stations:
        for picture in station["pictures"]:
            assert (tmp_path / "demo" / "pictures" / picture).stat().st_size > 5_000


@pytest.mark.screen
@pytest.mark.slow
@pytest.mark.parametrize(
    ("killed_after", "ends_at"),
    [
        ("server started", "student's laptop enrolled"),
        ("task done with the line cut", "work received by the school"),
    ],
)
def test_a_killed_server_is_told_in_the_account(tmp_path, killed_after, ends_at):
    code, stations = _walk(tmp_path / "demo", kill_after=killed_after)
    assert code == 1
    assert stations[-1]["name"] == ends_at
    assert stations[-1]["passed"] is False
    assert stations[-1]["facts"]["server is running"] is False
    assert stations[-1]["facts"]["stopped by"]


@pytest.mark.screen
@pytest.mark.slow
def test_the_account_of_a_circle_by_stick(tmp_path):
    code, stations = _walk(tmp_path / "demo", kill_after="never", script=BY_STICK)
    assert code == 0, stations[-1]
    facts = {station["name"]: station["facts"] for station in stations}
    assert len(stations) == 12
    seen = facts["every pupil sees receipt, mark and comment"]
    assert [seen[name] for name in seen] == [2, 2, 2]
    assert facts["nothing new"]["bytes more on the stick"] == 0
    assert facts["a stranger who searches every byte"]["found"] == 0
    assert facts["a stranger who searches every byte"]["bytes searched, unpacked ones too"] > 1e6
    for station in stations:
        for picture in station["pictures"]:
            assert (tmp_path / "demo" / "pictures" / picture).stat().st_size > 5_000
