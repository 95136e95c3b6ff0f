"""What catalogues list and this laptop wants: the table of pack versions to be had."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Iterable, List, NamedTuple

if TYPE_CHECKING:
    from content.catalogue import CatalogueEntry


class Wanted(NamedTuple):
    """A pack version that a catalogue lists; ``place`` is its place there."""

    publisher: str
    pack: str
    version: int
    manifest_sha256: str
    manifest_size_bytes: int
    place: int = 0

    @property
    def manifest_path(self) -> str:
        """Where its manifest is to be had."""
        return f"/repository/{self.publisher}/manifests/{self.pack}/{self.version}"

    def entry(self) -> CatalogueEntry:
        """The catalogue's line, as `content` knows it."""
        from content.catalogue import CatalogueEntry

        return CatalogueEntry(
            self.pack, self.version, self.manifest_sha256, self.manifest_size_bytes, {}
        )


def list_anew(
    connection: sqlite3.Connection, publisher: str, entries: Iterable[CatalogueEntry]
) -> None:
    """Want what a new catalogue of a publisher lists, and nothing else of theirs."""
    connection.execute("DELETE FROM wanted WHERE publisher = ?", (publisher,))
    connection.executemany(
        "INSERT INTO wanted VALUES (?, ?, ?, ?, ?, ?, 0)",
        [
            (publisher, one.pack, one.version, one.manifest_sha256, one.manifest_size_bytes, place)
            for place, one in enumerate(entries)
        ],
    )


def incomplete(connection: sqlite3.Connection) -> List[Wanted]:
    """List what is not wholly here, in the catalogues' order."""
    return _select(connection, "WHERE complete = 0")


def listed(connection: sqlite3.Connection) -> List[Wanted]:
    """List all that can be had."""
    return _select(connection, "")


def note_complete(connection: sqlite3.Connection, want: Wanted) -> None:
    """Note that a version is wholly here, but for what nobody wants."""
    connection.execute(
        "UPDATE wanted SET complete = 1 WHERE publisher = ? AND pack = ? AND version = ?",
        (want.publisher, want.pack, want.version),
    )


def note_incomplete(connection: sqlite3.Connection, pack: str) -> None:
    """Look at a pack again at the next sync."""
    connection.execute("UPDATE wanted SET complete = 0 WHERE pack = ?", (pack,))


def note_all_incomplete(connection: sqlite3.Connection) -> None:
    """Look at all packs again at the next sync."""
    connection.execute("UPDATE wanted SET complete = 0")


def _select(connection: sqlite3.Connection, where: str) -> List[Wanted]:
    rows = connection.execute(
        "SELECT publisher, pack, version, manifest_sha256, manifest_size_bytes, place"
        f" FROM wanted {where} ORDER BY place, publisher"
    )
    return [Wanted(*row) for row in rows]
