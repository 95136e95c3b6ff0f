"""What a letter asks: planned from the journal and the mark, before anything is sealed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import List, Mapping, Optional, Sequence, Tuple, Union

from sync.attachments.offer import OfferRequest
from sync.clock import Clock
from sync.exchanges.dialogue import Parties, plan_request
from sync.exchanges.exchange import ExchangeRequest
from sync.exchanges.healing import with_identity
from sync.exchanges.outbox import Prepared, prepared_from
from sync.identity import Identity
from sync.journals.branch import MAX_PROBES, PROBE_BYTES, Probe, make_claim, plan_probes
from sync.journals.journal import Journal
from sync.journals.lineage import Lineage
from sync.message import Kind

REQUEST_BYTES = 256 * 1024
"""How much of a journal one message of a letter holds, before compression."""
ROOM_BYTES = 512 * 1024
"""How large one answer of a reply may be; a reply has as many as there is to tell."""
MAX_REQUESTS = 24
"""Requests with records in one letter, which then has 8 MiB at most whatever is in them: what is
left goes with the next one."""
MAX_CLAIMS = 32

Part = Union[ExchangeRequest, Prepared]
Branches = Sequence[Tuple[Identity, Identity]]
"""Parents and children."""


@dataclass(frozen=True)
class Question:
    """A message before it is sealed: who signs it, and the branch that a claim is about."""

    kind: Kind
    payload: bytes
    signer: Identity
    child: str = ""


def unsure_branches(parties: Parties, clock: Clock) -> Branches:
    """Return the branches that are to be claimed: the oldest first, as many as a letter takes."""
    return Lineage(parties.db, clock, parties.journal.bodies).doubtful()[:MAX_CLAIMS]


def plan_requests(parties: Parties, catalogues: Mapping[str, int]) -> List[Part]:
    """Return consecutive requests; only the last one has room for others' records.

    What cannot be read now goes as it was prepared when it could be.
    """
    journal = parties.journal
    empty = replace(
        plan_request(journal, parties.inbox.cursor, catalogues, room_bytes=0, budget_bytes=0),
        records=(),
    )
    parts: List[Part] = []
    seq = empty.first_seq
    while len(parts) < MAX_REQUESTS:
        prepared = prepared_from(parties.db, journal, seq)
        if prepared is not None:
            parts.append(prepared)
            seq = prepared.last_seq + 1
            continue
        records = journal.unreceived(seq - 1, REQUEST_BYTES)
        if not records:
            break
        parts.append(replace(empty, first_seq=seq, records=records))
        seq = records[-1].seq + 1
    last = parts.pop() if parts and isinstance(parts[-1], ExchangeRequest) else None
    last = last if isinstance(last, ExchangeRequest) else replace(empty, first_seq=seq)
    return [*parts, replace(last, room_bytes=ROOM_BYTES)]


def exchange_question(parties: Parties, request: ExchangeRequest) -> Question:
    """Return the question that is an exchange request."""
    return Question(Kind.EXCHANGE_REQUEST, request.to_payload(), parties.identity)


def claim_question(parties: Parties, clock: Clock, parent: Identity, child: Identity) -> Question:
    """Ask the server to admit a branch, and how far it holds the journal before it."""
    journal = with_identity(parties, parent, clock).journal
    request = ExchangeRequest(
        device=journal.device,
        device_head=journal.head,
        first_seq=journal.head.seq + 1,
        claim=make_claim(child, journal.device, _probes(journal)),
    )
    payload = request.to_payload()
    return Question(Kind.EXCHANGE_REQUEST, payload, parent, child.public.device_id)


def _probes(journal: Journal) -> List[Probe]:
    """Ask about numbers all along a journal, and about what receipts cover.

    There is one question and no second: what lies between two probes is carried over though the
    server may have it, and counts once.
    """
    seqs = plan_probes(0, journal.head.seq)[-MAX_PROBES + 1 :]
    chosen = sorted({*seqs, journal.received_seq} - {0})
    found = [(seq, journal.hash_at(seq)) for seq in chosen]
    return [Probe(seq, digest[:PROBE_BYTES]) for seq, digest in found if digest is not None]


def state_of(
    parties: Parties,
    catalogues: Mapping[str, int],
    doubtful: Branches,
    offer: Optional[OfferRequest],
    enrolment: Optional[bytes],
) -> bytes:
    """Name all that a letter says: two letters of one state say the same."""
    head = parties.journal.head
    said = [
        parties.journal.device,
        head.seq,
        head.hash.hex(),
        parties.journal.first_unsent_seq,
        parties.inbox.cursor,
        sorted(catalogues.items()),
        [child.public.device_id for _, child in doubtful],
        offer.to_payload().decode("utf-8") if offer else "",
        enrolment.hex() if enrolment else "",
    ]
    return hashlib.sha256(json.dumps(said).encode("utf-8")).digest()[:16]
