"""Attached files between a stick and the server.

Taken are those that a record names, laid down those that a laptop asks for, or will as soon as it
reads of them. What is here, and nobody asks for, is removed from the stick.
"""

from __future__ import annotations

from typing import BinaryIO, Iterable, Iterator, List, Set

from sync.attachments.attachment import MAX_SEALED_BYTES
from sync.attachments.offer import Offer
from sync.disk import READ_BYTES
from sync.errors import AttachmentError, StickError
from sync.sticks.mailbox import Mailbox
from sync.sticks.shelf import ONE_FILE
from sync_server.attachments.attachments import AttachmentService

RESERVE_BYTES = 16 << 20
"""What is left free on a stick for letters, which are worth more than any photo."""


class StickFiles:
    """The attached files of one mailbox. Methods raise StickError as it does.

    ``taken`` are those that came here, ``given`` those that were laid down, ``problems`` codes of
    those that could not be taken, by name.
    """

    def __init__(self, mailbox: Mailbox, service: AttachmentService) -> None:
        self._mailbox = mailbox
        self._service = service
        self._here: Set[str] = set()
        self.taken: List[str] = []
        self.given: List[str] = []
        self.problems: dict[str, str] = {}

    def take(self, offer: Offer) -> None:
        """Take in a file that a letter speaks of, if it lies here."""
        self._take(offer.sha256)

    def take_all(self) -> None:
        """Take in all that lie here and that a kept record names."""
        for sha256 in self._mailbox.files():
            self._take(sha256)

    def _take(self, sha256: str) -> None:
        size_bytes = self._mailbox.file_bytes(sha256)
        if sha256 in self._here or size_bytes is None:
            return
        if size_bytes > MAX_SEALED_BYTES:
            self.problems[sha256] = "attachment-too-large"
            return
        before = self._service.files.path(sha256).exists()
        try:
            code = self._service.take(sha256, size_bytes, self._blocks(sha256))
        except AttachmentError as error:
            self._mailbox.report_file(sha256)
            code = error.code
        except StickError as error:
            if error.code not in ONE_FILE:
                raise
            self._mailbox.report_file(sha256)
            code = error.code
        if code:
            self.problems[sha256] = code
            return
        self.problems.pop(sha256, None)
        self._here.add(sha256)
        if not before:
            self.taken.append(sha256)

    def _blocks(self, sha256: str) -> Iterator[bytes]:
        with self._mailbox.open_file(sha256) as file:
            yield from _read(file)

    def give(self, wanted: Iterable[str], named: Iterable[str] = ()) -> bool:
        """Lay down files that laptops ask for, and remove what nobody asks for and is here.

        ``named`` are those that teachers' laptops will ask for when they read of them: they go
        along at once where there is room, so that nobody waits for one more stick. Returns whether
        all that are ``wanted`` fitted.
        """
        names, soon = tuple(wanted), tuple(named)
        for sha256 in sorted(self._here.difference(names, soon)):
            self._mailbox.remove_file(sha256)
        fitted = [self._give(sha256) for sha256 in names]
        for sha256 in soon:
            if sha256 not in names and self._service.files.path(sha256).exists():
                self._give(sha256)
        return all(fitted)

    def _give(self, sha256: str) -> bool:
        path = self._service.files.path(sha256)
        size_bytes = path.stat().st_size
        if self._mailbox.file_bytes(sha256) == size_bytes:
            return True
        if self._mailbox.volume.free_bytes() < size_bytes + RESERVE_BYTES:
            return False
        with path.open("rb") as file:
            self._mailbox.put_file(sha256, _read(file))
        self.given.append(sha256)
        return True


def _read(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(READ_BYTES), b"")
