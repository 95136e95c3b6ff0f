"""Certificates: somebody who is trusted says whose key may sign what.

A chain of them leads from a root to a publisher: ministry, region, school, teacher. It lies in one
file, an envelope a line, the one that the root signed first, and is named by its SHA-256, so that
a client fetches it once.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Tuple

from content.canonical import from_json, to_canonical
from content.errors import TooLargeError
from content.fields import Fields
from content.limits import UNLIMITED, Limits, read_limits
from content.manifest import KEY_ID, check_format
from content.trust import envelope
from content.trust.errors import BrokenChainError, ChainTooLongError, WiderLimitsError
from content.trust.keys import key_id
from content.trust.root import Root, check_threshold, public_key

FORMAT = 1
PAYLOAD_TYPE = "application/vnd.keruen.certificate+json"
MAX_CHAIN = 5
MAX_CERTIFICATE_BYTES = 64 * 1024
MAX_CHAIN_BYTES = 512 * 1024
MAX_NUMBER = 2**53 - 1
MAX_REPLACED = 16
_KNOWN = frozenset(
    ("format", "needs", "issuer", "key", "name", "number", "may_certify", "limits", "after",
     "replaces")
)  # fmt: skip


@dataclass(frozen=True)
class Certificate:
    """``issuer``, a root's or a key's id, lets ``key`` (32 bytes) sign within ``limits``.

    ``number`` grows with every certificate that the issuer writes for this key. ``may_certify`` is
    how many certificates in a row may follow below. The limit of versions counts the numbers of
    the key's catalogues above ``after``. ``replaces`` are ids of former keys whose packs it takes
    over.
    """

    issuer: str
    key: bytes
    name: str
    number: int = 1
    may_certify: int = 0
    limits: Limits = UNLIMITED
    after: int = 0
    replaces: Tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key_id(self) -> str:
        """The id of the key that is certified."""
        return key_id(self.key)

    def to_bytes(self) -> bytes:
        """The payload that is signed: canonical JSON."""
        values: Dict[str, Any] = {
            "format": FORMAT,
            "issuer": self.issuer,
            "key": base64.b64encode(self.key).decode("ascii"),
            "name": self.name,
            "number": self.number,
        }
        optional: Dict[str, Any] = {
            "may_certify": self.may_certify,
            "limits": self.limits.as_values(),
            "after": self.after,
            "replaces": list(self.replaces),
        }
        return to_canonical(
            {**self.extra, **values, **{name: value for name, value in optional.items() if value}}
        )


@dataclass(frozen=True)
class Chain:
    """Certificates that were verified, the root's first; ``limits`` is what all of them allow."""

    root: str
    certificates: Tuple[Certificate, ...]
    limits: Limits
    sha256: str

    @property
    def publisher(self) -> Certificate:
        """The last certificate: that of the key which signs packs."""
        return self.certificates[-1]

    @property
    def issuers(self) -> Tuple[str, ...]:
        """The root's id and the key ids of everyone but the publisher, from above."""
        return (self.root, *(one.key_id for one in self.certificates[:-1]))

    @property
    def last_serial(self) -> int:
        """The highest number of a catalogue that a limit of versions covers."""
        return self.publisher.after + (self.limits.versions or 0)


def parse_certificate(payload: bytes, place: str = "The certificate") -> Certificate:
    """Read a payload; raises FormatError and its kin naming ``place``."""
    fields = Fields(from_json(payload, place, MAX_CERTIFICATE_BYTES), place)
    check_format(fields, FORMAT)
    replaces = fields.strings("replaces", KEY_ID, "key ids of 32 hex digits", required=False)
    if len(replaces) > MAX_REPLACED:
        raise fields.fail("replaces", f"has more than {MAX_REPLACED} entries")
    return Certificate(
        issuer=fields.matching("issuer", KEY_ID, "the id of a root or a key"),
        key=public_key(fields, "key", fields.string("key")),
        name=fields.string("name", limit=200),
        number=fields.integer("number", 1, MAX_NUMBER),
        may_certify=fields.integer("may_certify", 0, MAX_CHAIN - 1, default=0),
        limits=read_limits(fields.child("limits")) if fields.has("limits") else UNLIMITED,
        after=fields.integer("after", 0, MAX_NUMBER, default=0),
        replaces=replaces,
        extra={name: value for name, value in fields.values.items() if name not in _KNOWN},
    )


