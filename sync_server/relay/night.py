"""One turn of relaying over the real road: records both ways, then what the school learns from."""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Protocol

from sync.errors import SyncError
from sync.identity import Identity
from sync.relaying.exchanger import RelayExchanger
from sync_server.data_folder import DataFolder
from sync_server.errors import SetupError
from sync_server.relay.attaching import Attached, AttachmentRelay, AttachmentRoad
from sync_server.relay.conversation import Relay, Relayed
from sync_server.relay.mirroring import Mirror, Mirrored, adopt_publishers
from sync_server.relay.packs import ObjectRoad
from sync_server.school_clock import SchoolClock
from sync_server.store.model import Upstream
from sync_server.store.protocol import Store
from sync_server.uploads import AttachmentFiles


class UpstreamRoad(RelayExchanger, AttachmentRoad, ObjectRoad, Protocol):
    """A road to an upstream that counts its bytes."""

    sent_bytes: int
    received_bytes: int

    def close(self) -> None:
        """Close the connections."""


MakeRoad = Callable[[str], Any]


@dataclass
class Account:
    """What a turn did, or why it ended. ``code`` and ``sentence`` are empty when all went well."""

    upstream: str
    code: str = ""
    sentence: str = ""
    retry_after_s: float = 0.0
    sent_bytes: int = 0
    received_bytes: int = 0
    relayed: Relayed = field(default_factory=Relayed)
    attached: Attached = field(default_factory=Attached)
    mirrored: Mirrored = field(default_factory=Mirrored)

    def to_json(self) -> Dict[str, Any]:
        """Return it for scripts."""
        value = asdict(self)
        relayed, packs = value.pop("relayed"), value.pop("mirrored")
        files = value.pop("attached")
        return {
            **value,
            **{name: relayed[name] for name in _NUMBERS},
            "files": files,
            "packs": packs,
        }


_NUMBERS = ("requests", "sent", "refused", "received", "restored", "in_step")


def relay_to(
    store: Store,
    identity: Identity,
    clock: SchoolClock,
    upstream: Upstream,
    make_road: MakeRoad,
    data: Path,
) -> Account:
    """Exchange with one upstream, carry attached files, then fetch the packs that are new there.

    An error ends the turn and stands in the account.

    What was agreed before it stays, and the next turn goes on from there.
    """
    account = Account(upstream.name or upstream.address)
    with contextlib.closing(make_road(upstream.address)) as road:
        try:
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
            mirror = Mirror(store, data, road, identity.public.device_id)
            account.mirrored = mirror.run(account.relayed.catalogues)
        except SyncError as error:
            account.code, account.sentence = error.code, str(error)
            account.retry_after_s = float(getattr(error, "retry_after_s", 0.0))
        account.sent_bytes, account.received_bytes = road.sent_bytes, road.received_bytes
    with store.transaction() as transaction:
        transaction.set_setting(problem_name(upstream.id), account.code)
    return account


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
