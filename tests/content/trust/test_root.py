from __future__ import annotations

import base64
import json
from typing import Any, Dict, Sequence

import pytest

from content.errors import (
    ContentError,
    FormatError,
    MismatchError,
    UnknownFormatError,
    UntrustedKeyError,
)
from content.trust import root as roots
from content.trust.envelope import sign
from content.trust.errors import ForkedError, OlderTrustError, ThresholdError
from content.trust.keys import PublisherKey
from content.trust.root import Root, parse_root, pin_of, read_first_root, read_next_root
from tests.support.trust import (
    FIRST,
    HOLDERS,
    PIN,
    ROOT,
    ROOT_FILE,
    ROOT_ID,
    STRANGER,
    key,
    make_root,
    sign_root,
)

NEW = key(4)
SECOND = make_root((HOLDERS[1], HOLDERS[2], NEW), 2, 2, ROOT_ID)


def second(*signers: PublisherKey) -> bytes:
    return sign_root(SECOND, signers)


def test_the_first_root_is_known_by_its_pin() -> None:
    assert read_first_root(ROOT_FILE, PIN) == ROOT
    assert ROOT.id == ROOT_ID == PIN[:16].hex()
    with pytest.raises(MismatchError, match="not the root that this school was enrolled with"):
        read_first_root(ROOT_FILE, pin_of(b"other"))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_threshold(count: int) -> None:
    data = sign_root(FIRST, HOLDERS[:count])
    if count >= 2:
        assert read_first_root(data, PIN) == ROOT
        return
    with pytest.raises(ThresholdError, match=r"^their/root is signed by 1 of the 2 holders"):
        read_first_root(data, PIN, "their/root")


def test_the_next_root_needs_the_old_and_the_new_holders() -> None:
    assert read_next_root(second(HOLDERS[1], HOLDERS[2]), ROOT) == SECOND
    assert read_next_root(second(*HOLDERS, NEW), ROOT) == SECOND
    with pytest.raises(ThresholdError, match="under the keys before it, is signed by 1 of the 2"):
        read_next_root(second(HOLDERS[1], NEW), ROOT)
    with pytest.raises(ThresholdError, match="under its own keys, is signed by 1 of the 2"):
        read_next_root(second(HOLDERS[0], HOLDERS[1]), ROOT)
    with pytest.raises(UntrustedKeyError, match="whom nobody here trusts"):
        read_next_root(second(HOLDERS[1], HOLDERS[2], STRANGER), ROOT)


def test_roots_come_one_after_the_other() -> None:
    third = Root(3, "x", 1, (NEW.public.raw,), ROOT_ID)
    with pytest.raises(MismatchError, match="is number 3, but number 2 comes first"):
        read_next_root(sign_root(third, HOLDERS), ROOT)
    with pytest.raises(OlderTrustError, match="is number 1, older than number 2"):
        read_next_root(ROOT_FILE, SECOND)
    assert read_next_root(second(HOLDERS[1], HOLDERS[2]), SECOND) == SECOND
    other = Root(2, "another", 1, (NEW.public.raw,), ROOT_ID)
    with pytest.raises(ForkedError, match="differs from number 2"):
        read_next_root(sign_root(other, HOLDERS), SECOND)
    foreign = Root(2, "x", 1, (NEW.public.raw,), "0" * 32)
    with pytest.raises(MismatchError, match="another root"):
        read_next_root(sign_root(foreign, HOLDERS), ROOT)


@pytest.mark.parametrize("signers", [HOLDERS[:2], HOLDERS])
def test_every_flipped_byte_is_refused_by_name(signers: Sequence[PublisherKey]) -> None:
    for good, is_first in ((sign_root(FIRST, signers), True), (second(*HOLDERS[1:], NEW), False)):
        for at in range(len(good)):
            bad = bytearray(good)
            bad[at] ^= 1 + at % 255
            with pytest.raises(ContentError, match=r"^trust/root"):
                if is_first:
                    read_first_root(bytes(bad), PIN, "trust/root")
                else:
                    read_next_root(bytes(bad), ROOT, "trust/root")


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"threshold": 0}, "threshold"),
        ({"threshold": 4}, "more than there are keys"),
        ({"number": 0}, "number"),
        ({"keys": []}, "different keys, one at least"),
        ({"keys": [_b64(STRANGER.public.raw)] * 2}, "different keys"),
        ({"keys": [_b64(bytes(31))], "threshold": 1}, "44 characters"),
        ({"keys": [7], "threshold": 1}, "44 characters"),
        ({"keys": [_b64(bytes([one]) * 32) for one in range(9)]}, "more than 8"),
        ({"name": ""}, "name"),
        ({"number": 2}, "root"),
    ],
)
def test_what_is_no_root_is_refused_by_name(change: Dict[str, Any], sentence: str) -> None:
    values = {**json.loads(FIRST.to_bytes()), **change}
    with pytest.raises(FormatError, match=rf"^trust/root.*{sentence}"):
        parse_root(json.dumps(values).encode(), "trust/root")


@pytest.mark.parametrize("change", [{"format": 2}, {"needs": ["more"]}])
def test_a_newer_root_is_refused_by_name(change: Dict[str, Any]) -> None:
    data = json.dumps({**json.loads(FIRST.to_bytes()), **change}).encode()
    envelope = sign(data, roots.PAYLOAD_TYPE, HOLDERS)
    with pytest.raises(UnknownFormatError, match=r"^trust/root was made for a newer Keruen"):
        read_first_root(envelope, pin_of(data), "trust/root")


def test_unknown_fields_stay() -> None:
    root = Root(1, "x", 1, (NEW.public.raw,), extra={"page": "later"})
    assert parse_root(root.to_bytes()).to_bytes() == root.to_bytes()
