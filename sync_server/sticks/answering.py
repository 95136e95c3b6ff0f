"""Letters: what a laptop wrote goes in, what the server has to say to it comes out.

The same on every road: a stick's letter, and one that somebody posted who carries others' letters.
What a letter brings is lasting before it is answered, and the same letter again changes nothing.
"""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Iterator, List, NamedTuple, Optional, Tuple

from sync.clock import Clock
from sync.exchanges.exchange import ExchangeAnswer, ExchangeRequest
from sync.identity import Identity, device_id_bytes
from sync.sticks.layout import box_name
from sync.sticks.letter import MAX_MESSAGES, Letter, LetterKind, letter_name
from sync_server.attachments.attachments import AttachmentService
from sync_server.devices.lost import spoken_to
from sync_server.exchanges.cursors import mark_order
from sync_server.exchanges.exchanges import ExchangeService, Reply
from sync_server.exchanges.mail import MAX_ROOM_BYTES, collect_mail
from sync_server.people.enrolments import EnrolmentService
from sync_server.records.routing import TEACHER
from sync_server.sticks.reading import SUMMED_UP, Reading, Sealed, Services, Take
from sync_server.sticks.saying import Saying
from sync_server.store.letter_protocol import LetterHead, SentReply
from sync_server.store.model import Device
from sync_server.store.protocol import Store, Transaction

MAX_FURTHER = 32
"""Answers after those to the letter's own messages: 16 MiB of others' records at most."""


class Answered(NamedTuple):
    """A reply. ``state`` stands for all that it says besides the time (see ``saying``).

    ``device`` is whose letter it was, None where that did not turn out; ``taken`` tells that any of
    its messages was accepted, ``codes`` are those of the ones that were not.
    """

    letter: Letter
    state: bytes
    device: Optional[str]
    taken: bool
    codes: Tuple[str, ...] = ()


class Posted(NamedTuple):
    """The bytes of a reply, its number among those to the laptop, and codes as in ``Answered``."""

    letter: bytes
    number: int
    codes: Tuple[str, ...]


class Again(NamedTuple):
    """What a reply would say; ``sealed`` makes it, which costs more than finding that out.

    ``news`` tells whether it says anything at all, ``wanted`` are the attached files that the
    laptop asks for, may have, and that are here; ``named`` those that a teacher will ask for when
    the reply has been read.
    """

    state: bytes
    news: bool
    wanted: Tuple[str, ...]
    named: Tuple[str, ...]
    sealed: partial[Letter]


