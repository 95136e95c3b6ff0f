"""Roots: the few keys at the top, a threshold of which must sign.

A root has an id for ever, taken from its first version; each later version is signed by the
threshold of the one before and by its own, so that whoever knows one version can follow to the
newest. Cf. The Update Framework's specification, section 5.3, without its dates.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Tuple

from content.canonical import from_json, to_canonical
from content.errors import MismatchError
from content.fields import Fields
from content.manifest import KEY_ID, check_format
from content.trust import envelope
from content.trust.errors import ForkedError, OlderTrustError, ThresholdError
from content.trust.keys import PUBLIC_KEY_BYTES, key_id

FORMAT = 1
PAYLOAD_TYPE = "application/vnd.keruen.root+json"
MAX_ROOT_BYTES = 16 * 1024
MAX_KEYS = 8
MAX_NUMBER = 100_000
_KNOWN = ("format", "needs", "root", "number", "name", "threshold", "keys")


@dataclass(frozen=True)
class Root:
    """``keys`` are public keys of 32 bytes; ``threshold`` of them must sign.

    ``id`` is that of the first version, for whose payload it is empty.
    """

    number: int
    name: str
    threshold: int
    keys: Tuple[bytes, ...]
    id: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def by_id(self) -> Dict[str, bytes]:
        """The keys by their ids."""
        return {key_id(key): key for key in self.keys}

    def to_bytes(self) -> bytes:
        """The payload that is signed: canonical JSON."""
        values: Dict[str, Any] = {
            "format": FORMAT,
            "number": self.number,
            "name": self.name,
            "threshold": self.threshold,
            "keys": [base64.b64encode(key).decode("ascii") for key in sorted(self.keys)],
        }
        if self.number > 1:
            values["root"] = self.id
        return to_canonical({**self.extra, **values})


def pin_of(payload: bytes) -> bytes:
    """What names a root for good: the SHA-256 (32 bytes) of its first version's payload."""
    return hashlib.sha256(payload).digest()


def id_of(pin: bytes) -> str:
    """The id that belongs to a pin: 32 hex digits."""
    return pin[:16].hex()


def read_first_root(data: bytes, pin: bytes, place: str = "The root") -> Root:
    """Open the first version of the root that was pinned.

    Raises MismatchError for another root, ThresholdError, SignatureError or FormatError.
    """
    payload = envelope.unverified_payload(data, PAYLOAD_TYPE, place)
    if pin_of(payload) != pin:
        raise MismatchError(f"{place} is not the root that this school was enrolled with.")
    root = parse_root(payload, place)
    signed_by_threshold(data, PAYLOAD_TYPE, root, place)
    return root


def read_next_root(data: bytes, known: Root, place: str = "The root") -> Root:
    """Open the version that follows ``known``.

    Raises OlderTrustError, MismatchError for another root or a version left out, ThresholdError
    when too few holders of the old or of the new keys have signed.
    """
    root = parse_root(envelope.unverified_payload(data, PAYLOAD_TYPE, place), place)
    if root.id != known.id:
        raise MismatchError(f"{place} belongs to another root than {known.id[:8]}.")
    if root.number < known.number:
        raise OlderTrustError(
            f"{place} is number {root.number}, older than number {known.number} accepted before."
        )
    if root.number > known.number + 1:
        raise MismatchError(
            f"{place} is number {root.number}, but number {known.number + 1} comes first."
        )
    if root.number == known.number:
        if root != known:
            raise ForkedError(f"{place} differs from number {root.number} accepted before.")
        return root
    _check_both(data, known, root, place)
    return root


def parse_root(payload: bytes, place: str = "The root") -> Root:
    """Read a payload; raises FormatError and its kin naming ``place``."""
    fields = Fields(from_json(payload, place, MAX_ROOT_BYTES), place)
    check_format(fields, FORMAT)
    number = fields.integer("number", 1, MAX_NUMBER)
    first = id_of(pin_of(payload))
    root = Root(
        number=number,
        name=fields.string("name", limit=200),
        threshold=fields.integer("threshold", 1, MAX_KEYS),
        keys=tuple(sorted(_read_keys(fields))),
        id=first if number == 1 else fields.matching("root", KEY_ID, "the id of a root"),
        extra={name: value for name, value in fields.values.items() if name not in _KNOWN},
    )
    if len(root.keys) < root.threshold:
        raise fields.fail("threshold", "is more than there are keys")
    return root


def signed_by_threshold(data: bytes, payload_type: str, root: Root, place: str) -> bytes:
    """The payload of an envelope that enough holders of the root's keys have signed."""
    verified = envelope.verify_all(data, payload_type, root.by_id, place)
    _check_count(verified.key_ids, root, place)
    return verified.payload


def check_threshold(key_ids: Tuple[str, ...], root: Root, place: str) -> None:
    """Raise ThresholdError unless enough of these verified signers hold the root's keys."""
    _check_count(tuple(one for one in key_ids if one in root.by_id), root, place)


def public_key(fields: Fields, name: str, text: object) -> bytes:
    """A public key of 32 bytes from base64; raises the fields' error."""
    try:
        raw = base64.b64decode(str(text).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raw = b""
    if len(raw) != PUBLIC_KEY_BYTES or base64.b64encode(raw).decode("ascii") != text:
        raise fields.fail(name, "must hold public keys of 44 characters in base64")
    return raw


def _check_both(data: bytes, old: Root, new: Root, place: str) -> None:
    trusted = {**old.by_id, **new.by_id}
    key_ids = envelope.verify_all(data, PAYLOAD_TYPE, trusted, place).key_ids
    check_threshold(key_ids, old, f"{place}, under the keys before it,")
    check_threshold(key_ids, new, f"{place}, under its own keys,")


def _check_count(key_ids: Tuple[str, ...], root: Root, place: str) -> None:
    if len(key_ids) < root.threshold:
        raise ThresholdError(
            f"{place} is signed by {len(key_ids)} of the {root.threshold} holders of the root's "
            "keys that are needed; let another holder sign it."
        )


def _read_keys(fields: Fields) -> Tuple[bytes, ...]:
    keys = tuple(
        public_key(fields, "keys", text) for text in fields.sequence("keys", limit=MAX_KEYS)
    )
    if not keys or len(set(keys)) != len(keys):
        raise fields.fail("keys", "must hold different keys, one at least")
    return keys
