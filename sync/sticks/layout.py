"""The names on a stick, as pure functions: every path is below the folder ``KERUEN``.

    README.txt                                    what this is, for whoever finds it
    stick                                         the marker (`sync.sticks.marker`)
    lock                                          who uses the stick just now
    choice                                        the packs it shall carry (`sync.sticks.choice`)
    repository/<publisher>/...                    as a server serves it below /repository/
    mail/<school>/up/<box>-<letter>               from a laptop to the server
    mail/<school>/own/<box>-<letter>              the same, for the laptop itself
    mail/<school>/down/<box>-<letter>-<number>    the server's reply to the letter named
    mail/<school>/files/<2>/<sha256>              attached files, sealed
    mail/<school>/invitations/<code id>           answers to laptops that are yet to enrol

A school and a laptop (its *box*) are named by hashes that only those who know the server's id can
make: nothing on a stick names anybody. All our names are lower-case, whatever a file system makes
of them.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple, Optional

FOLDER = "KERUEN"
README, MARKER, LOCK, CHOICE = "README.txt", "stick", "lock", "choice"
REPOSITORY, MAIL = "repository", "mail"
PART_BYTES = 1 << 30
"""An object is laid down in parts of this size: FAT32 takes no file of 4 GiB."""

NAME_DIGITS = 16
_NUMBER_DIGITS = 8
MAX_NUMBER = 10**_NUMBER_DIGITS - 1
_SCHOOL, _BOX = b"keruen school 1\0", b"keruen box 1\0"

_HEX16 = re.compile(r"[0-9a-f]{16}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_LETTER = re.compile(r"([0-9a-f]{16})-([0-9a-f]{16})\Z")
_REPLY = re.compile(r"([0-9a-f]{16})-([0-9a-f]{16})-([0-9]{8})\Z")


class LetterName(NamedTuple):
    """Which letter: ``box`` is whose it is, ``letter`` its name; 16 hex digits each."""

    box: str
    letter: str

    def __str__(self) -> str:
        return f"{self.box}-{self.letter}"


class ReplyName(NamedTuple):
    """Which reply: to the laptop ``box``, to its letter ``letter``, the server's ``number``th."""

    box: str
    letter: str
    number: int

    def __str__(self) -> str:
        return f"{self.box}-{self.letter}-{self.number:0{_NUMBER_DIGITS}d}"


def school_name(server_id: bytes) -> str:
    """Return the name (16 hex digits) on sticks of the school of a server, named by 16 bytes."""
    return _hash16(_SCHOOL + server_id)


def box_name(server_id: bytes, device_id: bytes) -> str:
    """Return the name (16 hex digits) of a laptop's box on sticks; the ids are 16 bytes each."""
    return _hash16(_BOX + server_id + device_id)


def letter_name(data: bytes) -> str:
    """Return a letter's name: the first 16 hex digits of the SHA-256 of its bytes."""
    return _hash16(data)


def _hash16(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:NAME_DIGITS]


def is_name(text: str) -> bool:
    """Tell whether a text can name a school, a box, a letter or a code."""
    return _HEX16.match(text) is not None


def is_sha256(text: str) -> bool:
    """Tell whether a text can name an object or an attached file."""
    return _SHA256.match(text) is not None


def parse_letter_name(name: str) -> Optional[LetterName]:
    """Read the name of an up or own letter's file; None when it is no such name."""
    found = _LETTER.match(name)
    return LetterName(found[1], found[2]) if found else None


def parse_reply_name(name: str) -> Optional[ReplyName]:
    """Read the name of a down letter's file; None when it is no such name."""
    found = _REPLY.match(name)
    return ReplyName(found[1], found[2], int(found[3])) if found else None


def up_folder(school: str) -> str:
    """Return where letters of a school's laptops to its server lie."""
    return f"{MAIL}/{school}/up"


def own_folder(school: str) -> str:
    """Return where laptops' letters to themselves lie."""
    return f"{MAIL}/{school}/own"


def down_folder(school: str) -> str:
    """Return where the server's replies lie."""
    return f"{MAIL}/{school}/down"


def files_folder(school: str) -> str:
    """Return where attached files lie, in folders of the first two digits of their hashes."""
    return f"{MAIL}/{school}/files"


def invitations_folder(school: str) -> str:
    """Return where answers to enrolments that are yet to come lie."""
    return f"{MAIL}/{school}/invitations"


def file_path(school: str, sha256: str) -> str:
    """Return where an attached file lies."""
    return f"{files_folder(school)}/{sha256[:2]}/{sha256}"


def publisher_folder(publisher: str) -> str:
    """Return the folder that is laid out as a server's /repository/<publisher>/."""
    return f"{REPOSITORY}/{publisher}"


def object_path(publisher: str, sha256: str) -> str:
    """Return where an object lies that fits into one part."""
    return f"{publisher_folder(publisher)}/objects/{sha256[:2]}/{sha256}"


def object_part_path(publisher: str, sha256: str, index: int) -> str:
    """Return where the part ``index`` (from 0) of an object larger than one part lies."""
    return f"{object_path(publisher, sha256)}.{index:03d}"


def core_path(publisher: str, root: str) -> str:
    """Return where a core lies that was packed again, named by its manifest's root in hex."""
    return f"{publisher_folder(publisher)}/cores/{root}"
