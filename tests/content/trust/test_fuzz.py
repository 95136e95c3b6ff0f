"""Hostile bytes for every parser of trust: a typed error, in bounded memory, and never a crash."""

from __future__ import annotations

import base64
import json
import tracemalloc
from functools import lru_cache
from typing import Any, Callable, Dict, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import ContentError
from content.trust import certificate as certificates
from content.trust import envelope, withdrawal
from content.trust import root as roots
from content.trust.accepting import accept_chain, accept_root, accept_withdrawals
from content.trust.certificate import parse_certificate, read_chain, unverified_certificates
from content.trust.folder import name_of
from content.trust.root import parse_root
from content.trust.state import TrustState, read_state
from content.trust.trusted_catalogue import verify_catalogue
from content.trust.withdrawal import parse_withdrawals
from tests.support import trust as world
from tests.support.trust import (
    HOLDERS,
    MINISTRY,
    PIN,
    ROOT,
    ROOT_FILE,
    ROOT_ID,
    TEACHER,
    catalogue,
    chain_of,
    withdraw,
)

CHAIN = chain_of((MINISTRY, TEACHER))
LIST = withdraw(HOLDERS[:2], ROOT_ID, 1)
STATE = accept_chain(world.state_with_root(), CHAIN)
PARSERS: Dict[str, Callable[[bytes], Any]] = {
    "root": parse_root,
    "certificate": parse_certificate,
    "withdrawals": parse_withdrawals,
    "state": read_state,
    "accept root": lambda data: accept_root(TrustState(pins={ROOT_ID: PIN}), data),
    "accept withdrawals": lambda data: accept_withdrawals(STATE, data),
    "accept chain": lambda data: accept_chain(STATE, data),
    "chain": lambda data: read_chain(data, ROOT),
    "unverified chain": unverified_certificates,
    "catalogue": lambda data: verify_catalogue(data, STATE),
    "name": lambda data: name_of(data, "a file"),
}
NAMES = (
    "format", "needs", "root", "number", "name", "threshold", "keys", "issuer", "key", "limits",
    "may_certify", "after", "replaces", "serial", "withdrawn", "subjects", "packs", "versions",
    "schools", "up_to", "catalogue", "publisher", "trust", "chain", "roots", "withdrawals",
)  # fmt: skip
GOOD = [
    json.loads(ROOT.to_bytes()),
    json.loads(envelope.unverified_payload(CHAIN.split(b"\n")[0], certificates.PAYLOAD_TYPE)),
    json.loads(envelope.unverified_payload(LIST, withdrawal.PAYLOAD_TYPE)),
]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=40)
    | st.sampled_from(["0" * 32, "0" * 64, base64.b64encode(bytes(32)).decode(), "a*"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=15,
)


def survives(parse: Callable[[bytes], Any], data: bytes) -> None:
    try:
        parse(data)
    except ContentError as problem:
        assert str(problem).strip()


@pytest.mark.parametrize("name", sorted(PARSERS))
@given(data=st.binary(max_size=300))
def test_any_bytes(name: str, data: bytes) -> None:
    survives(PARSERS[name], data)


@pytest.mark.parametrize("name", ["root", "certificate", "withdrawals"])
@given(
    good=st.sampled_from(GOOD),
    changes=st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1, max_size=3),
)
def test_fields_of_any_kind(name: str, good: Dict[str, Any], changes: Dict[str, Any]) -> None:
    survives(PARSERS[name], json.dumps({**good, **changes}).encode())


@pytest.mark.parametrize("name", ["accept root", "accept withdrawals", "accept chain", "name"])
@pytest.mark.parametrize(
    "payload_type", [roots.PAYLOAD_TYPE, certificates.PAYLOAD_TYPE, withdrawal.PAYLOAD_TYPE]
)
@given(
    good=st.sampled_from(GOOD),
    changes=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=2),
)
def test_genuine_signatures_over_anything(
    name: str, payload_type: str, good: Dict[str, Any], changes: Dict[str, Any]
) -> None:
    """Whoever holds keys can still do no more than be refused or accepted."""
    payload = json.dumps({**good, **changes}).encode()
    survives(PARSERS[name], envelope.sign(payload, payload_type, HOLDERS[:2]))


@pytest.mark.parametrize("name", sorted(PARSERS))
@given(
    good=st.sampled_from(
        [ROOT_FILE, CHAIN, LIST, STATE.to_bytes(), catalogue(TEACHER, 1, {}, CHAIN)]
    ),
    start=st.integers(0, 4000),
    length=st.integers(0, 60),
    new=st.binary(max_size=60),
)
def test_parts_replaced(name: str, good: bytes, start: int, length: int, new: bytes) -> None:
    survives(PARSERS[name], good[:start] + new + good[start + length :])


@lru_cache(maxsize=None)
def _payloads() -> Dict[str, bytes]:
    return {
        "deep lists": b"[" * 500_000,
        "deep tables": b'{"a":' * 200_000,
        "long number": b'{"format":1,"number":' + b"9" * 1_000_000 + b"}",
        "long string": json.dumps({"format": 1, "name": "x" * 3_000_000}).encode(),
        "twice": b'{"format":1,"format":1}',
        "many keys": json.dumps({**GOOD[0], "keys": ["A" * 43 + "="] * 50_000}).encode(),
        "many withdrawn": json.dumps({**GOOD[2], "withdrawn": [{"key": "0" * 32}] * 9000}).encode(),
        "many packs": json.dumps({**GOOD[1], "limits": {"packs": ["a*"] * 5000}}).encode(),
        "many names": json.dumps({str(number): number for number in range(100_000)}).encode(),
        "no text": b"\xff\xfe" * 1000,
        "lone surrogate": b'{"format":1,"number":1,"name":"\\ud800","threshold":1,"keys":[]}',
        "not a number": b'{"format":NaN}',
    }


@lru_cache(maxsize=1)
def _inputs(kind: str) -> Tuple[bytes, ...]:
    """The payload as it is, and signed as each kind of message."""
    payload = _payloads()[kind]
    types = [roots.PAYLOAD_TYPE, certificates.PAYLOAD_TYPE, withdrawal.PAYLOAD_TYPE]
    return (payload, *(envelope.sign(payload, one, HOLDERS[:2]) for one in types))


# All parsers of one payload follow each other, so that it is signed once.
@pytest.mark.parametrize("name", sorted(PARSERS))
@pytest.mark.parametrize("kind", sorted(_payloads()))
def test_bombs_are_refused_in_bounded_memory(name: str, kind: str) -> None:
    inputs = _inputs(kind)
    tracemalloc.start()
    try:
        for data in inputs:
            tracemalloc.reset_peak() if hasattr(tracemalloc, "reset_peak") else None
            with pytest.raises(ContentError):
                PARSERS[name](data)
        assert tracemalloc.get_traced_memory()[1] < 48 * 1024 * 1024
    finally:
        tracemalloc.stop()
