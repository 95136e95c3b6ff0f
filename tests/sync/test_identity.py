from __future__ import annotations

import hashlib

import pytest

from sync.errors import MessageError
from sync.identity import Identity, PublicIdentity, device_id_bytes, device_id_text
from tests.support.records import identity


def test_a_device_is_named_by_its_keys() -> None:
    public = identity("laptop").public
    digest = hashlib.sha256(public.signing + public.sealing).digest()
    assert device_id_bytes(public.device_id) == digest[:16]
    assert len(public.device_id) == 22


def test_keys_survive_the_disk() -> None:
    made = Identity.generate()
    again = Identity.from_bytes(made.to_bytes())
    assert again == made
    assert PublicIdentity.from_bytes(made.public.to_bytes()) == made.public
    assert Identity.generate() != made


def test_secrets_do_not_print() -> None:
    made = identity("laptop")
    assert repr(made.signing_seed) not in repr(made)
    assert repr(made.sealing_seed) not in repr(made)


def test_rfc_8032_vector_2() -> None:
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    made = Identity.from_bytes(seed + bytes(32))
    assert made.public.signing.hex().startswith("3d4017c3e843895a92b70aa74d1b7ebc")
    assert made.sign(b"\x72").hex().startswith("92a009a9f0d4cab8720e820b5f642540")


def test_signatures_hold_for_their_bytes_only() -> None:
    made = identity("laptop")
    signature = made.sign(b"data")
    assert made.public.signed(signature, b"data")
    assert not made.public.signed(signature, b"Data")
    assert not made.public.signed(signature[:-1], b"data")
    assert not identity("other").public.signed(signature, b"data")
    for at in range(64):
        flipped = bytearray(signature)
        flipped[at] ^= 1
        assert not made.public.signed(bytes(flipped), b"data")


@pytest.mark.parametrize("size", [0, 1, 63, 65, 128])
def test_keys_of_other_sizes_are_refused(size: int) -> None:
    for make in (Identity.from_bytes, PublicIdentity.from_bytes):
        with pytest.raises(MessageError) as caught:
            make(bytes(size))
        assert caught.value.code == "identity-invalid"


@pytest.mark.parametrize(
    "text", ["", "A" * 21, "A" * 23, "A" * 21 + "B", "+" * 22, "қ" * 22, "A" * 21 + "="]
)
def test_device_ids_have_one_form(text: str) -> None:
    with pytest.raises(MessageError):
        device_id_bytes(text)


def test_device_ids_round_trip() -> None:
    assert device_id_bytes(device_id_text(bytes(range(16)))) == bytes(range(16))
