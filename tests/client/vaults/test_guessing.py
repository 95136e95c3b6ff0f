from __future__ import annotations

import errno
from pathlib import Path
from typing import Callable

import pytest

from client.laptop.errors import LaptopError
from client.vaults import guessing
from client.vaults.guessing import COPY, FREE_TRIES, LONGEST_WAIT_S, Guesses, wait_s
from tests.client.vaults.doubles import Turnable

YEAR_S = 365.25 * 86400
ONE = "a"
Trick = Callable[[Guesses, Turnable], Guesses]


def guess(guesses: Guesses, clock: Turnable) -> None:
    clock.now_s += guesses.remaining_s(ONE)
    guesses.begin(ONE)


def _goes_on(guesses: Guesses, clock: Turnable) -> Guesses:
    return guesses


def _starts_again(guesses: Guesses, clock: Turnable) -> Guesses:
    return Guesses(guesses._path, clock, expected=True)


def _takes_them_away(guesses: Guesses, clock: Turnable) -> Guesses:
    for path in guesses._path.parent.iterdir():
        path.unlink()
    return _starts_again(guesses, clock)


def _spoils_them(guesses: Guesses, clock: Turnable) -> Guesses:
    for path in guesses._path.parent.iterdir():
        path.write_bytes(b"{}"[:1])
    return _starts_again(guesses, clock)


def _takes_one_away(guesses: Guesses, clock: Turnable) -> Guesses:
    guesses._path.unlink(missing_ok=True)
    return _starts_again(guesses, clock)


def _turns_the_clock_back(guesses: Guesses, clock: Turnable) -> Guesses:
    clock.now_s -= 86400.0
    return guesses


TRICKS = (
    _goes_on,
    _starts_again,
    _takes_them_away,
    _spoils_them,
    _takes_one_away,
    _turns_the_clock_back,
)


@pytest.mark.parametrize("trick", TRICKS)
def test_ten_thousand_wrong_pins_take_over_a_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trick: Trick
) -> None:
    """Whatever is done between two tries, short of putting an older file back."""
    monkeypatch.setattr(guessing, "write_whole", Path.write_bytes)
    clock = Turnable()
    guesses = Guesses(tmp_path / "guesses", clock)
    waits_s = []
    for _ in range(200):
        guesses = trick(guesses, clock)
        waits_s.append(guesses.remaining_s(ONE))
        clock.now_s += waits_s[-1]
        guesses.begin(ONE)
    assert set(waits_s[100:]) == {LONGEST_WAIT_S}
    assert sum(waits_s) + (10_000 - len(waits_s)) * LONGEST_WAIT_S > YEAR_S


def test_an_older_file_put_back_gives_free_tries_and_no_more(tmp_path: Path) -> None:
    """Who can do that can copy the vault as well, and tries faster elsewhere."""
    clock = Turnable()
    guesses = Guesses(tmp_path / "guesses", clock)
    guesses.keep()
    old = (tmp_path / "guesses").read_bytes()
    for _ in range(FREE_TRIES + 1):
        guess(guesses, clock)
    for path in tmp_path.iterdir():
        path.write_bytes(old)
    assert guesses.remaining_s(ONE) == wait_s(FREE_TRIES + 1)
    again = Guesses(tmp_path / "guesses", clock, expected=True)
    for _ in range(FREE_TRIES):
        again.begin(ONE)
    assert again.remaining_s(ONE) == wait_s(FREE_TRIES)


def test_a_clock_that_went_back_makes_nobody_wait_for_its_return(tmp_path: Path) -> None:
    clock = Turnable()
    guesses = Guesses(tmp_path / "guesses", clock)
    for _ in range(FREE_TRIES):
        guesses.begin(ONE)
    clock.now_s -= 1_000_000.0
    assert guesses.remaining_s(ONE) == wait_s(FREE_TRIES)
    clock.now_s += wait_s(FREE_TRIES)
    guesses.begin(ONE)


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


def test_a_window_that_knows_less_forgets_nobodys_tries(tmp_path: Path) -> None:
    """Three free tries, a right one in an older window, a restart, three free tries..."""
    clock = Turnable()
    older, newer = (Guesses(tmp_path / "guesses", clock) for _ in range(2))
    for _ in range(FREE_TRIES):
        newer.begin(ONE)
    older.begin("b")
    older.right("b")
    again = Guesses(tmp_path / "guesses", clock)
    assert (again.wrong(ONE), again.wrong("b")) == (FREE_TRIES, 0)


def _full(path: Path, data: bytes) -> None:
    raise OSError(errno.ENOSPC, "no space left on device", str(path))


def test_a_full_disk_locks_nobody_out_and_forgets_no_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Turnable()
    guesses = Guesses(tmp_path / "guesses", clock)
    guesses.keep()
    monkeypatch.setattr(guessing, "write_whole", _full)
    for _ in range(FREE_TRIES):
        guesses.begin(ONE)
    assert Guesses(tmp_path / "guesses", clock).wrong(ONE) == FREE_TRIES
    guesses.right(ONE)
    assert Guesses(tmp_path / "guesses", clock).wrong(ONE) == 0


def test_a_try_is_on_the_disk_before_it_is_made_also_on_a_full_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guesses = Guesses(tmp_path / "guesses", Turnable())
    guesses.keep()
    monkeypatch.setattr(guessing, "write_whole", _full)
    lasting = []

    def synced(handle: int) -> None:
        with open(handle, "rb", closefd=False) as file:
            file.seek(0)
            lasting.append(file.read())

    monkeypatch.setattr(guessing.os, "fsync", synced)
    guesses.begin(ONE)
    assert lasting == [path.read_bytes() for path in sorted(tmp_path.iterdir())]
    assert all(ONE.encode() in one for one in lasting)


def test_no_try_is_made_that_cannot_be_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guesses = Guesses(tmp_path / "guesses", Turnable())
    monkeypatch.setattr(guessing, "write_whole", _full)
    with pytest.raises(OSError, match="guesses"):
        guesses.begin(ONE)


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


SPOILT = [b"", b"[]", b'{"a": "x"}', b'{"a": null}', b"\xff", b"3", b"[" * 100_000]


@pytest.mark.parametrize("data", SPOILT)
def test_one_damaged_file_changes_nothing(tmp_path: Path, data: bytes) -> None:
    clock = Turnable()
    guesses = Guesses(tmp_path / "guesses", clock)
    for _ in range(FREE_TRIES):
        guesses.begin(ONE)
    (tmp_path / "guesses").write_bytes(data)
    assert Guesses(tmp_path / "guesses", clock, expected=True).wrong(ONE) == FREE_TRIES


@pytest.mark.parametrize("data", SPOILT)
def test_where_none_is_whole_the_longest_wait_counts_once(tmp_path: Path, data: bytes) -> None:
    for name in ("guesses", "guesses" + COPY):
        (tmp_path / name).write_bytes(data)
    Guesses(tmp_path / "guesses", Turnable()).begin(ONE)
    for name in ("guesses", "guesses" + COPY):
        (tmp_path / name).write_bytes(data)
    clock = Turnable()
    guesses = Guesses(tmp_path / "guesses", clock, expected=True)
    assert guesses.remaining_s(ONE) == LONGEST_WAIT_S
    clock.now_s += LONGEST_WAIT_S
    guesses.begin(ONE)
    guesses.right(ONE)
    again = Guesses(tmp_path / "guesses", clock, expected=True)
    assert again.remaining_s(ONE) == 0
    assert again.remaining_s("b") == LONGEST_WAIT_S
