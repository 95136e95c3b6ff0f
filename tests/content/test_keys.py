from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from content.errors import KeyFileError
from content.keys import PublicKey, PublisherKey, is_signature, key_id


def test_rfc_8032_test_1() -> None:
    key = PublisherKey.from_seed(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    assert key.public.raw.hex() == (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    )
    assert key.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a")
    assert is_signature(key.public.raw, key.sign(b""), b"")


def test_saved_and_loaded(tmp_path: Path) -> None:
    key = PublisherKey.generate()
    path = tmp_path / "folder" / "my.key"
    key.save(path)
    assert PublisherKey.load(path).public == key.public
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_a_key_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "my.key"
    PublisherKey.generate().save(path)
    before = path.read_bytes()
    with pytest.raises(KeyFileError, match="exists already"):
        PublisherKey.generate().save(path)
    assert path.read_bytes() == before


def test_what_is_no_key_file_is_refused_by_name(tmp_path: Path) -> None:
    other = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    for content in (b"", b"hello", os.urandom(100), other):
        path = tmp_path / "bad.key"
        path.write_bytes(content)
        with pytest.raises(KeyFileError, match=r"bad\.key"):
            PublisherKey.load(path)
    with pytest.raises(KeyFileError, match=r"none\.key"):
        PublisherKey.load(tmp_path / "none.key")


def test_public_keys_as_text() -> None:
    public = PublisherKey.generate().public
    assert PublicKey.from_text(f" {public.to_text()}\n") == public
    assert public.key_id == key_id(public.raw)
    assert len(public.key_id) == 32
    for bad in ("", "é", public.to_text()[:-4], public.to_text() * 2):
        with pytest.raises(KeyFileError):
            PublicKey.from_text(bad)


def test_a_public_key_that_is_no_point_verifies_nothing() -> None:
    assert not is_signature(b"\xff" * 32, bytes(64), b"")
    assert not is_signature(b"short", bytes(64), b"")
