"""What waits on the server for a device: others' records that it may read, in order of arrival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, NamedTuple, Tuple

from sync.exchanges.exchange import ExchangeRequest
from sync.journals.journal import OUTLINE_BYTES
from sync.record import Record
from sync_server.exchanges.cursors import Cursor, read_cursor, write_cursor
from sync_server.records.routing import readers_for, server_reader
from sync_server.store.model import Delivery, Device
from sync_server.store.protocol import Transaction

MAX_ROOM_BYTES = 512 * 1024
"""An answer's records before compression: also incompressible ones then fit a message."""
LAG = 500
"""How far a device's mark may stay behind before it is moved though nothing is sent."""


class Mail(NamedTuple):
    """Records on their way to a device, and the mark after them (empty: it stays)."""

    records: Tuple[Record, ...]
    cursor: str
    more: bool


@dataclass(frozen=True)
class Recipient:
    """Who is asked about: a device or a server below, its epoch, and the readers it stands for."""

    id: str
    epoch: int
    readers: Tuple[str, ...]


class Found(NamedTuple):
    """What waits for a recipient and fits, and the mark after it (empty: it stays)."""

    deliveries: Tuple[Delivery, ...]
    cursor: str
    more: bool


def collect_mail(
    transaction: Transaction, device: Device, request: ExchangeRequest, own_id: str
) -> Mail:
    """Return what waits for a device of the server ``own_id`` and fits into the request's room."""
    readers = (*readers_for(transaction.granted(device.id)), server_reader(own_id))
    recipient = Recipient(device.id, device.epoch, readers)
    room_bytes = min(request.room_bytes, MAX_ROOM_BYTES)
    found = find_mail(transaction, recipient, request.cursor, room_bytes)
    return Mail(tuple(one.record for one in found.deliveries), found.cursor, found.more)


def find_mail(transaction: Transaction, to: Recipient, mark: str, room_bytes: int) -> Found:
    """Return what arrived after a mark and fits into some room, before compression."""
    cursor = read_cursor(mark, to.epoch, transaction)
    limit = room_bytes // OUTLINE_BYTES + 1
    waiting = transaction.deliveries(to.readers, to.id, cursor.serial, limit + 1)
    chosen = _fitting(waiting[:limit], room_bytes)
    more = len(chosen) < len(waiting)
    if chosen:
        reached = Cursor(chosen[-1].serial)
    elif not waiting and transaction.last_serial() > cursor.serial + LAG:
        reached = Cursor(transaction.last_serial())
    else:
        return Found((), "", more)
    return Found(tuple(chosen), write_cursor(reached, to.epoch, transaction), more)


def _fitting(waiting: Tuple[Delivery, ...], room_bytes: int) -> List[Delivery]:
    """Return what fits; where there is any room one at least, so that nothing blocks the rest."""
    chosen: List[Delivery] = []
    left_bytes = room_bytes
    for delivery in waiting if room_bytes else ():
        left_bytes -= OUTLINE_BYTES + delivery.body_bytes
        if chosen and left_bytes < 0:
            break
        chosen.append(delivery)
    return chosen
