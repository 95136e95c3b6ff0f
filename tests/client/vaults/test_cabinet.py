from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Callable

import pytest

from client.laptop.errors import LaptopError
from client.laptop.storage import files
from client.vaults import cabinet as cabinets
from client.vaults.cabinet import COPY, FOLDER, GUESSES, Cabinet
from client.vaults.guessing import LONGEST_WAIT_S
from client.vaults.keys import public_of
from client.vaults.recovery import RecoveryCode
from client.vaults.secrets import Policy, pictures, pin
from client.vaults.stretching import Cost
from client.vaults.vault_file import key_id, make_vault, read_vault
from tests.client.vaults.doubles import CHEAP, Turnable, cabinet

ONE, OLD, NEW = "p1", pin("2705"), pin("8153")


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(LaptopError) as caught:
        act()
    return caught.value.code


def vault_paths(folder: Path) -> list[Path]:
    paths = (folder / FOLDER).iterdir()
    return sorted(path for path in paths if not path.name.startswith(GUESSES))


def test_a_vault_opens_after_a_restart(tmp_path: Path) -> None:
    made = cabinet(tmp_path).create(ONE, OLD)
    row = made.lock(b"answer", "row")
    assert cabinet(tmp_path).open(ONE, OLD).unlock(row, "row") == b"answer"


def test_a_wrong_secret_is_said_and_counted(tmp_path: Path) -> None:
    clock = Turnable()
    here = cabinet(tmp_path, monotonic=clock)
    here.create(ONE, OLD)
    for _ in range(3):
        assert code_of(lambda: here.open(ONE, NEW)) == "secret-wrong"
    assert code_of(lambda: here.open(ONE, OLD)) == "vault-wait"
    assert cabinet(tmp_path, monotonic=clock).wait_s(ONE) > 0
    clock.now_s += here.wait_s(ONE)
    here.open(ONE, OLD)
    assert here.wait_s(ONE) == 0


def test_who_takes_the_wrong_tries_away_waits_longest(tmp_path: Path) -> None:
    clock = Turnable()
    here = cabinet(tmp_path, monotonic=clock)
    here.create(ONE, OLD)
    for path in (tmp_path / FOLDER).glob(GUESSES + "*"):
        path.unlink()
    again = cabinet(tmp_path, monotonic=clock)
    assert again.wait_s(ONE) == LONGEST_WAIT_S
    assert code_of(lambda: again.open(ONE, OLD)) == "vault-wait"
    again.create("p2", OLD)
    again.open("p2", OLD)
    clock.now_s += LONGEST_WAIT_S
    again.open(ONE, OLD)
    assert cabinet(tmp_path, monotonic=clock).wait_s(ONE) == 0


def test_a_vault_that_comes_first_makes_nobody_wait(tmp_path: Path) -> None:
    cabinet(tmp_path / "1").create(ONE, OLD)
    cabinet(tmp_path / "2").bring(cabinet(tmp_path / "1").file(ONE))
    cabinet(tmp_path / "2").open(ONE, OLD)


def test_a_vault_is_never_replaced(tmp_path: Path) -> None:
    here = cabinet(tmp_path)
    here.create(ONE, OLD)
    assert code_of(lambda: here.create(ONE, NEW)) == "vault-there"
    for path in vault_paths(tmp_path):
        path.write_bytes(b"damaged")
    assert code_of(lambda: here.create(ONE, NEW)) == "vault-there"
    assert code_of(lambda: here.open(ONE, OLD)) == "vault-damaged"


@pytest.mark.parametrize("spoilt", [0, 1])
def test_one_damaged_copy_costs_nothing(tmp_path: Path, spoilt: int) -> None:
    here = cabinet(tmp_path)
    here.create(ONE, OLD)
    vault_paths(tmp_path)[spoilt].write_bytes(b"\0" * 100)
    here.open(ONE, OLD)
    here.change(ONE, OLD, NEW)
    assert all(path.stat().st_size > 300 for path in vault_paths(tmp_path))


