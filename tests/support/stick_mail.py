"""Letters on sticks and in bags, made with a word."""

from __future__ import annotations

import hashlib

from sync.sticks.layout import LetterName, ReplyName
from sync.sticks.letter import Letter, LetterKind
from sync.sticks.mailbox import Mailbox
from sync.sticks.merging import Merged, merge
from tests.support.stick_volume import MemoryVolume

SCHOOL, STICK = "5c" * 8, "0a" * 16
BUDGET_BYTES = 1 << 30


def new_bag() -> Mailbox:
    return Mailbox(MemoryVolume(is_disk=True), SCHOOL)


def new_stick(capacity_bytes: int = 1 << 40) -> Mailbox:
    return Mailbox(MemoryVolume(capacity_bytes), SCHOOL)


def volume_of(mailbox: Mailbox) -> MemoryVolume:
    assert isinstance(mailbox.volume, MemoryVolume)
    return mailbox.volume


def box(number: int) -> str:
    return f"{number:016x}"


def put_up(mailbox: Mailbox, number: int, text: bytes = b"work") -> LetterName:
    letter = Letter(LetterKind.UP, (text, str(number).encode()))
    return mailbox.put_up(box(number), letter.to_bytes())


def put_own(mailbox: Mailbox, number: int) -> LetterName:
    letter = Letter(LetterKind.OWN, (b"copy", str(number).encode()))
    return mailbox.put_own(box(number), letter.to_bytes())


def reply(mailbox: Mailbox, name: LetterName, number: int = 1) -> ReplyName:
    letter = Letter(LetterKind.DOWN, (b"receipt", str(number).encode()), name.letter)
    to = ReplyName(name.box, name.letter, number)
    mailbox.put_down(to, letter.to_bytes())
    return to


def put_file(mailbox: Mailbox, data: bytes) -> str:
    sha256 = hashlib.sha256(data).hexdigest()
    mailbox.put_file(sha256, [data])
    return sha256


def merged(bag: Mailbox, stick: Mailbox) -> Merged:
    return merge(bag, stick, BUDGET_BYTES, STICK)