class LetterService:
    """Answers letters out of a store. For one thread."""

    def __init__(
        self, store: Store, identity: Identity, clock: Clock, files: AttachmentService
    ) -> None:
        """Take what answers are made of; ``files`` must not count requests."""
        self._store = store
        self._identity = identity
        self._clock = clock
        self._exchanges = ExchangeService(store, identity, clock, by_letter=True)
        self._services = Services(self._exchanges, EnrolmentService(store, identity, clock), files)

    def answer_letter(self, data: bytes) -> bytes:
        """Take an up letter's bytes and return the down letter's.

        Raises:
            StickError: ``stick-damaged``, ``stick-newer``: it is no letter that can be read.
        """
        return self.post(data).letter

    def post(self, data: bytes) -> Posted:
        """Answer a letter that somebody carried here, and number the reply; raises as above."""
        answered = self.answer(Letter.from_bytes(data, LetterKind.UP), letter_name(data))
        reply = answered.letter.to_bytes()
        number = 0
        if answered.device is not None:
            number = self.number(self.box(answered.device), reply, answered.state)
        return Posted(reply, number, answered.codes)

    def number(self, box: str, reply: bytes, state: bytes, above: int = 0) -> int:
        """Number a reply that is about to be handed out, and remember what it says."""
        with self._store.transaction() as transaction:
            number = max(transaction.last_reply_number(box), above) + 1
            transaction.note_reply(SentReply(box, number, letter_name(reply), state))
        return number

    def box(self, device_id: str) -> str:
        """Return the name of a laptop's box on sticks."""
        return box_name(self._identity.public.id_bytes, device_id_bytes(device_id))

    def answer(self, up: Letter, name: str, take: Optional[Take] = None) -> Answered:
        """Carry out a letter's messages, and return the reply.

        Args:
            up: The letter.
            name: Its name, 16 hex digits.
            take: Called with each file that is offered, before it is answered what became of it.

        Raises:
            sqlite3.Error, OSError: nothing that was not answered counts as received.
        """
        reading = Reading(self._services, Saying(name), take)
        for message in up.messages:
            reading.read(message)
        if reading.last is not None:
            self._tell_on(reading, reading.last)
            self._remember(name, reading, reading.last)
        letter = _letter(name, reading.answers)
        taken = len(reading.codes) < len(up.messages)
        codes = tuple(reading.codes)
        return Answered(letter, reading.saying.state, reading.device, taken, codes)

    def again(self, head: LetterHead) -> Again:
        """Return what there is to say now to somebody's last letter, wherever that letter is.

        To a laptop that is lost there is nothing: whoever has it may find the stick as well.
        """
        reading = Reading(self._services, Saying(head.letter))
        with self._store.transaction() as transaction:
            device = spoken_to(transaction, head.device)
            if device is None:
                return Again(b"", False, (), (), partial(_letter, head.letter, reading.answers))
            reply = self._reply_again(transaction, device, head)
            people = transaction.granted(head.device)
        left = head.messages.count(SUMMED_UP)
        for message in head.messages:
            left -= message == SUMMED_UP
            if message != SUMMED_UP:
                reading.read(message)
            else:
                # The last of several says it all.
                reading.stand_in(_only(reply) if left else reply)
        self._tell_on(reading, reply)
        saying = reading.saying
        sealed = partial(_letter, head.letter, reading.answers)
        named = saying.named if any(one.role == TEACHER for one in people) else ()
        return Again(saying.state, saying.news, saying.wanted, named, sealed)

    def _reply_again(self, transaction: Transaction, device: Device, head: LetterHead) -> Reply:
        request = ExchangeRequest(
            device=device.id,
            device_head=head.head,
            first_seq=head.first_seq,
            cursor=head.cursor,
            catalogues=head.catalogues,
            room_bytes=MAX_ROOM_BYTES,
        )
        reply = self._exchanges.answer(transaction, device, request, head.digest)
        refused = dict(reply.answer.refused)
        for item in transaction.refusals(device.id, head.first_seq, head.head.seq):
            if item.chained:
                refused[item.seq] = item.code
        answer = dataclasses.replace(reply.answer, refused=tuple(sorted(refused.items())))
        return reply._replace(answer=answer)

    def _tell_on(self, reading: Reading, reply: Reply) -> None:
        """Add what more there is for the device."""
        for answer in self._further(reply, MAX_MESSAGES - len(reading.answers)):
            reading.saying.records(answer)
            reading.answers.append(partial(self._exchanges.seal, _only(reply, answer)))

    def _further(self, reply: Reply, at_most: int) -> Iterator[ExchangeAnswer]:
        """Yield what more there is for a device, each answer after the mark of the one before."""
        own_id = self._identity.public.device_id
        cursor, more = reply.answer.cursor or reply.request.cursor, reply.answer.more
        for _ in range(min(at_most, MAX_FURTHER)):
            if not more:
                return
            request = dataclasses.replace(
                reply.request, records=(), cursor=cursor, room_bytes=MAX_ROOM_BYTES
            )
            with self._store.transaction() as transaction:
                device = transaction.device(reply.to.device_id)
                mail = collect_mail(transaction, device, request, own_id) if device else None
            if mail is None or not mail.cursor:
                return
            yield ExchangeAnswer(
                reply_to=reply.answer.reply_to,
                server_time_ms=self._clock.now_ms(),
                records=mail.records,
                since=cursor,
                cursor=mail.cursor,
                more=mail.more,
            )
            cursor, more = mail.cursor, mail.more

    def _remember(self, name: str, reading: Reading, last: Reply) -> None:
        head = LetterHead(
            device=last.to.device_id,
            letter=name,
            digest=last.answer.reply_to,
            first_seq=reading.first_seq,
            head=last.request.device_head,
            cursor=last.request.cursor,
            catalogues=last.request.catalogues,
            messages=tuple(reading.kept),
        )
        with self._store.transaction() as transaction:
            known = transaction.letter_head(head.device)
            if known is None or _order(known) <= _order(head):
                transaction.set_letter_head(head)


def _letter(name: str, answers: List[Sealed]) -> Letter:
    return Letter(LetterKind.DOWN, tuple(sealed() for sealed in answers), name)


def _only(reply: Reply, answer: Optional[ExchangeAnswer] = None) -> Reply:
    """Return a reply to the same that says nothing but one answer, or nothing at all."""
    said = reply.answer
    nothing = ExchangeAnswer(said.reply_to, said.server_time_ms)
    return Reply(reply.to, reply.request, answer or nothing, None)


def _order(head: LetterHead) -> Tuple[int, Tuple[int, int]]:
    """Return how late a letter was written: a stick may come back after a month."""
    return head.head.seq, mark_order(head.cursor)
