from __future__ import annotations

import json
from typing import Any, Dict, Mapping, Type

import pytest

from content.errors import (
    ContentError,
    FormatError,
    SignatureError,
    TooLargeError,
    UnknownFormatError,
    UntrustedKeyError,
)
from content.limits import Limits
from content.trust import certificate as certificates
from content.trust.certificate import (
    MAX_CHAIN,
    MAX_CHAIN_BYTES,
    Certificate,
    join_chain,
    parse_certificate,
    read_chain,
    split_chain,
    unverified_certificates,
)
from content.trust.envelope import sign
from content.trust.errors import (
    BrokenChainError,
    ChainTooLongError,
    ThresholdError,
    WiderLimitsError,
)
from tests.support.trust import (
    HOLDERS,
    MINISTRY,
    REGION,
    ROOT,
    ROOT_ID,
    SCHOOL,
    STRANGER,
    TEACHER,
    certify,
    chain_of,
    key,
)

KEYS = (MINISTRY, REGION, SCHOOL, TEACHER)
FULL = Certificate(
    MINISTRY.public.key_id,
    REGION.public.raw,
    "Ақтөбе",
    7,
    2,
    Limits(("algebra",), ("school-1",), ("akt-*", "plain"), 30),
    5,
    (TEACHER.public.key_id,),
    {"later": 1},
)


def test_a_certificate_is_read_as_it_was_written() -> None:
    assert parse_certificate(FULL.to_bytes()) == FULL
    small = Certificate(ROOT_ID, REGION.public.raw, "x")
    assert parse_certificate(small.to_bytes()) == small
    assert len(small.to_bytes()) < 200


def test_a_chain_of_every_length() -> None:
    for length in range(1, MAX_CHAIN + 1):
        keys = [key(20 + place) for place in range(length)]
        chain = read_chain(chain_of(keys), ROOT)
        assert chain.publisher.key == keys[-1].public.raw
        assert chain.issuers == (ROOT_ID, *(one.public.key_id for one in keys[:-1]))


def test_a_chain_too_long() -> None:
    keys = [key(20 + place) for place in range(MAX_CHAIN + 1)]
    fields = {place: {"may_certify": min(4, MAX_CHAIN - place)} for place in range(MAX_CHAIN + 1)}
    with pytest.raises(ChainTooLongError, match=r"^The chain has more than the 5 certificates"):
        read_chain(chain_of(keys, fields), ROOT)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({0: {"may_certify": 0}}, "The ministry may certify nobody, but certified The region"),
        ({1: {"may_certify": 3}}, "The region may pass on 3 times, but The ministry only 3"),
        ({2: {"may_certify": 0}}, "School 4 may certify nobody"),
    ],
)
def test_nobody_passes_on_more_often_than_allowed(
    fields: Mapping[int, Mapping[str, Any]], sentence: str
) -> None:
    with pytest.raises(ChainTooLongError, match=sentence):
        read_chain(chain_of(KEYS, fields), ROOT)


@pytest.mark.parametrize(
    ("above", "below", "word"),
    [
        (Limits(subjects=("a",)), Limits(subjects=("a", "b")), "subjects"),
        (Limits(schools=("a",)), Limits(schools=("b",)), "schools"),
        (Limits(packs=("a-*",)), Limits(packs=("a*",)), "packs"),
        (Limits(versions=3), Limits(versions=4), "versions"),
    ],
)
def test_limits_only_narrow(above: Limits, below: Limits, word: str) -> None:
    fields = {0: {"limits": above}, 2: {"limits": below}}
    with pytest.raises(WiderLimitsError, match=f"certificate of School 4 allows more {word} than"):
        read_chain(chain_of(KEYS, fields), ROOT)
    swapped = {0: {"limits": below}, 3: {"limits": above}}
    if word != "schools":
        assert read_chain(chain_of(KEYS, swapped), ROOT).limits == above


def test_the_root_signs_with_its_threshold() -> None:
    with pytest.raises(ThresholdError, match="1 of the 2 holders"):
        read_chain(chain_of(KEYS, signers=HOLDERS[:1]), ROOT)
    with pytest.raises(UntrustedKeyError):
        read_chain(chain_of(KEYS, signers=[STRANGER]), ROOT)


