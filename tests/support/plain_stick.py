"""A stick with a letter of every kind, packs and files, made without any laptop or server.

Its messages are noise: to whoever carries letters they are no more than that.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from pathlib import Path
from typing import Dict

from sync.errors import StickError
from sync.sticks.choice import Choice, write_choice
from sync.sticks.layout import ReplyName
from sync.sticks.letter import Letter, LetterKind
from sync.sticks.mailbox import Mailbox
from sync.sticks.marker import make_stick
from sync.sticks.volume import FolderVolume

REPOSITORY = Path(__file__).parents[1] / "golden" / "content" / "format-1" / "repository"
SCHOOL = "5c" * 8
BOXES = tuple(f"{number:x}" * 16 for number in (10, 11, 12))
PUBLISHER = "ad" * 16


def noise(seed: object, size_bytes: int) -> bytes:
    return random.Random(str(seed)).randbytes(size_bytes)


def make_plain_stick(root: Path) -> FolderVolume:
    """Make a drive a stick on which three laptops and a server have left something."""
    volume = make_stick(root)
    mailbox = Mailbox(volume, SCHOOL)
    for box in BOXES:
        messages = (noise(box, 300), noise(box + "2", 40))
        name = mailbox.put_up(box, Letter(LetterKind.UP, messages).to_bytes())
        mailbox.put_own(box, Letter(LetterKind.OWN, messages).to_bytes())
        reply = Letter(LetterKind.DOWN, messages, name.letter).to_bytes()
        mailbox.put_down(ReplyName(box, name.letter, 1), reply)
        data = noise(box + "file", 5_000)
        mailbox.put_file(hashlib.sha256(data).hexdigest(), [data])
    mailbox.put_invitation("1" * 16, noise("invitation", 200))
    write_choice(volume, Choice({f"{PUBLISHER}/equations": "all"}))
    shutil.copytree(str(REPOSITORY), str(root / "KERUEN" / "repository" / PUBLISHER))
    return volume


def readable(mailbox: Mailbox) -> Dict[str, bytes]:
    """All letters that can be read, by their kind and name; the rest is in ``damaged``."""
    found: Dict[str, bytes] = {}
    for kind, names, read in (
        ("up", tuple(mailbox.up_letters()), mailbox.up_bytes),
        ("own", tuple(mailbox.own_letters()), mailbox.own_bytes),
        ("down", mailbox.replies(), mailbox.down_bytes),
    ):
        for name in names:
            try:
                found[f"{kind} {name}"] = read(name)  # type: ignore[operator]
            except StickError as error:
                assert error.code in ("stick-damaged", "stick-newer"), error
    return found
