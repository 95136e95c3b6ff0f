"""One school's letters on a stick, or in a bag.

What is read here was written by anybody: a letter that is not what its name and its hash say is
damaged, raises StickError ``stick-damaged``, and is remembered in ``damaged``, so that who may
write can remove it (``sweep``). Who has it writes it again.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO, Dict, Iterable, Iterator, Optional, Set, Tuple

from sync.errors import StickError
from sync.message import MAX_MESSAGE_BYTES
from sync.sticks import layout
from sync.sticks.layout import LetterName, ReplyName, letter_name
from sync.sticks.letter import MAX_LETTER_BYTES, Letter, LetterKind
from sync.sticks.volume import Volume

_ONE_FILE_S = ("stick-damaged", "stick-failed")
REPLIES_KEPT = 8
"""So many replies to one laptop stay; the oldest go."""


class Mailbox:
    """The letters of one school (16 hex digits) on a volume. Methods raise StickError as it does.

    ``damaged`` holds the paths of what was found damaged.
    """

    def __init__(self, volume: Volume, school: str) -> None:
        """Look into a volume; nothing is read yet."""
        self.volume = volume
        self.school = school
        self.damaged: Dict[str, str] = {}

    # From laptops to the server, and to themselves.

    def up_letters(self) -> Iterator[LetterName]:
        """Name the letters of laptops to the server, by box and then by name."""
        return self._letters(layout.up_folder(self.school))

    def read_up(self, name: LetterName) -> Letter:
        """Read a laptop's letter; ``stick-damaged`` when it is not whole or not there."""
        return self._checked(self._up(name), LetterKind.UP, name.letter)[1]

    def up_bytes(self, name: LetterName) -> bytes:
        """Return a laptop's letter as it is, checked as ``read_up`` checks it."""
        return self._checked(self._up(name), LetterKind.UP, name.letter)[0]

    def put_up(self, box: str, data: bytes) -> LetterName:
        """Lay a laptop's letter down, unless it is there."""
        name = LetterName(box, letter_name(data))
        self._put(self._up(name), data)
        return name

    def remove_up(self, name: LetterName) -> None:
        """Remove a laptop's letter."""
        self.volume.remove(self._up(name))

    def own_letters(self) -> Iterator[LetterName]:
        """Name the letters of laptops to themselves."""
        return self._letters(layout.own_folder(self.school))

    def read_own(self, name: LetterName) -> Letter:
        """Read a laptop's letter to itself."""
        return self._checked(self._own(name), LetterKind.OWN, name.letter)[1]

    def own_bytes(self, name: LetterName) -> bytes:
        """Return a laptop's letter to itself as it is, checked."""
        return self._checked(self._own(name), LetterKind.OWN, name.letter)[0]

    def put_own(self, box: str, data: bytes) -> LetterName:
        """Lay a laptop's letter to itself down, unless it is there."""
        name = LetterName(box, letter_name(data))
        self._put(self._own(name), data)
        return name

    def remove_own(self, name: LetterName) -> None:
        """Remove a laptop's letter to itself."""
        self.volume.remove(self._own(name))

    # From the server.

    def replies(self, box: str = "") -> Tuple[ReplyName, ...]:
        """Name the server's replies, or those to one box, in the order of their numbers."""
        names = self.volume.names(layout.down_folder(self.school))
        found = (name for name in map(layout.parse_reply_name, names) if name is not None)
        mine = (name for name in found if not box or name.box == box)
        return tuple(sorted(mine, key=lambda name: (name.number, name)))

    def newest(self, box: str) -> Optional[ReplyName]:
        """Name the newest reply to a box; None when there is none."""
        replies = self.replies(box)
        return replies[-1] if replies else None

    def answered(self) -> Set[LetterName]:
        """Name the letters to which there is a reply here, by the names of the replies alone."""
        return {LetterName(name.box, name.letter) for name in self.replies()}

    def read_down(self, name: ReplyName) -> Letter:
        """Read a reply."""
        return self._checked(self._down(name), LetterKind.DOWN, name.letter)[1]

    def down_bytes(self, name: ReplyName) -> bytes:
        """Return a reply as it is, checked."""
        return self._checked(self._down(name), LetterKind.DOWN, name.letter)[0]

    def put_down(self, name: ReplyName, data: bytes) -> None:
        """Lay a reply down, unless it is there, and remove the box's oldest beyond the bound."""
        self._put(self._down(name), data)
        for old in self.replies(name.box)[:-REPLIES_KEPT]:
            self.remove_down(old)

    def remove_down(self, name: ReplyName) -> None:
        """Remove a reply."""
        self.volume.remove(self._down(name))

    # Attached files.

    def files(self) -> Iterator[str]:
        """Name the attached files by their SHA-256 in hex."""
        folder = layout.files_folder(self.school)
        for start in self.volume.names(folder):
            for name in self.volume.names(f"{folder}/{start}"):
                if layout.is_sha256(name) and name.startswith(start):
                    yield name

    def file_bytes(self, sha256: str) -> Optional[int]:
        """Return an attached file's size; None when it is not here."""
        return self.volume.size_bytes(self._file(sha256))

    def open_file(self, sha256: str) -> BinaryIO:
        """Open an attached file; whoever reads it to its end verifies its hash."""
        return self.volume.open(self._file(sha256))

    def put_file(self, sha256: str, parts: Iterable[bytes]) -> None:
        """Lay an attached file down, verified while it is written.

        Raises:
            StickError: ``stick-damaged`` as well: ``parts`` are not that file; nothing was written.
        """
        path = self._file(sha256)
        self.volume.write(path, _verified(parts, sha256, path))

    def remove_file(self, sha256: str) -> None:
        """Remove an attached file."""
        self.volume.remove(self._file(sha256))

    def report_file(self, sha256: str) -> None:
        """Remember that an attached file was found damaged."""
        self.damaged[self._file(sha256)] = "stick-damaged"

    # Invitations.

    def invitations(self) -> Tuple[str, ...]:
        """Name the invitations by the ids of their codes, 16 hex digits each."""
        names = self.volume.names(layout.invitations_folder(self.school))
        return tuple(name for name in names if layout.is_name(name))

    def read_invitation(self, code_id: str) -> Optional[bytes]:
        """Return an invitation, which whoever has the code can check; None when there is none."""
        return self.volume.read(self._invitation(code_id), MAX_MESSAGE_BYTES)

    def put_invitation(self, code_id: str, data: bytes) -> None:
        """Lay an invitation down, in place of an older one."""
        if self.read_invitation(code_id) != data:
            self.volume.write(self._invitation(code_id), [data])

    def remove_invitation(self, code_id: str) -> None:
        """Remove an invitation."""
        self.volume.remove(self._invitation(code_id))

    # What is damaged.

    def sweep(self) -> Tuple[str, ...]:
        """Remove what was found damaged, or begun and never finished; return the damaged.

        A stick that cannot be written stays as it is.
        """
        damaged = tuple(sorted(self.damaged))
        if self.volume.writable:
            for path in damaged:
                self.volume.remove(path)
            for folder in self._folders():
                for name in self.volume.begun(folder):
                    self.volume.drop_begun(f"{folder}/{name}")
        return damaged

    def _folders(self) -> Iterator[str]:
        """Name the folders in which letters and files lie."""
        yield layout.up_folder(self.school)
        yield layout.own_folder(self.school)
        yield layout.down_folder(self.school)
        yield layout.invitations_folder(self.school)
        files = layout.files_folder(self.school)
        yield from (f"{files}/{start}" for start in self.volume.names(files))

    def _letters(self, folder: str) -> Iterator[LetterName]:
        for name in map(layout.parse_letter_name, self.volume.names(folder)):
            if name is not None:
                yield name

    def _put(self, path: str, data: bytes) -> None:
        if self._lies_there(path, data):
            return
        self.volume.write(path, [data])
        self.damaged.pop(path, None)
        if not self._lies_there(path, data, fresh=True):
            # A worn stick, or one that is smaller than it says, takes everything and keeps little.
            self.volume.remove(path)
            raise StickError("stick-failed", f"{path} is not what was written")

    def _lies_there(self, path: str, data: bytes, *, fresh: bool = False) -> bool:
        """Tell whether a file is whole; one that cannot be read is not."""
        if self.volume.size_bytes(path) != len(data):
            return False
        try:
            return self.volume.read(path, len(data), fresh=fresh) == data
        except StickError as error:
            if error.code not in _ONE_FILE_S:
                raise
            return False

    def _checked(self, path: str, kind: LetterKind, name: str) -> Tuple[bytes, Letter]:
        """Return a letter when it is what its path says."""
        try:
            data = self.volume.read(path, MAX_LETTER_BYTES)
            if data is None:
                raise StickError("stick-damaged", f"{path} is missing")
            letter = Letter.from_bytes(data, kind)
            if (letter.reply_to or letter_name(data)) != name:
                raise StickError("stick-damaged", f"{path} is another letter")
        except StickError as error:
            # One file that cannot be read is as good as damaged: the others are read.
            if error.code not in _ONE_FILE_S:
                raise
            self.damaged[path] = error.code
            raise StickError("stick-damaged", error.detail) from error
        return data, letter

    def _up(self, name: LetterName) -> str:
        return f"{layout.up_folder(self.school)}/{name}"

    def _own(self, name: LetterName) -> str:
        return f"{layout.own_folder(self.school)}/{name}"

    def _down(self, name: ReplyName) -> str:
        return f"{layout.down_folder(self.school)}/{name}"

    def _file(self, sha256: str) -> str:
        return layout.file_path(self.school, sha256)

    def _invitation(self, code_id: str) -> str:
        return f"{layout.invitations_folder(self.school)}/{code_id}"


def schools_on(volume: Volume) -> Tuple[str, ...]:
    """Name the schools whose letters a volume holds, 16 hex digits each."""
    return tuple(name for name in volume.names(layout.MAIL) if layout.is_name(name))


def _verified(parts: Iterable[bytes], sha256: str, path: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
        yield part
    if digest.hexdigest() != sha256:
        raise StickError("stick-damaged", f"{path} is another file")
