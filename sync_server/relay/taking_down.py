"""A relay takes down what was written elsewhere for its people."""

from __future__ import annotations

import hashlib
from typing import Optional, Sequence, Tuple

from sync.canonical import canonical_json
from sync.errors import SyncError
from sync.kinds import ROSTER, validate
from sync.record import Record, record_bytes
from sync_server.devices.branches import repetition
from sync_server.records.routing import BETWEEN_SERVERS, people_of, readers_of, relay_reader
from sync_server.records.rules import NOT_PERMITTED
from sync_server.relay.announcements import learn_from_above, person_of
from sync_server.relay.judging import INVALID, PERSON_ELSEWHERE
from sync_server.store.model import WAITING, NewRecord, PutAside
from sync_server.store.protocol import Transaction


def take_down(
    transaction: Transaction,
    records: Sequence[Record],
    own_id: str,
    now_ms: int,
) -> int:
    """Keep records of an upstream that are new here; return how many were.

    Args:
        transaction: In which it happens.
        records: What the upstream sent.
        own_id: This server's id.
        now_ms: This server's time.
    """
    return sum(_take(transaction, record, now_ms, own_id) for record in records)


def _take(transaction: Transaction, record: Record, now_ms: int, own_id: str) -> bool:
    try:
        body_json = canonical_json(record.body)
        content = record_bytes(record, body_json)
    except SyncError:
        # No honest server holds such a thing.
        return False
    digest = hashlib.sha256(content).digest()
    if digest in transaction.digests(record.device, record.seq):
        return False
    code = _refusal(transaction, record, own_id)
    if code is not None:
        aside = PutAside(record.device, record.seq, digest, code, content, now_ms, False)
        transaction.put_aside([aside])
        return False
    _give_way(transaction, record, now_ms)
    if record.kind == ROSTER:
        learn_from_above(transaction, record, own_id)
    readers = _readers(transaction, record)
    transaction.add_records([NewRecord(record, body_json, digest, readers, now_ms)])
    return True


def _give_way(transaction: Transaction, record: Record, now_ms: int) -> None:
    """Displace what was told under the same number before the upstream was restored."""
    former = transaction.kept_record(record.device, record.seq)
    if former is None:
        return
    content = record_bytes(former)
    digest = hashlib.sha256(content).digest()
    transaction.set_waiting(
        [PutAside(former.device, former.seq, digest, WAITING, content, now_ms, False)]
    )
    transaction.forget_record(record.device, record.seq)


def _refusal(transaction: Transaction, record: Record, own_id: str) -> Optional[str]:
    try:
        validate(record)
        if _is_ours(transaction, record.device, own_id) or record.kind in BETWEEN_SERVERS:
            return NOT_PERMITTED
        if record.kind == ROSTER:
            return _roster_refusal(transaction, record, own_id)
        # Whatever became of its journal elsewhere: this server may have written it down once more.
        code = repetition(record, True, _AnyLine(transaction))
    except SyncError as error:
        return error.code
    if code is None and not any(_is_known(transaction, one) for one in people_of(record)):
        return PERSON_ELSEWHERE
    return code


def _roster_refusal(transaction: Transaction, record: Record, own_id: str) -> Optional[str]:
    if record.body["person"] != record.person or not isinstance(record.body.get("school", ""), str):
        return INVALID
    known = transaction.person(record.person)
    moved = known is not None and known.school != person_of(record, own_id).school
    # Who moved to another school, the server above both says.
    if moved and record.device not in {one.id for one in transaction.upstreams()}:
        return PERSON_ELSEWHERE
    return None


def _is_ours(transaction: Transaction, device_id: str, own_id: str) -> bool:
    """Tell whether a journal reaches this server by itself: then nobody else's word counts."""
    return (
        device_id == own_id
        or transaction.journal_end(device_id) is not None
        or transaction.device(device_id) is not None
        or transaction.relayed(device_id) is not None
    )


def _is_known(transaction: Transaction, person_id: str) -> bool:
    return transaction.person(person_id) is not None


def _readers(transaction: Transaction, record: Record) -> Tuple[str, ...]:
    author = transaction.person(record.person)
    relays = transaction.relays_of(people_of(record))
    return (*readers_of(record, author), *map(relay_reader, relays))


class _AnyLine:
    """Whose journal continues whose elsewhere is the upstream's business: it judged that."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def continues(self, _: str, __: str) -> bool:
        return True

    def is_carried(self, digest: bytes) -> bool:
        return self._transaction.is_carried(digest)

    def kept_record(self, device_id: str, seq: int) -> Optional[Record]:
        return self._transaction.kept_record(device_id, seq)
