"""The page that a school's IT teacher follows: its commands are run, from top to bottom."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping, Tuple

import pytest

from sync.sticks.drives import Drive
from sync_server.commands import installing as cli_installing
from sync_server.commands import sticks as cli_sticks
from sync_server.commands.arguments import make_parser
from sync_server.installing import carrying_out, linux
from tests.support import trust as world
from tests.support.packs import KEY, build_sample
from tests.support.server import ROOT, running_server, server_command, server_json
from tests.sync_server.updating.test_versions import Machine, programme_in

PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
ABOVE = "http://region.example:8765"
CODE, SCHOOL, PERSON, KEY_ID = (
    "4231 0998 1276 5541",
    "VpYPCW5XEMSxJNuY49eSGw",
    "aB3_x-9Q",
    "0123456789abcdef0123456789abcdef",
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the page's paths are Linux's")


def commands() -> List[str]:
    """Every line of the page's command blocks, in order."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    lines = (block.replace("\\\n", " ").splitlines() for block in blocks)
    return [line for block in lines for line in block if line.strip()]


class Scene:
    """What stands around somebody who follows the page, in a folder instead of the whole disk.

    ``values`` are what the page's examples stand for here: codes and ids that were printed before.
    """

    def __init__(self, top: Path, patch: pytest.MonkeyPatch, running: contextlib.ExitStack) -> None:
        self.top = top
        self.values: Dict[str, str] = {"/srv/": f"{top}/srv/", "/media/": f"{top}/media/"}
        self._patch = patch
        self._running = running
        self.stick = top / "media" / "aru" / "STICK"
        self.data = str(top / "srv" / "keruen")
        self.region = str(top / "srv" / "region")
        for folder in ("srv", "media/stick", "media/aru/STICK", "desk"):
            (top / folder).mkdir(parents=True)
        patch.chdir(top / "desk")
        self._pretend_systemd()

    def _pretend_systemd(self) -> None:
        """Programmes of the system are not run, but noted; this computer may have none of them."""
        self.called: List[Tuple[str, ...]] = []

        def call(command: List[str], **_: Any) -> subprocess.CompletedProcess[str]:
            self.called.append(tuple(command))
            return subprocess.CompletedProcess(command, 0, "", "")

        self._patch.setattr(linux, "UNIT", self.top / "unit")
        self._patch.setattr(cli_installing, "_check_systemd", lambda _: None)
        self._patch.setattr(cli_installing, "carry_out", partial(carrying_out.carry_out, call=call))
        self._patch.setattr(cli_installing, "answers_at", lambda *_: True)
        drives = (Drive(self.stick, "STICK", "vfat", removable=True),)
        self._patch.setattr(cli_sticks, "drives", lambda: drives)

    def here(self, line: str) -> List[str]:
        """A command's words with what they stand for here."""
        for shown, actual in self.values.items():
            line = line.replace(shown, actual)
        words = shlex.split(line)
        return words[1:] if words[0] == "sudo" else words

    def build(self) -> None:
        """Lay a new version on the stick, as a packaged server would update itself."""
        machine = Machine(self.top / "machine")
        shutil.copy(
            machine.archive("9.9"), self.top / "media" / "stick" / "keruen-server-linux.zip"
        )
        self._patch.setattr(cli_installing.sys, "frozen", True, raising=False)
        self._patch.setattr(cli_installing, "_program", lambda: (str(programme_in(machine.here)),))

    def found_region(self) -> None:
        """Somebody at the region has set up a server, which runs."""
        server_json("init", self.region, "--school", "Облыс", "--json")
        url = self._running.enter_context(running_server(Path(self.region)))
        self.values[ABOVE] = url

    def note_code(self, said: str) -> None:
        found = re.search(r"\d{4}(?: \d{4}){3}", said)
        assert found
        self.values[CODE] = found[0]

    def note_school(self) -> None:
        (school,) = server_json("status", "--data", self.region, "--json")["schools"]
        self.values[SCHOOL] = school["id"]

    def note_person(self, said: str) -> None:
        found = re.search(r", id (\S+)", said)
        assert found
        self.values[PERSON] = found[1]

    def second_school(self) -> None:
        """Another school below the region, to which somebody comes as a guest."""
        other = str(self.top / "srv" / "other")
        server_json("init", other, "--school", "Интернат", "--json")
        code = server_json("enrol-relay", "--data", self.region, "--json")["code"]
        above = self.values[ABOVE]
        server_json("upstream", "--data", other, above, code, "--json")
        schools = server_json("status", "--data", self.region, "--json")["schools"]
        self.values[SCHOOL] = next(one["id"] for one in schools if one["id"] != self.values[SCHOOL])

    def repository(self) -> None:
        build_sample(self.top / "media" / "stick", video_bytes=3_000)
        self.values[KEY_ID] = KEY.public.key_id

    def root(self) -> None:
        second = world.make_root(world.HOLDERS, 1, 2, world.ROOT_ID)
        withdrawn = world.withdraw(world.HOLDERS[:2], world.ROOT_ID, 1)
        files = {
            "root.1": world.ROOT_FILE,
            "root.2": world.sign_root(second),
            "region.list": withdrawn,
        }
        for name, content in files.items():
            Path(name).write_bytes(content)
        self.values[KEY_ID] = world.ROOT_ID

    def trusted_key(self) -> None:
        self.values[KEY_ID] = KEY.public.key_id

    def anybody(self) -> None:
        code = ("enrol", "--data", self.data, "--class", "7А", "--json")
        self.values["PERSON"] = server_json(*code)["people"][0]["id"]

    def new_computer(self) -> None:
        (self.top / "srv" / "keruen").rename(self.top / "srv" / "old-computer")


