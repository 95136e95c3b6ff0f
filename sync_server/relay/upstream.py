"""The upstream's part: a relay's request becomes lasting, then its answer is made."""

from __future__ import annotations

from typing import List, Mapping, NamedTuple, Optional, Sequence, Tuple

from sync.clock import Clock
from sync.errors import MessageError
from sync.exchanges.batch import MAX_RECORDS
from sync.exchanges.exchange import NAME_START_BYTES
from sync.identity import Identity, PublicIdentity
from sync.message import Kind, OpenedMessage, make_message, open_message
from sync.record import NO_HASH, Head, Record
from sync.relaying.answer import RelayAnswer
from sync.relaying.heads import CHECK_BYTES, heads_digest, sign_heads
from sync.relaying.page import PAGE_HEADS, HeadsPage
from sync.relaying.request import RelayRequest
from sync.relaying.run import Run
from sync.relaying.want import Want
from sync_server.errors import RequestError
from sync_server.exchanges.exchanges import CONTACT_MS, catalogue_news
from sync_server.exchanges.holding import held_of, keep
from sync_server.exchanges.intake import Intake, plan_run
from sync_server.exchanges.mail import Found, Recipient, find_mail
from sync_server.http.buckets import Buckets
from sync_server.lessons.openings import tell_due
from sync_server.records.routing import relay_reader
from sync_server.relay.judging import DEVICE_ELSEWHERE, Judge
from sync_server.relay.runs import collect_run, request_of
from sync_server.store.model import School
from sync_server.store.protocol import Store, Transaction

MAX_ROOM_BYTES = 512 * 1024
"""An answer's records before compression: also incompressible ones then fit a message."""
MAX_MISSED = 32
"""Attached files that one answer asks for."""
MAX_REQUEST_BYTES = 4 << 20
"""A request before compression."""


class RelayService:
    """Answers relays out of a store. Thread-safe where the store is."""

    def __init__(
        self, store: Store, identity: Identity, clock: Clock, pace: Optional[Buckets] = None
    ) -> None:
        """Take what answers are made of; ``pace`` bounds the requests of each relay."""
        self._store = store
        self._identity = identity
        self._clock = clock
        self._pace = pace

    def relay(self, data: bytes) -> bytes:
        """Take a relay's request message and return its answer message.

        Raises:
            sync.errors.SyncError: it is no message to this server by a relay that it knows.
            RequestError: ``server-busy``, when the relay made too many.
        """
        opened = open_message(
            data, Kind.RELAY_REQUEST, self._identity, self._find, MAX_REQUEST_BYTES
        )
        wait_s = self._pace.take(opened.signer.device_id) if self._pace is not None else 0
        if wait_s:
            raise RequestError("server-busy", 429, {"Retry-After": str(wait_s)})
        with self._store.transaction() as transaction:
            answer = self._answered(transaction, opened)
        payload = answer.to_payload()
        return make_message(Kind.RELAY_ANSWER, payload, self._identity, opened.signer)

    def _find(self, device_id: str) -> Optional[PublicIdentity]:
        with self._store.transaction() as transaction:
            school = transaction.school(device_id)
        return school.identity if school is not None and not school.parent else None

    def _answered(self, transaction: Transaction, opened: OpenedMessage) -> RelayAnswer:
        request = RelayRequest.from_payload(opened.payload)
        relay = transaction.school(opened.signer.device_id)
        if relay is None:
            raise MessageError("device-unknown", opened.signer.device_id)
        now_ms = self._clock.now_ms()
        before = heads_digest(transaction.relayed_heads(relay.id))
        taken = take_in(transaction, relay, request.runs, self._identity.public.device_id, now_ms)
        _note_contact(transaction, relay, now_ms)
        heads = transaction.relayed_heads(relay.id)
        digest = heads_digest(heads)
        tell_due(transaction, self._identity.public.device_id, self._clock)
        room_bytes = min(request.room_bytes, MAX_ROOM_BYTES)
        back = give_back(transaction, relay, request.wants, room_bytes)
        mail = _mail(transaction, relay, request, room_bytes - back.size_bytes)
        catalogues, publishers = catalogue_news(transaction, request.catalogues)
        return RelayAnswer(
            reply_to=opened.digest,
            server_time_ms=now_ms,
            receipt=sign_heads(self._identity, relay.id, digest, now_ms),
            refused=taken.refused,
            resend=taken.resend,
            forked=taken.forked,
            rejected=taken.rejected,
            page=_page(heads, request, before),
            records=tuple(one.record for one in mail.deliveries),
            since=request.cursor if mail.cursor else "",
            cursor=mail.cursor,
            more=mail.more,
            back=back.runs,
            apart=back.apart,
            catalogues=catalogues,
            publishers=publishers,
            missing=tuple(
                bytes.fromhex(name)[:NAME_START_BYTES]
                for name in transaction.missing_relayed(relay.id, MAX_MISSED)
            ),
        )


