from __future__ import annotations

import hashlib

import pytest

from sync.errors import CancelledError, ObjectError
from sync.sticks.layout import LetterName
from sync.sticks.mailbox import REPLIES_KEPT, Mailbox
from sync.sticks.merge_plan import DOWN, FILES, INVITATIONS, OWN, UP
from sync.sticks.merging import STICK_RESERVE_BYTES, Merged, contents, merge
from sync.sticks.remembered import read_remembered
from tests.support.stick_mail import (
    BUDGET_BYTES,
    SCHOOL,
    STICK,
    box,
    merged,
    new_bag,
    new_stick,
    put_file,
    put_own,
    put_up,
    reply,
    volume_of,
)
from tests.support.stick_volume import MemoryVolume


@pytest.fixture
def bag() -> Mailbox:
    return new_bag()


@pytest.fixture
def stick() -> Mailbox:
    return new_stick()


def test_what_the_one_has_the_other_gets(bag: Mailbox, stick: Mailbox) -> None:
    put_up(bag, 1)
    put_up(stick, 2)
    put_own(stick, 2)
    reply(stick, LetterName(box(3), "ab" * 8))
    reply(bag, LetterName(box(4), "cd" * 8))
    put_file(stick, b"a photo")
    bag.put_invitation("0b" * 8, b"sealed")
    done = merged(bag, stick)
    assert contents(bag) == contents(stick)
    assert len(contents(bag)) == 7
    assert done == Merged(taken=4, given=3)


def test_a_second_merge_writes_nothing(bag: Mailbox, stick: Mailbox) -> None:
    put_up(bag, 1)
    name = put_up(stick, 2)
    reply(bag, name)
    put_file(stick, b"a photo")
    merged(bag, stick)
    volumes = volume_of(bag), volume_of(stick)
    before = [volume.files() for volume in volumes]
    volume_of(stick).make_read_only()
    volume_of(bag).make_read_only()
    assert merged(bag, stick) == Merged()
    assert [volume.files() for volume in volumes] == before


def test_an_answered_letter_travels_no_further(bag: Mailbox, stick: Mailbox) -> None:
    name = put_up(stick, 1)
    merged(bag, stick)
    reply(bag, name)
    merged(bag, stick)
    assert list(bag.up_letters()) == []
    # Whose it is removes it from the stick, nobody else.
    assert list(stick.up_letters()) == [name]
    assert stick.answered() == {name}
    other = new_stick()
    merge(bag, other, BUDGET_BYTES, "0b" * 16)
    assert list(other.up_letters()) == []
    assert other.answered() == {name}


def test_a_letter_in_another_s_box_is_answered_as_well(bag: Mailbox, stick: Mailbox) -> None:
    name = put_up(bag, 1)
    reply(stick, LetterName(box(2), name.letter))
    merged(bag, stick)
    assert list(bag.up_letters()) == list(stick.up_letters()) == []


def test_a_damaged_reply_ends_no_letter(bag: Mailbox, stick: Mailbox) -> None:
    name = put_up(bag, 1)
    reply(stick, name)
    (path,) = (path for path in volume_of(stick).files() if "/down/" in path)
    volume_of(stick).flip(path, 12)
    done = merged(bag, stick)
    assert list(bag.up_letters()) == [name]
    assert list(stick.up_letters()) == [name]
    assert done.damaged == (path,)
    assert stick.replies() == bag.replies() == ()


def test_what_the_stick_has_damaged_the_bag_repairs(bag: Mailbox, stick: Mailbox) -> None:
    name = put_up(stick, 1)
    down = reply(stick, LetterName(box(2), "ab" * 8))
    merged(bag, stick)
    whole, volume = volume_of(stick).files(), volume_of(stick)
    for path in whole:
        if "/up/" in path:
            volume.flip(path, 30)
        else:
            volume.put(path, whole[path][:20])
    assert merged(bag, stick).given == 2
    assert volume.files() == whole
    assert stick.read_up(name) == bag.read_up(name)
    assert stick.read_down(down) == bag.read_down(down)


def test_what_a_laptop_took_off_the_stick_stays_off(bag: Mailbox, stick: Mailbox) -> None:
    name = LetterName(box(1), "ab" * 8)
    down, own = reply(bag, name), put_own(stick, 1)
    merged(bag, stick)
    stick.remove_down(down)
    stick.remove_own(own)
    merged(bag, stick)
    merged(bag, stick)
    assert contents(stick) == frozenset()
    # Another stick may meet the laptop in another state: the reply still goes there.
    assert contents(bag) == {f"{DOWN}/{down}"}
    other = new_stick()
    merge(bag, other, BUDGET_BYTES, "0b" * 16)
    assert contents(other) == {f"{DOWN}/{down}"}


def test_a_reply_that_the_stick_lost_comes_back(bag: Mailbox, stick: Mailbox) -> None:
    name = put_up(stick, 1)
    down = reply(bag, name)
    merged(bag, stick)
    stick.remove_down(down)
    merged(bag, stick)
    assert stick.replies() == (down,)


def test_what_the_bag_let_go_of_is_not_taken_again(bag: Mailbox, stick: Mailbox) -> None:
    sha256 = put_file(stick, b"a photo")
    merged(bag, stick)
    bag.remove_file(sha256)
    assert merged(bag, stick).taken == 0
    assert merged(bag, stick).taken == 0
    stick.remove_file(sha256)
    merged(bag, stick)
    assert read_remembered(bag.volume, STICK) == frozenset()


