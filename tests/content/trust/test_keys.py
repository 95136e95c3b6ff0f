from __future__ import annotations

import os
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from content.errors import KeyFileError
from content.trust.errors import PassphraseError
from content.trust.keys import PublicKey, PublisherKey, is_encrypted, is_signature, key_id


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


def test_a_passphrase_keeps_the_key(tmp_path: Path) -> None:
    key, path = PublisherKey.generate(), tmp_path / "my.key"
    key.save(path, "әліппе қар сегіз")
    assert is_encrypted(path)
    assert PublisherKey.load(path, "әліппе қар сегіз").public == key.public
    assert PublisherKey.load(path, unicodedata.normalize("NFD", "әліппе қар сегіз")).public
    with pytest.raises(PassphraseError, match=r"my\.key is encrypted: its passphrase is needed"):
        PublisherKey.load(path)
    with pytest.raises(PassphraseError, match=r"does not open .*my\.key"):
        PublisherKey.load(path, "әліппе қар жеті")


def test_a_short_passphrase_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(PassphraseError, match="10 characters"):
        PublisherKey.generate().save(tmp_path / "my.key", "123456789")
    assert not (tmp_path / "my.key").exists()


def test_a_key_without_passphrase_needs_none_and_ignores_one(tmp_path: Path) -> None:
    key, path = PublisherKey.generate(), tmp_path / "my.key"
    key.save(path)
    assert not is_encrypted(path)
    assert PublisherKey.load(path, "not needed at all").public == key.public


def test_a_damaged_encrypted_key_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "my.key"
    PublisherKey.generate().save(path, "correct horse")
    whole = path.read_bytes()
    for damaged in (whole[:80], whole.replace(whole[90:94], b"AAAA"), whole[:-30]):
        path.unlink()
        path.write_bytes(damaged)
        with pytest.raises(KeyFileError, match=r"my\.key"):
            PublisherKey.load(path, "correct horse")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_openssl_reads_the_encrypted_key(tmp_path: Path) -> None:
    key, path = PublisherKey.generate(), tmp_path / "my.key"
    key.save(path, "correct horse")
    command = ["openssl", "pkey", "-in", str(path), "-passin", "pass:correct horse", "-pubout"]
    command += ["-outform", "DER"]
    done = subprocess.run(command, check=True, capture_output=True)
    assert done.stdout.endswith(key.public.raw)


def test_a_key_that_openssl_calls_an_internal_error(tmp_path: Path) -> None:
    """Ed25519's name changed by one bit into X448's, whose keys are longer."""
    path = tmp_path / "bad.key"
    path.write_text(
        "-----BEGIN PRIVATE KEY-----\n"
        "MC4CAQAwBQYDK2VvBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
        "-----END PRIVATE KEY-----\n",
        "ascii",
    )
    with pytest.raises(KeyFileError, match=r"bad\.key"):
        PublisherKey.load(path)
