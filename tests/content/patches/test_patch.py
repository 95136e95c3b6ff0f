from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import ContentError, FormatError, UnknownFormatError
from content.patches.patch import (
    Carried,
    Group,
    Lead,
    MediaPatch,
    Patch,
    StoredObject,
    join_envelope,
    parse_carried,
    parse_lead,
    parse_patch,
    split_envelope,
)
from content.varint import Cursor, encode
from tests.support.patch_trees import signed, version_of

PLACES = st.lists(st.integers(0, 19_999), max_size=5, unique=True).map(
    lambda places: tuple(sorted(places))
)
MEDIA = st.lists(
    st.builds(
        MediaPatch,
        st.integers(0, 999),
        st.integers(0, 999),
        st.lists(
            st.builds(
                StoredObject,
                st.binary(min_size=32, max_size=32).map(bytes.hex),
                st.integers(1, 2**36),
            ),
            min_size=1,
            max_size=3,
        ).map(tuple),
    ),
    max_size=3,
    unique_by=lambda one: one.new,
).map(tuple)
PATCHES = st.builds(
    Patch,
    st.integers(1, 2**31 - 1),
    st.integers(1, 2**31 - 1),
    st.lists(st.builds(Group, PLACES, st.binary(max_size=50)), min_size=1, max_size=3).map(tuple),
    MEDIA,
)


@given(PATCHES)
def test_there_and_back(patch: Patch) -> None:
    assert parse_patch(patch.to_bytes(), "It") == patch


@given(PATCHES, st.integers(0, 10_000), st.integers(1, 255))
def test_every_flipped_byte_is_noticed(patch: Patch, at: int, bits: int) -> None:
    data = bytearray(patch.to_bytes())
    data[at % len(data)] ^= bits
    with pytest.raises(ContentError, match=r"^It"):
        parse_patch(bytes(data), "It")


@given(PATCHES, st.integers(0, 10_000))
def test_every_cut_is_noticed(patch: Patch, at: int) -> None:
    data = patch.to_bytes()
    with pytest.raises(FormatError):
        parse_patch(data[: at % len(data)], "It")


@given(st.binary(max_size=200))
def test_hostile_bytes_are_refused_or_small(body: bytes) -> None:
    """A checksum is no secret: a forger's is right."""
    data = b"KRNP\x01" + body
    data += zlib.crc32(data).to_bytes(4, "big")
    try:
        patch = parse_patch(data, "It")
    except FormatError:
        return
    assert sum(len(group.frame) for group in patch.groups) <= len(data)


def test_a_newer_format() -> None:
    with pytest.raises(UnknownFormatError, match="update the programme"):
        parse_patch(b"KRNP\x02anything", "It")


def test_gigantic_counts_cost_nothing() -> None:
    for body in (b"\x01\x02" + encode(20_000), b"\x01\x02\x00\x01" + encode(2**40)):
        data = b"KRNP\x01" + body
        with pytest.raises(FormatError):
            parse_patch(data + zlib.crc32(data).to_bytes(4, "big"), "It")


def test_the_lead_and_the_lists_there_and_back() -> None:
    lead = Lead(b"payload", b"rest", ((1, 7), (4, 0)))
    carried = Carried((2, 9), (3,))
    cursor = Cursor(lead.to_bytes() + carried.to_bytes() + b"files", "It")
    assert parse_lead(cursor) == lead
    assert parse_carried(cursor) == carried
    assert cursor.left == 5


def test_an_envelope_apart_and_together() -> None:
    envelope = signed(version_of({"pack.json": b"{}"}, 1).manifest)
    payload, rest = split_envelope(envelope)
    assert rest.startswith(b'","payloadType"')
    assert join_envelope(payload, rest) == envelope
