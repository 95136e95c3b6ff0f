"""A stick is read through, and what is damaged on it is named; nothing is changed."""

from __future__ import annotations

import hashlib

import pytest

from sync.errors import CancelledError, StickError
from sync.sticks.checking import check_stick
from sync.sticks.choice import Choice, write_choice
from sync.sticks.layout import MARKER, object_path
from sync.sticks.letter import Letter, LetterKind
from sync.sticks.mailbox import Mailbox
from sync.sticks.marker import Marker, ensure_marker
from sync.sticks.objects import put_object
from tests.support.stick_volume import MemoryVolume

PUBLISHER = "0" * 32
CONTENT = bytes(range(256)) * 40


@pytest.fixture
def stick() -> MemoryVolume:
    """A stick with one of everything; the object in parts."""
    volume = MemoryVolume()
    ensure_marker(volume)
    write_choice(volume, Choice({f"{PUBLISHER}/algebra-7": "all"}))
    mailbox = Mailbox(volume, "1" * 16)
    mailbox.put_up("2" * 16, Letter(LetterKind.UP, (b"sealed",)).to_bytes())
    mailbox.put_own("2" * 16, Letter(LetterKind.OWN, (b"sealed too",)).to_bytes())
    mailbox.put_file(hashlib.sha256(b"photo").hexdigest(), [b"photo"])
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    path = object_path(PUBLISHER, sha256)
    put_object(volume, path, len(CONTENT), sha256, lambda: iter([CONTENT]), part_bytes=4096)
    return volume


def test_a_whole_stick_is_whole(stick: MemoryVolume) -> None:
    before = stick.files()
    checked = check_stick(stick)
    assert (checked.letters, checked.files, checked.objects, checked.damaged) == (2, 1, 1, {})
    assert checked.read_bytes > len(CONTENT)
    assert stick.files() == before


@pytest.mark.parametrize("where", ["/up/", "/own/", "/files/", "/objects/", "choice"])
def test_one_flipped_bit_is_named_by_its_path(stick: MemoryVolume, where: str) -> None:
    path = next(path for path in stick.files() if where in f"/{path}")
    stick.flip(path, 4)
    (damaged,) = check_stick(stick).damaged
    assert path.startswith(damaged)


def test_a_stick_that_is_gone_says_so(stick: MemoryVolume) -> None:
    stick.fail_at(stick.steps + 20)
    with pytest.raises(StickError) as caught:
        check_stick(stick)
    assert caught.value.code == "stick-gone"


def test_a_newer_stick_is_not_judged(stick: MemoryVolume) -> None:
    stick.put(MARKER, Marker("0" * 32, 2).to_bytes())
    with pytest.raises(StickError) as caught:
        check_stick(stick)
    assert caught.value.code == "stick-newer"


def test_it_can_be_stopped(stick: MemoryVolume) -> None:
    with pytest.raises(CancelledError):
        check_stick(stick, cancel=lambda: True)