Before = Callable[[Scene], None]
After = Callable[[Scene, str], None]
BEFORE: Mapping[str, Before] = {
    "sudo keruen-server update --data /srv/keruen /media": Scene.build,
    "keruen-server enrol-relay": Scene.found_region,
    "keruen-server enrol --data /srv/region": Scene.note_school,
    "keruen-server guest": Scene.second_school,
    "keruen-server publish": Scene.repository,
    "keruen-server trust --data /srv/keruen root.1": Scene.root,
    "keruen-server trust --data /srv/keruen --remove": Scene.trusted_key,
    "keruen-server leave": Scene.anybody,
    "keruen-server restore --data /srv/keruen /media/stick/keruen-backup": Scene.new_computer,
}
"""What happens elsewhere before the first command that begins so."""
AFTER: Mapping[str, After] = {
    "keruen-server enrol-relay": Scene.note_code,
    "keruen-server enrol --data /srv/keruen --class 7А --student": Scene.note_person,
    "keruen-server enrol --data /srv/region": Scene.note_person,
}
REFUSED = "keruen-server publish --data /srv/keruen /media/stick/repository"
"""The page says of this one that it refuses, the first time."""


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with contextlib.ExitStack() as running:
        yield Scene(tmp_path, monkeypatch, running)


def test_every_command_of_the_page_does_what_it_should(scene: Scene) -> None:
    waiting = dict(BEFORE)
    for line in commands():
        if not line.removeprefix("sudo ").startswith("keruen-server "):
            continue
        for start in [start for start in waiting if line.startswith(start)]:
            waiting.pop(start)(scene)
        words = scene.here(line)[1:]
        code, said, errors = _run(words) if words[0] == "run" else server_command(*words)
        assert code == (1 if line == REFUSED else 0), f"{line}\n{said}{errors}"
        for start, after in AFTER.items():
            if line.startswith(start):
                after(scene, said)
    assert waiting == {}
    assert (scene.top / "desk" / "cards.html").exists()
    assert any("systemctl" in command[0] for command in scene.called)
    assert (scene.stick / "KERUEN").is_dir()
    status = server_json("status", "--data", scene.data, "--json")
    assert status["people"] >= 3


def _run(words: List[str]) -> Tuple[int, str, str]:
    """Have the server run until it says where it is ready; it is then asked to stop."""
    with subprocess.Popen(
        [sys.executable, "-m", "sync_server", *words, "--host", "127.0.0.1", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    assert ready.startswith("Ready at http://127.0.0.1:")
    return process.returncode, ready, errors


def test_it_installs_with_pip_as_the_page_says(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    (line,) = [line for line in commands() if "pip" in line]
    words = shlex.split(line)
    assert words[0] == "python3"
    # Everything that it needs is here already, and the network is nobody's business.
    offline = ["--dry-run", "--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    done = subprocess.run(
        [sys.executable, *words[1:], *offline],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_no_other_programme_is_asked_for() -> None:
    rest = [line for line in commands() if not re.match(r"(sudo )?keruen-server ", line)]
    assert rest == ['python3 -m pip install ".[server]"']


def _known(words: List[str]) -> bool:
    """Tell whether a command and its options are there, whatever else it lacks."""
    parser = make_parser()
    for word in words:
        below = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
        if below and word in below[0].choices:
            parser = below[0].choices[word]
        elif below and not word.startswith("-"):
            return False
    options = {option for action in parser._actions for option in action.option_strings}
    return all(word in options for word in words if word.startswith("--"))


def test_commands_that_the_text_names_are_there() -> None:
    named = re.findall(r"`(?:sudo )?keruen-server ([a-z][^`]*)`", PAGE)
    assert len(named) > 5
    assert [one for one in named if not _known(shlex.split(one))] == []
    assert not _known(["restor"])
    assert not _known(["restore", "--chek"])
    assert not _known(["stick", "eat"])
