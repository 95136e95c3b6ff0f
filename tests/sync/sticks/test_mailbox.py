from __future__ import annotations

import contextlib
import hashlib
import random
from typing import Dict, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import StickError
from sync.sticks import layout
from sync.sticks.layout import LetterName, ReplyName
from sync.sticks.letter import Letter, LetterKind
from sync.sticks.mailbox import REPLIES_KEPT, Mailbox, schools_on
from tests.support.examples import examples
from tests.support.stick_volume import MemoryVolume

SCHOOL, BOX, OTHER_BOX = "5c" * 8, "b0" * 8, "b1" * 8
UP = Letter(LetterKind.UP, (b"one", b"two"))
OWN = Letter(LetterKind.OWN, (b"mine",))


@pytest.fixture
def volume() -> MemoryVolume:
    return MemoryVolume()


@pytest.fixture
def mailbox(volume: MemoryVolume) -> Mailbox:
    return Mailbox(volume, SCHOOL)


def reply_to(name: LetterName, number: int) -> Tuple[ReplyName, Letter]:
    reply = Letter(LetterKind.DOWN, (b"kept", str(number).encode()), name.letter)
    return ReplyName(name.box, name.letter, number), reply


def test_letters_go_up_and_replies_down(mailbox: Mailbox) -> None:
    assert list(mailbox.up_letters()) == []
    name = mailbox.put_up(BOX, UP.to_bytes())
    assert list(mailbox.up_letters()) == [name]
    assert name == LetterName(BOX, layout.letter_name(UP.to_bytes()))
    assert mailbox.read_up(name) == UP
    assert mailbox.up_bytes(name) == UP.to_bytes()
    reply, letter = reply_to(name, 1)
    mailbox.put_down(reply, letter.to_bytes())
    assert mailbox.answered() == {name}
    assert mailbox.read_down(mailbox.newest(BOX) or reply) == letter
    mailbox.remove_up(name)
    mailbox.remove_down(reply)
    assert list(mailbox.up_letters()) == []
    assert mailbox.newest(BOX) is None


def test_a_laptop_finds_its_own_letters(mailbox: Mailbox) -> None:
    name = mailbox.put_own(BOX, OWN.to_bytes())
    assert list(mailbox.own_letters()) == [name]
    assert mailbox.read_own(name) == OWN
    assert mailbox.own_bytes(name) == OWN.to_bytes()
    mailbox.remove_own(name)
    assert list(mailbox.own_letters()) == []


def test_replies_are_in_their_order_and_the_oldest_go(mailbox: Mailbox) -> None:
    up = LetterName(BOX, "ab" * 8)
    for number in (3, 10, 1, 2, *range(20, 20 + REPLIES_KEPT)):
        name, letter = reply_to(up, number)
        mailbox.put_down(name, letter.to_bytes())
    other, letter = reply_to(LetterName(OTHER_BOX, "cd" * 8), 1)
    mailbox.put_down(other, letter.to_bytes())
    numbers = [name.number for name in mailbox.replies(BOX)]
    assert numbers == list(range(20, 20 + REPLIES_KEPT))
    assert mailbox.replies(OTHER_BOX) == (other,)
    newest = mailbox.newest(BOX)
    assert newest is not None
    assert newest.number == 19 + REPLIES_KEPT


@pytest.mark.parametrize("folder", ["up", "own", "down"])
def test_a_damaged_letter_stops_no_other_and_is_swept(
    volume: MemoryVolume, mailbox: Mailbox, folder: str
) -> None:
    up, own = mailbox.put_up(BOX, UP.to_bytes()), mailbox.put_own(BOX, OWN.to_bytes())
    reply, letter = reply_to(up, 7)
    mailbox.put_down(reply, letter.to_bytes())
    read = {"up": lambda: mailbox.read_up(up), "own": lambda: mailbox.read_own(own)}
    read["down"] = lambda: mailbox.read_down(reply)
    (path,) = (path for path in volume.files() if f"/{folder}/" in path)
    volume.flip(path, 9)
    with pytest.raises(StickError) as caught:
        read.pop(folder)()
    assert caught.value.code == "stick-damaged"
    for other in read.values():
        other()
    assert mailbox.sweep() == (path,)
    assert path not in volume.files()
    assert len(volume.files()) == 2


