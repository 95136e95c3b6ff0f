"""Exchanges: a device's request becomes lasting, then its answer is made.

Everything that a request changes is one transaction, and the answer is made from what the
transaction left: the same request again changes nothing and is answered alike.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from functools import partial
from typing import (
    Callable,
    Dict,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    TypeVar,
    Union,
)

from sync.clock import Clock
from sync.errors import MessageError
from sync.exchanges.exchange import (
    MAX_MISSING,
    NAME_START_BYTES,
    ExchangeAnswer,
    ExchangeRequest,
    states,
)
from sync.fleet import GONE
from sync.identity import Identity, PublicIdentity
from sync.journals.receipt import sign_receipt
from sync.kinds import DEVICE_REPORT
from sync.message import Kind, OpenedMessage, make_message, open_message
from sync.record import Head
from sync_server.days import day_of
from sync_server.devices.branches import admit
from sync_server.devices.lost import spoken_to
from sync_server.devices.signers import SignerCache
from sync_server.errors import RequestError
from sync_server.exchanges.holding import held_of, keep
from sync_server.exchanges.intake import Intake, plan_intake
from sync_server.exchanges.mail import collect_mail
from sync_server.http.buckets import Buckets
from sync_server.lessons.openings import tell_due
from sync_server.store.model import Device, JournalEnd
from sync_server.store.protocol import Store, Transaction

CONTACT_MS = 60_000
"""How exactly the last contact is noted: a sync of the disk for each would cost too much."""
MAX_REQUEST_BYTES = 2 << 20
"""A request before compression: twice the largest message."""
GROUP_PAYLOAD_BYTES = 1 << 20
"""Requests that are committed together, so that a group's memory is bounded."""
DEVICE_LIMIT = 120
"""Exchanges that one device may make at once: somebody's year offline."""
DEVICE_RATE_PER_S = 5.0
MAX_MISSED = 8
"""Attached files that one answer asks for again."""

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")
Answered = Union[bytes, Exception]


class ExchangeService:
    """Answers exchange requests out of a store. Thread-safe where the store is."""

    def __init__(
        self,
        store: Store,
        identity: Identity,
        clock: Clock,
        pace: Optional[Buckets] = None,
        *,
        by_letter: bool = False,
    ) -> None:
        """Take what answers are made of; ``pace`` bounds the exchanges of each device.

        Requests that come ``by_letter`` are months apart: their answers ask for all at once.
        """
        self._store = store
        self._by_letter = by_letter
        self._identity = identity
        self._clock = clock
        self._pace = pace
        self._signers = SignerCache(store)

    def exchange(self, data: bytes) -> bytes:
        """Take a request message and return its answer message.

        Raises:
            sync.errors.SyncError: it is no message to this server by a device that it knows.
            RequestError: ``server-busy``, when the device made too many.
        """
        (answer,) = self.exchange_all([data])
        if isinstance(answer, Exception):
            raise answer
        return answer

    def exchange_all(self, messages: Sequence[bytes]) -> List[Answered]:
        """Answer several messages with few commits; in place of a bad one's answer is its error.

        Keys and compression are used before a transaction begins and after it is on the disk.
        """
        answers: List[Answered] = []
        opened: List[Union[OpenedMessage, Exception]] = []
        payload_bytes = 0
        for message in messages:
            opened.append(one := _tried(self.open, message))
            payload_bytes += 0 if isinstance(one, Exception) else len(one.payload)
            if payload_bytes >= GROUP_PAYLOAD_BYTES:
                answers += self._answer_group(opened)
                opened, payload_bytes = [], 0
        return answers + self._answer_group(opened)

    def open(self, data: bytes) -> OpenedMessage:
        """Open a request message.

        Raises:
            sync.errors.SyncError, RequestError: as ``exchange`` does.
        """
        opened = open_message(
            data,
            Kind.EXCHANGE_REQUEST,
            self._identity,
            self._signers.find,
            max_payload_bytes=MAX_REQUEST_BYTES,
        )
        wait_s = self._pace.take(opened.signer.device_id) if self._pace is not None else 0
        if wait_s:
            raise RequestError("server-busy", 429, {"Retry-After": str(wait_s)})
        return opened

    def _answer_group(self, group: Sequence[Union[OpenedMessage, Exception]]) -> List[Answered]:
        return [_tried(self.seal, reply) for reply in self.commit(group)]

    def commit(
        self, group: Sequence[Union[OpenedMessage, Exception]]
    ) -> List[Union[Reply, Exception]]:
        """Carry out requests; when this returns, what they brought is lasting."""
        try:
            return self._committed(group)
        except _StoreFailedError as error:
            if len(group) > 1:
                # Perhaps one of them alone is too much for the store.
                return [reply for one in group for reply in self.commit([one])]
            return [error.cause]

    def _committed(
        self, group: Sequence[Union[OpenedMessage, Exception]]
    ) -> List[Union[Reply, Exception]]:
        """Carry out what was opened and return once it is lasting."""
        if all(isinstance(one, Exception) for one in group):
            return [one for one in group if isinstance(one, Exception)]
        with self._store.transaction() as transaction:
            return [_tried(partial(self._attempt, transaction), opened) for opened in group]

    def _attempt(self, transaction: Transaction, opened: OpenedMessage) -> Reply:
        try:
            with transaction.attempt():
                device = _device(transaction, opened.signer)
                request = ExchangeRequest.from_payload(opened.payload, device.id)
                reply = self.answer(transaction, device, request, opened.digest)
                if request.claim is None:
                    _note_contact(transaction, device, reply.answer.server_time_ms)
                return reply
        except sqlite3.OperationalError as error:
            # Others' parts of the transaction may be undone with it.
            raise _StoreFailedError(error) from error

    def seal(self, reply: Reply) -> bytes:
        """Sign the receipt, and the answer, and seal it to its device."""
        answer = reply.answer
        if reply.held is not None:
            head = Head(reply.held.seq, reply.held.hash)
            receipt = sign_receipt(self._identity, reply.to.device_id, head, reply.held.time_ms)
            if reply.same_head:
                receipt = dataclasses.replace(receipt, hash=b"")
            answer = dataclasses.replace(answer, receipt=receipt)
        return make_message(Kind.EXCHANGE_ANSWER, answer.to_payload(), self._identity, reply.to)

    def answer(
        self, transaction: Transaction, device: Device, request: ExchangeRequest, digest: bytes
    ) -> Reply:
        """Carry out one request of a device and return what to answer to the message ``digest``.

        Raises:
            sync.errors.MessageError: ``claim-forged``.
        """
        to = device.identity
        now_ms = self._clock.now_ms()
        if request.claim is not None:
            shared = admit(transaction, device, request, request.claim, now_ms)
            answer = ExchangeAnswer(digest, now_ms, shared_seq=shared)
            return Reply(to, request, answer, None)
        if not self._by_letter:
            # A device that has a link reads its answers there.
            transaction.forget_letter_head(device.id)
        at_most = MAX_MISSING if self._by_letter else MAX_MISSED
        missing = transaction.missing_attachments(device.id, at_most)
        intake = _take_in(transaction, device, request, now_ms)
        own_id = self._identity.public.device_id
        tell_due(transaction, own_id, self._clock)
        mail = collect_mail(transaction, device, request, own_id)
        catalogues, publishers = catalogue_news(transaction, request.catalogues)
        answer = ExchangeAnswer(
            reply_to=digest,
            server_time_ms=now_ms,
            records=mail.records,
            since=request.cursor if mail.cursor else "",
            cursor=mail.cursor,
            more=mail.more,
            catalogues=catalogues,
            publishers=publishers,
            refused=intake.refused,
            resend_from=intake.resend_from,
            missing=tuple(bytes.fromhex(name)[:NAME_START_BYTES] for name in missing),
        )
        held = _receipt_due(transaction, request, intake)
        return Reply(to, request, answer, held, _has_same_head(request, held))