def test_an_up_letter_is_never_forgotten_for_being_absent(bag: Mailbox, stick: Mailbox) -> None:
    name = put_up(stick, 1)
    merged(bag, stick)
    stick.remove_up(name)
    merged(bag, stick)
    assert list(stick.up_letters()) == [name]
    bag.remove_up(name)
    merged(bag, stick)
    assert list(bag.up_letters()) == [name]


def test_old_replies_go_and_do_not_come_back(bag: Mailbox, stick: Mailbox) -> None:
    name = LetterName(box(1), "ab" * 8)
    put_up(stick, 2)
    for number in range(1, 5):
        reply(bag, name, number)
    for number in range(5, 5 + REPLIES_KEPT):
        reply(stick, name, number)
    merged(bag, stick)
    numbers = list(range(5, 5 + REPLIES_KEPT))
    assert [one.number for one in bag.replies()] == numbers
    assert [one.number for one in stick.replies()] == numbers
    assert merged(bag, stick) == Merged()


def test_letters_come_first_and_files_make_room(bag: Mailbox, stick: Mailbox) -> None:
    first, second = put_file(bag, bytes(4000)), put_file(bag, bytes(4001))
    name = put_up(stick, 1, bytes(3000))
    done = merge(bag, new_stick(), 8100, "0b" * 16)
    assert done.given == 2
    merge(bag, stick, 8100, STICK)
    assert list(bag.up_letters()) == [name]
    assert len(set(bag.files()) & {first, second}) == 1


def test_a_budget_holds_for_files(bag: Mailbox, stick: Mailbox) -> None:
    for size_bytes in (3000, 3001, 3002):
        put_file(stick, bytes(size_bytes))
    done = merge(bag, stick, 7000, STICK)
    assert (done.taken, done.left) == (2, 1)
    done = merge(bag, stick, 7000, STICK)
    assert (done.taken, done.left) == (0, 1)


def test_a_full_stick_takes_letters_and_says_so(bag: Mailbox) -> None:
    stick = new_stick(STICK_RESERVE_BYTES + 5000)
    put_up(bag, 1)
    put_file(bag, bytes(6000))
    put_up(stick, 2)
    done = merged(bag, stick)
    assert (done.given, done.left, done.taken) == (1, 1, 1)
    small = new_stick(30)
    done = merged(bag, small)
    assert (done.problem, done.given, done.left) == ("stick-full", 0, 3)
    assert contents(small) == frozenset()
    assert volume_of(small).files() == {}


def test_a_read_only_stick_is_read(bag: Mailbox, stick: Mailbox) -> None:
    put_up(bag, 1)
    name = put_up(stick, 2)
    volume_of(stick).make_read_only()
    done = merged(bag, stick)
    assert (done.taken, done.given, done.left) == (1, 0, 1)
    assert done.problem == "stick-read-only"
    assert name in set(bag.up_letters())


def test_a_full_disk_is_the_laptop_s_and_the_stick_still_gets(stick: Mailbox) -> None:
    bag = Mailbox(MemoryVolume(200, is_disk=True), SCHOOL)
    put_up(bag, 1)
    put_up(stick, 2, bytes(300))
    done = merged(bag, stick)
    assert done.bag_problem == "disk-full"
    assert (done.taken, done.given) == (0, 1)


def test_a_bag_that_cannot_be_read_is_the_disk_s_fault(bag: Mailbox, stick: Mailbox) -> None:
    put_up(bag, 1)
    volume_of(bag).fail_at(volume_of(bag).steps + 2)
    with pytest.raises(ObjectError):
        merged(bag, stick)


@pytest.mark.parametrize("kind", [UP, OWN, DOWN, FILES])
def test_what_is_damaged_is_left_and_the_others_go(bag: Mailbox, stick: Mailbox, kind: str) -> None:
    put_up(stick, 1)
    put_own(stick, 1)
    reply(stick, LetterName(box(2), "ab" * 8))
    put_file(stick, b"a photo")
    (path,) = (path for path in volume_of(stick).files() if f"/{kind}/" in path)
    volume_of(stick).flip(path, 3)
    done = merged(bag, stick)
    assert (done.taken, done.left, done.damaged) == (3, 1, (path,))
    assert contents(bag) == contents(stick)


def test_strangers_and_newer_letters_are_left(bag: Mailbox, stick: Mailbox) -> None:
    body = b"KXL\x02 from the future"
    data = body + hashlib.sha256(body).digest()
    name = stick.put_up(box(1), data)
    put_up(stick, 2)
    done = merged(bag, stick)
    assert (done.taken, done.left) == (1, 1)
    assert name in set(stick.up_letters())


def test_it_stops_when_asked(bag: Mailbox, stick: Mailbox) -> None:
    put_up(stick, 1)
    with pytest.raises(CancelledError):
        merge(bag, stick, BUDGET_BYTES, STICK, cancel=lambda: True)
    assert contents(bag) == frozenset()


def test_what_is_remembered_damaged_is_nothing(bag: Mailbox, stick: Mailbox) -> None:
    put_file(stick, b"a photo")
    merged(bag, stick)
    assert read_remembered(bag.volume, STICK) != frozenset()
    volume_of(bag).flip(f"remembered/{STICK}", 5)
    assert read_remembered(bag.volume, STICK) == frozenset()
    merged(bag, stick)
    assert read_remembered(bag.volume, STICK) == contents(stick)


def test_kinds_are_folders_of_the_layout(bag: Mailbox) -> None:
    put_up(bag, 1)
    put_own(bag, 1)
    reply(bag, LetterName(box(1), "ab" * 8))
    put_file(bag, b"x")
    bag.put_invitation("0b" * 8, b"x")
    folders = {path.split("/")[2] for path in volume_of(bag).files()}
    assert folders == {UP, OWN, DOWN, FILES, INVITATIONS}
