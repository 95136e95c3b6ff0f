"""A stick's visit to the server: what it brings is taken in, what it shall carry away is laid down.

What pupils handed in comes first, then replies, then photos, invitations and lessons. Every step
may end at any moment, and the next visit does what is left. A stick that cannot be written is read
all the same.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from typing import Callable, Iterator, List, Set, Tuple

from sync.clock import Clock
from sync.errors import CancelledError, StickError, SyncError
from sync.identity import Identity
from sync.sticks.layout import LetterName, school_name
from sync.sticks.mailbox import Mailbox, schools_on
from sync.sticks.marker import ensure_marker, read_marker
from sync.sticks.turns import turn_at
from sync.sticks.volume import Volume
from sync_server.attachments.attachments import AttachmentService
from sync_server.attachments.uploads import AttachmentFiles
from sync_server.data_folder import DataFolder
from sync_server.relay.mirroring import Mirrored
from sync_server.sticks.answering import Answered, LetterService
from sync_server.sticks.files import StickFiles
from sync_server.sticks.invitations import invite
from sync_server.sticks.lessons import Lessons, lay_lessons
from sync_server.sticks.publishing import publish_from
from sync_server.sticks.replies import Replies
from sync_server.sticks.visit import Visit
from sync_server.store.protocol import Store

Heard = Callable[[int, int], None]
"""Hears how many bytes of lessons are written, and of how many."""
Cancel = Callable[[], bool]
LOG = logging.getLogger("keruen.sticks")
_OF_SENDERS = ("device-", "enrolment-")
"""Codes with which the messages of laptops are refused that may yet learn from it."""
_ENDS = frozenset(("stick-gone", "stick-newer"))


def unheard(_: int, __: int) -> None:
    """Tell nobody how far it is."""


def never() -> bool:
    """Go on."""
    return False


class Visitor:
    """The server as sticks meet it, over a store that is open. For one thread."""

    def __init__(self, folder: DataFolder, store: Store, identity: Identity, clock: Clock) -> None:
        self.folder = folder
        self.store = store
        self.identity = identity
        self.clock = clock
        self.files = AttachmentService(store, identity, clock, AttachmentFiles(folder.attachments))
        self.letters = LetterService(store, identity, clock, self.files)

    def visit(self, volume: Volume, heard: Heard = unheard, cancel: Cancel = never) -> Visit:
        """Take in and lay down all that there is; never raises for the stick's sake.

        Raises:
            sqlite3.Error, OSError: the server's own disk failed: nothing that was not answered
                counts as received.
        """
        return _Visiting(self, volume, heard, cancel).run()


def _has_sender(answered: Answered) -> bool:
    """Tell whether somebody waits for the reply: whoever wrote what is no message does not."""
    return answered.taken or any(code.startswith(_OF_SENDERS) for code in answered.codes)


class _Visiting:
    def __init__(self, visitor: Visitor, volume: Volume, heard: Heard, cancel: Cancel) -> None:
        self._visitor = visitor
        self._volume = volume
        self._heard = heard
        self._cancel = cancel
        self._school = school_name(visitor.identity.public.id_bytes)
        self._mailbox = Mailbox(volume, self._school)
        self._replies = Replies(self._mailbox, visitor.store, visitor.letters)
        self._files = StickFiles(self._mailbox, visitor.files)
        self._letters = self._invitations = self._others = 0
        self._boxes: Set[str] = set()
        self._wanted: List[str] = []
        self._named: List[str] = []
        self._lessons = Lessons()
        self._taken = Mirrored()
        self._strangers: Tuple[str, ...] = ()
        self._problems: dict[str, str] = {}
        self._problem = ""
        self._damaged: Tuple[str, ...] = ()
        self._safe = True

    def run(self) -> Visit:
        try:
            with turn_at(self._volume, self._cancel):
                self._all_steps()
        except SyncError as error:
            self._problem = error.code
        finally:
            self._flush()
        return Visit(
            letters=self._letters,
            laptops=len(self._boxes),
            replies=self._replies.written,
            files_taken=len(self._files.taken),
            files_given=len(self._files.given),
            invitations=self._invitations,
            lessons=self._lessons,
            taken=self._taken,
            strangers=self._strangers,
            other_schools=self._others,
            damaged=self._damaged,
            problems={**self._problems, **self._files.problems},
            problem=self._problem,
            safe=self._safe and self._problem != "stick-busy",
        )

    def _all_steps(self) -> None:
        read_marker(self._volume)
        with self._step():
            self._others = sum(name != self._school for name in schools_on(self._volume))
        with self._step():
            self._take_letters()
        with self._step():
            self._files.take_all()
        if not self._volume.writable:
            self._publish()
            self._problem = self._problem or "stick-read-only"
            self._damaged = tuple(sorted(self._mailbox.damaged))
            return
        self._safe = False
        with self._step():
            ensure_marker(self._volume)
        with self._step():
            self._reply_again()
        with self._step():
            if not self._files.give(dict.fromkeys(self._wanted), dict.fromkeys(self._named)):
                raise StickError("stick-full", "attached files")
        with self._step():
            visitor = self._visitor
            server, now_ms = visitor.identity.public, visitor.clock.now_ms()
            self._invitations = invite(self._mailbox, visitor.store, server, now_ms)
        with self._step():
            self._damaged = self._mailbox.sweep()
        self._publish()
        with self._step():
            self._lessons = lay_lessons(
                self._visitor.folder, self._visitor.store, self._volume, self._heard, self._cancel
            )

    def _publish(self) -> None:
        """Take newer lessons from the stick."""
        visitor = self._visitor
        school = visitor.identity.public.device_id
        with self._step():
            self._strangers = publish_from(
                visitor.folder, visitor.store, school, self._volume, self._cancel, self._taken
            )

    def _take_letters(self) -> None:
        """Take in all letters; one that cannot be read or answered keeps nobody else waiting."""
        for name in tuple(self._mailbox.up_letters()):
            if self._cancel():
                raise CancelledError()
            try:
                self._take_letter(name)
            except StickError as error:
                if error.code == "stick-gone":
                    raise
                self._problems[str(name)] = error.code
                # A newer letter, unlike a newer stick, concerns nobody else.
                if error.code not in ("stick-damaged", "stick-newer"):
                    self._problem = self._problem or error.code
            except (sqlite3.Error, OSError):
                raise
            except Exception:
                # A bug of ours that one letter meets must not keep the others from coming in.
                LOG.exception("a letter could not be answered")
                self._problems[str(name)] = "server-failed"

    def _take_letter(self, name: LetterName) -> None:
        up = self._mailbox.read_up(name)
        answered = self._visitor.letters.answer(up, name.letter, self._files.take)
        if answered.taken:
            self._letters += 1
            self._boxes.add(name.box)
        elif answered.codes:
            self._problems[str(name)] = answered.codes[0]
        if not self._volume.writable or not _has_sender(answered):
            return
        self._safe = False
        to = name
        if answered.device is not None:
            # Whatever its file was called: the laptop looks into its own box.
            to = LetterName(self._visitor.letters.box(answered.device), name.letter)
        try:
            if not self._replies.says(to, answered.state):
                self._replies.write(to, answered.letter, answered.state)
        except StickError as error:
            # Its place serves for the reply: nothing that it says is needed here any more.
            if error.code != "stick-full" or not self._is_last(name, answered):
                raise
        if answered.taken:
            # Otherwise never before the reply is there; what was refused somebody else may judge.
            self._mailbox.remove_up(name)

    def _is_last(self, name: LetterName, answered: Answered) -> bool:
        """Tell whether a letter is one that is replied to again, on this stick and others."""
        with self._visitor.store.transaction() as transaction:
            head = transaction.letter_head(answered.device or "")
        return head is not None and head.letter == name.letter

    def _reply_again(self) -> None:
        """Reply to each laptop's last letter, whichever stick brought it."""
        letters = self._visitor.letters
        with self._visitor.store.transaction() as transaction:
            heads = transaction.letter_heads()
        for head in heads:
            if self._cancel():
                raise CancelledError()
            said = letters.again(head)
            self._wanted += said.wanted
            self._named += said.named
            name = LetterName(letters.box(head.device), head.letter)
            if said.news and not self._replies.says(name, said.state):
                self._replies.write(name, said.sealed(), said.state)

    @contextlib.contextmanager
    def _step(self) -> Iterator[None]:
        """Let a step end early without the steps after it."""
        try:
            yield
        except SyncError as error:
            if isinstance(error, CancelledError) or error.code in _ENDS:
                raise
            self._problem = self._problem or error.code

    def _flush(self) -> None:
        if self._safe:
            return
        try:
            self._volume.flush()
            self._safe = True
        except StickError as error:
            self._problem = error.code
