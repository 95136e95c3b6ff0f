"""A relay's conversation with its upstream: requests and answers until neither has more to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Mapping, Optional, Tuple

from sync.clock import Clock
from sync.errors import MessageError
from sync.identity import Identity
from sync.message import Kind, make_message, message_digest, open_message
from sync.relaying.answer import RelayAnswer
from sync.relaying.exchanger import RelayExchanger
from sync.relaying.request import DEFAULT_BUDGET_BYTES, DEFAULT_ROOM_BYTES
from sync_server.errors import SetupError
from sync_server.lessons.openings import tell_due
from sync_server.records.own_journal import OwnJournal
from sync_server.relay.announcements import tell_of_new
from sync_server.relay.applying import Applied, apply_answer
from sync_server.relay.planning import Plan, Wishes, plan_request
from sync_server.relay.taking_back import carry_waiting
from sync_server.store.model import Upstream
from sync_server.store.protocol import Store

MAX_ROUNDS = 2_000
MAX_FRUITLESS = 8
"""Rounds that change nothing, after which something contradicts itself: the next night again."""


@dataclass
class Relayed:
    """What one conversation did: records sent, refused above, received, and taken back."""

    requests: int = 0
    sent: int = 0
    refused: int = 0
    received: int = 0
    restored: int = 0
    in_step: bool = False
    server_time_ms: Optional[int] = None
    catalogues: Dict[str, int] = field(default_factory=dict)
    publishers: Optional[Mapping[str, bytes]] = None
    missing: Tuple[bytes, ...] = ()

    def add(self, applied: Applied, answer: RelayAnswer) -> None:
        """Count one round."""
        self.requests += 1
        self.sent += applied.sent
        self.refused += applied.refused
        self.received += applied.received
        self.restored += applied.restored
        self.in_step = applied.in_step
        self.server_time_ms = answer.server_time_ms
        self.catalogues.update(answer.catalogues)
        self.missing = answer.missing
        if answer.publishers is not None:
            self.publishers = answer.publishers


class Relay:
    """Passes a server's journals up and takes down what is for its people.

    ``road`` leads to the upstream. Everything that an answer changes is one transaction, so a
    conversation may be cut anywhere and goes on from there in the next one.
    """

    def __init__(
        self,
        store: Store,
        identity: Identity,
        clock: Clock,
        road: RelayExchanger,
        upstream_id: Optional[str] = None,
        *,
        budget_bytes: int = DEFAULT_BUDGET_BYTES,
        room_bytes: int = DEFAULT_ROOM_BYTES,
    ) -> None:
        """Take what is relayed and to whom: without ``upstream_id`` to the first upstream."""
        self._store = store
        self._identity = identity
        self._clock = clock
        self._road = road
        self._upstream_id = upstream_id
        self._budget_bytes = budget_bytes
        self._room_bytes = room_bytes

    def run_once(self, done: Optional[Relayed] = None) -> Relayed:
        """Exchange until nothing is left to say on either side.

        Args:
            done: To be added to, also where an error ends it.

        Raises:
            LinkError: the road failed; what was agreed before stays, and the next run goes on.
            SyncError: the upstream refused, or its answer is not its own.
            SetupError: this server has no upstream.
        """
        done = Relayed() if done is None else done
        wishes = Wishes()
        fruitless = 0
        for _ in range(MAX_ROUNDS):
            answer, applied = self._round(wishes, done.catalogues)
            done.add(applied, answer)
            useful = applied.sent or applied.received or applied.restored or applied.moved
            fruitless = 0 if useful else fruitless + 1
            if fruitless >= MAX_FRUITLESS:
                break
            if self._is_done(answer, applied, wishes):
                break
        return done

    def _is_done(self, answer: RelayAnswer, applied: Applied, wishes: Wishes) -> bool:
        if wishes.wants or wishes.heads_from is not None or not applied.in_step:
            return False
        return not answer.more and not self._has_more()

    def _has_more(self) -> bool:
        with self._store.transaction() as transaction:
            sent = transaction.sent_heads(self._upstream(transaction.upstreams()).id)
            for device, end in transaction.journal_ends():
                known = sent.get(device)
                if end.seq and (known is None or (not known.code and known.seq < end.seq)):
                    return True
        return bool(transaction.waiting_branches())

    def _round(self, wishes: Wishes, heard: Mapping[str, int]) -> tuple[RelayAnswer, Applied]:
        upstream, plan = self._plan(wishes, heard)
        payload = plan.request.to_payload()
        message = make_message(Kind.RELAY_REQUEST, payload, self._identity, upstream.identity)
        answer = self._open(upstream, message, self._road.relay(message))
        with self._store.transaction() as transaction:
            applied = apply_answer(
                transaction, upstream, self._identity, self._clock, plan, wishes, answer
            )
            own_id = self._identity.public.device_id
            if applied.received and own_id not in wishes.wants:
                journal = OwnJournal(transaction, own_id, self._clock)
                tell_of_new(transaction, journal, own_id)
        return answer, applied

    def _plan(self, wishes: Wishes, heard: Mapping[str, int]) -> tuple[Upstream, Plan]:
        own_id = self._identity.public.device_id
        with self._store.transaction() as transaction:
            upstream = self._upstream(transaction.upstreams())
            if own_id not in wishes.wants:
                journal = OwnJournal(transaction, own_id, self._clock)
                carry_waiting(transaction, journal, wishes.wants)
                tell_of_new(transaction, journal, own_id)
                tell_due(transaction, own_id, self._clock)
            here = {one.key_id: one.serial for one in transaction.publishers()}
            return upstream, plan_request(
                transaction,
                upstream,
                own_id,
                wishes,
                {**here, **heard},
                budget_bytes=self._budget_bytes,
                room_bytes=self._room_bytes,
            )

    def _upstream(self, upstreams: tuple[Upstream, ...]) -> Upstream:
        for upstream in upstreams:
            if self._upstream_id in (None, upstream.id):
                return upstream
        raise SetupError("This server has no upstream: keruen-server upstream ADDRESS CODE")

    def _open(self, upstream: Upstream, request: bytes, data: bytes) -> RelayAnswer:
        known = {upstream.id: upstream.identity}
        opened = open_message(data, Kind.RELAY_ANSWER, self._identity, known.get)
        answer = RelayAnswer.from_payload(opened.payload)
        if answer.reply_to != message_digest(request):
            raise MessageError("message-misdirected", answer.reply_to.hex())
        return answer
