"""The rows of a store as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from sync.identity import PublicIdentity
from sync.record import Record


@dataclass(frozen=True)
class Device:
    """One laptop as the server knows it.

    ``epoch`` grows whenever people are granted to the device, so that what was addressed to them
    before is sent to it as well.
    """

    identity: PublicIdentity
    name: str
    enrolled_ms: int
    epoch: int = 0
    last_contact_ms: Optional[int] = None

    @property
    def id(self) -> str:
        """The identity's own name."""
        return self.identity.device_id


@dataclass(frozen=True)
class Code:
    """An enrolment code without the code: only its id and the two keys made from it.

    One for a ``relay`` lets a server in, any other one laptops.
    """

    id: bytes
    request_key: bytes
    answer_key: bytes
    person_ids: Tuple[str, ...]
    laptops: int
    created_ms: int
    withdrawn: bool = False
    relay: bool = False


@dataclass(frozen=True)
class JournalEnd:
    """How far one device's journal is held: the last sequence number, its hash and when it came."""

    seq: int
    hash: bytes
    time_ms: int


@dataclass(frozen=True)
class NewRecord:
    """A record that was verified and may be kept, with who may read it.

    ``body_json`` is the body's canonical JSON, from which the hash was made.
    """

    record: Record
    body_json: bytes
    hash: bytes
    readers: Tuple[str, ...]
    arrived_ms: int


@dataclass(frozen=True)
class Delivery:
    """A kept record on its way to a reader.

    ``serial`` is its place in the order of arrival, ``body_bytes`` the size of its body's JSON.
    """

    serial: int
    record: Record
    arrived_ms: int
    body_bytes: int


WAITING = "branch-waiting"
"""The code of what another server's copy of a journal displaced, until it is carried over."""


@dataclass(frozen=True)
class PutAside:
    """A record that was not accepted, kept whole with the reason.

    ``chained`` says that it is part of the journal that the receipts cover; the records of a
    fork's other branch are not.
    """

    device: str
    seq: int
    hash: bytes
    code: str
    content: bytes
    time_ms: int
    chained: bool = True


@dataclass(frozen=True)
class JournalItem:
    """One place of a journal: a kept record, or the bytes of one put aside (``record`` is None).

    ``code`` is why it was put aside, ``size_bytes`` what its body or its bytes take.
    """

    seq: int
    hash: bytes
    record: Optional[Record]
    content: bytes = b""
    code: str = ""
    arrived_ms: int = 0
    size_bytes: int = 0


@dataclass(frozen=True)
class Publisher:
    """A publisher that this server trusts; ``serial`` 0: no catalogue is published yet."""

    key_id: str
    public_key: bytes
    serial: int = 0


@dataclass(frozen=True)
class School:
    """A server below this one.

    ``via`` is the relay through which it is reached: itself where it was enrolled here, else the
    one that told of it. ``parent`` is the server where it was enrolled (empty: here).
    """

    identity: PublicIdentity
    name: str
    via: str
    parent: str = ""
    enrolled_ms: int = 0
    last_contact_ms: Optional[int] = None

    @property
    def id(self) -> str:
        """The identity's own name."""
        return self.identity.device_id


@dataclass(frozen=True)
class RelayedDevice:
    """A device, or a server below, whose journal comes through the relay ``via``.

    ``server`` is where it is enrolled; ``keys`` are its public ones (64 bytes).
    """

    id: str
    via: str
    server: str
    keys: bytes
    name: str


@dataclass(frozen=True)
class Upstream:
    """A server to which this one relays. ``cursor`` is its mark, ``receipt_ms`` its last word."""

    identity: PublicIdentity
    address: str
    name: str
    cursor: str = ""
    receipt_ms: Optional[int] = None
    last_contact_ms: Optional[int] = None

    @property
    def id(self) -> str:
        """The identity's own name."""
        return self.identity.device_id


@dataclass(frozen=True)
class SentHead:
    """How far an upstream holds a journal, as it said; ``code``: it takes nothing more of it."""

    seq: int
    hash: bytes
    code: str = ""
