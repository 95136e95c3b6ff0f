"""The client's side of exchanges: plan a request, apply an answer, go on while there is more.

``plan_request`` reads; ``apply_answer`` writes everything an answer brings in one transaction, so
that a crash leaves either all of it or nothing, and the next exchange brings it again.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from typing import Callable, Dict, Mapping, Optional, Tuple

from sync.database import transaction
from sync.errors import JournalError, LinkError, ReceiptError, SyncError
from sync.exchanges.exchange import (
    DEFAULT_BUDGET_BYTES,
    DEFAULT_ROOM_BYTES,
    ExchangeAnswer,
    Exchanger,
    ExchangeRequest,
    check_reply,
)
from sync.exchanges.outbox import next_prepared
from sync.identity import Identity, PublicIdentity
from sync.journals.clock_records import claims_to_be_later, say_when
from sync.journals.inbox import Inbox
from sync.journals.journal import Journal
from sync.journals.lineage import doubt
from sync.kinds import CLOCK
from sync.message import Kind, make_message, message_digest, open_message
from sync.record import Record

MAX_ROUNDS = 200
KNOWN = "record-known"
"""No refusal: the same fact was received before."""
_AFTER_SENDING = ("link-lost", "link-stalled", "server-busy", "server-failed")


@dataclass(frozen=True)
class Outcome:
    """What an answer changed here; its receipt is whole in ``answer``, if it fits this journal.

    ``records`` are those that were new here, ``covered`` tells that a receipt covers more than
    before, ``moved`` that the next request would begin elsewhere or ask from another mark.
    ``problem`` is set where the journal contradicts the receipt (law 8) while everything else was
    applied.
    """

    answer: ExchangeAnswer
    records: Tuple[Record, ...]
    covered: bool
    moved: bool
    problem: Optional[SyncError] = None


def plan_request(
    journal: Journal,
    cursor: str,
    catalogues: Mapping[str, int],
    *,
    room_bytes: int = DEFAULT_ROOM_BYTES,
    budget_bytes: int = DEFAULT_BUDGET_BYTES,
) -> ExchangeRequest:
    """Say what the server should hear now: what no receipt covers, as far as the budget goes."""
    first_seq = journal.first_unsent_seq
    return ExchangeRequest(
        device=journal.device,
        device_head=journal.head,
        first_seq=first_seq,
        records=journal.unreceived(first_seq - 1, budget_bytes),
        cursor=cursor,
        catalogues=dict(catalogues),
        room_bytes=room_bytes,
    )


def apply_answer(
    db: sqlite3.Connection,
    journal: Journal,
    inbox: Inbox,
    answer: ExchangeAnswer,
    server: PublicIdentity,
    *,
    late: bool = False,
    aged: bool = False,
    outdated: bool = False,
) -> Outcome:
    """Write all that an answer brings, in one transaction. Applying it again changes nothing.

    A ``late`` answer is to some earlier request of this device, which another disk with the same
    keys may have made: what it left out as known need not be here, so its mark does not count. One
    that is ``aged`` may have been on its way for days, so its time is not that of now. What the
    server lost and found again is told by neither a late answer nor one that is ``outdated``: to a
    request from before that was known.

    Raises:
        ReceiptError: the receipt is not this server's about this journal; nothing is changed.
    """
    with transaction(db):
        before = journal.first_unsent_seq, inbox.cursor
        covered_seq, covered, problem = journal.received_seq, False, None
        words: Tuple[Record, ...] = ()
        current = not late and not outdated
        if answer.receipt is not None:
            stated, receipt = answer.receipt, journal.whole(answer.receipt)
            answer = replace(answer, receipt=receipt)
            try:
                covered = journal.accept_receipt(receipt, server, settles=current)
            except JournalError as error:
                problem = error
            except ReceiptError:
                if stated.hash:
                    raise
                # It was about this journal as it was when the server was asked.
                problem = JournalError("journal-forked", f"at record {stated.seq}")
        if problem is None:
            problem = _resend(journal, answer) if current else None
            if answer.resend_from is not None and current:
                # The laptop may go off before the server was asked what else it lost.
                doubt(db)
            journal.note_refused([item for item in answer.refused if item[1] != KNOWN])
        records = inbox.store(answer.records)
        # Records never hurt, the mark might: it may lie behind ours. And while another branch
        # writes under our name, its records are not among those that came.
        in_step = answer.since == inbox.cursor and problem is None and not late
        if answer.cursor and in_step:
            inbox.move_cursor(answer.cursor)
        _learn_time(journal, answer, aged)
        if covered and answer.receipt is not None:
            words = _say_when(db, journal, covered_seq, answer.receipt.time_ms)
        if words or any(record.kind == CLOCK for record in records):
            inbox.ask_again()
        moved = before != (journal.first_unsent_seq, inbox.cursor)
    return Outcome(answer, records, covered, moved, problem)


def _resend(journal: Journal, answer: ExchangeAnswer) -> Optional[JournalError]:
    """Heed the server's wish to be sent again what it lost; tell why where that cannot be."""
    try:
        if answer.resend_from is not None:
            journal.request_resend(answer.resend_from)
    except JournalError as error:
        return error
    return None