class Reply(NamedTuple):
    """An answer, to whom and to what, and what its receipt shall cover (None: it has none).

    ``same_head`` says that the device's journal ends there with the same hash.
    """

    to: PublicIdentity
    request: ExchangeRequest
    answer: ExchangeAnswer
    held: Optional[JournalEnd]
    same_head: bool = False


class _StoreFailedError(BaseException):
    """The store failed in the middle of a transaction: nothing of it may count.

    Not an ``Exception``, so that it is no single exchange's error.
    """

    def __init__(self, cause: sqlite3.OperationalError) -> None:
        super().__init__(cause)
        self.cause = cause


def _tried(
    step: Callable[[_Item], _Done], item: Union[_Item, Exception]
) -> Union[_Done, Exception]:
    """Take a step with what is no error yet; an error takes the result's place."""
    if isinstance(item, Exception):
        return item
    try:
        return step(item)
    except Exception as error:  # noqa: BLE001 - also our own bug must not harm the others
        return error


def _receipt_due(
    transaction: Transaction, request: ExchangeRequest, intake: Intake
) -> Optional[JournalEnd]:
    """Return how far the journal is held, unless the request shows that the device knows."""
    end = transaction.journal_end(request.device)
    if end is None or (request.first_seq == end.seq + 1 and not intake.forked):
        return None
    return end


def _has_same_head(request: ExchangeRequest, held: Optional[JournalEnd]) -> bool:
    head = request.device_head
    return held is not None and held.seq == head.seq and states(head, held.hash)


def _device(transaction: Transaction, signer: PublicIdentity) -> Device:
    device = spoken_to(transaction, signer.device_id)
    if device is None:
        raise MessageError("device-unknown", signer.device_id)
    return device


def _take_in(
    transaction: Transaction, device: Device, request: ExchangeRequest, now_ms: int
) -> Intake:
    held = held_of(transaction, request)
    granted = {person.id: person for person in transaction.granted(device.id)}
    continued = transaction.is_continued(device.id)
    intake = plan_intake(request, held, granted, transaction, now_ms, transaction, continued)
    keep(transaction, device.id, intake)
    for new in intake.keep:
        if new.record.kind == DEVICE_REPORT and new.record.body.get(GONE) is True:
            transaction.revoke(device.id, new.record.person)
    return intake


def _note_contact(transaction: Transaction, device: Device, now_ms: int) -> None:
    last_ms = device.last_contact_ms
    if last_ms is None or abs(now_ms - last_ms) >= CONTACT_MS:
        transaction.touch_device(device.id, now_ms)
        transaction.note_seen(day_of(now_ms), device.id)


def catalogue_news(
    transaction: Transaction, known: Mapping[str, int]
) -> Tuple[Dict[str, int], Optional[Dict[str, bytes]]]:
    """Return the serials that are newer than those known, and all keys where any came or went."""
    publishers = transaction.publishers()
    newer = {p.key_id: p.serial for p in publishers if p.serial > known.get(p.key_id, 0)}
    given = [p for p in publishers if p.public_key]
    taken_back = set(known) - {p.key_id for p in publishers}
    if not taken_back and all(p.key_id in known for p in given if p.serial):
        return newer, None
    return newer, {p.key_id: p.public_key for p in given}
