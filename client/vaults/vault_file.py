"""A vault as a file: a person's data key, wrapped once for them and once for the school.

The file tells whose it is, the public keys that others seal to and know it by, what kind of secret
opens it and what a try costs, and nothing else in clear. It may be copied to another laptop and
opened there. ``serial`` grows with every change, so that of two copies the newer one counts. Every
state is signed with a key that follows from the data key: nobody who has not opened a vault can
make a newer state of it, with which its owner would be locked out.

    line 1  SHA-256 of all that follows, in hex
    line 2  Ed25519 signature of what follows, in base64
    line 3  JSON
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any, Dict, Mapping, Optional, Tuple

from client.laptop.errors import Fault, LaptopError
from client.laptop.problems import failure
from client.vaults.keys import (
    LOCK_OVERHEAD_BYTES,
    OpenVault,
    lock,
    new_data_key,
    public_of,
    seal_for,
    unlocked,
)
from client.vaults.secrets import KINDS, Secret
from client.vaults.stretching import KEY_BYTES, SALT_BYTES, Cost, new_salt, stretch
from sync.errors import MessageError
from sync.identity import SIGNATURE_BYTES, PublicIdentity
from sync.seal import OVERHEAD_BYTES, open_sealed

FORMAT = 1
MAX_BYTES = 1 << 16
_MAX_SERIAL = 2**53
_WRAPPED_BYTES = KEY_BYTES + LOCK_OVERHEAD_BYTES
_FOR_SCHOOL_BYTES = KEY_BYTES + OVERHEAD_BYTES
_SIGNED = b"keruen vault file 1\0"


@dataclass(frozen=True)
class OwnLock:
    """The data key, wrapped by what the person knows."""

    kind: str
    cost: Cost
    salt: bytes
    wrapped: bytes


@dataclass(frozen=True)
class VaultFile:
    """What lies on the disk. ``for_school`` has the data key sealed to each recovery key's id."""

    person: str
    public: bytes
    signer: bytes
    own: OwnLock
    for_school: Mapping[str, bytes]
    serial: int = 1
    signature: bytes = b""

    def open_with(self, secret: Secret) -> Optional[OpenVault]:
        """Try a secret; None where it is not the one. Takes what ``own.cost`` says.

        Raises LaptopError ``vault-cost`` or ``vault-damaged``.
        """
        key = stretch(secret.to_bytes(), self.own.salt, self.own.cost)
        return self._opened(unlocked(key, self.own.wrapped, _bound(self.person, self.own)))

    def open_for_school(self, private: bytes) -> Optional[OpenVault]:
        """Open it with the school's recovery key (32 bytes); None where it was not sealed to it.

        Raises LaptopError ``vault-damaged``.
        """
        sealed = self.for_school.get(key_id(public_of(private)))
        if sealed is None:
            return None
        try:
            return self._opened(open_sealed(private, sealed, _sealed_info(self.person)))
        except MessageError as error:
            raise _damaged(self.person) from error

    def _opened(self, data_key: Optional[bytes]) -> Optional[OpenVault]:
        if data_key is None:
            return None
        vault = OpenVault(self.person, data_key)
        if (vault.public, vault.signer) != (self.public, self.signer):
            # Somebody else's key would be sealed to: nothing may be written here.
            raise _damaged(self.person)
        return vault

    def is_state_of(self, other: VaultFile) -> bool:
        """Tell whether two files are states of one vault, whose signatures one key made."""
        return (self.person, self.public, self.signer) == (
            other.person,
            other.public,
            other.signer,
        )

    def signed_by(self, vault: OpenVault) -> VaultFile:
        """Return this state with the vault's signature."""
        return replace(self, signature=vault.sign(_SIGNED + self.content()))

    def is_signed(self) -> bool:
        """Tell whether the signature is that of the key which the file names."""
        known = PublicIdentity(self.signer, self.public)
        return known.signed(self.signature, _SIGNED + self.content())

    def content(self) -> bytes:
        """Return what is signed."""
        return json.dumps(
            {
                "format": FORMAT,
                "person": self.person,
                "public": _text(self.public),
                "signer": _text(self.signer),
                "kind": self.own.kind,
                "scrypt": [self.own.cost.log_n, self.own.cost.parallel, _text(self.own.salt)],
                "wrapped": _text(self.own.wrapped),
                "for_school": {name: _text(sealed) for name, sealed in self.for_school.items()},
                "serial": self.serial,
            },
            sort_keys=True,
        ).encode("utf-8")

    def to_bytes(self) -> bytes:
        """Write it."""
        rest = _text(self.signature).encode("ascii") + b"\n" + self.content()
        return hashlib.sha256(rest).hexdigest().encode("ascii") + b"\n" + rest


