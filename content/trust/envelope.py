"""Signed envelopes: DSSE v1.0 (secure-systems-lab/dsse, protocol.md and envelope.md).

Of the envelopes that DSSE allows, this reader takes one writing only: canonical JSON with standard
base64 and a key id for each signature. So no byte of an envelope is outside the verification's
reach, and a hostile one costs no more memory than its length.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Mapping, Sequence, Tuple

from content.canonical import to_canonical
from content.errors import FormatError, SignatureError, TooLargeError, UntrustedKeyError
from content.trust.keys import SIGNATURE_BYTES, PublisherKey, is_signature

MAX_SIGNATURES = 16
MAX_ENVELOPE_BYTES = 8 * 1024 * 1024

_SIGNATURE = rb'\{"keyid":"([0-9a-f]{32})","sig":"([A-Za-z0-9+/=]{88})"\}'
_ENVELOPE = re.compile(
    rb'\{"payload":"([A-Za-z0-9+/=]*)","payloadType":"([a-z0-9.+/-]{1,100})",'
    rb'"signatures":\[(' + _SIGNATURE + rb"(?:," + _SIGNATURE + rb"){0,15})\]\}"
)


@dataclass(frozen=True)
class Verified:
    """What was signed, and the ids of the trusted keys that signed it."""

    payload: bytes
    key_ids: Tuple[str, ...]


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: the bytes that are signed."""
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign(payload: bytes, payload_type: str, keys: Sequence[PublisherKey]) -> bytes:
    """An envelope around ``payload``, signed by each of ``keys``."""
    signed = pae(payload_type, payload)
    return _written(payload, payload_type, [(key.public.key_id, key.sign(signed)) for key in keys])


def _written(payload: bytes, payload_type: str, by_id: Sequence[Tuple[str, bytes]]) -> bytes:
    signatures = [
        {"keyid": key_id, "sig": base64.b64encode(signature).decode("ascii")}
        for key_id, signature in sorted(by_id)
    ]
    return to_canonical(
        {
            "payload": base64.b64encode(payload).decode("ascii"),
            "payloadType": payload_type,
            "signatures": signatures,
        }
    )


def verify(
    envelope: bytes, payload_type: str, trusted: Mapping[str, bytes], place: str = "The envelope"
) -> Verified:
    """Open an envelope that somebody in ``trusted`` (key id to public key) has signed.

    Every signature by a trusted key must hold; those by strangers are passed over. Raises
    FormatError, TooLargeError, UntrustedKeyError or SignatureError, naming ``place``.
    """
    payload, signatures = _parsed(envelope, payload_type, place)
    signed = pae(payload_type, payload)
    accepted = []
    for key_id, signature in signatures:
        public = trusted.get(key_id)
        if public is None:
            continue
        if not is_signature(public, signature, signed):
            raise SignatureError(
                f"{place} does not match its signature: it was changed after {key_id[:8]} signed."
            )
        accepted.append(key_id)
    if not accepted:
        strangers = ", ".join(sorted({key_id[:8] for key_id, _ in signatures}))
        raise UntrustedKeyError(f"{place} is signed by {strangers}, whom nobody here trusts.")
    return Verified(payload, tuple(accepted))


def verify_all(
    envelope: bytes, payload_type: str, trusted: Mapping[str, bytes], place: str = "The envelope"
) -> Verified:
    """Open an envelope as ``verify`` does, where strangers must not have signed as well."""
    verified = verify(envelope, payload_type, trusted, place)
    strangers = [
        key_id for key_id in signers(envelope, payload_type, place) if key_id not in trusted
    ]
    if strangers:
        raise UntrustedKeyError(
            f"{place} is signed by {strangers[0][:8]} too, whom nobody here trusts."
        )
    return verified


def unverified_payload(envelope: bytes, payload_type: str, place: str = "The envelope") -> bytes:
    """What an envelope holds, believed by nobody yet: to find out whose keys must verify it."""
    return _parsed(envelope, payload_type, place)[0]


def payload_type_of(envelope: bytes) -> str:
    """The payload's type that an envelope names, unverified; nothing for what is no envelope."""
    found = _ENVELOPE.fullmatch(envelope) if len(envelope) <= MAX_ENVELOPE_BYTES else None
    return found[2].decode("ascii") if found else ""


def signers(envelope: bytes, payload_type: str, place: str = "The envelope") -> Tuple[str, ...]:
    """The key ids that an envelope says have signed it, unverified."""
    return tuple(key_id for key_id, _ in _parsed(envelope, payload_type, place)[1])


def add_signature(
    envelope: bytes, payload_type: str, key: PublisherKey, place: str = "The envelope"
) -> bytes:
    """The envelope with one more signature, or with the same one again in its place."""
    payload, signatures = _parsed(envelope, payload_type, place)
    by_id = dict(signatures)
    by_id[key.public.key_id] = key.sign(pae(payload_type, payload))
    if len(by_id) > MAX_SIGNATURES:
        raise TooLargeError(f"{place} has {MAX_SIGNATURES} signatures already.")
    return _written(payload, payload_type, list(by_id.items()))


def _parsed(
    envelope: bytes, payload_type: str, place: str
) -> Tuple[bytes, Sequence[Tuple[str, bytes]]]:
    if len(envelope) > MAX_ENVELOPE_BYTES:
        raise TooLargeError(f"{place} is larger than the {MAX_ENVELOPE_BYTES} bytes allowed.")
    found = _ENVELOPE.fullmatch(envelope)
    if not found:
        raise FormatError(f"{place} is damaged or is no signed envelope.")
    if found[2] != payload_type.encode("ascii"):
        kind = found[2].decode("ascii")
        raise FormatError(f"{place} holds {kind}, but {payload_type} was expected.")
    signatures = [
        (key_id.decode("ascii"), _decoded(signature, place))
        for key_id, signature in re.findall(_SIGNATURE, found[3])
    ]
    if any(len(signature) != SIGNATURE_BYTES for _, signature in signatures):
        raise FormatError(f"{place} holds a signature of the wrong length.")
    if len({key_id for key_id, _ in signatures}) != len(signatures):
        raise FormatError(f"{place} is signed twice by the same key.")
    return _decoded(found[1], place), signatures


def _decoded(text: bytes, place: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise FormatError(f"{place} is damaged: its base64 cannot be read.") from None
    # Base64 has several writings of the same bytes; only one of them is ours.
    if base64.b64encode(data) != text:
        raise FormatError(f"{place} is damaged: its base64 is not written canonically.")
    return data