def test_the_secret_changes(tmp_path: Path) -> None:
    here = cabinet(tmp_path)
    row = here.create(ONE, OLD).lock(b"x", "row")
    shown = pictures(["cat", "sun", "yurt", "horse"])
    here.change(ONE, OLD, shown)
    assert code_of(lambda: here.open(ONE, OLD)) == "secret-wrong"
    assert cabinet(tmp_path).open(ONE, shown).unlock(row, "row") == b"x"


def test_a_forgotten_secret_costs_no_work(tmp_path: Path) -> None:
    code = RecoveryCode.generate()
    schools = {key_id(code.public_key()): code.public_key()}
    clock = Turnable()
    here = cabinet(tmp_path, schools=schools, monotonic=clock)
    row = here.create(ONE, OLD).lock(b"x", "row")
    for _ in range(3):
        code_of(lambda: here.open(ONE, pin("9999")))
    reset = here.reset(ONE, code.private_key(), NEW)
    assert reset.unlock(row, "row") == b"x"
    assert here.open(ONE, NEW).unlock(row, "row") == b"x"
    other = RecoveryCode.generate().private_key()
    assert code_of(lambda: here.reset(ONE, other, OLD)) == "recovery-other"


def test_no_teachers_key_stays_on_the_disk(tmp_path: Path) -> None:
    code = RecoveryCode.generate()
    private = code.private_key()
    here = cabinet(tmp_path, schools={key_id(public_of(private)): public_of(private)})
    here.create(ONE, OLD)
    here.reset(ONE, private, NEW)
    for path in (tmp_path / FOLDER).iterdir():
        data = path.read_bytes()
        for secret in (private, code.digits.encode(), private.hex().encode()):
            assert secret not in data


def test_a_school_that_demands_more_is_heeded(tmp_path: Path) -> None:
    here = cabinet(tmp_path, policy=Policy(pin_digits=6))
    assert code_of(lambda: here.create(ONE, OLD)) == "secret-short"
    assert not here.has(ONE)


def test_a_vault_travels(tmp_path: Path) -> None:
    one, other = cabinet(tmp_path / "1"), cabinet(tmp_path / "2")
    row = one.create(ONE, OLD).lock(b"x", "row")
    assert other.bring(one.file(ONE))
    assert not other.bring(one.file(ONE))
    assert other.open(ONE, OLD).unlock(row, "row") == b"x"
    other.change(ONE, OLD, NEW)
    assert one.bring(other.file(ONE))
    assert one.open(ONE, NEW).unlock(row, "row") == b"x"


def test_another_vault_of_the_same_person_displaces_none(tmp_path: Path) -> None:
    here = cabinet(tmp_path)
    here.create(ONE, OLD)
    stranger = make_vault(ONE, OLD, CHEAP, {})
    assert code_of(lambda: here.bring(stranger)) == "vault-other"
    here.open(ONE, OLD)


def test_a_strangers_newer_state_locks_nobody_out(tmp_path: Path) -> None:
    here = cabinet(tmp_path)
    here.create(ONE, OLD)
    thief = make_vault(ONE, NEW, CHEAP, {})
    forged = replace(here.file(ONE), own=thief.own, serial=99)
    with pytest.raises(LaptopError) as caught:
        read_vault(forged.to_bytes())
    assert caught.value.code == "vault-damaged"
    assert code_of(lambda: here.bring(replace(forged, signer=thief.signer))) == "vault-other"
    here.open(ONE, OLD)


def test_a_vault_that_was_damaged_here_comes_back_from_elsewhere(tmp_path: Path) -> None:
    one, other = cabinet(tmp_path / "1"), cabinet(tmp_path / "2")
    row = one.create(ONE, OLD).lock(b"x", "row")
    other.bring(one.file(ONE))
    for path in vault_paths(tmp_path / "1"):
        path.write_bytes(b"damaged")
    assert one.bring(other.file(ONE))
    assert one.open(ONE, OLD).unlock(row, "row") == b"x"


