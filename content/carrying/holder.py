"""Whoever writes a stick: what of a publisher's packs is at hand, wherever it lies."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Iterator, NamedTuple, Optional, Protocol, Tuple

from content.carrying.plan import Blocks, CarriedFile
from content.errors import ContentError, MissingError
from content.manifest import PIECE_BYTES, Manifest, MediaEntry
from content.plain_file import open_plain
from content.storage import pieces_of, storage_errors

BLOCK_BYTES = 1 << 18
"""So many of a large file at a time: one thread reads it, another writes it (`Blocks`)."""


class HeldPatch(NamedTuple):
    """A patch, and the objects that it names: (SHA-256 in hex, size in bytes)."""

    size_bytes: int
    sha256: str
    blocks: Blocks
    objects: Tuple[Tuple[str, int], ...]


class Holder(Protocol):
    """Gives what it has of one publisher; None for what it lacks."""

    def manifest(self, pack: str, version: int) -> Optional[bytes]:
        """A manifest's envelope, unverified."""
        ...

    def core(self, manifest: Manifest) -> Optional[CarriedFile]:
        """What holds the text and tasks of a version."""
        ...

    def media(self, manifest: Manifest, entry: MediaEntry) -> Optional[Blocks]:
        """The bytes of a media file."""
        ...

    def patch(self, pack: str, old: int, new: int) -> Optional[HeldPatch]:
        """A patch; raises ContentError for a damaged one."""
        ...

    def object(self, sha256: str, size_bytes: int) -> Optional[Blocks]:
        """The bytes of any other object."""
        ...


def blocks_of_file(path: Path, size_bytes: int) -> Optional[Blocks]:
    """The bytes of a plain file of this size; None where there is none."""
    try:
        with open_plain(path) as file:
            if file.seek(0, io.SEEK_END) != size_bytes:
                return None
    except OSError:
        return None

    def blocks() -> Iterator[bytes]:
        with storage_errors(path):
            yield from pieces_of(path, piece_bytes=BLOCK_BYTES)

    return blocks


def blocks_of(data: bytes) -> Blocks:
    """The bytes of what is at hand."""

    def blocks() -> Iterator[bytes]:
        for start in range(0, len(data), PIECE_BYTES):
            yield data[start : start + PIECE_BYTES]

    return blocks


def small_file(path: str, data: bytes) -> CarriedFile:
    """A small file that is at hand."""
    return CarriedFile(
        path, len(data), hashlib.sha256(data).hexdigest(), blocks_of(data), compared=True
    )


def missing(pack: str, version: int) -> ContentError:
    """The problem of a version that is not here."""
    return MissingError(f"{pack} version {version} is not here yet, so it cannot be written.")
