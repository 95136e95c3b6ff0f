"""Traps on sticks: nothing else on the stick, and nothing on the machine's disk, is touched."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.sticks.account import StickAccount
from client.laptop.sticks.packing import Wishes
from sync.clock import SystemClock
from sync.errors import StickError
from sync.sticks.checking import check_stick
from sync.sticks.choice import Choice, read_choice, write_choice
from sync.sticks.letter import Letter, LetterKind
from sync.sticks.mailbox import Mailbox, schools_on
from sync.sticks.marker import ensure_marker, make_stick
from sync.sticks.volume import find_stick
from sync_server.data_folder import DataFolder
from sync_server.sticks.visiting import Visitor
from tests.support.hostile_sticks import GOES_ON, STOPS, STRANGERS, Stick, add_strangers, seen
from tests.support.pack_source import PACK
from tests.support.plain_stick import BOXES, make_plain_stick, readable
from tests.support.school import School
from tests.support.stick_village import SchoolHere, Village, no_road

PATIENCE_S = 60
TEACHERS = "laptop-3"
"""The laptop that carries others' letters as well."""
GEOMETRY = f"{'0' * 32}/geometry"
LOSES_A_LETTER = ("a letter is a link", "pipes", "folders for files")
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


@pytest.fixture(scope="module")
def before_the_trap(tmp_path_factory: Any) -> Path:
    """A school whose pupils have left work on a stick, as folders that can be copied."""
    folder = tmp_path_factory.mktemp("school")
    school = School(folder / "school")
    school.publish(PACK, 1, video_bytes=2_000)
    village = Village(folder, SchoolHere(school), 2)
    (folder / "drive").mkdir()
    write_choice(make_stick(folder / "drive"), Choice({f"{school.key_id}/{PACK}": "all"}))
    village.server.take_stick(folder / "drive")
    for desk in village.desks:
        village.join(desk, folder / "drive")
        village.at(desk, folder / "drive")
    for desk in village.pupils:
        village.hand_in(desk)
        village.at(desk, folder / "drive")
    village.close()
    school.close()
    return folder


@pytest.mark.parametrize("name", [*GOES_ON, *STOPS])
def test_a_server_and_a_laptop_go_on_around_a_trap(
    name: str, before_the_trap: Path, tmp_path: Path
) -> None:
    traps = {**GOES_ON, **STOPS}
    stick = lay(traps[name], before_the_trap / "drive", tmp_path)
    before = seen(stick.root), seen(stick.outside)
    for part in ("school", TEACHERS):
        shutil.copytree(str(before_the_trap / part), str(tmp_path / part))
    answers, account = _visits(stick, tmp_path)
    if name != "a newer format":
        _check(stick)
    assert (seen(stick.root), seen(stick.outside)) == before
    if name in STOPS:
        return
    assert account.problem is None, account.problem
    assert account.safe
    letters = 0 if name == "spoiled files" else 2 if name in LOSES_A_LETTER else 3
    assert len(answers) >= letters, "one bad thing kept others' work from the server"


def _visits(stick: Stick, folder: Path) -> Tuple[List[Any], StickAccount]:
    """The server's visit, and then that of a laptop which carries for others."""
    data = DataFolder(folder / "school" / "server")
    with data.store() as store:
        visitor = Visitor(data, store, data.identity(), SystemClock())
        volume = find_stick(stick.root)
        if volume is not None:
            visitor.visit(volume)
        with store.transaction() as transaction:
            kept = list(transaction.letter_heads())
    laptop = Laptop.open(folder / TEACHERS, reach=no_road)
    try:
        account = laptop.sticks.visit(stick.root)
        _write_and_join(laptop, stick, folder)
    finally:
        laptop.close()
    return kept, account


def _write_and_join(laptop: Laptop, stick: Stick, folder: Path) -> None:
    """What else is done with sticks: lessons are written, and a newcomer tries a code."""
    wishes = Wishes({offer.key: "all" for offer in laptop.sticks.offers()})
    ended: Dict[Path, Any] = {}
    laptop.sticks.write([stick.root], wishes, lambda *_: None, lambda _: False, ended.__setitem__)
    assert list(ended) == [stick.root]
    newcomer = Laptop.open(folder / "newcomer", reach=no_road)
    with contextlib.suppress(LaptopError):
        newcomer.sticks.enrol(stick.root, "1234 5678 9012 3455")
    newcomer.close()


def _check(stick: Stick) -> None:
    volume = find_stick(stick.root)
    if volume is not None:
        check_stick(volume)


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
        write_choice(volume, Choice({**(read_choice(volume) or Choice()).packs, GEOMETRY: "text"}))
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


def test_a_newer_stick_is_not_changed_at_all(before_the_trap: Path, tmp_path: Path) -> None:
    stick = lay(STOPS["a newer format"], before_the_trap / "drive", tmp_path)
    for part in ("school", TEACHERS):
        shutil.copytree(str(before_the_trap / part), str(tmp_path / part))
    before = seen(stick.keruen)
    answers, account = _visits(stick, tmp_path)
    assert seen(stick.keruen) == before
    assert answers == []
    assert account.problem is not None
    assert account.problem.code == "stick-newer"
    with pytest.raises(StickError, match="newer"):
        _check(stick)
