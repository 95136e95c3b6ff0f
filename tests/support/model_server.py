"""A server in memory, and roads to it that lose, double and reorder.

The server speaks the real messages over plain dictionaries: an honest double, which a crash of the
client cannot harm and which a test can set back to yesterday.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from typing import Any, Callable, Dict, List, Optional, Set, Tuple

from sync.errors import LinkError
from sync.exchanges.exchange import ExchangeAnswer, ExchangeRequest, states
from sync.identity import Identity, PublicIdentity
from sync.journals.branch import Claim, check_claim, fact_digest, shared_seq
from sync.journals.receipt import Receipt, sign_receipt
from sync.message import Kind, OpenedMessage, make_message, open_message
from sync.record import NO_HASH, Head, Record, record_hash
from tests.support.clock import TurnableClock
from tests.support.records import identity


@dataclass
class ModelServer:
    """Holds every journal; gives each device what the others wrote."""

    identity: Identity = field(default_factory=lambda: identity("server"))
    clock: TurnableClock = field(default_factory=TurnableClock)
    devices: Dict[str, PublicIdentity] = field(default_factory=dict)
    journals: Dict[str, List[Record]] = field(default_factory=dict)
    hashes: Dict[str, List[bytes]] = field(default_factory=dict)
    arrivals: List[Record] = field(default_factory=list)
    facts: Set[bytes] = field(default_factory=set)
    epoch: int = 0

    def enrol(self, device: PublicIdentity) -> None:
        self.devices[device.device_id] = device
        self.journals.setdefault(device.device_id, [])
        self.hashes.setdefault(device.device_id, [NO_HASH])

    def exchange(self, data: bytes) -> bytes:
        opened = open_message(data, Kind.EXCHANGE_REQUEST, self.identity, self.devices.get)
        device = opened.signer.device_id
        request = ExchangeRequest.from_payload(opened.payload, device)
        if request.claim is not None:
            return self._admit(request, request.claim, opened)
        resend_from = self._take_in(request)
        records, cursor, more = self.mail(request)
        answer = ExchangeAnswer(
            reply_to=opened.digest,
            server_time_ms=self.clock.now_ms(),
            receipt=self._receipt(request),
            records=records,
            since=request.cursor if cursor else "",
            cursor=cursor,
            more=more,
            resend_from=resend_from,
        )
        return make_message(Kind.EXCHANGE_ANSWER, answer.to_payload(), self.identity, opened.signer)

    def _admit(self, request: ExchangeRequest, claim: Claim, opened: OpenedMessage) -> bytes:
        check_claim(claim, request.device)
        self.enrol(claim.identity)
        hashes = dict(enumerate(self.hashes[request.device]))
        answer = ExchangeAnswer(
            reply_to=opened.digest,
            server_time_ms=self.clock.now_ms(),
            shared_seq=shared_seq(claim.probes, hashes),
        )
        return make_message(Kind.EXCHANGE_ANSWER, answer.to_payload(), self.identity, opened.signer)

    def _take_in(self, request: ExchangeRequest) -> Optional[int]:
        journal, hashes = self.journals[request.device], self.hashes[request.device]
        if request.first_seq > len(journal) + 1:
            return len(journal) + 1
        for record in request.records:
            digest = record_hash(hashes[record.seq - 1], record)
            if record.seq <= len(journal):
                if hashes[record.seq] != digest:
                    return None
                continue
            journal.append(record)
            hashes.append(digest)
            if fact_digest(record) not in self.facts:
                self.facts.add(fact_digest(record))
                self.arrivals.append(record)
        return None

    def _receipt(self, request: ExchangeRequest) -> Optional[Receipt]:
        seq = len(self.journals[request.device])
        head = Head(seq, self.hashes[request.device][seq])
        same = request.device_head.seq == seq and states(request.device_head, head.hash)
        if seq == 0 or (request.first_seq == seq + 1 and same):
            return None
        receipt = sign_receipt(self.identity, request.device, head, self.clock.now_ms())
        return replace(receipt, hash=b"") if same else receipt

    def mail(self, request: ExchangeRequest) -> Tuple[Tuple[Record, ...], str, bool]:
        epoch, _, place = request.cursor.partition(".")
        start = int(place) if request.cursor and int(epoch) == self.epoch else 0
        room = request.room_bytes and max(1, request.room_bytes // 200)
        waiting = self.arrivals[start:]
        chosen = waiting[:room]
        if not chosen:
            return (), "", False
        others = tuple(record for record in chosen if record.device != request.device)
        return others, f"{self.epoch}.{start + len(chosen)}", len(waiting) > len(chosen)

    def backup(self) -> Any:
        return copy.deepcopy((self.devices, self.journals, self.hashes, self.arrivals, self.facts))

    def restore(self, backup: Any) -> None:
        state = copy.deepcopy(backup)
        self.devices, self.journals, self.hashes, self.arrivals, self.facts = state
        self.epoch += 1


@dataclass
class BadRoad:
    """Carries requests to ``server``; ``fate`` says for each what becomes of it."""

    server: ModelServer
    fate: Callable[[], str] = lambda: "arrives"
    delayed: List[bytes] = field(default_factory=list)
    late_answers: List[bytes] = field(default_factory=list)
    requests: int = 0

    def exchange(self, request: bytes) -> bytes:
        self.requests += 1
        fate = self.fate()
        if fate == "request lost":
            raise LinkError("link-lost")
        if fate == "request delayed":
            self.delayed.append(request)
            raise LinkError("link-stalled")
        answer = self.server.exchange(request)
        if fate == "answer lost":
            self.late_answers.append(answer)
            raise LinkError("link-lost")
        if fate == "request doubled":
            answer = self.server.exchange(request)
        return answer

    def deliver_delayed(self) -> None:
        """Let the requests that were held up arrive now, last first."""
        while self.delayed:
            self.late_answers.append(self.server.exchange(self.delayed.pop()))