def make_vault(person: str, secret: Secret, cost: Cost, schools: Mapping[str, bytes]) -> VaultFile:
    """Make a new vault. ``schools`` are public recovery keys (32 bytes) by their ids."""
    vault = OpenVault(person, new_data_key())
    own = _own_lock(vault, secret, cost)
    schools_locks = _for_schools(vault, schools)
    return VaultFile(person, vault.public, vault.signer, own, schools_locks).signed_by(vault)


def rewrapped(
    file: VaultFile, vault: OpenVault, secret: Secret, cost: Cost, schools: Mapping[str, bytes]
) -> VaultFile:
    """Give a vault a new secret; what was locked in it stays as it is."""
    return replace(
        file,
        own=_own_lock(vault, secret, cost),
        for_school=_for_schools(vault, schools) or file.for_school,
        serial=file.serial + 1,
    ).signed_by(vault)


def key_id(public: bytes) -> str:
    """Name a recovery key by the first 8 bytes of its SHA-256, in hex."""
    return hashlib.sha256(public).hexdigest()[:16]


def read_vault(data: bytes) -> VaultFile:
    """Read a vault, wherever it came from.

    Raises LaptopError ``vault-damaged``, ``vault-newer``, or ``vault-cost`` for parameters that
    protect nothing or would stop the machine.
    """
    signature, content = _parts(data)
    values = _values(content)
    if values.get("format") != FORMAT:
        raise failure("vault-newer", Fault.THEIR_DATA, f"format {values.get('format')}")
    try:
        file = _vault(values, _binary(signature.decode("ascii"), SIGNATURE_BYTES))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise failure("vault-damaged", Fault.THEIR_DATA, str(error)) from error
    if file.own.kind not in KINDS or not 1 <= file.serial < _MAX_SERIAL:
        raise _damaged(file.person)
    file.own.cost.check()
    if not file.is_signed():
        raise failure("vault-damaged", Fault.THEIR_DATA, "the signature does not fit")
    return file


def _vault(values: Dict[str, Any], signature: bytes) -> VaultFile:
    log_n, parallel, salt = values["scrypt"]
    return VaultFile(
        _checked_text(values["person"]),
        _binary(values["public"], KEY_BYTES),
        _binary(values["signer"], KEY_BYTES),
        OwnLock(
            _checked_text(values["kind"]),
            Cost(_number(log_n), _number(parallel)),
            _binary(salt, SALT_BYTES),
            _binary(values["wrapped"], _WRAPPED_BYTES),
        ),
        {
            _checked_text(name): _binary(sealed, _FOR_SCHOOL_BYTES)
            for name, sealed in values["for_school"].items()
        },
        _number(values["serial"]),
        signature,
    )


def _own_lock(vault: OpenVault, secret: Secret, cost: Cost) -> OwnLock:
    salt = new_salt()
    own = OwnLock(secret.kind, cost, salt, b"")
    key = stretch(secret.to_bytes(), salt, cost)
    return replace(own, wrapped=lock(key, vault.data_key, _bound(vault.person, own)))


def _for_schools(vault: OpenVault, schools: Mapping[str, bytes]) -> Dict[str, bytes]:
    info = "school " + vault.person
    return {name: seal_for(public, vault.data_key, info) for name, public in schools.items()}


def _sealed_info(person: str) -> bytes:
    return b"keruen vault 1 for school " + person.encode("utf-8")


def _bound(person: str, own: OwnLock) -> bytes:
    """What the wrapped key is bound to: nobody can pass it off under other terms."""
    return json.dumps(
        [FORMAT, person, own.kind, own.cost.log_n, own.cost.parallel, _text(own.salt)]
    ).encode("utf-8")


def _parts(data: bytes) -> Tuple[bytes, bytes]:
    """Split a file into its signature and what is signed."""
    seal, _, rest = data[:MAX_BYTES].partition(b"\n")
    if hashlib.sha256(rest).hexdigest().encode("ascii") != seal:
        raise failure("vault-damaged", Fault.THEIR_DATA, "the file differs from its hash")
    signature, _, content = rest.partition(b"\n")
    return signature, content


def _values(content: bytes) -> Dict[str, Any]:
    try:
        values = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise failure("vault-damaged", Fault.THEIR_DATA, str(error)) from error
    if not isinstance(values, dict):
        raise failure("vault-damaged", Fault.THEIR_DATA, "no object")
    return values


def _damaged(person: str) -> LaptopError:
    return failure("vault-damaged", Fault.THEIR_DATA, person)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _binary(text: str, size_bytes: int) -> bytes:
    data = base64.b64decode(text, validate=True)
    if len(data) != size_bytes:
        raise ValueError(f"{len(data)} instead of {size_bytes} bytes")
    return data


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{value!r} is no whole number")
    return value


def _checked_text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 100:
        raise ValueError("no text where one should be")
    return value