def test_a_vault_from_another_machine_is_fitted_to_this_one(tmp_path: Path) -> None:
    cabinet(tmp_path).create(ONE, OLD)
    dear = Cost(14, 2)
    here = cabinet(tmp_path, fit=lambda: dear)
    here.open(ONE, OLD)
    assert here.file(ONE).own.cost == dear
    here.open(ONE, OLD)


def test_missing_is_told_from_damaged(tmp_path: Path) -> None:
    assert code_of(lambda: cabinet(tmp_path).open(ONE, OLD)) == "vault-missing"


def test_a_vault_that_is_removed_is_gone(tmp_path: Path) -> None:
    here = cabinet(tmp_path)
    here.create(ONE, OLD)
    here.remove(ONE)
    assert not here.has(ONE)
    here.remove(ONE)


class _PulledError(Exception):
    pass


@pytest.mark.parametrize("act", ["create", "change", "reset", "open"])
def test_whenever_it_stops_the_old_or_the_new_secret_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """Stops before and after each write and rename, with what was being written half there."""
    code = RecoveryCode.generate()
    private = code.private_key()
    schools = {key_id(public_of(private)): public_of(private)}
    for stop_at in range(6):
        folder = tmp_path / str(stop_at)
        fit = [CHEAP]
        here = cabinet(folder, schools=schools, fit=lambda: fit[0])  # noqa: B023
        row = b""
        if act != "create":
            row = here.create(ONE, OLD).lock(b"x", "row")
        if act == "open":
            here.change(ONE, OLD, NEW)
            fit[0] = Cost(14, 2)
            here = cabinet(folder, schools=schools, fit=lambda: fit[0])  # noqa: B023
        whole = files.write_whole
        count = [0]

        def torn(path: Path, data: bytes) -> None:
            count[0] += 1  # noqa: B023
            if 2 * count[0] - 1 == stop_at:  # noqa: B023
                path.with_name(path.name + ".new").write_bytes(data[: len(data) // 2])
                raise _PulledError
            whole(path, data)  # noqa: B023
            if 2 * count[0] == stop_at:  # noqa: B023
                raise _PulledError

        monkeypatch.setattr(cabinets, "write_whole", torn)
        try:
            if act == "create":
                here.create(ONE, NEW)
            elif act == "change":
                here.change(ONE, OLD, NEW)
            elif act == "reset":
                here.reset(ONE, private, NEW)
            else:
                here.open(ONE, NEW)
        except _PulledError:
            pass
        monkeypatch.setattr(cabinets, "write_whole", whole)
        after = cabinet(folder, schools=schools)
        if act == "create" and not after.has(ONE):
            continue
        opened = None
        for secret in (OLD, NEW):
            try:
                opened = after.open(ONE, secret)
            except LaptopError as error:
                assert error.code == "secret-wrong"
        assert opened is not None
        if row:
            assert opened.unlock(row, "row") == b"x"


def test_copies_are_two_files(tmp_path: Path) -> None:
    cabinet(tmp_path).create(ONE, OLD)
    names = [path.name for path in vault_paths(tmp_path)]
    assert len(names) == 2
    assert names[1] == names[0] + COPY
    assert ONE not in "".join(names)
    assert isinstance(cabinet(tmp_path), Cabinet)


def test_a_recovery_key_that_came_later_opens_a_vault_once_its_owner_has_opened_it(
    tmp_path: Path,
) -> None:
    made = cabinet(tmp_path).create(ONE, OLD)
    code = RecoveryCode.generate()
    public = code.public_key()
    later = cabinet(tmp_path, schools={key_id(public): public})
    with pytest.raises(LaptopError) as caught:
        later.reset(ONE, code.private_key(), NEW)
    assert caught.value.code == "recovery-other"
    later.open(ONE, OLD)
    serial = later.file(ONE).serial
    later.open(ONE, OLD)
    assert later.file(ONE).serial == serial
    assert later.reset(ONE, code.private_key(), NEW).data_key == made.data_key
