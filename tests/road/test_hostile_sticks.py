"""Traps on sticks: nothing else on the stick, and nothing on the machine's disk, is touched."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any, Iterator

import pytest

from sync.errors import StickError
from sync.sticks.choice import Choice, read_choice, write_choice
from sync.sticks.letter import Letter, LetterKind
from sync.sticks.mailbox import Mailbox, schools_on
from sync.sticks.marker import ensure_marker, read_marker
from sync.sticks.volume import find_stick
from tests.support.hostile_sticks import GOES_ON, STOPS, STRANGERS, Stick, add_strangers, seen
from tests.support.plain_stick import BOXES, make_plain_stick, readable

PATIENCE_S = 60
PACK = f"{'0' * 32}/geometry"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="traps are made as on Linux")


@pytest.fixture(autouse=True)
def no_waiting_for_ever() -> Iterator[None]:
    """A pipe or device that is waited for ends the test."""

    def give_up(*_: object) -> None:
        raise AssertionError("somebody waits for what lies on a stick")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def genuine(tmp_path_factory: Any) -> Path:
    root = tmp_path_factory.mktemp("genuine") / "drive"
    root.mkdir()
    make_plain_stick(root)
    return root


def lay(trap: Any, genuine: Path, folder: Path) -> Stick:
    """A copy of a stick with strangers' files on it, and a trap."""
    stick = Stick(folder / "drive", folder / "outside")
    shutil.copytree(str(genuine), str(stick.root))
    add_strangers(stick.root, stick.outside)
    try:
        trap(stick)
    except PermissionError:
        pytest.skip("this trap takes rights that we have not")
    return stick


@pytest.mark.parametrize("name", [*GOES_ON, *STOPS])
def test_letters_are_read_and_written_around_a_trap(
    name: str, genuine: Path, tmp_path: Path
) -> None:
    traps = {**GOES_ON, **STOPS}
    stick = lay(traps[name], genuine, tmp_path)
    before = seen(stick.root), seen(stick.outside)
    left = _use(stick)
    assert (seen(stick.root), seen(stick.outside)) == before
    assert set(STRANGERS) <= set(before[0])
    if name in GOES_ON and name != "spoiled files":
        assert left >= len(BOXES) - 1, "the letters around the trap were not read"
    if name == "a letter is a link":
        assert left == len(BOXES) - 1, "a link was followed"


def _use(stick: Stick) -> int:
    """Read all there is, mend what may be mended and write again; returns the up letters read."""
    left = 0
    try:
        volume = find_stick(stick.root)
        if volume is None:
            return left
        ensure_marker(volume)
        write_choice(volume, Choice({**(read_choice(volume) or Choice()).packs, PACK: "text"}))
        for school in schools_on(volume):
            mailbox = Mailbox(volume, school)
            left += sum(key.startswith("up ") for key in readable(mailbox))
            for invitation in mailbox.invitations():
                mailbox.read_invitation(invitation)
            for file in mailbox.files():
                with mailbox.open_file(file) as opened:
                    opened.read(100)
            mailbox.sweep()
            for box in BOXES:
                mailbox.put_up(box, Letter(LetterKind.UP, (os.urandom(200),)).to_bytes())
        volume.flush()
    except StickError as error:
        assert error.code == "stick-newer", error
    return left


def test_a_newer_stick_is_not_changed_at_all(genuine: Path, tmp_path: Path) -> None:
    stick = lay(STOPS["a newer format"], genuine, tmp_path)
    volume = find_stick(stick.root)
    assert volume is not None
    with pytest.raises(StickError, match="newer"):
        read_marker(volume)
