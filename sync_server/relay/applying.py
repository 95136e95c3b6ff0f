"""The relay's part, after an answer: what it changes here, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from sync.clock import Clock
from sync.errors import ReceiptError
from sync.identity import Identity
from sync.record import NO_HASH
from sync.relaying.answer import RelayAnswer
from sync.relaying.heads import CHECK_BYTES, heads_digest, verify_heads
from sync.relaying.page import HeadsPage
from sync_server.records.own_journal import OwnJournal
from sync_server.relay.judging import DEVICE_ELSEWHERE
from sync_server.relay.planning import Plan, Wishes, believed_heads
from sync_server.relay.taking_back import take_back
from sync_server.relay.taking_down import take_down
from sync_server.store.model import JournalEnd, SentHead, Upstream
from sync_server.store.protocol import Transaction

KNOWN = "record-known"


@dataclass(frozen=True)
class Applied:
    """What an answer did.

    ``in_step`` says that the receipt covers just what this server believes the upstream to hold.
    """

    sent: int = 0
    refused: int = 0
    received: int = 0
    restored: int = 0
    moved: bool = False
    in_step: bool = False


def apply_answer(
    transaction: Transaction,
    upstream: Upstream,
    identity: Identity,
    clock: Clock,
    plan: Plan,
    wishes: Wishes,
    answer: RelayAnswer,
) -> Applied:
    """Write all that an answer brings. Applying it again changes nothing.

    Raises:
        ReceiptError: the receipt is not the upstream's.
    """
    own_id = identity.public.device_id
    if answer.receipt is not None:
        verify_heads(answer.receipt, own_id, upstream.identity)
    sent, refused = _note_runs(transaction, upstream.id, plan, wishes, answer)
    if answer.page is not None:
        _compare(transaction, upstream.id, wishes, answer.page)
    else:
        wishes.heads_from = None
    restored = _take_back(transaction, identity, clock, plan, wishes, answer)
    received = take_down(transaction, answer.records, own_id, clock.now_ms())
    moved = bool(answer.cursor) and answer.since == upstream.cursor
    if moved:
        transaction.move_upstream_cursor(upstream.id, answer.cursor)
    transaction.touch_upstream(upstream.id, clock.now_ms())
    digest = heads_digest(believed_heads(transaction.sent_heads(upstream.id)))
    in_step = answer.receipt is not None and answer.receipt.digest == digest
    if in_step and answer.receipt is not None:
        signature, time_ms = answer.receipt.signature, answer.receipt.time_ms
        transaction.note_upstream_receipt(upstream.id, digest + signature, time_ms)
    return Applied(sent, refused, received, restored, moved, in_step)


def _note_runs(
    transaction: Transaction,
    upstream_id: str,
    plan: Plan,
    wishes: Wishes,
    answer: RelayAnswer,
) -> tuple[int, int]:
    runs = plan.request.runs
    _check_places(len(runs), answer)
    resend, forked, rejected = dict(answer.resend), dict(answer.forked), dict(answer.rejected)
    sent = 0
    for at, (run, head) in enumerate(zip(runs, plan.heads)):
        if at in forked:
            wishes.want(run.device, max(forked[at], 1))
        elif at in resend:
            known = _own_head(transaction, run.device, resend[at] - 1)
            transaction.set_sent_head(upstream_id, run.device, known)
        elif at in rejected:
            code = rejected[at]
            stays = SentHead(0, NO_HASH, code) if code == DEVICE_ELSEWHERE else None
            transaction.set_sent_head(upstream_id, run.device, stays)
        else:
            sent += len(run.records)
            transaction.set_sent_head(upstream_id, run.device, SentHead(head.seq, head.hash))
    refused = [(runs[at].device, seq, code) for at, seq, code in answer.refused if code != KNOWN]
    for device, seq, code in refused:
        transaction.note_upstream_refused(upstream_id, device, seq, code)
    return sent, len(refused)


def _check_places(count: int, answer: RelayAnswer) -> None:
    places = [at for at, _, _ in answer.refused]
    places += [at for at, _ in (*answer.resend, *answer.forked)]
    places += [at for at, _ in answer.rejected]
    if any(at >= count for at in places):
        raise ReceiptError("receipt-misdirected", "it names a run that was not sent")


def _own_head(transaction: Transaction, device: str, seq: int) -> Optional[SentHead]:
    known = transaction.hashes(device, seq, seq).get(seq) if seq > 0 else None
    return SentHead(seq, known) if known is not None else None


def _compare(transaction: Transaction, upstream_id: str, wishes: Wishes, page: HeadsPage) -> None:
    """Learn how far the upstream really holds the journals, and what this server has lost."""
    listed = {device for device, _, _ in page.heads}
    for device, seq, check in page.heads:
        end = transaction.journal_end(device) or JournalEnd(0, NO_HASH, 0)
        own = _own_head(transaction, device, min(seq, end.seq))
        if seq <= end.seq and (own is None or own.hash[:CHECK_BYTES] != check):
            wishes.want(device, seq)
            continue
        if seq > end.seq:
            wishes.want(device, end.seq + 1)
        transaction.set_sent_head(upstream_id, device, own)
    for device, head in transaction.sent_heads(upstream_id).items():
        inside = device >= page.first and (not page.following or device < page.following)
        if inside and device not in listed and not head.code:
            transaction.set_sent_head(upstream_id, device, None)
    wishes.heads_from = page.following or None


def _take_back(
    transaction: Transaction,
    identity: Identity,
    clock: Clock,
    plan: Plan,
    wishes: Wishes,
    answer: RelayAnswer,
) -> int:
    asked = {want.device for want in plan.request.wants}
    journal = OwnJournal(transaction, identity.public.device_id, clock)
    for run in answer.back:
        if run.device not in asked:
            continue
        take_back(transaction, run, identity, clock.now_ms())
        if run.device == identity.public.device_id:
            journal.witness(max(record.time for record in run.records))
        end = transaction.journal_end(run.device) or JournalEnd(0, NO_HASH, 0)
        wishes.done(run.device)
        wishes.want(run.device, end.seq + 1)
    for device in answer.apart:
        if device in asked:
            wishes.go_back(device)
    if not answer.back:
        for device in asked - set(answer.apart):
            wishes.done(device)
    return sum(len(run.records) for run in answer.back if run.device in asked)
