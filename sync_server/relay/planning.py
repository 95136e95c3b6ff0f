"""The relay's part, before a request: what the upstream should hear now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Optional, Set, Tuple

from sync.exchanges.batch import MAX_RECORDS
from sync.record import NO_HASH, Head
from sync.relaying.heads import CHECK_BYTES, heads_digest
from sync.relaying.request import RelayRequest
from sync.relaying.run import MAX_RUNS, Run
from sync.relaying.want import MAX_WANTS, Want
from sync_server.relay.runs import collect_run
from sync_server.store.model import JournalEnd, SentHead, Upstream
from sync_server.store.protocol import Transaction


@dataclass
class Wishes:
    """What a relay found out in one conversation that it lacks or does not know.

    ``wants`` are by device the number from which it asks its own journal back, ``steps`` how far
    it goes back next where the journals differ before that. ``heads_from`` is the next page of
    heads to be asked for.
    """

    wants: Dict[str, int] = field(default_factory=dict)
    steps: Dict[str, int] = field(default_factory=dict)
    heads_from: Optional[str] = None

    def want(self, device: str, seq: int) -> None:
        """Ask for a journal from a number on, or from an earlier one."""
        self.wants[device] = min(seq, self.wants.get(device, seq))

    def go_back(self, device: str) -> None:
        """The journals differ before the number asked from: ask from further back."""
        step = self.steps.get(device, 1)
        self.steps[device] = step * 2
        self.wants[device] = max(1, self.wants.get(device, 1) - step)

    def done(self, device: str) -> None:
        """Ask for a journal no more."""
        self.wants.pop(device, None)
        self.steps.pop(device, None)


@dataclass(frozen=True)
class Plan:
    """A request, and the heads that its runs lead to, in their order."""

    request: RelayRequest
    heads: Tuple[Head, ...]


def believed_heads(sent: Mapping[str, SentHead]) -> Mapping[str, Head]:
    """Return what an upstream holds as far as it said."""
    return {
        device: Head(head.seq, head.hash)
        for device, head in sent.items()
        if head.seq and not head.code
    }


def plan_request(
    transaction: Transaction,
    upstream: Upstream,
    own_id: str,
    wishes: Wishes,
    catalogues: Mapping[str, int],
    *,
    budget_bytes: int,
    room_bytes: int,
) -> Plan:
    """Say what is new here as far as the budget goes: the own journal first, others rest on it."""
    sent = transaction.sent_heads(upstream.id)
    wants = _wants(transaction, own_id, wishes)
    runs: Tuple[Run, ...] = ()
    heads: Tuple[Head, ...] = ()
    if own_id not in wishes.wants:
        runs, heads = _runs(transaction, sent, own_id, set(wishes.wants), budget_bytes)
    request = RelayRequest(
        believed=heads_digest(believed_heads(sent)),
        runs=runs,
        wants=wants,
        cursor=upstream.cursor,
        catalogues=catalogues,
        room_bytes=room_bytes,
        heads_from=wishes.heads_from,
    )
    return Plan(request, heads)


def waiting_records(transaction: Transaction, upstream_id: str) -> int:
    """Return how many records an upstream has not said yet that it holds."""
    sent = transaction.sent_heads(upstream_id)
    none = SentHead(0, NO_HASH)
    ends = ((end, sent.get(device, none)) for device, end in transaction.journal_ends())
    return sum(max(end.seq - known.seq, 0) for end, known in ends if not known.code)


def _wants(transaction: Transaction, own_id: str, wishes: Wishes) -> Tuple[Want, ...]:
    """Ask for the own journal alone, then for servers', then the rest: each rests on the former."""
    devices = sorted(wishes.wants)
    if own_id in devices:
        devices = [own_id]
    servers = [device for device in devices if transaction.school(device) is not None]
    chosen = (servers or devices)[:MAX_WANTS]
    return tuple(_want(transaction, device, wishes.wants[device]) for device in chosen)


def _want(transaction: Transaction, device: str, seq: int) -> Want:
    hashes = {0: NO_HASH, **transaction.hashes(device, seq - 1, seq - 1)}
    return Want(device, seq, hashes.get(seq - 1, NO_HASH)[:CHECK_BYTES])


def _runs(
    transaction: Transaction,
    sent: Mapping[str, SentHead],
    own_id: str,
    except_for: Set[str],
    budget_bytes: int,
) -> Tuple[Tuple[Run, ...], Tuple[Head, ...]]:
    runs: List[Run] = []
    heads: List[Head] = []
    left_bytes, left_records = budget_bytes, MAX_RECORDS
    for device, end in _in_order(transaction, own_id):
        known = sent.get(device, SentHead(0, NO_HASH))
        if device in except_for or known.code or known.seq >= end.seq:
            continue
        if min(left_bytes, left_records) <= 0 or len(runs) == MAX_RUNS:
            break
        found = collect_run(transaction, device, known.seq + 1, left_bytes, left_records)
        if found is None:
            continue
        runs.append(found.run)
        heads.append(found.head)
        left_bytes -= found.size_bytes
        left_records -= len(found.run.records)
    return tuple(runs), tuple(heads)


def _in_order(transaction: Transaction, own_id: str) -> List[Tuple[str, JournalEnd]]:
    """Servers' journals first, then those that have waited longest."""
    servers = {school.id for school in transaction.schools()}

    def place(item: Tuple[str, JournalEnd]) -> Tuple[bool, bool, int]:
        device, end = item
        return device != own_id, device not in servers, end.time_ms

    return sorted(transaction.journal_ends(), key=place)