def test_certificates_join() -> None:
    links = split_chain(chain_of(KEYS))
    for wrong in (links[1:], links[:1] + links[2:], links[::-1]):
        with pytest.raises(BrokenChainError, match="but the one above it is for"):
            read_chain(join_chain(wrong), ROOT)
    for stolen in (STRANGER, TEACHER):
        forged = certify([stolen], TEACHER, SCHOOL.public.key_id)
        with pytest.raises(UntrustedKeyError):
            read_chain(join_chain((*links[:3], forged)), ROOT)


def test_a_chain_does_not_go_in_circles() -> None:
    circle = (MINISTRY, REGION, MINISTRY)
    with pytest.raises(BrokenChainError, match="certifies The ministry twice"):
        read_chain(chain_of(circle), ROOT)


def test_a_certificate_that_was_changed_after_it_was_signed() -> None:
    links = split_chain(chain_of(KEYS))
    other = split_chain(chain_of(KEYS, {3: {"number": 9}}))[3]
    swapped = other[: other.index(b'"payloadType"')] + links[3][links[3].index(b'"payloadType"') :]
    with pytest.raises(SignatureError, match=r"^trust/chains/x does not match"):
        read_chain(join_chain((*links[:3], swapped)), ROOT, "trust/chains/x")


def test_every_flipped_byte_is_refused_by_name() -> None:
    good = chain_of(KEYS[:2])
    for at in range(len(good)):
        bad = bytearray(good)
        bad[at] ^= 1 + at % 255
        with pytest.raises(ContentError, match=r"^trust/chains/x"):
            read_chain(bytes(bad), ROOT, "trust/chains/x")


def test_a_chain_is_small() -> None:
    limits = Limits(("algebra", "geometry"), ("A" * 22,), ("aqsu-*",), 100)
    data = chain_of(KEYS, {place: {"limits": limits} for place in range(4)})
    assert len(data) < 3_500


@pytest.mark.parametrize("data", [b"", b"\n", b"{}", b"\n\n\n\n\n\n", b"[" * 1000])
def test_what_is_no_chain(data: bytes) -> None:
    with pytest.raises(ContentError, match=r"^trust/chain"):
        unverified_certificates(data, "trust/chain")
    with pytest.raises(ContentError, match=r"^trust/chain"):
        read_chain(data, ROOT, "trust/chain")


def test_a_gigantic_chain_is_not_even_looked_at() -> None:
    with pytest.raises(TooLargeError):
        split_chain(b"x" * (MAX_CHAIN_BYTES + 1))


ODD: Any = [
    ({"format": 9}, UnknownFormatError, "newer Keruen"),
    ({"needs": ["time"]}, UnknownFormatError, "newer Keruen"),
    ({"key": "AAAA"}, FormatError, "44 characters"),
    ({"issuer": "me"}, FormatError, "issuer"),
    ({"may_certify": MAX_CHAIN}, FormatError, "may_certify"),
    ({"number": True}, FormatError, "number"),
    ({"limits": []}, FormatError, "limits"),
    ({"limits": {"packs": ["*"]}}, FormatError, "packs"),
    ({"limits": {"versions": -1}}, FormatError, "versions"),
    ({"limits": {"schools": ["a b"]}}, FormatError, "schools"),
    ({"limits": {"subjects": ["x"] * 1001}}, FormatError, "more than 1000"),
    ({"replaces": ["0" * 32] * 2}, FormatError, "twice"),
    ({"replaces": [f"{at:032x}" for at in range(17)]}, FormatError, "more than 16"),
]


@pytest.mark.parametrize(("change", "error", "sentence"), ODD)
def test_odd_certificates_are_refused_by_name(
    change: Dict[str, Any], error: Type[ContentError], sentence: str
) -> None:
    data = json.dumps({**json.loads(FULL.to_bytes()), **change}).encode()
    with pytest.raises(error, match=rf"^a/file.*{sentence}"):
        parse_certificate(data, "a/file")
    chain = sign(data, certificates.PAYLOAD_TYPE, HOLDERS)
    with pytest.raises(error, match=r"^a/file"):
        read_chain(chain, ROOT, "a/file")
