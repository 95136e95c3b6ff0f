"""What to do with the records that a device sent: decided here, carried out in ``exchanges``.

Every record's hash is computed from the hash before it, as this server holds it. So a record that
was changed, or that belongs to another branch of a journal, cannot pass for what it is not. Records
that break a rule are part of the chain all the same: they are put aside, and the rest goes on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import Callable, List, Mapping, Optional, Sequence, Tuple

from sync.canonical import canonical_json
from sync.errors import RecordError
from sync.exchanges.exchange import ExchangeRequest, states
from sync.people import Person
from sync.record import NO_HASH, Head, Record, record_bytes, record_hash
from sync_server.devices.branches import Lines, repetition
from sync_server.records.routing import people_of, readers_of, relay_reader
from sync_server.records.rules import Facts, refusal
from sync_server.store.model import JournalEnd, NewRecord, PutAside

FORKED = "journal-forked"


@dataclass(frozen=True)
class Held:
    """What the server holds of a journal, as far as a request touches it.

    ``hashes`` are those of the record before the request's first and of all from there to the end;
    ``refused`` the codes of what was refused among them.
    """

    end: Head
    hashes: Mapping[int, bytes]
    refused: Mapping[int, str]


@dataclass(frozen=True)
class Intake:
    """What is to be written: records to keep and to put aside, the journal's new end if it moved.

    ``refused`` is what the device should hear, also about records that came before.
    """

    keep: Tuple[NewRecord, ...] = ()
    aside: Tuple[PutAside, ...] = ()
    end: Optional[JournalEnd] = None
    refused: Tuple[Tuple[int, str], ...] = ()
    resend_from: Optional[int] = None
    forked: bool = False


@dataclass(frozen=True)
class _Link:
    record: Record
    body_json: bytes
    hash: bytes


def plan_intake(
    request: ExchangeRequest,
    held: Held,
    granted: Mapping[str, Person],
    facts: Facts,
    now_ms: int,
    lines: Optional[Lines] = None,
    continued: bool = False,
) -> Intake:
    """Decide about a request's records.

    Args:
        request: Its records are consecutive and its sender signed it.
        held: What is held of that sender's journal.
        granted: The people whom the sender may write for, by id.
        facts: What the rules ask besides.
        now_ms: The server's time, which becomes that of the receipt.
        lines: What is known of branches; None for a server that knows of none.
        continued: Whether this journal has branches.
    """
    judge = partial(_refusal, granted=granted, facts=facts, lines=lines, continued=continued)

    def readers(record: Record) -> Tuple[str, ...]:
        relays = facts.relays_of(people_of(record))
        return (*readers_of(record, granted[record.person]), *map(relay_reader, relays))

    return plan_run(request, held, judge, readers, now_ms)


def plan_run(
    request: ExchangeRequest,
    held: Held,
    judge: Callable[[Record], Optional[str]],
    readers: Callable[[Record], Tuple[str, ...]],
    now_ms: int,
) -> Intake:
    """Decide about consecutive records of one journal.

    Args:
        request: The records, and the head to which they belong.
        held: What is held of that journal.
        judge: Returns the code with which a record is refused, or None.
        readers: Returns who may read a record that is kept.
        now_ms: The server's time.
    """
    if request.first_seq > held.end.seq + 1:
        return Intake(resend_from=held.end.seq + 1)
    chain, broken = _chain(request.records, held.hashes.get(request.first_seq - 1, NO_HASH))
    fork_seq = _fork_seq(request, held, chain)
    if fork_seq is not None:
        return _branch(chain, fork_seq, now_ms)
    intake = _judge(chain, held, judge, readers, now_ms)
    return _with_broken(intake, request.records[len(chain) :], broken, now_ms)


def _chain(records: Sequence[Record], previous_hash: bytes) -> Tuple[List[_Link], Optional[str]]:
    """Hash records up to the first that has no hash (no honest journal holds such a thing)."""
    chain: List[_Link] = []
    for record in records:
        try:
            body_json = canonical_json(record.body)
            previous_hash = record_hash(previous_hash, record, body_json)
        except RecordError as error:
            return chain, error.code
        chain.append(_Link(record, body_json, previous_hash))
    return chain, None


def _fork_seq(request: ExchangeRequest, held: Held, chain: Sequence[_Link]) -> Optional[int]:
    """Return the number from which the device's journal is another one than the one held here."""
    for link in chain:
        known = held.hashes.get(link.record.seq)
        if known is not None and known != link.hash:
            return link.record.seq
    head = request.device_head
    computed = {link.record.seq: link.hash for link in chain}
    known = computed.get(head.seq, held.hashes.get(head.seq))
    if known is None or states(head, known):
        return None
    # All that was sent fits, but leads to another head: what differs lies somewhere before.
    return min([seq for seq in computed if seq > held.end.seq], default=head.seq)


def _branch(chain: Sequence[_Link], fork_seq: int, now_ms: int) -> Intake:
    """Put the other branch aside whole: it counts too, once its device has a new identity."""
    aside = tuple(
        _put_aside(link, FORKED, now_ms, chained=False)
        for link in chain
        if link.record.seq >= fork_seq
    )
    refused = tuple((item.seq, FORKED) for item in aside) or ((max(fork_seq, 1), FORKED),)
    return Intake(aside=aside, refused=refused, forked=True)


def _refusal(
    record: Record,
    granted: Mapping[str, Person],
    facts: Facts,
    lines: Optional[Lines],
    continued: bool,
) -> Optional[str]:
    code = refusal(record, granted, facts)
    return code if code or lines is None else repetition(record, continued, lines)


def _judge(
    chain: Sequence[_Link],
    held: Held,
    judge: Callable[[Record], Optional[str]],
    readers: Callable[[Record], Tuple[str, ...]],
    now_ms: int,
) -> Intake:
    keep: List[NewRecord] = []
    aside: List[PutAside] = []
    refused: List[Tuple[int, str]] = []
    for link in chain:
        seq = link.record.seq
        if seq <= held.end.seq:
            code = held.refused.get(seq)
        else:
            code = judge(link.record)
            if code is None:
                who = readers(link.record)
                keep.append(NewRecord(link.record, link.body_json, link.hash, who, now_ms))
            else:
                aside.append(_put_aside(link, code, now_ms, chained=True))
        if code is not None:
            refused.append((seq, code))
    last = chain[-1] if chain else None
    moved = last is not None and last.record.seq > held.end.seq
    end = JournalEnd(last.record.seq, last.hash, now_ms) if last and moved else None
    return Intake(tuple(keep), tuple(aside), end, tuple(refused))


def _with_broken(
    intake: Intake, rest: Sequence[Record], code: Optional[str], now_ms: int
) -> Intake:
    if code is None:
        return intake
    aside = tuple(
        PutAside(r.device, r.seq, NO_HASH, code, _raw_bytes(r), now_ms, chained=False) for r in rest
    )
    refused = tuple((record.seq, code) for record in rest)
    return Intake(intake.keep, intake.aside + aside, intake.end, intake.refused + refused)


def _put_aside(link: _Link, code: str, now_ms: int, chained: bool) -> PutAside:
    record = link.record
    content = record_bytes(record, link.body_json)
    return PutAside(record.device, record.seq, link.hash, code, content, now_ms, chained)


def _raw_bytes(record: Record) -> bytes:
    return json.dumps([record.time, record.person, record.kind, record.body]).encode("utf-8")
