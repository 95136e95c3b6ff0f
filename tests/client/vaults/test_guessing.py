from __future__ import annotations

from pathlib import Path

import pytest

from client.laptop.errors import LaptopError
from client.vaults.guessing import FREE_TRIES, LONGEST_WAIT_S, Guesses, wait_s
from tests.client.vaults.doubles import Turnable

YEAR_S = 365.25 * 86400
ONE = "a"


def guess(guesses: Guesses, clock: Turnable) -> None:
    clock.now_s += guesses.remaining_s(ONE)
    guesses.begin(ONE)


def test_ten_thousand_wrong_pins_take_over_a_year(tmp_path: Path) -> None:
    clock = Turnable()
    guesses = Guesses(tmp_path / "guesses", clock)
    start_s = clock.now_s
    for _ in range(50):
        guess(guesses, clock)
    waited_s = clock.now_s - start_s
    assert guesses.remaining_s(ONE) == LONGEST_WAIT_S
    assert waited_s + (10_000 - 50) * LONGEST_WAIT_S > YEAR_S


def test_slips_cost_nothing() -> None:
    assert [wait_s(wrong) for wrong in range(FREE_TRIES)] == [0.0] * FREE_TRIES
    waits = [wait_s(wrong) for wrong in range(10_000)]
    assert waits == sorted(waits)


def test_too_early_a_try_is_refused_and_not_counted(tmp_path: Path) -> None:
    clock = Turnable()
    guesses = Guesses(tmp_path / "guesses", clock)
    for _ in range(FREE_TRIES):
        guesses.begin(ONE)
    with pytest.raises(LaptopError) as caught:
        guesses.begin(ONE)
    assert caught.value.code == "vault-wait"
    assert guesses.wrong(ONE) == FREE_TRIES


def test_a_restart_helps_nobody(tmp_path: Path) -> None:
    clock = Turnable()
    for _ in range(FREE_TRIES + 4):
        guess(Guesses(tmp_path / "guesses", clock), clock)
    again = Guesses(tmp_path / "guesses", clock)
    assert again.wrong(ONE) == FREE_TRIES + 4
    assert again.remaining_s(ONE) == wait_s(FREE_TRIES + 4)


def test_a_second_window_helps_nobody(tmp_path: Path) -> None:
    clock = Turnable()
    first, second = (Guesses(tmp_path / "guesses", clock) for _ in range(2))
    for _ in range(FREE_TRIES):
        first.begin(ONE)
    with pytest.raises(LaptopError):
        second.begin(ONE)


def test_the_right_one_forgets_the_wrong_ones(tmp_path: Path) -> None:
    clock = Turnable()
    guesses = Guesses(tmp_path / "guesses", clock)
    for _ in range(FREE_TRIES):
        guesses.begin(ONE)
    guesses.right(ONE)
    assert Guesses(tmp_path / "guesses", clock).wrong(ONE) == 0
    guesses.begin(ONE)


def test_one_person_does_not_wait_for_another(tmp_path: Path) -> None:
    guesses = Guesses(tmp_path / "guesses", Turnable())
    for _ in range(FREE_TRIES):
        guesses.begin(ONE)
    guesses.begin("b")


@pytest.mark.parametrize("data", [b"", b"[]", b'{"a": "x"}', b'{"a": null}', b"\xff", b"3"])
def test_a_damaged_file_locks_nobody_out(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "guesses").write_bytes(data)
    Guesses(tmp_path / "guesses", Turnable()).begin(ONE)
