"""One turn of relaying over the real road: records both ways, then what the school learns from."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import AbstractSet, Any, Callable, Dict, Optional, Protocol, Sequence

from sync.errors import SyncError
from sync.identity import Identity
from sync.journals.dating import dated
from sync.journals.folds import Fold
from sync.journals.needs import LessonKey, Need, needs
from sync.kinds import ASSIGNMENT, CLASS_PLAN, CLOCK
from sync.link.kept import KeptLink, Ride
from sync.link.rules import Value
from sync.relaying.exchanger import RelayExchanger
from sync_server.attachments.uploads import AttachmentFiles
from sync_server.data_folder import DataFolder
from sync_server.disk.keeper import Keeper
from sync_server.errors import SetupError
from sync_server.relay.account import Account
from sync_server.relay.attaching import AttachmentRelay, AttachmentRoad
from sync_server.relay.conversation import Relay
from sync_server.relay.line import RULE_CODES, Line
from sync_server.relay.media_order import Next, VideoKey, Wanted, lessons_of, plan_media
from sync_server.relay.mirroring import Mirror, adopt_publishers
from sync_server.relay.nights import TurnNotes
from sync_server.relay.packs import ObjectRoad
from sync_server.school_clock import SchoolClock
from sync_server.store.model import Upstream
from sync_server.store.protocol import Store


class UpstreamRoad(RelayExchanger, AttachmentRoad, ObjectRoad, Protocol):
    """A road to an upstream that counts its bytes, and asks its pace before it fetches more."""

    sent_bytes: int
    received_bytes: int
    pace: Any

    def close(self) -> None:
        """Close the connections."""


MakeRoad = Callable[[str], Any]
NOTE_EVERY_S = 30.0
"""How much of what a turn did a power cut may forget; what it carried is not forgotten."""


def relay_to(
    store: Store,
    identity: Identity,
    clock: SchoolClock,
    upstream: Upstream,
    make_road: MakeRoad,
    data: Path,
    line: Optional[KeptLink] = None,
    monotonic_s: Callable[[], float] = time.monotonic,
) -> Account:
    """Exchange with one upstream, carry attached files, then fetch the packs that are new there.

    An error ends the turn and stands in the account; so does a rule of the ``line`` (without one
    everything may go). What was agreed before it stays, and the next turn goes on from there.
    """
    account = Account(upstream.name or upstream.address)
    line = line or Line(store, clock)
    verdict = line.decide(Value.WORK)
    if not verdict.allowed:
        account.hold(verdict)
        return account
    with contextlib.closing(make_road(upstream.address)) as road:
        turn = _Turn(store, clock, upstream, line, road, account, monotonic_s)
        road.pace = turn
        try:
            _carry(store, identity, clock, upstream, road, data, turn)
        except SyncError as error:
            if error.code in RULE_CODES:
                account.hold(line.decide(Value.MEDIA))
            else:
                account.code, account.sentence = error.code, str(error)
                account.retry_after_s = float(getattr(error, "retry_after_s", 0.0))
        finally:
            turn.end()
    with store.transaction() as transaction:
        transaction.set_setting(problem_name(upstream.id), account.code)
    return account


class _Turn:
    """A turn under way: the pace of its road, written down as it goes, lest a power cut forget."""

    def __init__(
        self,
        store: Store,
        clock: SchoolClock,
        upstream: Upstream,
        line: KeptLink,
        road: UpstreamRoad,
        account: Account,
        monotonic_s: Callable[[], float],
    ) -> None:
        self.account = account
        self.ride = Ride(line, road)
        self.needed: Dict[LessonKey, Need] = {}
        self._clock = clock
        self._line = line
        self._road = road
        self._monotonic_s = monotonic_s
        self._noting = TurnNotes(store, upstream.id)
        self._began_s = self._noted_s = monotonic_s()

    def spend(self, size_bytes: int) -> None:
        """Count bytes of packs, and wait until the next may come."""
        self.ride.spend(size_bytes)
        self._line.keep_if_due()
        if self._monotonic_s() - self._noted_s >= NOTE_EVERY_S:
            self.note()

    def note(self) -> None:
        """Write down what came to be so far."""
        account, now = self.account, self._line.now()
        self._noted_s = self._monotonic_s()
        account.sent_bytes, account.received_bytes = (
            self._road.sent_bytes,
            self._road.received_bytes,
        )
        late = lessons_of(account.mirrored.missing, self.needed, self._clock.now_ms())
        account.lessons = tuple(sorted(late))
        self._noting.note(account, self._noted_s - self._began_s, now.local, now.time_ms)

    def end(self) -> None:
        """Write down what came to be."""
        self.ride.settle()
        self.note()


def _carry(
    store: Store,
    identity: Identity,
    clock: SchoolClock,
    upstream: Upstream,
    road: UpstreamRoad,
    data: Path,
    turn: _Turn,
) -> None:
    """Carry records, then files, then packs (law 5), and note in the account what was done."""
    account, ride = turn.account, turn.ride
    relay = Relay(store, identity, clock, road, upstream.id)
    relay.run_once(account.relayed)
    if account.relayed.server_time_ms is not None:
        clock.refer(account.relayed.server_time_ms)
    turn.note()
    adopt_publishers(store, upstream.id, account.relayed.publishers)
    files = AttachmentFiles(DataFolder(data).attachments)
    attaching = AttachmentRelay(store, identity, clock, upstream, road, files)
    missing = account.relayed.missing
    while attaching.run(missing, account.attached, turn.note) and missing:
        relay.run_once(account.relayed)
        missing = account.relayed.missing
        turn.note()
    verdict = ride.decide(Value.TEXT)
    if not verdict.allowed:
        account.hold(verdict)
        return
    mirror = Mirror(store, data, road, identity.public.device_id)

    def order(wanted: Sequence[Wanted], here: AbstractSet[VideoKey]) -> Sequence[Next]:
        account.told_of_packs = True
        if not wanted:
            # Every record is looked at for what is needed.
            return ()
        now_ms = clock.now_ms()
        turn.needed.update(needed_lessons(store, now_ms))
        return plan_media(wanted, turn.needed, now_ms, here=here, room_bytes=ride.room_bytes())

    keeper = Keeper(data, lambda: turn.needed, clock.now_ms)
    told = account.relayed.catalogues
    account.hold(mirror.run(told, account.mirrored, order, ride.decide, turn.note, keeper.has_room))


def needed_lessons(store: Store, now_ms: int) -> Dict[LessonKey, Need]:
    """Return when the school's lessons are needed, by the plans and assignments that count."""
    with store.transaction() as transaction:
        fold = Fold(dated(transaction.records_of((CLASS_PLAN, ASSIGNMENT, CLOCK))))
    return needs([history[-1] for history in fold.state().values()], now_ms)


def problem_name(upstream_id: str) -> str:
    """Return the name of the setting that keeps why the last turn ended."""
    return f"relay-problem-{upstream_id}"


def find_upstream(store: Store, address: Optional[str]) -> Upstream:
    """Return the upstream at an address; without one, the first.

    Raises:
        SetupError: this server is not enrolled there.
    """
    with store.transaction() as transaction:
        upstreams = transaction.upstreams()
    for upstream in upstreams:
        if address is None or upstream.address == address:
            return upstream
    where = address or "ADDRESS"
    raise SetupError(
        f"This server does not relay to {where} yet: ask there for a code "
        f"(keruen-server enrol-relay), then run: keruen-server upstream --data DATA {where} CODE"
    )


def tidy_address(address: str) -> str:
    """Return an address as it is kept.

    Raises:
        SetupError: it is none.
    """
    from sync.roads.address import server_address

    try:
        return server_address(address)
    except SyncError as error:
        raise SetupError(f"{address}: {error}") from error


def http_road(address: str) -> Any:
    """Return the road over HTTP to an address."""
    from sync.roads.http import HttpRoad

    return HttpRoad(address)