def _say_when(
    db: sqlite3.Connection, journal: Journal, covered_seq: int, time_ms: int
) -> Tuple[Record, ...]:
    """Say by when that was written which a receipt covers now, where our clock was wrong."""
    if not claims_to_be_later(db, journal, covered_seq, time_ms):
        return ()
    return say_when(db, journal, time_ms)


def _learn_time(journal: Journal, answer: ExchangeAnswer, aged: bool) -> None:
    clock = journal.clock()
    refer = clock.refer_aged if aged else clock.refer
    refer(answer.server_time_ms)
    for record in answer.records:
        clock.witness(record.time)
    journal.keep_clock(clock)


@dataclass(frozen=True)
class Parties:
    """Who talks, and where this side keeps what it knows."""

    db: sqlite3.Connection
    identity: Identity
    server: PublicIdentity
    journal: Journal
    inbox: Inbox


def exchange_once(
    parties: Parties,
    exchanger: Exchanger,
    catalogues: Mapping[str, int],
    *,
    room_bytes: int = DEFAULT_ROOM_BYTES,
    budget_bytes: int = DEFAULT_BUDGET_BYTES,
) -> Outcome:
    """Make one exchange, with a prepared request where the next record cannot be read now.

    Raises:
        LinkError, RefusedError: from the exchanger.
        MessageError, ReceiptError: the answer is not the server's to this request; nothing is
        changed.
    """
    prepared = next_prepared(parties.db, parties.journal)
    if prepared is not None:
        return _exchanged(parties, exchanger, prepared.message, prepared.last_seq)
    request = plan_request(
        parties.journal,
        parties.inbox.cursor,
        catalogues,
        room_bytes=room_bytes,
        budget_bytes=budget_bytes,
    )
    message = make_message(
        Kind.EXCHANGE_REQUEST, request.to_payload(), parties.identity, parties.server
    )
    last_seq = request.records[-1].seq if request.records else 0
    return _exchanged(parties, exchanger, message, last_seq)


def _exchanged(parties: Parties, exchanger: Exchanger, message: bytes, last_seq: int) -> Outcome:
    data = _carried(exchanger, message, parties.journal, last_seq)
    answer = read_answer(parties, data)
    check_reply(answer, message_digest(message))
    return apply_answer(parties.db, parties.journal, parties.inbox, answer, parties.server)


def _carried(exchanger: Exchanger, message: bytes, journal: Journal, last_seq: int) -> bytes:
    """Carry a request; call its records sent where they went out, also when the answer was lost."""
    went_out = True
    try:
        return exchanger.exchange(message)
    except LinkError as error:
        went_out = error.code in _AFTER_SENDING
        raise
    finally:
        if last_seq and went_out:
            journal.note_sent(last_seq)


def read_answer(parties: Parties, data: bytes) -> ExchangeAnswer:
    """Open an answer message, whenever and however it came.

    Raises:
        MessageError: it is not an answer of this server to this device.
    """
    known: Dict[str, PublicIdentity] = {parties.server.device_id: parties.server}
    opened = open_message(data, Kind.EXCHANGE_ANSWER, parties.identity, known.get)
    return ExchangeAnswer.from_payload(opened.payload, parties.journal.device)


def exchange_all(
    parties: Parties,
    exchanger: Exchanger,
    catalogues: Mapping[str, int],
    *,
    each: Optional[Callable[[Outcome], None]] = None,
    room_bytes: int = DEFAULT_ROOM_BYTES,
    budget_bytes: int = DEFAULT_BUDGET_BYTES,
) -> Tuple[Outcome, ...]:
    """Exchange until neither side has more to say, calling ``each`` after every answer.

    Ends early where the journal contradicts the server, or an exchange changes nothing.

    Raises:
        As ``exchange_once``; what earlier exchanges brought stays.
    """
    outcomes = []
    for _ in range(MAX_ROUNDS):
        outcome = exchange_once(
            parties, exchanger, catalogues, room_bytes=room_bytes, budget_bytes=budget_bytes
        )
        outcomes.append(outcome)
        if each is not None:
            each(outcome)
        if not goes_on(outcome, parties.journal):
            break
    return tuple(outcomes)


def goes_on(outcome: Outcome, journal: Journal) -> bool:
    """Tell whether another exchange would bring something."""
    if outcome.problem is not None or not outcome.moved:
        return False
    return outcome.answer.more or journal.first_unsent_seq <= journal.head.seq
