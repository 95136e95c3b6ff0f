"""One turn of relaying over the real road: records both ways, then what the school learns from."""

from __future__ import annotations

import contextlib
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import AbstractSet, Any, Callable, Dict, Optional, Protocol, Sequence, Tuple

from sync.errors import SyncError
from sync.identity import Identity
from sync.journals.folds import Fold
from sync.journals.needs import LessonKey, Need, needs
from sync.kinds import ASSIGNMENT, CLASS_PLAN
from sync.link.kept import KeptLink, Ride
from sync.link.policy import Verdict
from sync.link.rules import Value
from sync.relaying.exchanger import RelayExchanger
from sync_server.data_folder import DataFolder
from sync_server.errors import SetupError
from sync_server.relay.attaching import Attached, AttachmentRelay, AttachmentRoad
from sync_server.relay.conversation import Relay, Relayed
from sync_server.relay.line import RULE_CODES, Line
from sync_server.relay.media_order import Next, VideoKey, Wanted, lessons_of, plan_media
from sync_server.relay.mirroring import Mirror, Mirrored, adopt_publishers
from sync_server.relay.nights import note_turn
from sync_server.relay.packs import ObjectRoad
from sync_server.school_clock import SchoolClock
from sync_server.store.model import Upstream
from sync_server.store.protocol import Store
from sync_server.uploads import AttachmentFiles


class UpstreamRoad(RelayExchanger, AttachmentRoad, ObjectRoad, Protocol):
    """A road to an upstream that counts its bytes, and asks its pace before it fetches more."""

    sent_bytes: int
    received_bytes: int
    pace: Any

    def close(self) -> None:
        """Close the connections."""


MakeRoad = Callable[[str], Any]


@dataclass(frozen=True)
class Held:
    """A rule of the line that let something wait, and until when (None: nobody can tell)."""

    code: str
    until_ms: Optional[int] = None


@dataclass
class Account:
    """What a turn did, or why it ended. ``code`` and ``sentence`` are empty when all went well.

    ``held`` is set where a rule of the line let packs wait, or all. ``told_of_packs`` says that
    what is missing of packs is known, ``lessons`` of which lessons that are needed soon.
    """

    upstream: str
    code: str = ""
    sentence: str = ""
    retry_after_s: float = 0.0
    sent_bytes: int = 0
    received_bytes: int = 0
    relayed: Relayed = field(default_factory=Relayed)
    attached: Attached = field(default_factory=Attached)
    mirrored: Mirrored = field(default_factory=Mirrored)
    held: Optional[Held] = None
    told_of_packs: bool = False
    lessons: Tuple[LessonKey, ...] = ()

    def hold(self, verdict: Verdict) -> None:
        """Note why something waits."""
        if verdict.reason is not None:
            self.held = Held(verdict.reason.value, verdict.until_ms)

    def to_json(self) -> Dict[str, Any]:
        """Return it for scripts."""
        return {
            "upstream": self.upstream,
            "code": self.code,
            "sentence": self.sentence,
            "retry_after_s": self.retry_after_s,
            "sent_bytes": self.sent_bytes,
            "received_bytes": self.received_bytes,
            **{name: getattr(self.relayed, name) for name in _NUMBERS},
            "files": asdict(self.attached),
            "packs": self.mirrored.to_json(),
            "held": None if self.held is None else asdict(self.held),
        }


_NUMBERS = ("requests", "sent", "refused", "received", "restored", "in_step")


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
    start_s = monotonic_s()
    verdict = line.decide(Value.WORK)
    if not verdict.allowed:
        account.hold(verdict)
        return account
    with contextlib.closing(make_road(upstream.address)) as road:
        ride = Ride(line, road)
        road.pace = ride
        try:
            _carry(store, identity, clock, upstream, road, data, ride, account)
        except SyncError as error:
            if error.code in RULE_CODES:
                account.hold(line.decide(Value.MEDIA))
            else:
                account.code, account.sentence = error.code, str(error)
                account.retry_after_s = float(getattr(error, "retry_after_s", 0.0))
        finally:
            ride.settle()
        account.sent_bytes, account.received_bytes = road.sent_bytes, road.received_bytes
    with store.transaction() as transaction:
        transaction.set_setting(problem_name(upstream.id), account.code)
    now = line.now()
    note_turn(store, upstream.id, account, monotonic_s() - start_s, now.local, now.time_ms)
    return account


def _carry(
    store: Store,
    identity: Identity,
    clock: SchoolClock,
    upstream: Upstream,
    road: Any,
    data: Path,
    ride: Ride,
    account: Account,
) -> None:
    """Carry records, then files, then packs (law 5), and note in the account what was done."""
    relay = Relay(store, identity, clock, road, upstream.id)
    account.relayed = relay.run_once()
    if account.relayed.server_time_ms is not None:
        clock.refer(account.relayed.server_time_ms)
    adopt_publishers(store, upstream.id, account.relayed.publishers)
    files = AttachmentFiles(DataFolder(data).attachments)
    attaching = AttachmentRelay(store, identity, clock, upstream, road, files)
    missing = account.relayed.missing
    while attaching.run(missing, account.attached) and missing:
        missing = relay.run_once().missing
    verdict = ride.decide(Value.TEXT)
    if not verdict.allowed:
        account.hold(verdict)
        return
    mirror = Mirror(store, data, road, identity.public.device_id)

    needed: Dict[LessonKey, Need] = {}

    def order(wanted: Sequence[Wanted], here: AbstractSet[VideoKey]) -> Sequence[Next]:
        account.told_of_packs = True
        if not wanted:
            # Every record is looked at for what is needed.
            return ()
        now_ms = clock.now_ms()
        needed.update(_needed(store, now_ms))
        return plan_media(wanted, needed, now_ms, here=here, room_bytes=ride.room_bytes())

    try:
        account.hold(mirror.run(account.relayed.catalogues, account.mirrored, order, ride.decide))
    finally:
        late = lessons_of(account.mirrored.missing, needed, clock.now_ms())
        account.lessons = tuple(sorted(late))


def _needed(store: Store, now_ms: int) -> Dict[LessonKey, Need]:
    """Return when the school's lessons are needed, by the plans and assignments that count."""
    with store.transaction() as transaction:
        fold = Fold(transaction.records_of((CLASS_PLAN, ASSIGNMENT)))
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
