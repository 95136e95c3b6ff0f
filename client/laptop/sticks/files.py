"""Attached files on a stick: ours for the server, and others' for whoever teaches them.

A file that lies there is offered in the same visit's letter, so the server knows whose it is. Whose
receipt came is never laid down again; whether it may leave the stick, the server knows, since a
teacher may wait for the same file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Iterator, List

from client.laptop.account import Problem, SyncProgress
from client.laptop.attaching.attachments import Attachments
from client.laptop.attaching.offers import waiting, wanted
from client.laptop.problems import problem_of
from client.laptop.store import Store
from client.messages import Message
from sync.disk import READ_BYTES
from sync.errors import AttachmentError, CancelledError, StickError, SyncError

if TYPE_CHECKING:
    from client.laptop.attaching.offers import Own, Wanted
    from sync.sticks.mailbox import Mailbox

Report = Callable[[SyncProgress], None]
Cancel = Callable[[], bool]
_ONE_FILE = frozenset(("stick-damaged", "stick-failed", "attachment-damaged"))
"""What may be wrong with one file alone."""


class StickFiles:
    """What one visit does with attached files; ``problems`` are of those that failed alone."""

    def __init__(self, store: Store, mailbox: Mailbox, report: Report, cancel: Cancel) -> None:
        """Carry files between this laptop and ``mailbox``."""
        self._store = store
        self._files = Attachments(store)
        self._mailbox = mailbox
        self._report = report
        self._cancel = cancel
        self.problems: List[Problem] = []

    def take(self) -> int:
        """Take the files that are wanted here and lie there; return how many came.

        Raises StickError where the stick is gone, ObjectError ``disk-full``, CancelledError.
        """
        return sum(self._alone(one.title, self._take, one) for one in wanted(self._store))

    def leave(self) -> int:
        """Lay down the files that wait for the school, oldest first; return how many.

        Raises StickError where the stick takes no more, CancelledError.
        """
        return sum(self._alone(one.title, self._leave, one) for one in waiting(self._store))

    def _take(self, one: Wanted) -> bool:
        from sync.attachments.download import AttachmentDownload

        if self._mailbox.file_bytes(one.sha256) != one.size_bytes:
            return False
        final = self._files.path(one.sha256)
        try:
            with self._mailbox.open_file(one.sha256) as source, AttachmentDownload(
                one, final.with_suffix(".part")
            ) as download:
                source.seek(download.position_bytes)
                for block in iter(lambda: source.read(READ_BYTES), b""):
                    download.write(block)
                    self._heard(one.title, download.position_bytes, one.size_bytes)
                download.finish(final)
        except (AttachmentError, StickError) as error:
            if error.code in _ONE_FILE:
                self._mailbox.report_file(one.sha256)
            raise
        return True

    def _leave(self, one: Own) -> bool:
        if self._mailbox.file_bytes(one.sha256) == one.size_bytes:
            return False
        self._mailbox.put_file(one.sha256, self._blocks(one))
        return True

    def _blocks(self, one: Own) -> Iterator[bytes]:
        done_bytes = 0
        with self._files.path(one.sha256).open("rb") as source:
            for block in iter(lambda: source.read(READ_BYTES), b""):
                yield block
                done_bytes += len(block)
                self._heard(one.title, done_bytes, one.size_bytes)

    def _heard(self, title: str, done_bytes: int, total_bytes: int) -> None:
        if self._cancel():
            raise CancelledError()
        message = Message("road.attachment", {"name": title})
        self._report(SyncProgress(message, done_bytes, total_bytes))

    def _alone(self, title: str, step: Callable[[Any], bool], one: Any) -> bool:
        """Let one file fail by itself."""
        try:
            return step(one)
        except (SyncError, OSError) as error:
            if isinstance(error, SyncError) and error.code not in _ONE_FILE:
                raise
            self.problems.append(problem_of(error, f"attachment {title}"))
            return False
