"""Exchanges: a device's request becomes lasting, then its answer is made.

Everything that a request changes is one transaction, and the answer is made from what the
transaction left: the same request again changes nothing and is answered alike.
"""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Tuple

from sync.canonical import canonical_json
from sync.clock import Clock, bounded_time
from sync.errors import MessageError
from sync.exchange import ExchangeAnswer, ExchangeRequest
from sync.identity import Identity, PublicIdentity
from sync.journal import OUTLINE_BYTES
from sync.message import Kind, OpenedMessage, Signers, make_message, open_message
from sync.receipt import Receipt, sign_receipt
from sync.record import NO_HASH, Head, Record
from sync_server.cursors import Cursor, read_cursor, write_cursor
from sync_server.intake import Held, Intake, plan_intake
from sync_server.routing import readers_for
from sync_server.store.model import Delivery, Device, JournalEnd
from sync_server.store.protocol import Store, Transaction

MAX_ROOM_BYTES = 512 * 1024
"""An answer's records before compression: also incompressible ones then fit a message."""
CONTACT_MS = 60_000
"""How exactly the last contact is noted: a sync of the disk for each would cost too much."""
LAG = 500
"""How far a device's mark may stay behind before it is moved though nothing is sent."""


class ExchangeService:
    """Answers exchange requests out of a store. Thread-safe where the store is."""

    def __init__(self, store: Store, identity: Identity, clock: Clock) -> None:
        self._store = store
        self._identity = identity
        self._clock = clock

    def exchange(self, data: bytes) -> bytes:
        """Take a request message and return its answer message.

        Raises:
            sync.errors.SyncError: it is no message to this server by a device that it knows.
        """
        with self._store.transaction() as transaction:
            opened = open_message(
                data, Kind.EXCHANGE_REQUEST, self._identity, _signers(transaction)
            )
            device = _device(transaction, opened.signer)
            request = ExchangeRequest.from_payload(opened.payload, device.id)
            answer = self._answered(transaction, device, request, opened)
        return make_message(
            Kind.EXCHANGE_ANSWER, answer.to_payload(), self._identity, opened.signer
        )

    def _answered(
        self,
        transaction: Transaction,
        device: Device,
        request: ExchangeRequest,
        opened: OpenedMessage,
    ) -> ExchangeAnswer:
        now_ms = self._clock.now_ms()
        intake = _take_in(transaction, device, request, now_ms)
        _note_contact(transaction, device, now_ms)
        mail = _collect(transaction, device, request)
        catalogues, publishers = _catalogue_news(transaction, request.catalogues)
        return ExchangeAnswer(
            reply_to=opened.digest,
            server_time_ms=now_ms,
            receipt=self._receipt(transaction, request, intake),
            records=mail.records,
            since=request.cursor if mail.cursor else "",
            cursor=mail.cursor,
            more=mail.more,
            catalogues=catalogues,
            publishers=publishers,
            refused=intake.refused,
            resend_from=intake.resend_from,
        )

    def _receipt(
        self, transaction: Transaction, request: ExchangeRequest, intake: Intake
    ) -> Optional[Receipt]:
        """Sign how far the journal is held, unless the request shows that the device has this."""
        end = transaction.journal_end(request.device)
        if end is None or (request.first_seq == end.seq + 1 and not intake.forked):
            return None
        return sign_receipt(self._identity, request.device, Head(end.seq, end.hash), end.time_ms)


class _Mail:
    """Records on their way to a device, and the mark after them (empty: it stays)."""

    def __init__(self, records: Tuple[Record, ...], cursor: str, more: bool) -> None:
        self.records = records
        self.cursor = cursor
        self.more = more


def _signers(transaction: Transaction) -> Signers:
    def find(device_id: str) -> Optional[PublicIdentity]:
        device = transaction.device(device_id)
        return device.identity if device else None

    return find


def _device(transaction: Transaction, signer: PublicIdentity) -> Device:
    device = transaction.device(signer.device_id)
    if device is None:
        raise MessageError("device-unknown", signer.device_id)
    return device


def _take_in(
    transaction: Transaction, device: Device, request: ExchangeRequest, now_ms: int
) -> Intake:
    held = _held(transaction, request)
    granted = {person.id: person for person in transaction.granted(device.id)}
    intake = plan_intake(request, held, granted, transaction, now_ms)
    transaction.add_records(intake.keep)
    transaction.put_aside(intake.aside)
    if intake.end is not None:
        transaction.set_journal_end(device.id, intake.end)
    return intake


def _held(transaction: Transaction, request: ExchangeRequest) -> Held:
    end = transaction.journal_end(request.device) or JournalEnd(0, NO_HASH, 0)
    last_seq = request.first_seq + len(request.records)
    hashes: Dict[int, bytes] = {0: NO_HASH}
    if end.seq:
        hashes.update(transaction.hashes(request.device, request.first_seq - 1, last_seq))
        head_seq = request.device_head.seq
        hashes.update(transaction.hashes(request.device, head_seq, head_seq))
    refused = {
        item.seq: item.code
        for item in transaction.refusals(request.device, request.first_seq, last_seq)
        if item.chained
    }
    return Held(Head(end.seq, end.hash), hashes, refused)


def _note_contact(transaction: Transaction, device: Device, now_ms: int) -> None:
    last_ms = device.last_contact_ms
    if last_ms is None or abs(now_ms - last_ms) >= CONTACT_MS:
        transaction.touch_device(device.id, now_ms)


def _collect(transaction: Transaction, device: Device, request: ExchangeRequest) -> _Mail:
    cursor = read_cursor(request.cursor, device, transaction)
    room_bytes = min(request.room_bytes, MAX_ROOM_BYTES)
    readers = readers_for(transaction.granted(device.id))
    limit = room_bytes // OUTLINE_BYTES + 1
    waiting = transaction.deliveries(readers, device.id, cursor.serial, limit + 1)
    chosen = _fitting(waiting[:limit], room_bytes)
    more = len(chosen) < len(waiting)
    if chosen:
        reached = Cursor(chosen[-1].serial)
    elif not waiting and transaction.last_serial() > cursor.serial + LAG:
        reached = Cursor(transaction.last_serial())
    else:
        return _Mail((), "", more)
    records = tuple(_passed_on(delivery) for delivery in chosen)
    return _Mail(records, write_cursor(reached, device, transaction), more)


def _fitting(waiting: Tuple[Delivery, ...], room_bytes: int) -> List[Delivery]:
    """Return what fits; where there is any room one at least, so that nothing blocks the rest."""
    chosen: List[Delivery] = []
    left_bytes = room_bytes
    for delivery in waiting if room_bytes else ():
        left_bytes -= OUTLINE_BYTES + len(canonical_json(delivery.record.body))
        if chosen and left_bytes < 0:
            break
        chosen.append(delivery)
    return chosen


def _passed_on(delivery: Delivery) -> Record:
    """Return a record with a time that a wrong clock cannot have put years ahead."""
    r = delivery.record
    time = bounded_time(r.time, delivery.arrived_ms)
    return Record(r.device, r.seq, time, r.person, r.kind, r.body)


def _catalogue_news(
    transaction: Transaction, known: Mapping[str, int]
) -> Tuple[Dict[str, int], Optional[Dict[str, bytes]]]:
    publishers = transaction.publishers()
    newer = {p.key_id: p.serial for p in publishers if p.serial > known.get(p.key_id, 0)}
    if all(p.key_id in known for p in publishers if p.serial):
        return newer, None
    return newer, {p.key_id: p.public_key for p in publishers}
