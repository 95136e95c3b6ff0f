from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from content.encrypted_key import encrypted_pem

PKCS8 = bytes.fromhex("302e020100300506032b657004220420") + bytes(range(32))


def test_the_standard_reader_opens_it() -> None:
    pem = encrypted_pem(PKCS8, "құпия сөз".encode())
    opened = load_pem_private_key(pem, "құпия сөз".encode())
    assert opened.public_key()  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="password"):
        load_pem_private_key(pem, b"another")


def test_nothing_of_the_key_is_in_the_clear_and_no_two_are_alike() -> None:
    one, two = encrypted_pem(PKCS8, b"pass"), encrypted_pem(PKCS8, b"pass")
    assert one != two
    assert one.isascii()
    assert max(map(len, one.splitlines())) <= 64
