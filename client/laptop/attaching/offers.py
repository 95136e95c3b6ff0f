"""Which attached files wait for the school, and which of others are wanted here, on any road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Dict, Iterable, List, Optional, Tuple

from client.laptop.attaching.attachments import Attachments, named_by
from client.laptop.store import Store
from sync.errors import LinkError, SyncError
from sync.kinds import MARK, SUBMISSION
from sync.record import Record

if TYPE_CHECKING:
    from sync.attachments.offer import Offer, OfferRequest


@dataclass(frozen=True)
class Own:
    """A file of ours that waits: its name, size, the SHA-256 of its pieces, its title."""

    sha256: str
    size_bytes: int
    pieces: bytes
    title: str


@dataclass(frozen=True)
class Wanted:
    """A file of somebody's work; its title and key where they can be read."""

    sha256: str
    size_bytes: int
    title: str = ""
    key: Optional[bytes] = None


def waiting(store: Store) -> List[Own]:
    """List files that were handed in and that the server has not said it has, oldest first."""
    from sync.attachments.offer import MAX_OFFERED_BYTES, MAX_OFFERS

    files = Attachments(store)
    rows = store.database.connection.execute(
        "SELECT name, size_bytes, pieces, title FROM attachments"
        " WHERE handed_in = 1 AND receipt IS NULL ORDER BY added_ms, name"
    )
    found: List[Own] = []
    total_bytes = 0
    for sha256, size_bytes, pieces, stored in rows:
        one = Own(sha256, size_bytes, pieces, files.title_of(stored, sha256))
        total_bytes += one.size_bytes
        if len(found) == MAX_OFFERS or total_bytes > MAX_OFFERED_BYTES:
            break
        if files.path(one.sha256).exists():
            found.append(one)
    return found


def waiting_count(store: Store) -> int:
    """Count them, without looking at the disk."""
    query = "SELECT count(*) FROM attachments WHERE handed_in = 1 AND receipt IS NULL"
    return int(store.database.connection.execute(query).fetchone()[0])


def ask_again(store: Store, missing: Tuple[bytes, ...]) -> None:
    """Send again what the server says it lost: it was restored from a backup."""
    if not missing:
        return
    with store.database.transaction() as connection:
        connection.executemany(
            "UPDATE attachments SET receipt = NULL WHERE name >= ? AND name < ?",
            [(start.hex(), start.hex() + "g") for start in missing],
        )


def keep_receipt(store: Store, sha256: str, size_bytes: int, data: bytes) -> None:
    """Keep the server's word that it has a file. Raises ReceiptError ``receipt-forged``."""
    from sync.attachments.offer import open_attachment_receipt

    open_attachment_receipt(data, sha256, size_bytes, store.server())
    with store.database.transaction() as connection:
        connection.execute("UPDATE attachments SET receipt = ? WHERE name = ?", (data, sha256))


def note_named(store: Store, records: Iterable[Record]) -> None:
    """Keep which files came to be named by others' works, which may be locked by the time."""
    rows = [
        (one.sha256, one.size_bytes, record.device, record.seq)
        for record in records
        if record.kind == SUBMISSION
        for one in named_by(record.body)
    ]
    if rows:
        with store.database.transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO named_files (name, size_bytes, device, seq)"
                " VALUES (?, ?, ?, ?)",
                rows,
            )


def note_marked(store: Store, records: Iterable[Record]) -> None:
    """Keep which works were marked: their files are wanted no more."""
    marks = [(one.body["device"], one.body["seq"]) for one in records if one.kind == MARK]
    if marks:
        with store.database.transaction() as connection:
            connection.executemany(
                "UPDATE named_files SET marked = 1 WHERE device = ? AND seq = ?", marks
            )


def wanted(store: Store) -> List[Wanted]:
    """List files of unmarked work of the classes taught here that are not on this laptop."""
    from sync.attachments.offer import MAX_WANTED

    if not any(person.is_teacher for person in store.people()):
        return []
    marked = {
        (record.body["device"], record.body["seq"])
        for source in (store.inbox(), store.journal())
        for record in source.of_kind(MARK)
    }
    named: Dict[str, Wanted] = {}
    locked = store.database.connection.execute(
        "SELECT name, size_bytes, device, seq FROM named_files WHERE marked = 0"
        " ORDER BY device, seq"
    )
    for sha256, size_bytes, device, seq in locked:
        if (device, seq) not in marked:
            named[sha256] = Wanted(sha256, size_bytes)
    for record in store.inbox().of_kind(SUBMISSION):
        if (record.device, record.seq) not in marked:
            for one in named_by(record.body):
                named[one.sha256] = Wanted(one.sha256, one.size_bytes, one.title, one.key)
    files = Attachments(store)
    missing = [one for one in named.values() if not files.path(one.sha256).exists()]
    return missing[:MAX_WANTED]


def offer_of(own: List[Own], wanted: List[Wanted]) -> OfferRequest:
    """Say in one request what waits here and what is wanted here."""
    from sync.attachments.offer import OfferRequest

    return OfferRequest(tuple(_offer(one) for one in own), tuple(one.sha256 for one in wanted))


def _offer(one: Own) -> Offer:
    from sync.attachments.offer import HASH_BYTES, Offer

    starts = range(0, len(one.pieces), HASH_BYTES)
    pieces = tuple(bytes(one.pieces[at : at + HASH_BYTES]) for at in starts)
    return Offer(one.sha256, one.size_bytes, pieces)


def refusal(code: str) -> SyncError:
    """Make the error of a file that the server declined, by the code that it gave."""
    from sync.errors import CODES, RefusedError

    if code in ("server-full", "server-busy"):
        return LinkError("server-full")
    return RefusedError(code if code in CODES else "server-refused", code)
