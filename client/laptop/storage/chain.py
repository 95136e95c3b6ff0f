"""The hash chain of a journal whose file was damaged: what of it holds, and what came loose."""

from __future__ import annotations

import json
import sqlite3
from typing import Dict, List, NamedTuple, Optional, Set, Tuple, Union

from sync.errors import RecordError
from sync.journals.bodies import outline
from sync.kinds import validate
from sync.record import NO_HASH, Record, check_outline, record_hash


class Row(NamedTuple):
    """A row of the journal's table, believed or not; a locked body is bytes."""

    device: str
    seq: int
    time: int
    person: str
    kind: str
    body: Union[str, bytes]
    hash: bytes


def chain_is_whole(connection: sqlite3.Connection) -> bool:
    """Tell whether all records that no receipt covers follow from one another.

    Raises sqlite3.Error or ValueError when one cannot even be read.
    """
    devices = connection.execute("SELECT DISTINCT device FROM sync_journal").fetchall()
    former = _former(connection)
    return all(_tail_holds(connection, device, device in former) for (device,) in devices)


def _former(connection: sqlite3.Connection) -> Set[str]:
    """Name the journals that another one continues: what it carried over may have left them."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'sync_identity'"
    if connection.execute(query).fetchone() is None:
        return set()
    rows = connection.execute("SELECT parent FROM sync_identity WHERE adopted > 0")
    return {parent for (parent,) in rows}


def last_receipt(connection: sqlite3.Connection, device: str) -> Tuple[int, bytes]:
    """Give how far receipts cover a journal, and the chain's hash there."""
    found: Optional[Tuple[int, bytes]] = connection.execute(
        "SELECT seq, hash FROM sync_receipt WHERE device = ? ORDER BY seq DESC LIMIT 1", (device,)
    ).fetchone()
    return found or (0, NO_HASH)


def _tail_holds(connection: sqlite3.Connection, device: str, is_former: bool) -> bool:
    seq, head = last_receipt(connection, device)
    rows = connection.execute(
        "SELECT device, seq, time, person, kind, body, hash FROM sync_journal"
        " WHERE device = ? AND seq > ? ORDER BY seq",
        (device, seq),
    )
    for row in map(Row._make, rows):
        seq += 1
        if is_former and row.seq == seq and is_emptied(row):
            head = row.hash
            continue
        if row.seq != seq or not is_whole(row) or not _follows(row, head):
            return False
        head = row.hash
    return True


def is_whole(row: Row) -> bool:
    """Tell whether a row can be a record at all; of a locked one only its outline shows."""
    try:
        if is_locked(row):
            check_outline(outline(row.device, row.seq, row.time, row.person, row.kind))
        else:
            validate(_record(row))
    except (RecordError, ValueError, TypeError, AttributeError):
        return False
    return _has_hash(row)


def is_locked(row: Row) -> bool:
    """Tell whether a row's body can be read by its person alone."""
    return isinstance(row.body, bytes) and bool(row.body)


def _follows(row: Row, head: bytes) -> bool:
    """Tell whether a row continues a chain; what is locked was checked when it was written."""
    return is_locked(row) or record_hash(head, _record(row)) == row.hash


def is_emptied(row: Row) -> bool:
    """Tell whether a row is that of a record whose body left (`sync.journals.compaction`)."""
    return row.body == "" and isinstance(row.seq, int) and row.seq > 0 and _has_hash(row)


def _has_hash(row: Row) -> bool:
    return isinstance(row.hash, bytes) and len(row.hash) == len(NO_HASH)


def split_chain(
    device: str, rows: Dict[int, Row], received_seq: int, received_hash: bytes
) -> Tuple[List[Row], List[Row]]:
    """Split whole rows into those that stay under their numbers and those that lost their place.

    What a receipt covers is held by the school: there a hole does no harm, only the last hash is
    needed. After it every record must follow from the one before.
    """
    kept = [rows[seq] for seq in sorted(rows) if seq <= received_seq]
    if received_seq and (
        not kept or (kept[-1].seq, kept[-1].hash) != (received_seq, received_hash)
    ):
        kept = [row for row in kept if row.seq < received_seq]
        kept.append(Row(device, received_seq, 0, "", "", "", received_hash))
    head = received_hash
    later = [rows[seq] for seq in sorted(rows) if seq > received_seq and not is_emptied(rows[seq])]
    for index, row in enumerate(later):
        place = received_seq + index + 1
        if row.seq != place or not _follows(row, head):
            return kept, later[index:]
        head = row.hash
        kept.append(row)
    return kept, []


def rechained(last: Optional[Row], loose: List[Row]) -> List[Row]:
    """Give loose records, which can be read, new numbers after the last one in its place."""
    rows = []
    for row in loose:
        seq, head = (last.seq, last.hash) if last else (0, NO_HASH)
        moved = row._replace(seq=seq + 1)
        last = moved._replace(hash=record_hash(head, _record(moved)))
        rows.append(last)
    return rows


def set_apart(device: str, loose: List[Row]) -> List[Row]:
    """Put loose records that are locked into a journal of their own, under a name of its own.

    Whoever can read one carries it over from there (``sync.journals.lineage``).
    """
    return [row._replace(device=device, seq=seq) for seq, row in enumerate(loose, 1)]


def _record(row: Row) -> Record:
    body = json.loads(row.body)
    return Record(row.device, row.seq, row.time, row.person, row.kind, body)
