"""Lessons from neighbours alone, where neither the server nor the internet gives any now.

A neighbour has files of packs by their hashes, so only what an installed manifest names can be had:
the videos of lessons whose text is here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any, Callable, FrozenSet, List, Sequence, Tuple

from client.laptop.account import InstalledPack, SyncAccount, SyncProgress
from client.laptop.packs import wanted
from client.laptop.packs.library import Library
from client.laptop.road import Road
from client.laptop.store import Store
from client.laptop.syncing import exchanging
from sync.errors import LinkError, ObjectError
from sync.nearby.advert import pack_tag
from sync.roads.passing import Passing

Report = Callable[[SyncProgress], None]
Cancel = Callable[[], bool]
TURNS, BUSY_S = 3, 3.0
"""So often those are asked again who lend to somebody else just then."""


@dataclass(frozen=True)
class Borrowed:
    """What came from neighbours: pack versions that are complete now, and bytes."""

    installed: Tuple[InstalledPack, ...] = ()
    size_bytes: int = 0


class ObjectsOnly(Passing):
    """A road to a neighbour: it brings objects, and who brings a wrong one brings nothing more.

    Nobody is told of that, since nothing is wrong with the lessons: another road brings them.
    """

    def __init__(self, road: Road) -> None:
        super().__init__(road)
        self._road = road
        self.close = road.close

    def fetch(self, path: str, max_bytes: int) -> bytes:
        """Raise ObjectError ``object-missing``: neighbours have no files by name."""
        del max_bytes
        raise ObjectError("object-missing", path)

    def download(self, *place: Any, **named: Any) -> None:
        """Bring an object as a road does; raises LinkError for a wrong one."""
        try:
            self._road.download(*place, **named)
        except ObjectError as error:
            if error.code in ("object-damaged", "object-size"):
                raise LinkError("link-altered", str(error)) from error
            raise


def is_wanting(store: Store) -> bool:
    """Tell whether anything is to be had: news that were not read, or versions not wholly here."""
    known = exchanging.serials(store)
    news = exchanging.announced(store).items()
    return any(known.get(name, 0) < serial for name, serial in news) or bool(_incomplete(store))


def wanted_tags(store: Store) -> FrozenSet[bytes]:
    """Return the tags of the pack versions that are not wholly here."""
    return frozenset(pack_tag(one.publisher, one.pack, one.version) for one in _incomplete(store))


def borrow(
    store: Store,
    library: Library,
    roads: Sequence[Road],
    report: Report,
    cancel: Cancel,
    sleep: Callable[[float], None] = time.sleep,
) -> Borrowed:
    """Bring what neighbours have, one after the other, until nothing is missing.

    One file at a time is asked for: who lends has work of its own.
    """
    installed: List[InstalledPack] = []
    busy = list(roads)
    for turn in range(TURNS):
        if turn:
            sleep(BUSY_S)
        ended = [_ask(store, library, road, installed, report, cancel) for road in busy]
        busy = [road for road, code in zip(busy, ended) if code == "server-busy"]
        if not busy or cancel() or not _incomplete(store):
            break
    return Borrowed(tuple(installed), sum(road.received_bytes for road in roads))


def _ask(
    store: Store,
    library: Library,
    road: Road,
    installed: List[InstalledPack],
    report: Report,
    cancel: Cancel,
) -> str:
    """Bring what one neighbour has; return the code of what ended it, if anything did."""
    from client.laptop.syncing.supply import Supply

    if cancel() or not _incomplete(store):
        return ""
    lent = ObjectsOnly(road)
    delivery = Supply(store, library, lent, report, cancel, partial=True).run({})
    installed += [one for one in delivery.installed if one not in installed]
    return delivery.problem.code if delivery.problem else ""


def with_borrowed(account: SyncAccount, found: Borrowed, wanting: bool) -> SyncAccount:
    """Add what neighbours brought to what was done otherwise; a problem of the link stays one.

    ``wanting`` tells whether anything is still to be had.
    """
    return replace(
        account,
        packs_installed=(*account.packs_installed, *found.installed),
        borrowed_bytes=account.borrowed_bytes + found.size_bytes,
        left=account.left if wanting else (),
    )


def _incomplete(store: Store) -> List[wanted.Wanted]:
    return wanted.incomplete(store.database.connection)
