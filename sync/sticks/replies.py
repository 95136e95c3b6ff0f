"""What a reply brings to the device that asked.

An answer's mark counts only where this disk asked: a clone's questions left out what it knew. What
contradicts the journal (law 8) makes it branch off, at the reply's end and at once. Whether the
server knows a branch, and how far it holds the journal before it, a claim's answer tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

from sync.attachments.offer import OfferAnswer, Reply
from sync.clock import Clock
from sync.database import transaction
from sync.errors import JournalError, MessageError, SyncError
from sync.exchanges.dialogue import Outcome, Parties, apply_answer, read_answer
from sync.exchanges.exchange import ExchangeAnswer
from sync.exchanges.healing import Admission, admitted, with_identity
from sync.journals.lineage import Lineage, doubt, last_doubted_letter
from sync.message import HEADER_BYTES, Kind, open_message
from sync.sticks.branching import branch_off
from sync.sticks.letter import Letter
from sync.sticks.letter_book import LetterBook, SentLetter, SentMessage


@dataclass(frozen=True)
class Applied:
    """What a reply changed here, and the parties as they are now.

    ``ours`` tells that this disk wrote the letter replied to: its file may be removed then. Of the
    letter's offer come ``files``: names, sizes and replies of files offered; and ``wanted``: names
    asked for, and whether the server has them. ``enrolment`` is the answer to an enrolment
    request. ``refused`` counts the messages that the server did not take, ``branches`` is 1 where
    the journal had to branch off, and ``carried`` counts what was written down again. ``problems``
    are of messages that could not be used.
    """

    parties: Parties
    ours: bool
    outcomes: Tuple[Outcome, ...] = ()
    files: Tuple[Tuple[str, int, Reply], ...] = ()
    wanted: Tuple[Tuple[str, bool], ...] = ()
    enrolment: Optional[bytes] = None
    refused: int = 0
    branches: int = 0
    carried: int = 0
    problems: Tuple[SyncError, ...] = ()


def apply_reply(parties: Parties, reply: Letter, clock: Clock) -> Applied:
    """Use all that a reply brings. Doing it again changes nothing, nor does a crash in between.

    ``reply`` may be to any letter of a device of ``own_devices``, this disk's or a clone's, late
    and out of order. Where it shows that the journal contradicts the server, the journal branches
    off.
    """
    book = LetterBook(parties.db)
    sent = book.find(reply.reply_to)
    reading = _Reading(parties, clock, sent)
    for at, message in enumerate(reply.messages):
        reading.take(at, message)
    return reading.finish(book)


class _Reading:
    """Takes in a reply message by message."""

    def __init__(self, parties: Parties, clock: Clock, sent: Optional[SentLetter]) -> None:
        self._parties = parties
        self._clock = clock
        self._sent = sent
        self._lineage = Lineage(parties.db, clock, parties.journal.bodies)
        self._number = sent.number if sent else 0
        self._offers = sent.offered if sent else ()
        self._wishes = sent.wanted if sent else ()
        self._former = sent is not None and sent.device != parties.journal.device
        self._outcomes: List[Outcome] = []
        self._files: Tuple[Tuple[str, int, Reply], ...] = ()
        self._wanted: Tuple[Tuple[str, bool], ...] = ()
        self._enrolment: Optional[bytes] = None
        self._problems: List[SyncError] = []
        self._refused = self._carried = self._verified = 0
        self._forgotten = False

    def take(self, at: int, message: bytes) -> None:
        """Take the message at a place of the reply; what cannot be used stops nothing."""
        if not message:
            self._refused += 1
            asked = self._sent.messages[at : at + 1] if self._sent else ()
            self._forgotten |= any(one.kind is Kind.EXCHANGE_REQUEST for one in asked)
            return
        try:
            self._dispatch(message)
        except SyncError as error:
            # To a former identity, or to a clone that has gone on under other keys.
            if error.code != "message-unreadable" or (self._sent and not self._former):
                self._problems.append(error)

    def _dispatch(self, message: bytes) -> None:
        kind = message[HEADER_BYTES - 1 : HEADER_BYTES]
        if kind == bytes((Kind.OFFER_ANSWER,)):
            for question in self._asked(Kind.OFFER):
                self._offered(question, message)
        elif kind == bytes((Kind.ENROLMENT_ANSWER,)):
            self._enrolment = message if self._asked(Kind.ENROLMENT_REQUEST) else None
        else:
            self._answered(message)

    def _asked(self, kind: Kind) -> List[SentMessage]:
        return [one for one in self._sent.messages if one.kind is kind] if self._sent else []

    def _answered(self, message: bytes) -> None:
        """Take an answer to whichever of our identities it is sealed."""
        claims = [one for one in self._asked(Kind.EXCHANGE_REQUEST) if one.child]
        signers = dict.fromkeys(one.signer for one in claims)
        parents = [self._lineage.identity_of(signer) for signer in signers]
        for identity in (None, *parents):
            parties = self._parties
            if identity is not None:
                parties = with_identity(parties, identity, self._clock)
            try:
                answer = read_answer(parties, message)
            except MessageError as error:
                if error.code != "message-unreadable":
                    raise
                continue
            if answer.shared_seq is not None:
                self._admitted(claims, answer)
            elif identity is None:
                self._apply(answer)
            return
        raise MessageError("message-unreadable")

    def _apply(self, answer: ExchangeAnswer) -> None:
        parties = self._parties
        ours = any(one.digest == answer.reply_to for one in self._asked(Kind.EXCHANGE_REQUEST))
        self._verified += ours
        db, journal, inbox, server = parties.db, parties.journal, parties.inbox, parties.server
        outdated = self._number <= last_doubted_letter(db)
        outcome = apply_answer(
            db, journal, inbox, answer, server, late=not ours, aged=True, outdated=outdated
        )
        self._outcomes.append(outcome)

    def _admitted(self, claims: Sequence[SentMessage], answer: ExchangeAnswer) -> None:
        """Learn that the server knows a branch, and how far it holds the journal before it."""
        for claim in claims:
            parent = self._lineage.identity_of(claim.signer)
            child = self._lineage.identity_of(claim.child)
            if claim.digest != answer.reply_to or parent is None or child is None:
                continue
            self._verified += 1
            with transaction(self._parties.db):
                if self._number > last_doubted_letter(self._parties.db):
                    held = answer.shared_seq or 0, answer.server_time_ms
                    admission = Admission(child, parent, *held)
                    self._carried += admitted(self._parties, self._lineage, self._clock, admission)

    def _offered(self, question: SentMessage, message: bytes) -> None:
        signer = self._lineage.identity_of(question.signer) or self._parties.identity
        server = self._parties.server
        known = {server.device_id: server}
        opened = open_message(message, Kind.OFFER_ANSWER, signer, known.get)
        answer = OfferAnswer.from_payload(opened.payload)
        if answer.reply_to != question.digest:
            raise MessageError("message-misdirected", answer.reply_to.hex())
        self._verified += 1
        self._files = tuple((*one, reply) for one, reply in zip(self._offers, answer.replies))
        self._wanted = tuple(zip(self._wishes, answer.held))

    def finish(self, book: LetterBook) -> Applied:
        """Note what the reply as a whole means."""
        parties, branches = self._parties, 0
        with transaction(parties.db):
            if self._sent is not None and self._verified:
                book.note_answered(self._sent.up)
            if self._forgotten and not self._former:
                # As far as this is a branch, the server may have forgotten that it admitted it.
                doubt(parties.db)
            held_seq = self._held_seq()
            if held_seq is not None:
                parties, carried = branch_off(parties, self._clock, held_seq)
                branches, self._carried = 1, self._carried + carried
        return Applied(
            parties,
            self._sent is not None,
            tuple(self._outcomes),
            self._files,
            self._wanted,
            self._enrolment,
            self._refused,
            branches,
            self._carried,
            tuple(self._problems),
        )

    def _held_seq(self) -> Optional[int]:
        """Return how far the server holds the journal, where it must branch off; else None."""
        wrong = [one for one in self._outcomes if isinstance(one.problem, JournalError)]
        if not wrong:
            return None
        lost = [one.answer.resend_from for one in wrong if one.answer.resend_from is not None]
        return min([self._parties.journal.first_unsent_seq, *lost]) - 1