def test_a_letter_under_another_s_name_is_damaged(volume: MemoryVolume, mailbox: Mailbox) -> None:
    name = LetterName(BOX, "ab" * 8)
    volume.put(f"{layout.up_folder(SCHOOL)}/{name}", UP.to_bytes())
    with pytest.raises(StickError, match="another"):
        mailbox.read_up(name)
    reply, letter = reply_to(LetterName(BOX, "cd" * 8), 1)
    volume.put(f"{layout.down_folder(SCHOOL)}/{name}-00000001", letter.to_bytes())
    with pytest.raises(StickError, match="another"):
        mailbox.read_down(reply._replace(letter=name.letter))


def test_what_lies_there_damaged_is_written_again(volume: MemoryVolume, mailbox: Mailbox) -> None:
    name = mailbox.put_up(BOX, UP.to_bytes())
    (path,) = volume.files()
    volume.flip(path, 20)
    assert mailbox.put_up(BOX, UP.to_bytes()) == name
    assert mailbox.read_up(name) == UP
    steps = volume.steps
    mailbox.put_up(BOX, UP.to_bytes())
    assert volume.steps - steps < 5


def test_a_letter_that_the_stick_cannot_read_is_as_good_as_damaged(
    volume: MemoryVolume, mailbox: Mailbox
) -> None:
    name = mailbox.put_up(BOX, UP.to_bytes())
    volume.fail_at(volume.steps + 2, "stick-failed")
    with pytest.raises(StickError) as caught:
        mailbox.read_up(name)
    assert caught.value.code == "stick-damaged"
    assert mailbox.sweep() != ()


def test_a_stick_that_does_not_keep_a_letter_is_noticed_at_once(
    volume: MemoryVolume, mailbox: Mailbox
) -> None:
    volume.medium.is_worn = True
    with pytest.raises(StickError, match="written") as caught:
        mailbox.put_up(BOX, UP.to_bytes())
    assert caught.value.code == "stick-failed"
    assert volume.files() == {}
    volume.medium.is_worn = False
    assert mailbox.read_up(mailbox.put_up(BOX, UP.to_bytes())) == UP


def test_a_newer_letter_stays(volume: MemoryVolume, mailbox: Mailbox) -> None:
    body = b"KXL\x02 from the future"
    data = body + hashlib.sha256(body).digest()
    name = LetterName(BOX, layout.letter_name(data))
    volume.put(f"{layout.up_folder(SCHOOL)}/{name}", data)
    with pytest.raises(StickError) as caught:
        mailbox.read_up(name)
    assert caught.value.code == "stick-newer"
    assert mailbox.sweep() == ()
    assert list(mailbox.up_letters()) == [name]


def test_a_stick_that_is_gone_is_not_damaged(volume: MemoryVolume, mailbox: Mailbox) -> None:
    name = mailbox.put_up(BOX, UP.to_bytes())
    volume.fail_at(volume.steps + 1)
    with pytest.raises(StickError) as caught:
        mailbox.read_up(name)
    assert caught.value.code == "stick-gone"
    assert mailbox.damaged == {}


def test_strangers_files_are_passed_over(volume: MemoryVolume, mailbox: Mailbox) -> None:
    for folder in ("up", "own", "down", "invitations", "files", "files/ab"):
        volume.put(f"mail/{SCHOOL}/{folder}/autorun.inf", b"virus")
        volume.put(f"mail/{SCHOOL}/{folder}/{BOX}.lnk", b"virus")
    volume.put(f"mail/{SCHOOL}/files/ab/{'cd' * 32}", b"in another's folder")
    before = volume.files()
    assert list(mailbox.up_letters()) == list(mailbox.own_letters()) == list(mailbox.files()) == []
    assert mailbox.replies() == mailbox.invitations() == ()
    assert mailbox.sweep() == ()
    assert volume.files() == before


