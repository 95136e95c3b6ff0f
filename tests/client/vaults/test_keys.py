from __future__ import annotations

import pytest

from client.laptop.errors import LaptopError
from client.vaults.keys import (
    LOCK_OVERHEAD_BYTES,
    OpenVault,
    derived,
    expanded,
    lock,
    new_data_key,
    public_of,
    seal_for,
    unlocked,
)

KEY = bytes(range(0x80, 0xA0))


def test_locking_is_chacha20_poly1305_as_rfc_8439_has_it() -> None:
    """Section 2.8.2's vector."""
    locked = bytes.fromhex(
        "070000004041424344454647"
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
        "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
        "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
        "3ff4def08e4b7a9de576d26586cec64b6116"
        "1ae10b594f09e26a7e902ecbd0600691"
    )
    plain = unlocked(KEY, locked, bytes.fromhex("50515253c0c1c2c3c4c5c6c7"))
    assert plain is not None
    assert plain.startswith(b"Ladies and Gentlemen of the class of '99")


def test_public_keys_are_x25519_as_rfc_7748_has_it() -> None:
    """Section 6.1's first pair."""
    private = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"
    public = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
    assert public_of(bytes.fromhex(private)).hex() == public


def test_bobs_public_key_too() -> None:
    private = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
    public = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    assert public_of(bytes.fromhex(private)).hex() == public


@pytest.mark.parametrize(
    ("key", "info", "expected"),
    [
        (
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
            "f0f1f2f3f4f5f6f7f8f9",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
            "",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
)
def test_keys_follow_as_rfc_5869_has_it(key: str, info: str, expected: str) -> None:
    """The second steps of appendix A's cases 1 and 3."""
    assert expanded(bytes.fromhex(key), bytes.fromhex(info), 42).hex() == expected


def test_keys_for_different_uses_differ() -> None:
    vault = OpenVault("a", KEY)
    made = {derived(KEY, label) for label in ("rows", "sealing", "signing", "recovery")}
    assert len(made | {KEY, vault.public, vault.signer}) == 7


def test_what_is_locked_opens_only_as_what_it_is() -> None:
    vault = OpenVault("a", new_data_key())
    locked = vault.lock("жауап".encode(), "draft 1")
    assert vault.unlock(locked, "draft 1").decode() == "жауап"
    for wrong in (locked[:-1], locked[1:], bytes(len(locked)), b"", locked[:20]):
        with pytest.raises(LaptopError) as caught:
            vault.unlock(wrong, "draft 1")
        assert caught.value.code == "vault-row-damaged"
    with pytest.raises(LaptopError):
        vault.unlock(locked, "draft 2")


def test_nothing_can_be_locked_too() -> None:
    assert unlocked(KEY, lock(KEY, b"", b"row"), b"row") == b""


def test_nobody_else_opens_it() -> None:
    locked = OpenVault("a", new_data_key()).lock(b"x", "row")
    with pytest.raises(LaptopError):
        OpenVault("a", new_data_key()).unlock(locked, "row")


def test_every_bit_counts() -> None:
    locked = lock(KEY, b"mark 5", b"row")
    for place in range(len(locked)):
        flipped = bytearray(locked)
        flipped[place] ^= 1
        assert unlocked(KEY, bytes(flipped), b"row") is None


def test_one_text_locked_twice_looks_different() -> None:
    assert lock(KEY, b"x", b"") != lock(KEY, b"x", b"")
    assert len(lock(KEY, b"x", b"")) == 1 + LOCK_OVERHEAD_BYTES


def test_what_comes_for_somebody_away_is_opened_when_they_return() -> None:
    vault = OpenVault("a", new_data_key())
    sealed = seal_for(vault.public, b"mark", "mark 7")
    assert OpenVault("a", vault.data_key).unseal(sealed, "mark 7") == b"mark"
    with pytest.raises(LaptopError):
        vault.unseal(sealed, "mark 8")
    with pytest.raises(LaptopError):
        OpenVault("b", new_data_key()).unseal(sealed, "mark 7")


def test_no_key_shows_itself() -> None:
    vault = OpenVault("a", KEY)
    assert KEY.hex() not in repr(vault)
    assert repr(vault) == "OpenVault(a)"
