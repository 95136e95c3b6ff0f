"""The letters of one laptop on one stick.

What came is applied first: own letters, which a disk that was set back needs before it writes
anything, then replies. Then a letter is left that says what the server should hear now, unless one
that says the same lies there already. At last what nobody needs any more is removed: never before
what replaces it is on the medium.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Dict, Iterable, List, Optional, Tuple

from client.laptop.account import Problem
from client.laptop.attaching.offers import keep_receipt, offer_of, refusal, waiting, wanted
from client.laptop.machine import recovering
from client.laptop.machine.reporting import report
from client.laptop.problems import problem_of
from client.laptop.schoolwork.standing import WORK_KINDS
from client.laptop.sticks import joining
from client.laptop.storage import quarantine
from client.laptop.store import Store
from client.laptop.syncing import exchanging
from client.messages import Message
from sync.errors import StickError, SyncError
from sync.identity import device_id_bytes
from sync.kinds import MARK
from sync.sticks import correspondence, own_copy
from sync.sticks.layout import LetterName, ReplyName, box_name
from sync.sticks.letter_book import LetterBook

if TYPE_CHECKING:
    from sync.attachments.offer import OfferRequest, Reply
    from sync.exchanges.dialogue import Outcome
    from sync.record import Record
    from sync.sticks.mailbox import Mailbox

_ENDS = frozenset(("stick-gone", "stick-busy"))
"""What no other letter could escape either."""


class Letters:
    """What one visit does with this laptop's letters.

    ``records`` counts the records that came, ``marks`` the marks among them for people of this
    laptop, ``recovered`` the works and marks that own letters brought back. ``stands`` tells that a
    letter of ours lies there now that says all, ``wrote`` that anything was changed. ``problems``
    are of letters that could not be used, ``notice`` tells what happened to this laptop.
    """

    def __init__(self, store: Store, mailbox: Mailbox) -> None:
        """Look into ``mailbox``; the caller holds the lock of work."""
        self._store = store
        self._mailbox = mailbox
        self._parties = exchanging.parties(store)
        self._read: List[ReplyName] = []
        self._spent_copies: List[LetterName] = []
        self._copies: List[Record] = []
        self._outcomes: List[Outcome] = []
        self.records = 0
        self.marks = 0
        self.recovered = 0
        self.wrote = False
        self.stands = False
        self.problems: List[Problem] = []
        self.notice: Optional[Message] = None

    def take(self) -> None:
        """Apply what came for this laptop. Raises StickError where the stick is gone."""
        device = self._parties.journal.device
        self._take_copies()
        for box in self.boxes:
            for name in self._mailbox.replies(box):
                self._alone(str(name), lambda: self._apply(name))  # noqa: B023
        branched = exchanging.follow_branch(self._store, device)
        told = recovering.notice(self._store, branched, self._outcomes, self._copies)
        self.notice = told or self.notice
        report(self._store)

    def leave(self) -> None:
        """Lay a letter down that says what the server should hear, unless one does already.

        On return it is on the medium. Raises StickError where that cannot be.
        """
        offer, request = self._offer(), joining.request(self._store)
        parties, catalogues = self._parties, exchanging.serials(self._store)
        clock = self._store.clock
        ups, copies = self._mine()
        standing = correspondence.standing_letter(
            parties,
            catalogues,
            clock,
            self._whole(ups, self._mailbox.read_up),
            offer=offer,
            enrolment=request,
            copies=self._whole(copies, self._mailbox.read_own),
        )
        self.stands = standing is not None
        if self.stands:
            return
        written = correspondence.write_letter(
            parties, catalogues, clock, offer=offer, enrolment=request
        )
        box = self._box(written.device)
        self._mailbox.put_up(box, written.up)
        self.wrote = self.stands = True
        correspondence.note_left(parties, written)
        if written.own:
            self._mailbox.put_own(box, written.own)

    def clear(self) -> None:
        """Remove what was applied, and what this disk wrote and nobody needs any more."""
        for reply in self._read:
            self._mailbox.remove_down(reply)
        ups, owns = self._mine()
        names = [name.letter for name in (*ups, *owns)]
        spent = set(correspondence.spent_letters(self._parties, names, self._store.clock))
        gone_ups = [name for name in ups if name.letter in spent]
        gone_owns = [name for name in owns if name.letter in spent or name in self._spent_copies]
        for name in gone_ups:
            self._mailbox.remove_up(name)
        for name in gone_owns:
            self._mailbox.remove_own(name)
        self.wrote = self.wrote or bool(self._read or gone_ups or gone_owns)

    @property
    def boxes(self) -> Dict[str, str]:
        """The devices that this laptop is or was, by their boxes."""
        devices = correspondence.own_devices(self._parties, self._store.clock)
        return {self._box(device): device for device in devices}

    def _box(self, device: str) -> str:
        return box_name(self._parties.server.id_bytes, device_id_bytes(device))

    def _mine(self) -> Tuple[List[LetterName], List[LetterName]]:
        boxes = self.boxes
        ups = [name for name in self._mailbox.up_letters() if name.box in boxes]
        owns = [name for name in self._mailbox.own_letters() if name.box in boxes]
        return ups, owns

    def _take_copies(self) -> None:
        """Take back what this disk wrote and has lost since; what it knows need not be read."""
        copies = self._mine()[1]
        names = [name.letter for name in copies]
        unknown = set(correspondence.unknown_letters(self._parties, names))
        for name in copies:
            if name.letter in unknown:
                self._alone(str(name), lambda: self._recover(name))  # noqa: B023

    def _recover(self, name: LetterName) -> None:
        letter = self._mailbox.read_own(name)
        recovered = own_copy.recover(self._parties, letter, self._store.clock)
        self._parties = recovered.parties
        if recovered.spent:
            self._spent_copies.append(name)
        self.recovered += sum(record.kind in WORK_KINDS for record in recovered.records)
        self._copies += recovered.records

    def _apply(self, name: ReplyName) -> None:
        reply = self._mailbox.read_down(name)
        sent = LetterBook(self._parties.db).find(reply.reply_to)
        applied = correspondence.apply_reply(self._parties, reply, self._store.clock)
        self._parties = applied.parties
        self._outcomes += applied.outcomes
        for outcome in applied.outcomes:
            self._learn(outcome, sent.number if sent else 0)
        for sha256, size_bytes, answer in applied.files:
            self._hear_of_file(sha256, size_bytes, answer)
        self.problems += [problem_of(error, str(name)) for error in applied.problems]
        self.notice = joining.answered(self._store, applied) or self.notice
        if applied.ours:
            # Another disk with the same keys may wait for the answer to what it wrote.
            self._read.append(name)

    def _learn(self, outcome: Outcome, number: int) -> None:
        exchanging.learn(self._store, outcome, number)
        exchanging.note_announced(self._store, outcome)
        people = {person.id for person in self._store.people()}
        self.records += len(outcome.records)
        self.marks += sum(
            record.kind == MARK and record.body.get("student") in people
            for record in outcome.records
        )

    def _hear_of_file(self, sha256: str, size_bytes: int, reply: Reply) -> None:
        from sync.attachments.offer import Declined, Held

        if isinstance(reply, Held):
            keep_receipt(self._store, sha256, size_bytes, reply.receipt)
        elif isinstance(reply, Declined):
            problem = problem_of(refusal(reply.code), f"attachment {sha256[:8]}")
            self.problems.append(problem)
            with self._store.database.transaction() as connection:
                quarantine.put(connection, problem)

    def _whole(
        self, names: Iterable[LetterName], read: Callable[[LetterName], object]
    ) -> List[str]:
        """Name the letters that lie here whole."""
        whole = []
        for name in names:
            try:
                read(name)
            except StickError as error:
                if error.code in _ENDS:
                    raise
            else:
                whole.append(name.letter)
        return whole

    def _offer(self) -> Optional[OfferRequest]:
        own, asked = waiting(self._store), wanted(self._store)
        return offer_of(own, asked) if own or asked else None

    def _alone(self, name: str, step: Callable[[], None]) -> None:
        """Let one letter fail by itself."""
        try:
            step()
        except SyncError as error:
            if error.code in _ENDS:
                raise
            self.problems.append(problem_of(error, name))
