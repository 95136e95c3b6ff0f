"""A pupil's secret opens on each of their laptops; the school's rules and its code hold on all."""

from __future__ import annotations

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.people.vault_records import learn_vaults, tell_vault
from client.vaults.cabinet import Cabinet
from client.vaults.recovery import RecoveryCode
from client.vaults.secrets import Policy, pin
from sync.fields import to_text
from sync_server.people.school_rules import SchoolRules, tell_rules
from sync_server.records.own_journal import OwnJournal
from tests.client.laptop.conftest import STUDENTS
from tests.support.laptop import TurnableClock
from tests.support.school import ADDRESS

OLD, NEW, LONG = pin("2580"), pin("1379"), pin("258013")


@pytest.fixture
def two(tmp_path, school, road):
    laptops = []
    for name in ("first", "second"):
        laptop = Laptop.open(tmp_path / name, TurnableClock(), road)
        laptop.enrol(ADDRESS, school.code(STUDENTS[:1]))
        laptops.append(laptop)
    yield (*laptops, laptops[0].people()[0].id)
    for laptop in laptops:
        laptop.close()


def demand(school, rules):
    own_id = school.identity.public.device_id
    with school.store.transaction() as transaction:
        tell_rules(transaction, OwnJournal(transaction, own_id, school.clock), own_id, rules)


def meet(*laptops):
    for laptop in laptops:
        assert laptop.exchange().problem is None


def test_one_secret_opens_on_both_and_a_new_one_follows(two):
    first, second, pupil = two
    made = first.store.keyring.cabinet.create(pupil, OLD)
    assert tell_vault(first.store, pupil)
    assert not tell_vault(first.store, pupil)
    meet(first, second)
    assert second.store.keyring.cabinet.open(pupil, OLD).data_key == made.data_key
    assert not tell_vault(second.store, pupil)
    second.store.keyring.cabinet.change(pupil, OLD, NEW)
    assert tell_vault(second.store, pupil)
    meet(second, first)
    assert first.store.keyring.cabinet.open(pupil, NEW).data_key == made.data_key
    with pytest.raises(LaptopError):
        first.store.keyring.cabinet.open(pupil, OLD)


def test_nobody_has_nothing_to_tell(two):
    first, _, pupil = two
    assert not tell_vault(first.store, pupil)
    assert learn_vaults(first.store, ()) == ()


def test_two_made_apart_stay_and_it_is_told(two):
    first, second, pupil = two
    for laptop, secret in ((first, OLD), (second, NEW)):
        laptop.store.keyring.cabinet.create(pupil, secret)
        tell_vault(laptop.store, pupil)
    meet(first, second, first)
    assert first.store.keyring.cabinet.open(pupil, OLD)
    assert second.store.keyring.cabinet.open(pupil, NEW)
    assert "vault-other" in {one.code for one in second.status().set_aside}


def test_a_full_disk_keeps_nothing_else_back(two, monkeypatch):
    first, second, pupil = two
    first.hand_in(pupil, "p", "l", "t", {"q": "1"}, "kk")
    first.store.keyring.cabinet.create(pupil, OLD)
    tell_vault(first.store, pupil)

    def full(*_):
        raise OSError(28, "no space left")

    meet(first)
    with monkeypatch.context() as patched:
        patched.setattr(Cabinet, "_save", full)
        meet(second)
    assert second.works(pupil)
    assert not Cabinet(second.store.folder).has(pupil)
    assert [one.code for one in second.status().set_aside] == ["disk-full"]
    meet(second)
    assert second.store.keyring.cabinet.open(pupil, OLD)
    assert second.status().set_aside == ()


def test_the_school_s_rules_and_its_recovery_code_hold_on_every_laptop(two, school):
    first, second, pupil = two
    assert first.store.keyring.rules.policy == Policy()
    code = RecoveryCode.generate()
    demand(school, SchoolRules(to_text(code.public_key()), pin_digits=6, required=True))
    meet(first, second)
    assert second.store.keyring.rules.policy == Policy(6, 6, 4, True)
    with pytest.raises(LaptopError):
        first.store.keyring.cabinet.create(pupil, OLD)
    made = first.store.keyring.cabinet.create(pupil, LONG)
    tell_vault(first.store, pupil)
    meet(first, second)
    again = second.store.keyring.cabinet.reset(pupil, code.private_key(), pin("975310"))
    assert again.data_key == made.data_key
    assert tell_vault(second.store, pupil)