def unverified_certificates(data: bytes, place: str = "The chain") -> Tuple[Certificate, ...]:
    """The certificates of a chain's file, believed by nobody yet."""
    return tuple(
        parse_certificate(envelope.unverified_payload(one, PAYLOAD_TYPE, place), place)
        for one in split_chain(data, place)
    )


def split_chain(data: bytes, place: str = "The chain") -> Tuple[bytes, ...]:
    """The envelopes in a chain's file; raises TooLargeError or ChainTooLongError."""
    if len(data) > MAX_CHAIN_BYTES:
        raise TooLargeError(f"{place} is larger than the {MAX_CHAIN_BYTES} bytes allowed.")
    lines = data.split(b"\n", MAX_CHAIN)
    if len(lines) > MAX_CHAIN:
        raise ChainTooLongError(f"{place} has more than the {MAX_CHAIN} certificates allowed.")
    return tuple(lines)


def join_chain(envelopes: Tuple[bytes, ...]) -> bytes:
    """A chain's file, from the envelope that the root signed to the publisher's."""
    return b"\n".join(envelopes)


def chain_name(data: bytes) -> str:
    """What a chain is named by: the SHA-256 of its file, in hex."""
    return hashlib.sha256(data).hexdigest()


def read_chain(data: bytes, root: Root, place: str = "The chain") -> Chain:
    """Verify a chain from a root down; signatures, order, length and limits.

    Raises ThresholdError, SignatureError, UntrustedKeyError, BrokenChainError, ChainTooLongError,
    WiderLimitsError or FormatError, naming ``place``.
    """
    above: Tuple[Certificate, ...] = ()
    limits = UNLIMITED
    for data_of_one in split_chain(data, place):
        one = _verified(data_of_one, root, above, place)
        wider = limits.wider(one.limits)
        if wider:
            raise WiderLimitsError(
                f"{place}: the certificate of {one.name} allows more {wider} than its issuer may."
            )
        limits = limits.narrowed(one.limits)
        above = (*above, one)
    return Chain(root.id, above, limits, chain_name(data))


def _verified(data: bytes, root: Root, above: Tuple[Certificate, ...], place: str) -> Certificate:
    payload = envelope.unverified_payload(data, PAYLOAD_TYPE, place)
    one = parse_certificate(payload, place)
    issuer = above[-1].key_id if above else root.id
    if one.issuer != issuer:
        raise BrokenChainError(
            f"{place}: the certificate of {one.name} is by {one.issuer[:8]}, but the one above it "
            f"is for {issuer[:8]}."
        )
    if one.key_id in (root.id, *(other.key_id for other in above)):
        raise BrokenChainError(f"{place} certifies {one.name} twice.")
    if above:
        envelope.verify(data, PAYLOAD_TYPE, {issuer: above[-1].key}, place)
        _check_depth(above, one, place)
    else:
        verified = envelope.verify(data, PAYLOAD_TYPE, root.by_id, place)
        check_threshold(verified.key_ids, root, place)
    return one


def _check_depth(above: Tuple[Certificate, ...], one: Certificate, place: str) -> None:
    issuer = above[-1]
    if issuer.may_certify < 1:
        raise ChainTooLongError(
            f"{place}: {issuer.name} may certify nobody, but certified {one.name}."
        )
    if one.may_certify >= issuer.may_certify:
        raise ChainTooLongError(
            f"{place}: {one.name} may pass on {one.may_certify} times, but {issuer.name} only "
            f"{issuer.may_certify} times itself."
        )
