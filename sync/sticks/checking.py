"""Reading a whole stick to tell what on it is damaged; nothing is changed.

Objects, attached files and letters prove themselves by their names and hashes. What is signed
(catalogues, manifests) is judged by whoever knows what lessons are (``SignedFiles``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Callable, Dict, Iterable, Iterator, Tuple

from sync.errors import CancelledError, StickError
from sync.sticks import layout
from sync.sticks.choice import Choice
from sync.sticks.mailbox import Mailbox, schools_on
from sync.sticks.marker import read_marker
from sync.sticks.objects import object_bytes, remove_object, verify_object
from sync.sticks.shelf import ONE_FILE
from sync.sticks.volume import Volume

Heard = Callable[[int], None]
"""Hears how many bytes more were read."""
Cancel = Callable[[], bool]
SignedFiles = Callable[[Volume, str], Iterable[Tuple[str, Callable[[], bool]]]]
"""Names a publisher's signed files, each with what tells whether it is whole."""
_SHA256_DIGITS = 64
_READ_BYTES = 1 << 20


def unheard(_: int) -> None:
    """Tell nobody."""


def none_signed(_: Volume, __: str) -> Iterable[Tuple[str, Callable[[], bool]]]:
    """Judge no signed file."""
    return ()


@dataclass
class Checked:
    """What was read, and the paths of what is ``damaged``, with a code each."""

    letters: int = 0
    files: int = 0
    objects: int = 0
    read_bytes: int = 0
    damaged: Dict[str, str] = field(default_factory=dict)


def check_stick(
    volume: Volume,
    signed: SignedFiles = none_signed,
    *,
    heard: Heard = unheard,
    cancel: Cancel = bool,
) -> Checked:
    """Read all that proves itself.

    Raises:
        StickError: the stick is gone, or of a newer format.
        CancelledError: ``cancel`` said so.
    """
    checking = _Checking(volume, heard, cancel)
    read_marker(volume)
    checking.choice()
    for school in schools_on(volume):
        checking.mail(Mailbox(volume, school))
    for publisher in volume.names(layout.REPOSITORY):
        checking.repository(publisher)
        checking.signed(signed(volume, publisher))
    return checking.done


def remove_damaged(volume: Volume, checked: Checked) -> None:
    """Remove what was found damaged: whoever has it writes it again. Raises StickError."""
    for path in checked.damaged:
        remove_object(volume, path)
    volume.flush()


class _Checking:
    def __init__(self, volume: Volume, heard: Heard, cancel: Cancel) -> None:
        self._volume = volume
        self._heard = heard
        self._cancel = cancel
        self.done = Checked()

    def choice(self) -> None:
        def read() -> None:
            data = self._volume.read(layout.CHOICE, _READ_BYTES)
            if data is not None:
                Choice.from_bytes(data)

        self._alone(layout.CHOICE, read)

    def mail(self, mailbox: Mailbox) -> None:
        for up in mailbox.up_letters():
            self._letter(f"{layout.up_folder(mailbox.school)}/{up}", mailbox.up_bytes, up)
        for own in mailbox.own_letters():
            self._letter(f"{layout.own_folder(mailbox.school)}/{own}", mailbox.own_bytes, own)
        for down in mailbox.replies():
            self._letter(f"{layout.down_folder(mailbox.school)}/{down}", mailbox.down_bytes, down)
        for sha256 in mailbox.files():
            self._file(mailbox, sha256)

    def repository(self, publisher: str) -> None:
        folder = f"{layout.publisher_folder(publisher)}/objects"
        for start in self._volume.names(folder):
            names = self._volume.names(f"{folder}/{start}")
            # Parts of one object have its name and a number.
            for sha256 in sorted({name[:_SHA256_DIGITS] for name in names}):
                if layout.is_sha256(sha256) and sha256.startswith(start):
                    self._object(f"{folder}/{start}/{sha256}", sha256)

    def signed(self, files: Iterable[Tuple[str, Callable[[], bool]]]) -> None:
        for path, is_whole in files:
            self._alone(path, lambda: self._signed_file(path, is_whole))  # noqa: B023

    def _signed_file(self, path: str, is_whole: Callable[[], bool]) -> None:
        if not is_whole():
            raise StickError("stick-damaged", path)
        self._add(self._volume.size_bytes(path) or 0)

    def _letter(self, path: str, read: Callable[..., bytes], name: Tuple[object, ...]) -> None:
        self.done.letters += 1
        self._alone(path, lambda: self._add(len(read(name))))

    def _file(self, mailbox: Mailbox, sha256: str) -> None:
        path = layout.file_path(mailbox.school, sha256)
        self.done.files += 1

        def read() -> None:
            digest = hashlib.sha256()
            for block in self._blocks(mailbox, sha256):
                digest.update(block)
            if digest.hexdigest() != sha256:
                raise StickError("stick-damaged", path)

        self._alone(path, read)

    def _blocks(self, mailbox: Mailbox, sha256: str) -> Iterator[bytes]:
        with mailbox.open_file(sha256) as file:
            for block in iter(lambda: file.read(_READ_BYTES), b""):
                self._add(len(block))
                yield block

    def _object(self, path: str, sha256: str) -> None:
        self.done.objects += 1
        size_bytes = object_bytes(self._volume, path)

        def read() -> None:
            volume, cancel = self._volume, self._cancel
            if size_bytes is None or not verify_object(
                volume, path, size_bytes, sha256, heard=self._add, cancel=cancel
            ):
                raise StickError("stick-damaged", path)

        self._alone(path, read)

    def _add(self, size_bytes: int) -> None:
        self.done.read_bytes += size_bytes
        self._heard(size_bytes)

    def _alone(self, path: str, step: Callable[[], None]) -> None:
        """Let one file be damaged by itself."""
        if self._cancel():
            raise CancelledError()
        try:
            step()
        except StickError as error:
            if error.code in ONE_FILE:
                self.done.damaged[path] = error.code
            # A letter of a later version is whole, for those who know that version.
            elif error.code != "stick-newer":
                raise