def test_letters_begun_and_never_finished_are_swept(volume: MemoryVolume, mailbox: Mailbox) -> None:
    mailbox.put_up(BOX, UP.to_bytes())
    before = volume.files()
    name = f"{BOX}-{'0' * 16}"
    for folder in (layout.up_folder, layout.own_folder, layout.invitations_folder):
        volume.put(f"{folder(SCHOOL)}/{name}.new", b"KXL")
    volume.put(f"{layout.down_folder(SCHOOL)}/{name}-00000001.new", b"KXL")
    volume.put(f"{layout.file_path(SCHOOL, 'ab' * 32)}.new", b"half a video")
    mailbox.sweep()
    assert volume.files() == before


def test_attached_files_are_what_their_names_say(volume: MemoryVolume, mailbox: Mailbox) -> None:
    data = b"a photo" * 1000
    sha256 = hashlib.sha256(data).hexdigest()
    assert mailbox.file_bytes(sha256) is None
    mailbox.put_file(sha256, [data[:100], data[100:]])
    assert list(mailbox.files()) == [sha256]
    assert mailbox.file_bytes(sha256) == len(data)
    with mailbox.open_file(sha256) as file:
        assert file.read() == data
    with pytest.raises(StickError) as caught:
        mailbox.put_file("ab" * 32, [data])
    assert caught.value.code == "stick-damaged"
    assert list(mailbox.files()) == [sha256]
    mailbox.report_file(sha256)
    mailbox.sweep()
    assert list(mailbox.files()) == []


def test_invitations_lie_by_the_ids_of_their_codes(mailbox: Mailbox) -> None:
    assert mailbox.read_invitation("0a" * 8) is None
    mailbox.put_invitation("0a" * 8, b"sealed")
    mailbox.put_invitation("0a" * 8, b"sealed anew")
    assert mailbox.invitations() == ("0a" * 8,)
    assert mailbox.read_invitation("0a" * 8) == b"sealed anew"
    mailbox.remove_invitation("0a" * 8)
    assert mailbox.invitations() == ()


def correspondence(mailbox: Mailbox, acknowledged: Dict[str, bytes]) -> None:
    """Lay letters down and take some away; what is in ``acknowledged`` must be there for ever."""
    for number in range(5):
        up = Letter(LetterKind.UP, (bytes([number]) * 700, b"work")).to_bytes()
        name = mailbox.put_up(BOX, up)
        acknowledged[f"up/{name}"] = up
        reply, letter = reply_to(name, number + 1)
        mailbox.put_down(reply, letter.to_bytes())
        acknowledged[f"down/{reply}"] = letter.to_bytes()
        if number % 2:
            del acknowledged[f"up/{name}"]
            mailbox.remove_up(name)
    mailbox.volume.flush()


@settings(max_examples=examples(80))
@given(st.integers(0, 1 << 30), st.integers(0, 110))
def test_pulled_out_at_any_moment_it_keeps_what_it_acknowledged(seed: int, at: int) -> None:
    volume, acknowledged = MemoryVolume(), {}
    mailbox = Mailbox(volume, SCHOOL)
    volume.fail_at(at + 1)
    with contextlib.suppress(StickError):
        correspondence(mailbox, acknowledged)
    volume.pull(random.Random(seed))
    again = Mailbox(volume, SCHOOL)
    found = {path.split("/", 2)[2]: data for path, data in volume.files().items()}
    assert {name: found.get(name) for name in acknowledged} == acknowledged
    for name in again.up_letters():
        with contextlib.suppress(StickError):
            again.read_up(name)
    again.sweep()
    correspondence(again, acknowledged)
    assert again.damaged == {}
    assert {str(name) for name in again.up_letters()} >= {
        name[3:] for name in acknowledged if name.startswith("up/")
    }
    for up in again.up_letters():
        again.read_up(up)


def test_schools_are_found(volume: MemoryVolume, mailbox: Mailbox) -> None:
    mailbox.put_up(BOX, UP.to_bytes())
    volume.put("mail/desktop.ini", b"")
    assert schools_on(volume) == (SCHOOL,)
