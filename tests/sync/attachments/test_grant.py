from __future__ import annotations

import pytest

from sync.attachments.grant import SCHEME, authorization, authorized
from sync.errors import MessageError
from tests.support.records import identity

LAPTOP, OTHER, SERVER = identity("laptop"), identity("other"), identity("server")
KNOWN = {one.public.device_id: one.public for one in (LAPTOP, OTHER)}.get
ASKED = ("PATCH", "ab" * 32, 65_536, 1000)


def test_a_device_s_own_request_is_its_own():
    header = authorization(LAPTOP, SERVER.public, *ASKED)
    assert authorized(header, KNOWN, SERVER.public, *ASKED) == LAPTOP.public


@pytest.mark.parametrize(
    "other",
    [
        ("HEAD", "ab" * 32, 65_536, 1000),
        ("PATCH", "ac" * 32, 65_536, 1000),
        ("PATCH", "ab" * 32, 0, 1000),
        ("PATCH", "ab" * 32, 65_536, 1001),
    ],
)
def test_it_serves_for_nothing_else(other):
    header = authorization(LAPTOP, SERVER.public, *ASKED)
    with pytest.raises(MessageError) as caught:
        authorized(header, KNOWN, SERVER.public, *other)
    assert caught.value.code == "message-forged"


def test_it_serves_at_no_other_server():
    header = authorization(LAPTOP, OTHER.public, *ASKED)
    with pytest.raises(MessageError) as caught:
        authorized(header, KNOWN, SERVER.public, *ASKED)
    assert caught.value.code == "message-forged"


def test_a_stranger_and_a_borrowed_name_are_refused():
    stranger = authorization(identity("stranger"), SERVER.public, *ASKED)
    with pytest.raises(MessageError) as caught:
        authorized(stranger, KNOWN, SERVER.public, *ASKED)
    assert caught.value.code == "device-unknown"
    with pytest.raises(MessageError) as caught:
        authorized(stranger, lambda _: LAPTOP.public, SERVER.public, *ASKED)
    assert caught.value.code == "device-unknown"


@pytest.mark.parametrize("header", [None, "", "Keruen", "Basic abc", f"{SCHEME} !", "Keruen " * 99])
def test_nonsense_is_no_signature(header):
    with pytest.raises(MessageError) as caught:
        authorized(header, KNOWN, SERVER.public, *ASKED)
    assert caught.value.code == "message-malformed"
