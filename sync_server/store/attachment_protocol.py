"""What a store keeps of attached files: which records name them, and which of them are held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import FrozenSet, NamedTuple, Optional, Protocol, Sequence, Tuple


@dataclass(frozen=True)
class HeldAttachment:
    """A sealed file that lies whole on this server's disk; ``person`` is charged with it."""

    sha256: str
    size_bytes: int
    person: str
    time_ms: int


class NamedAttachment(NamedTuple):
    """A file, and the record that names it."""

    sha256: str
    device: str
    seq: int


class AttachmentRows(Protocol):
    """The part of a transaction that is about attached files. Names are SHA-256 in hex."""

    def attachment(self, sha256: str) -> Optional[HeldAttachment]:
        """Return what is held under a name."""

    def attachments(self) -> Tuple[HeldAttachment, ...]:
        """Return all that is held, sorted by name."""

    def hold_attachment(self, held: HeldAttachment) -> None:
        """Note that a file is held; the same again changes nothing."""

    def forget_attachment(self, sha256: str) -> None:
        """Note that a file is not there any more: those who named it are asked again."""

    def attachment_authors(self, sha256: str, size_bytes: int) -> FrozenSet[str]:
        """Return the people whose kept records name such a file."""

    def attachment_readable(self, sha256: str, readers: Sequence[str]) -> bool:
        """Tell whether a record that names the file is addressed to any of ``readers``."""

    def attachment_bytes(self, person_id: str) -> int:
        """Return the size of all that a person is charged with."""

    def missing_attachments(self, device_id: str, limit: int) -> Tuple[str, ...]:
        """Return names in records of a device, or of a journal it continues, that are not held.

        Of more than ``limit`` any are returned, so that none waits behind those nobody has.
        """

    def missing_relayed(self, relay: str, limit: int) -> Tuple[str, ...]:
        """Return names in records that came through a relay, that are not held; any of them."""

    def missing_named(self, limit: int) -> Tuple[NamedAttachment, ...]:
        """Return files that are not held, each with one record that names it; any of them."""
