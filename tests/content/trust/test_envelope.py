from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given
from hypothesis import strategies as st

from content.errors import (
    ContentError,
    FormatError,
    SignatureError,
    TooLargeError,
    UntrustedKeyError,
)
from content.trust.envelope import MAX_ENVELOPE_BYTES, pae, sign, verify
from tests.support.packs import KEY, OTHER_KEY, TRUSTED

TYPE = "application/vnd.keruen.test+json"

# The example in secure-systems-lab/dsse, protocol.md, "Test Vectors".
SPEC_TYPE = "http://example.com/HelloWorld"
SPEC_BODY = b"hello world"
SPEC_X = 46950820868899156662930047687818585632848591499744589407958293238635476079160
SPEC_Y = 5640078356564379163099075877009565129882514886557779369047442380624545832820
SPEC_SIGNATURE = (
    "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="
)


def test_pae_is_the_specifications_example() -> None:
    expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pae(SPEC_TYPE, SPEC_BODY) == expected


def test_the_specifications_signature_covers_our_pae() -> None:
    public = ec.EllipticCurvePublicNumbers(SPEC_X, SPEC_Y, ec.SECP256R1()).public_key()
    raw = base64.b64decode(SPEC_SIGNATURE)
    signature = utils.encode_dss_signature(
        int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    )
    public.verify(signature, pae(SPEC_TYPE, SPEC_BODY), ec.ECDSA(hashes.SHA256()))


def test_lengths_are_of_bytes_not_characters() -> None:
    assert pae("тип", "дене".encode()).startswith(b"DSSEv1 6 ")


def test_an_envelope_is_standard_json() -> None:
    values = json.loads(sign(b"{}", TYPE, [KEY]))
    assert values["payloadType"] == TYPE
    assert base64.b64decode(values["payload"]) == b"{}"
    assert values["signatures"][0]["keyid"] == KEY.public.key_id


@given(st.binary(max_size=500))
def test_what_was_signed_comes_out(payload: bytes) -> None:
    verified = verify(sign(payload, TYPE, [KEY]), TYPE, TRUSTED)
    assert verified.payload == payload
    assert verified.key_ids == (KEY.public.key_id,)


def test_every_flipped_bit_is_refused_by_name() -> None:
    good = sign(b'{"a":1,"b":"text"}', TYPE, [KEY])
    for at in range(len(good)):
        for bit in range(8):
            bad = bytearray(good)
            bad[at] ^= 1 << bit
            with pytest.raises(ContentError, match=r"^the tiny thing "):
                verify(bytes(bad), TYPE, TRUSTED, "the tiny thing")


def test_every_cut_and_addition_is_refused() -> None:
    good = sign(b'{"a":1}', TYPE, [KEY])
    for bad in [*(good[:end] for end in range(len(good))), good + b"\n", b" " + good]:
        with pytest.raises(ContentError):
            verify(bad, TYPE, TRUSTED)


def test_a_stranger_is_refused_and_a_second_signer_does() -> None:
    both = sign(b"{}", TYPE, [OTHER_KEY, KEY])
    assert verify(both, TYPE, TRUSTED).key_ids == (KEY.public.key_id,)
    with pytest.raises(UntrustedKeyError):
        verify(sign(b"{}", TYPE, [OTHER_KEY]), TYPE, TRUSTED)


def test_a_trusted_signature_that_fails_is_refused_beside_one_that_holds() -> None:
    trusted = {**TRUSTED, OTHER_KEY.public.key_id: OTHER_KEY.public.raw}
    values = json.loads(sign(b"{}", TYPE, [KEY, OTHER_KEY]))
    values["signatures"][0]["sig"] = base64.b64encode(bytes(64)).decode()
    bad = json.dumps(values, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(SignatureError):
        verify(bad, TYPE, trusted)


def test_another_payload_type_is_refused_before_anything_is_parsed() -> None:
    with pytest.raises(FormatError, match="was expected"):
        verify(sign(b"{}", "application/other", [KEY]), TYPE, TRUSTED)


def test_the_same_key_twice_is_refused() -> None:
    with pytest.raises(FormatError, match="twice"):
        verify(sign(b"{}", TYPE, [KEY, KEY]), TYPE, TRUSTED)


def test_other_writings_of_the_same_envelope_are_refused() -> None:
    values = json.loads(sign(b"hello", TYPE, [KEY]))
    for text in (json.dumps(values), json.dumps({**values, "more": 1}, separators=(",", ":"))):
        with pytest.raises(FormatError):
            verify(text.encode(), TYPE, TRUSTED)
    # "aGVsbG8=" and "aGVsbG9=" decode alike; only the first is how we write.
    values["payload"] = "aGVsbG9="
    loose = json.dumps(values, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(FormatError, match="canonically"):
        verify(loose, TYPE, TRUSTED)


def test_too_large_is_refused() -> None:
    with pytest.raises(TooLargeError):
        verify(bytes(MAX_ENVELOPE_BYTES + 1), TYPE, TRUSTED)


@given(st.binary(max_size=300))
def test_noise_is_a_typed_error(noise: bytes) -> None:
    with pytest.raises(ContentError):
        verify(noise, TYPE, TRUSTED)
