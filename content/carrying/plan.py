"""What is to lie on a stick of one publisher: plain values, made without writing anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, FrozenSet, Iterator, Mapping, NamedTuple, Optional, Tuple

from content.errors import ContentError

Blocks = Callable[[], Iterator[bytes]]
"""Gives a file's bytes from its beginning, at most 1 MiB at a time; raises ContentError."""


class CarriedFile(NamedTuple):
    """One file, by its path on the stick.

    ``sha256`` (hex) proves it; None for a core packed again, whose bytes are only known when it is
    packed: then ``size_bytes`` is about what it will have. ``compared`` files are small and read
    again at every visit, since another may lie under their name, or a damaged one. A file that
    lies under ``instead`` is as good as this one. ``pieces`` are the SHA-256 of each MiB, where the
    manifest has them.
    """

    path: str
    size_bytes: int
    sha256: Optional[str]
    blocks: Blocks
    compared: bool = False
    instead: str = ""
    pieces: Tuple[bytes, ...] = ()


class PlannedPack(NamedTuple):
    """A pack version that the stick will have, and what the writer brings of it.

    ``missing_bytes`` of its media are neither with the writer nor on the stick.
    """

    pack: str
    version: int
    choice: str
    size_bytes: int
    missing_bytes: int = 0


@dataclass(frozen=True)
class Plan:
    """What to write, in this order, and what else is to stay; all else of the publisher may go.

    ``files`` are those that the writer has, whether or not they lie on the stick already: objects,
    manifests, patches, files of trust, the publisher's key, and the catalogue last. ``kept`` are
    paths of all that is to lie there in the end, also of what the writer lacks. ``problems`` say of
    a pack, by its id, why it is not planned as it should be; what lies of it on the stick stays.
    """

    publisher: str
    serial: int = 0
    files: Tuple[CarriedFile, ...] = ()
    kept: FrozenSet[str] = frozenset()
    packs: Tuple[PlannedPack, ...] = ()
    problems: Mapping[str, ContentError] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        """Bytes of all that is to be there of what the writer has."""
        return sum(file.size_bytes for file in self.files)