class Taken(NamedTuple):
    """What became of a request's runs, as an answer says it."""

    refused: Tuple[Tuple[int, int, str], ...]
    resend: Tuple[Tuple[int, int], ...]
    forked: Tuple[Tuple[int, int], ...]
    rejected: Tuple[Tuple[int, str], ...]


def take_in(
    transaction: Transaction, relay: School, runs: Sequence[Run], own_id: str, now_ms: int
) -> Taken:
    """Keep what a relay passes on."""
    refused: List[Tuple[int, int, str]] = []
    resend: List[Tuple[int, int]] = []
    forked: List[Tuple[int, int]] = []
    rejected: List[Tuple[int, str]] = []
    for at, run in enumerate(runs):
        journal = transaction.relayed(run.device)
        if journal is None or journal.via != relay.id:
            known = journal is not None or transaction.device(run.device) is not None
            rejected.append((at, DEVICE_ELSEWHERE if known else "device-unknown"))
            continue
        intake = _take_run(transaction, run, Judge(transaction, journal, own_id, now_ms), now_ms)
        if intake.resend_from is not None:
            resend.append((at, intake.resend_from))
        elif intake.forked:
            forked.append((at, min(seq for seq, _ in intake.refused)))
        else:
            refused += [
                (at, seq, code) for seq, code in intake.refused if run.refused.get(seq) != code
            ]
    return Taken(tuple(refused), tuple(resend), tuple(forked), tuple(rejected))


def _take_run(transaction: Transaction, run: Run, judge: Judge, now_ms: int) -> Intake:
    request = request_of(run)

    def refusal(record: Record) -> Optional[str]:
        return run.refused.get(record.seq) or judge.refusal(record)

    held = held_of(transaction, request)
    intake = plan_run(request, held, refusal, judge.readers, now_ms)
    keep(transaction, run.device, intake)
    return intake


class Back(NamedTuple):
    """What a relay gets back of its own journals."""

    runs: Tuple[Run, ...]
    apart: Tuple[str, ...]
    size_bytes: int


def give_back(
    transaction: Transaction, relay: School, wants: Sequence[Want], room_bytes: int
) -> Back:
    """Return what a relay asks for of the journals that came through it, as far as room goes."""
    runs: List[Run] = []
    apart: List[str] = []
    left_bytes, left_records = room_bytes, MAX_RECORDS
    asked = {want.device: want for want in wants}
    for want in asked.values():
        journal = transaction.relayed(want.device)
        if journal is None or journal.via != relay.id or min(left_bytes, left_records) <= 0:
            continue
        hashes = {0: NO_HASH, **transaction.hashes(want.device, want.seq - 1, want.seq - 1)}
        known = hashes.get(want.seq - 1)
        if known is None or known[:CHECK_BYTES] != want.check:
            apart.append(want.device)
            continue
        found = collect_run(transaction, want.device, want.seq, left_bytes, left_records)
        if found is not None:
            runs.append(found.run)
            left_bytes -= found.size_bytes
            left_records -= len(found.run.records)
    return Back(tuple(runs), tuple(apart), room_bytes - max(left_bytes, 0))


def _mail(transaction: Transaction, relay: School, request: RelayRequest, room_bytes: int) -> Found:
    recipient = Recipient(relay.id, transaction.guests(relay.id), (relay_reader(relay.id),))
    return find_mail(transaction, recipient, request.cursor, max(room_bytes, 0))


def _page(heads: Mapping[str, Head], request: RelayRequest, before: bytes) -> Optional[HeadsPage]:
    if request.heads_from is None and request.believed == before:
        return None
    first = request.heads_from or ""
    devices = sorted(device for device in heads if device >= first)
    shown, following = devices[:PAGE_HEADS], devices[PAGE_HEADS : PAGE_HEADS + 1]
    rows = tuple((one, heads[one].seq, heads[one].hash[:CHECK_BYTES]) for one in shown)
    return HeadsPage(rows, first, following[0] if following else "")


def _note_contact(transaction: Transaction, relay: School, now_ms: int) -> None:
    last_ms = relay.last_contact_ms
    if last_ms is None or abs(now_ms - last_ms) >= CONTACT_MS:
        transaction.touch_school(relay.id, now_ms)
