"""Branches: a journal that forked or went back in time goes on under a new identity (law 8).

A device proves with its old key that a new one is its own (a *claim*), and writes what the server
does not hold of the old journal into the new one. A record that was carried over names its origin
in its body, so that the fact counts once however often and by whomever it is written down again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Dict, Iterable, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

from sync import fields
from sync.errors import MessageError, RecordError
from sync.identity import KEY_BYTES, SIGNATURE_BYTES, Identity, PublicIdentity, device_id_bytes
from sync.record import MAX_SEQ, Record, check_outline, record_bytes

ORIGIN = "carried"
"""The field of a body that names the record's origin. No kind may use it for anything else."""
PROBE_BYTES = 8
MAX_PROBES = 64
_CONTEXT = b"keruen branch 1\0"


class Origin(NamedTuple):
    """The device and number under which a record was first written."""

    device: str
    seq: int


class Probe(NamedTuple):
    """A number and the beginning of the hash that the claiming device has there."""

    seq: int
    hash: bytes


@dataclass(frozen=True)
class Claim:
    """The word of two keys that ``identity`` continues the journal of the device that sends it.

    ``probes`` ask how far the server holds that device's journal as the claiming device has it.
    """

    identity: PublicIdentity
    signature: bytes
    probes: Tuple[Probe, ...] = ()


def make_claim(new: Identity, parent: str, probes: Iterable[Probe]) -> Claim:
    """Let a new identity say that it continues the journal of ``parent``.

    The parent says so too by signing the request that carries this.
    """
    return Claim(new.public, new.sign(_claim_bytes(new.public, parent)), tuple(probes))


def check_claim(claim: Claim, parent: str) -> None:
    """Refuse a claim about somebody else's key, or one that was made for another device.

    Raises:
        MessageError: ``claim-forged``.
    """
    if claim.identity.device_id == parent or not claim.identity.signed(
        claim.signature, _claim_bytes(claim.identity, parent)
    ):
        raise MessageError("claim-forged", claim.identity.device_id)


def _claim_bytes(new: PublicIdentity, parent: str) -> bytes:
    return _CONTEXT + device_id_bytes(parent) + new.to_bytes()


def claim_to_json(claim: Optional[Claim]) -> Any:
    """Return a claim as it stands in a request."""
    if claim is None:
        return None
    probes = [[probe.seq, fields.to_text(probe.hash)] for probe in claim.probes]
    return [fields.to_text(claim.identity.to_bytes()), fields.to_text(claim.signature), probes]


def claim_from_json(value: Any) -> Claim:
    """Read a claim.

    Raises:
        MessageError: ``message-malformed``.
    """
    items = fields.listing(value, "request.b", 10)
    if len(items) < 3:
        fields.malformed("request.b", "keys, a signature and probes")
    probes = [
        fields.listing(item, "request.b.probes", 2)
        for item in fields.listing(items[2], "request.b.probes", MAX_PROBES)
    ]
    if any(len(probe) != 2 for probe in probes):
        fields.malformed("request.b.probes", "pairs of a number and a hash")
    return Claim(
        PublicIdentity.from_bytes(fields.binary(items[0], "request.b.keys", 2 * KEY_BYTES)),
        fields.binary(items[1], "request.b.signature", SIGNATURE_BYTES),
        tuple(
            Probe(
                fields.integer(seq, "request.b.seq", low=1),
                fields.binary(digest, "request.b.hash", PROBE_BYTES),
            )
            for seq, digest in probes
        ),
    )


def plan_probes(low: int, high: int) -> Tuple[int, ...]:
    """Choose the numbers to ask about between ``low`` (known to be shared) and ``high``.

    All of them where they are few; else the last ones, where journals usually part, and others
    evenly between, so that asking again within what is left open soon leaves nothing open.
    """
    if high - low <= MAX_PROBES:
        return tuple(range(low + 1, high + 1))
    half = MAX_PROBES // 2
    chosen: Set[int] = set(range(high - half + 1, high + 1))
    chosen.update(low + (high - low) * at // (half + 1) for at in range(1, half + 1))
    return tuple(sorted(chosen - {low}))


def shared_seq(probes: Sequence[Probe], hashes: Mapping[int, bytes]) -> int:
    """Return the largest number where a probe and the server's journal agree, or 0."""
    return max(
        (one.seq for one in probes if hashes.get(one.seq, b"")[:PROBE_BYTES] == one.hash), default=0
    )


def origin_of(record: Record) -> Optional[Origin]:
    """Return where a carried record was first written; None for one that stands where it was.

    Raises:
        RecordError: ``record-invalid`` when the field that says so has the wrong shape.
    """
    value = record.body.get(ORIGIN)
    if value is None:
        return None
    try:
        device, seq = fields.listing(value, ORIGIN, 2)
        found = Origin(fields.text(device, ORIGIN, 22), fields.integer(seq, ORIGIN, 1, MAX_SEQ))
        device_id_bytes(found.device)
    except (MessageError, ValueError) as error:
        raise RecordError("record-invalid", ORIGIN) from error
    return found


def original(record: Record) -> Record:
    """Return a record as it was first written."""
    origin = origin_of(record)
    if origin is None:
        return record
    body = {name: value for name, value in record.body.items() if name != ORIGIN}
    return replace(record, device=origin.device, seq=origin.seq, body=body)


def carried(record: Record, device: str, seq: int) -> Record:
    """Return a record as another journal carries it on: all is kept, and its origin is named."""
    body: Dict[str, Any] = dict(record.body)
    body.setdefault(ORIGIN, [record.device, record.seq])
    moved = Record(device, seq, record.written_time, record.person, record.kind, body)
    check_outline(moved)
    return moved


def fact_digest(record: Record) -> bytes:
    """Name the fact that a record states (16 bytes).

    The same wherever it was carried to, and whatever time a server has it count as: two clones that
    wrote the same words under one number at two times stated two facts.
    """
    return sha256(record_bytes(original(record))).digest()[:16]
