"""Records: one immutable fact each, chained by hash into a device's journal."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Optional

from sync.canonical import canonical_json
from sync.clock import MAX_TIME
from sync.errors import RecordError

HASH_BYTES = 32
NO_HASH = bytes(HASH_BYTES)
MAX_RECORD_BYTES = 64 * 1024
MAX_PERSON_CHARACTERS = 64
MAX_SEQ = (1 << 53) - 1
_KIND = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
_DEVICE = re.compile(r"[A-Za-z0-9_-]{22}\Z")


@dataclass(frozen=True)
class Record:
    """One fact in one device's journal. Its name is (device, seq).

    ``seq`` counts from 1 without gaps; ``time`` is the hybrid time that counts; ``person`` is the
    id of who did it; ``body`` is a JSON object whose shape ``kind`` says (see ``sync.kinds``).
    ``wrong_time`` is the time that the record was written with, where that is a wrong clock's and
    another one counts.
    """

    device: str
    seq: int
    time: int
    person: str
    kind: str
    body: Mapping[str, Any]
    wrong_time: Optional[int] = None

    @property
    def written_time(self) -> int:
        """The hybrid time that stands in the journal and names the fact, right or wrong."""
        return self.time if self.wrong_time is None else self.wrong_time

    def counted_at(self, time: int) -> Record:
        """Return the same record with another time that counts."""
        written = self.written_time
        return replace(self, time=time, wrong_time=None if time == written else written)


@dataclass(frozen=True)
class Head:
    """How far a journal goes: its last record's number and hash. (0, zeros) before the first."""

    seq: int = 0
    hash: bytes = NO_HASH


def record_bytes(record: Record, body_json: Optional[bytes] = None) -> bytes:
    """Return the canonical JSON of a record, the input of its hash.

    An object with the keys b (body), d (device), k (kind), p (person), s (seq) and t (the time
    that it was written with).
    ``body_json`` is the body's canonical JSON, for whoever has it already.

    Raises:
        RecordError: ``record-invalid``, ``record-too-large`` or ``value-not-canonical``.
    """
    check_outline(record)
    # The time goes beyond 2**53, which a body's numbers may not; so it is written here by hand.
    data = b'{"b":%b,"d":"%b","k":"%b","p":%b,"s":%d,"t":%d}' % (
        canonical_json(record.body) if body_json is None else body_json,
        record.device.encode("ascii"),
        record.kind.encode("ascii"),
        canonical_json(record.person),
        record.seq,
        record.written_time,
    )
    if len(data) > MAX_RECORD_BYTES:
        raise RecordError("record-too-large", f"{len(data)} of {MAX_RECORD_BYTES} bytes")
    return data


def record_from_bytes(data: bytes) -> Record:
    """Read what ``record_bytes`` wrote.

    Raises:
        RecordError: ``record-invalid``.
    """
    try:
        value = json.loads(data)
        names = (value["d"], value["s"], value["t"], value["p"], value["k"], value["b"])
        record = Record(*names)
        check_outline(record)
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError("record-invalid", "not the bytes of a record") from error
    return record


def record_hash(previous_hash: bytes, record: Record, body_json: Optional[bytes] = None) -> bytes:
    """Return SHA-256 over the hash before it (zeros before the first) and the record's bytes.

    Raises:
        RecordError: as ``record_bytes`` does.
    """
    return hashlib.sha256(previous_hash + record_bytes(record, body_json)).digest()


def check_outline(record: Record) -> None:
    """Refuse a record whose outline (all but the body's shape) is impossible.

    Raises:
        RecordError: ``record-invalid`` naming the field.
    """
    if not _DEVICE.match(record.device):
        raise RecordError("record-invalid", "device")
    if not 1 <= record.seq <= MAX_SEQ:
        raise RecordError("record-invalid", "seq")
    if not 0 <= record.time <= MAX_TIME or not 0 <= record.written_time <= MAX_TIME:
        raise RecordError("record-invalid", "time")
    if not 1 <= len(record.person) <= MAX_PERSON_CHARACTERS:
        raise RecordError("record-invalid", "person")
    if not _KIND.match(record.kind):
        raise RecordError("record-invalid", "kind")
    if not isinstance(record.body, Mapping):
        raise RecordError("record-invalid", "body")
