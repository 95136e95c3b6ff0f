from __future__ import annotations

import hashlib

import pytest

from client.laptop.errors import LaptopError
from client.vaults.stretching import (
    FIT_LOG_N,
    MAX_LOG_N,
    MAX_PARALLEL,
    MIN_LOG_N,
    QUICKEST_S,
    SALT_BYTES,
    SLOWEST_S,
    Cost,
    duration_s,
    fits,
    fitted,
    new_salt,
    stretch,
)


def test_it_is_scrypt_as_rfc_7914_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Section 12's third vector has these parameters."""
    key = stretch(b"pleaseletmein", b"SodiumChloride", Cost(14))
    assert key.hex() == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"


@pytest.mark.parametrize(
    "cost",
    [Cost(13), Cost(0), Cost(-1), Cost(14, 0), Cost(MAX_LOG_N + 1), Cost(40), Cost(14, 1 << 30)],
)
def test_what_protects_nothing_or_stops_the_machine_is_refused(cost: Cost) -> None:
    with pytest.raises(LaptopError) as caught:
        stretch(b"1234", bytes(SALT_BYTES), cost)
    assert caught.value.code == "vault-cost"


@pytest.mark.parametrize(
    "cheapest_s", [0.0, 0.0001, 0.005, 0.02, 0.04, 0.08, 0.12, 0.2, 0.3, 0.45, 0.6, 2.0]
)
def test_the_cost_is_fitted_to_the_machine(cheapest_s: float) -> None:
    cost = fitted(lambda one: cheapest_s * 2 ** (one.log_n - MIN_LOG_N) * one.parallel)
    cost.check()
    assert cost.log_n <= FIT_LOG_N
    would_take_s = cheapest_s * 2 ** (cost.log_n - MIN_LOG_N) * cost.parallel
    if cheapest_s > SLOWEST_S:
        assert cost == Cost(MIN_LOG_N)
    elif cost.parallel < MAX_PARALLEL:
        assert QUICKEST_S <= would_take_s <= SLOWEST_S
    else:
        assert would_take_s < QUICKEST_S or fits(would_take_s)


def test_memory_comes_before_repetition() -> None:
    assert fitted(lambda _: 0.001) == Cost(FIT_LOG_N, MAX_PARALLEL)
    assert fitted(lambda _: 0.3).log_n == MIN_LOG_N


def test_more_memory_may_be_slower_than_its_size_says() -> None:
    """As where a processor's caches hold 16 MiB and no more."""
    cost = fitted(lambda one: 0.03 if one.log_n == MIN_LOG_N else 0.4 * one.parallel)
    assert cost == Cost(FIT_LOG_N)


def test_a_try_is_measured_for_real(monkeypatch: pytest.MonkeyPatch) -> None:
    # What tests keep of earlier tries would answer at once.
    kept = hashlib.scrypt
    monkeypatch.setattr(hashlib, "scrypt", getattr(kept, "__wrapped__", kept))
    assert duration_s(Cost(MIN_LOG_N)) > 0.001


def test_salts_differ() -> None:
    assert new_salt() != new_salt()
    assert len(new_salt()) == SALT_BYTES
