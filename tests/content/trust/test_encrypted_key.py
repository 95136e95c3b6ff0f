from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Callable, Tuple

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from hypothesis import given
from hypothesis import strategies as st

from content.errors import KeyFileError
from content.trust import encrypted_key
from content.trust.encrypted_key import (
    _SCRYPT,
    _SEQUENCE,
    _der,
    _integer,
    encrypted_pem,
    is_bearable,
)
from content.trust.keys import PublisherKey

PKCS8 = bytes.fromhex("302e020100300506032b657004220420") + bytes(range(32))
PEM = encrypted_pem(PKCS8, b"pass")


def test_the_standard_reader_opens_it() -> None:
    pem = encrypted_pem(PKCS8, "құпия сөз".encode())
    opened = load_pem_private_key(pem, "құпия сөз".encode())
    assert opened.public_key()
    # One wrong passphrase in 256 gives bytes that look padded, and another sentence.
    with pytest.raises(ValueError, match=r"password|deserialize"):
        load_pem_private_key(pem, b"another")


def test_nothing_of_the_key_is_in_the_clear_and_no_two_are_alike() -> None:
    one, two = encrypted_pem(PKCS8, b"pass"), encrypted_pem(PKCS8, b"pass")
    assert one != two
    assert one.isascii()
    assert max(map(len, one.splitlines())) <= 64


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int, int], bytes]:
    """A file that states any costs, made without paying them."""

    def made(n: int, r: int, p: int) -> bytes:
        with monkeypatch.context() as patch:
            patch.setattr(hashlib, "scrypt", lambda *_, **__: bytes(32))
            for name, value in (("SCRYPT_N", n), ("SCRYPT_R", r), ("SCRYPT_P", p)):
                patch.setattr(encrypted_key, name, value)
            return encrypted_pem(PKCS8, b"pass")

    return made


@pytest.mark.parametrize(
    ("costs", "bearable"),
    [
        ((1 << 14, 8, 5), True),
        ((1 << 15, 8, 1), True),
        ((1 << 20, 8, 1), False),
        ((1 << 14, 8, 1000), False),
        ((1 << 40, 1, 1), False),
        ((2, 1, 1 << 29), False),
    ],
)
def test_costs_are_known_before_they_are_paid(
    cheap: Callable[[int, int, int], bytes], costs: Tuple[int, int, int], bearable: bool
) -> None:
    assert is_bearable(cheap(*costs)) is bearable


def test_a_key_with_giant_costs_is_refused_by_its_file(
    cheap: Callable[[int, int, int], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "bad.key"
    path.write_bytes(cheap(1 << 24, 8, 1))
    with pytest.raises(KeyFileError, match=r"bad\.key is damaged, or asks for more work"):
        PublisherKey.load(path, "long enough a passphrase")


def pem_of(der: bytes) -> bytes:
    head, foot = PEM.splitlines()[0], PEM.splitlines()[-1]
    return b"\n".join([head, base64.b64encode(der), foot, b""])


def test_a_key_that_does_not_tell_all_its_costs_is_not_opened() -> None:
    def telling(*costs: int) -> bytes:
        told = _der(_SEQUENCE, b"".join(map(_integer, costs)))
        return pem_of(_der(_SEQUENCE, _der(_SEQUENCE, _SCRYPT + told)))

    assert is_bearable(telling(2, 8, 1))
    for costs in ((), (2,), (2, 8)):
        assert is_bearable(telling(*costs)) is False


def test_a_key_that_says_it_is_longer_than_it_is_is_not_opened() -> None:
    der = base64.b64decode(b"".join(PEM.split(b"\n")[1:-2]))
    assert is_bearable(pem_of(der[:-1])) is False


def test_keys_that_others_made_are_read() -> None:
    key = load_pem_private_key(encrypted_pem(PKCS8, b"pass"), b"pass")
    other = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    assert is_bearable(other)


@given(st.integers(0, 400), st.binary(max_size=6))
def test_damage_is_survived(at: int, new: bytes) -> None:
    good = PEM[:at] + new + PEM[at + len(new) :]
    assert is_bearable(good) in (True, False)
    body = base64.b64encode(base64.b64decode(b"".join(PEM.split(b"\n")[1:-2]))[:at] + new)
    lines = PEM.split(b"\n")
    assert is_bearable(b"\n".join([lines[0], body, lines[-2], b""])) in (True, False)
