"""Gathering: what a catalogue needs is fetched once, in order, and no more."""

from __future__ import annotations

from typing import Dict, List

import pytest

from content.errors import DamagedError, MissingError
from content.trust.certificate import chain_name
from content.trust.errors import FrozenError
from content.trust.files import TrustFile, accept, gather, next_needed
from content.trust.hint import TrustHint
from content.trust.state import TrustState
from content.trust.trusted_catalogue import verify_catalogue
from tests.support import trust as world
from tests.support.trust import (
    HOLDERS,
    MINISTRY,
    PIN,
    ROOT_FILE,
    ROOT_ID,
    TEACHER,
    catalogue,
    chain_of,
    withdraw,
)

CHAIN = chain_of((MINISTRY, TEACHER))
MINISTRY_ID = MINISTRY.public.key_id
HINT = TrustHint(chain_name(CHAIN), {ROOT_ID: 1}, {ROOT_ID: 1, MINISTRY_ID: 2})
DATA = catalogue(TEACHER, 1, {"equations": 1}, hint=HINT)
FRESH = TrustState(pins={ROOT_ID: PIN})


class Shelf:
    """Files by path, and the order in which they were asked for."""

    def __init__(self, files: Dict[str, bytes]) -> None:
        self.files = files
        self.asked: List[str] = []

    def __call__(self, file: TrustFile) -> bytes:
        self.asked.append(file.path)
        if file.path not in self.files:
            raise MissingError(f"{file.path} is missing.")
        return self.files[file.path]


def shelf() -> Shelf:
    return Shelf(
        {
            f"trust/roots/{ROOT_ID}/1": ROOT_FILE,
            f"trust/chains/{chain_name(CHAIN)}": CHAIN,
            f"trust/withdrawals/{ROOT_ID}": withdraw(HOLDERS[:2], ROOT_ID, 1),
            f"trust/withdrawals/{MINISTRY_ID}": withdraw([MINISTRY], MINISTRY_ID, 2),
        }
    )


def test_a_fresh_machine_fetches_each_file_once_and_then_nothing() -> None:
    files = shelf()
    state = gather(DATA, FRESH, {}, files)
    assert files.asked == [
        f"trust/roots/{ROOT_ID}/1",
        f"trust/withdrawals/{ROOT_ID}",
        f"trust/chains/{chain_name(CHAIN)}",
        f"trust/withdrawals/{MINISTRY_ID}",
    ]
    assert verify_catalogue(DATA, state).entries
    assert next_needed(DATA, state, {}) is None
    assert gather(DATA, state, {}, files) == state
    assert len(files.asked) == 4


def test_a_trusted_publisher_or_an_unknown_root_costs_no_request() -> None:
    direct = TrustState(publishers={TEACHER.public.key_id: TEACHER.public.raw})
    assert next_needed(DATA, direct, {}) is None
    assert next_needed(catalogue(TEACHER, 1, {}), FRESH, {}) is None


def test_roots_are_followed_as_far_as_the_server_knows() -> None:
    newcomer = world.key(77)
    second = world.make_root((*HOLDERS[:2], newcomer), 2, 2, ROOT_ID)
    files = shelf()
    files.files[f"trust/roots/{ROOT_ID}/2"] = world.sign_root(second, HOLDERS[:2])
    state = gather(DATA, FRESH, {f"root-{ROOT_ID}": 2}, files)
    assert files.asked[:2] == [f"trust/roots/{ROOT_ID}/1", f"trust/roots/{ROOT_ID}/2"]
    assert state.roots[ROOT_ID] == world.sign_root(second, HOLDERS[:2])


def test_a_lie_about_numbers_ends_soon_and_is_told() -> None:
    lie = TrustHint(chain_name(CHAIN), {ROOT_ID: 1}, {ROOT_ID: 10**9})
    data = catalogue(TEACHER, 1, {}, hint=lie)
    files = shelf()
    state = gather(data, FRESH, {}, files)
    assert len(files.asked) == 3
    with pytest.raises(FrozenError, match="needs list of withdrawals number 1000000000"):
        verify_catalogue(data, state)


def test_an_older_list_than_announced_is_noticed() -> None:
    files = shelf()
    announced = {f"withdrawals-{MINISTRY_ID}": 3}
    state = gather(DATA, FRESH, announced, files)
    with pytest.raises(FrozenError, match="number 3"):
        verify_catalogue(DATA, state, announced=announced)


def test_a_chain_under_a_wrong_name_is_damaged() -> None:
    with pytest.raises(DamagedError, match=r"^trust/chains/0+ is damaged"):
        accept(world.state_with_root(), TrustFile("chains", "0" * 64), CHAIN)


def test_what_is_missing_is_named() -> None:
    files = shelf()
    del files.files[f"trust/chains/{chain_name(CHAIN)}"]
    with pytest.raises(MissingError, match="trust/chains"):
        gather(DATA, FRESH, {}, files)
