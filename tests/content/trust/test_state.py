from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.canonical import to_canonical
from content.errors import TooLargeError, UnknownFormatError
from content.trust.accepting import accept_chain, accept_withdrawals
from content.trust.errors import TrustStateError
from content.trust.state import MAX_STATE_BYTES, Accepted, TrustState, read_state, split_given
from tests.support import trust as world
from tests.support.trust import HOLDERS, MINISTRY, PIN, REGION, ROOT_ID, TEACHER, chain_of, withdraw

STATE = replace(
    accept_withdrawals(
        accept_chain(world.state_with_root(), chain_of((MINISTRY, REGION, TEACHER))),
        withdraw(HOLDERS[:2], ROOT_ID, 1),
    ),
    publishers={MINISTRY.public.key_id: MINISTRY.public.raw},
    catalogues={TEACHER.public.key_id: Accepted(7, "ab" * 32, {"equations": 3})},
)


def test_the_state_is_read_as_it_was_written() -> None:
    assert read_state(STATE.to_bytes()) == STATE
    assert read_state(TrustState().to_bytes()) == TrustState()


def test_the_state_is_small() -> None:
    versions = {f"algebra-{number}": 12 for number in range(300)}
    grown = replace(STATE, catalogues={TEACHER.public.key_id: Accepted(7, "ab" * 32, versions)})
    assert len(grown.to_bytes()) < 12_000


def test_every_flipped_byte_is_noticed() -> None:
    good = STATE.to_bytes()
    for at in range(len(good)):
        bad = bytearray(good)
        bad[at] ^= 1 + at % 255
        with pytest.raises(TrustStateError, match=r"^/data/trust is damaged"):
            read_state(bytes(bad), "/data/trust")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "format",
                        "pins",
                        "publishers",
                        "roots",
                        "withdrawals",
                        "chains",
                        "catalogues",
                        "x",
                    ]
                ),
                inner,
                max_size=7,
            )
        ),
        max_leaves=12,
    )
)
def test_what_is_no_state_is_a_typed_error(value: object) -> None:
    content = to_canonical(value)
    seal = hashlib.sha256(content).hexdigest().encode()
    with pytest.raises((TrustStateError, UnknownFormatError), match=r"^The trust file"):
        read_state(seal + b"\n" + content)


def test_what_a_server_gives_is_parted() -> None:
    given_by_server = {
        f"root-{ROOT_ID}": PIN,
        "root-" + "0" * 32: PIN,
        TEACHER.public.key_id: TEACHER.public.raw,
    }
    assert split_given(given_by_server) == (
        {TEACHER.public.key_id: TEACHER.public.raw},
        {ROOT_ID: PIN},
    )
    assert TrustState().trusting(given_by_server).pins == {ROOT_ID: PIN}


def test_more_than_can_be_read_back_is_not_written() -> None:
    chain = b"x" * (MAX_STATE_BYTES // 2)
    state = TrustState(chains={"a": chain})
    assert read_state(state.to_bytes()) == state
    with pytest.raises(TooLargeError):
        TrustState(chains={"a": chain, "b": chain}).to_bytes()
    versions = {f"pack-{number}": 1 for number in range(20_000)}
    many = {str(number): Accepted(1, "ab" * 32, versions) for number in range(3)}
    assert read_state(TrustState(catalogues=many).to_bytes()).catalogues == many
    more = {str(number): Accepted(1, "ab" * 32, versions) for number in range(51)}
    with pytest.raises(TooLargeError):
        TrustState(catalogues=more).to_bytes()
