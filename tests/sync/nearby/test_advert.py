from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.nearby.advert import (
    HOLDS,
    LENDER,
    MAX_ADDRESSES,
    MAX_TEXT_BYTES,
    SERVER,
    heard,
    holds_text,
    is_label,
    lender_advert,
    pack_tag,
    server_advert,
    server_label,
)

DEVICE = "VpYPCW5XEMSxJNuY49eSGw"
LABEL = "56960f096e5710c4b124db98e3d7921b"


def test_a_server_is_named_by_its_device_id():
    assert server_label(DEVICE) == LABEL
    advert = server_advert(DEVICE, 8765, ["192.168.1.5", "10.0.0.5"])
    assert advert.urls == ("http://192.168.1.5:8765", "http://10.0.0.5:8765")
    assert advert.text == {"id": DEVICE}
    assert is_label(SERVER, f"{LABEL}.{SERVER}") == LABEL
    assert is_label(SERVER, f"{LABEL.upper()}.{SERVER}") == LABEL, "names know no case"


@pytest.mark.parametrize(
    "name",
    [SERVER, "." + SERVER, f"x.{SERVER}", f"{LABEL}.{LENDER}", f"{LABEL}\n.{SERVER}", f"{LABEL}"],
)
def test_other_names_are_none_of_ours(name):
    assert is_label(SERVER, name) is None


@given(st.sets(st.binary(min_size=4, max_size=4), max_size=250))
def test_tags_come_back_as_far_as_they_fit(tags):
    advert = lender_advert(LABEL, 80, ["10.0.0.1"], tags)
    assert advert.tags == frozenset(sorted(tags)[:180])
    for key, value in advert.text.items():
        assert len(key) + 1 + len(value) <= MAX_TEXT_BYTES


def test_a_version_has_a_tag_of_its_own():
    tags = {pack_tag("a", "b", 1), pack_tag("a", "b", 2), pack_tag("c", "b", 1)}
    assert len(tags) == 3
    assert all(len(tag) == 4 for tag in tags)


@given(
    st.one_of(st.none(), st.integers(-1, 1 << 17)),
    st.lists(st.one_of(st.text(max_size=20), st.ip_addresses(v=4).map(str)), max_size=9),
    st.dictionaries(st.binary(max_size=300), st.one_of(st.none(), st.binary(max_size=300))),
)
def test_whatever_is_said_is_bounded(port, addresses, properties):
    properties[HOLDS[0].encode()] = b"AAAA"
    advert = heard(LENDER, LABEL, port, addresses, properties)
    if advert is None:
        return
    assert 0 < advert.port < 1 << 16
    assert 0 < len(advert.addresses) <= MAX_ADDRESSES
    assert set(advert.text) <= {"id", *HOLDS}
    assert all(isinstance(tag, bytes) for tag in advert.tags)
    for url in advert.urls:
        assert url.startswith("http://")


@pytest.mark.parametrize("text", ["!", "A", "ААА", "=" * 9])
def test_tags_that_are_none_are_none(text):
    advert = lender_advert(LABEL, 1, ["10.0.0.1"], ())
    assert type(advert)(LENDER, LABEL, 1, ("10.0.0.1",), {"h": text}).tags == frozenset()


def test_no_tags_need_no_text():
    assert holds_text(()) == {}
