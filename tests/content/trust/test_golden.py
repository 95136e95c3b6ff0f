"""Frozen samples of trust: later code must read them for ever. Never change them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict

import pytest

from content.trust.accepting import (
    accept_chain,
    accept_root,
    accept_withdrawals,
    current_root,
    known_withdrawals,
)
from content.trust.keys import PublisherKey
from content.trust.state import TrustState, read_state
from content.trust.trusted_catalogue import verify_catalogue

GOLDEN = Path(__file__).parents[2] / "golden" / "content"


@pytest.fixture(params=sorted(path.name for path in GOLDEN.glob("trust-*")))
def sample(request: pytest.FixtureRequest) -> Path:
    return GOLDEN / str(request.param)


@pytest.fixture
def expected(sample: Path) -> Dict[str, Any]:
    return dict(json.loads((sample / "expected.json").read_text("utf-8")))


def test_there_is_a_sample_of_each_format() -> None:
    assert [path.name for path in sorted(GOLDEN.glob("trust-*"))] == ["trust-1"]


def test_the_road_from_the_root_to_the_manifest(sample: Path, expected: Dict[str, Any]) -> None:
    root_id = expected["root_id"]
    state = TrustState(pins={root_id: bytes.fromhex(expected["pin"])})
    for name, accept in (
        ("root.1", accept_root),
        ("root.2", accept_root),
        ("root.list", accept_withdrawals),
        ("teacher.chain", accept_chain),
        ("ministry.list", accept_withdrawals),
    ):
        state = accept(state, (sample / name).read_bytes(), name)
    assert current_root(state, root_id).number == 2
    data = (sample / "catalogue").read_bytes()
    verified = verify_catalogue(data, state, expected["school"])
    assert verified.catalogue.publisher == expected["publisher"]
    assert verified.chain is not None
    assert [one.name for one in verified.chain.certificates] == expected["names"]
    assert verified.chain.limits.as_values() == expected["limits"]
    assert verified.chain.last_serial == expected["last_serial"]
    assert list(verified.chain.publisher.replaces) == expected["replaces"]
    manifest = verified.read_manifest((sample / "manifest").read_bytes(), verified.entries[0])
    assert {manifest.pack: manifest.version} == expected["versions"]


def test_what_an_earlier_laptop_remembered(sample: Path, expected: Dict[str, Any]) -> None:
    state = read_state((sample / "state").read_bytes())
    accepted = state.catalogues[expected["publisher"]]
    assert (accepted.serial, accepted.versions) == (expected["serial"], expected["versions"])
    assert list(state.publishers) == [expected["direct"]]
    serials = {issuer: known_withdrawals(state, issuer) for issuer in state.withdrawals}
    assert {issuer: found and found.serial for issuer, found in serials.items()} == expected[
        "withdrawals"
    ]
    assert verify_catalogue((sample / "catalogue").read_bytes(), state).state == state


def test_a_key_file_of_an_earlier_time(sample: Path, expected: Dict[str, Any]) -> None:
    key = PublisherKey.load(sample / "publisher.key", expected["passphrase"])
    assert key.public.key_id == expected["key_id"]
