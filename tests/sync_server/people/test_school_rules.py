"""A school's rules reach each of its laptops, and no others; a vault its own person's laptops."""

from __future__ import annotations

import dataclasses

import pytest

from sync.kinds import SCHOOL_RULES, VAULT
from sync_server.people.school_rules import SchoolRules, current_rules, tell_rules
from sync_server.records.own_journal import OwnJournal
from tests.support.exchanges import held
from tests.support.relays import enrol_relay, go_back, laptop_at, relay, save
from tests.support.server import open_school

ANNA, BOLAT, SAULE = "Анна", "Болат", "Сәуле"
STRICT = SchoolRules("A" * 43, 6, 8, 5, True)


def tell(school, rules):
    own_id = school.identity.public.device_id
    with school.store.transaction() as transaction:
        return tell_rules(transaction, OwnJournal(transaction, own_id, school.clock), own_id, rules)


def current(school):
    with school.store.transaction() as transaction:
        return current_rules(transaction, school.identity.public.device_id)


def came(device, kind=SCHOOL_RULES):
    return [record.body for record in device.inbox.of_kind(kind)]


@pytest.fixture
def region(tmp_path, clock):
    with open_school(tmp_path / "region", clock) as region:
        yield region


def test_rules_reach_every_laptop_also_one_that_comes_later(enrolled, school, road):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE], class_name="8Б")
    for device in (pupil, teacher):
        device.exchange_all(road)
    assert current(school) == SchoolRules()
    assert tell(school, STRICT)
    late = enrolled([BOLAT])
    for device in (pupil, teacher, late):
        device.exchange_all(road)
        assert came(device) == [STRICT.to_body()]
    assert current(school) == STRICT


def test_the_same_rules_again_are_no_news(school):
    assert tell(school, STRICT)
    before = held(school)
    assert not tell(school, STRICT)
    assert held(school) == before
    assert tell(school, dataclasses.replace(STRICT, required=False))


def test_a_region_s_rules_are_not_the_school_s(school, region):
    enrol_relay(school, region)
    here, there = laptop_at(school, [ANNA]), laptop_at(region, [BOLAT])
    looser = SchoolRules(pin_digits=5)
    tell(school, STRICT)
    tell(region, looser)
    for _ in range(2):
        relay(school, region)
        here.exchange_all(school.road())
        there.exchange_all(region.road())
    assert (came(here), came(there)) == ([STRICT.to_body()], [looser.to_body()])
    assert not region.store._connection.execute("SELECT 1 FROM refused").fetchall()
    here.close()
    there.close()


def test_a_restored_school_knows_its_rules_from_its_region(school, region, tmp_path):
    enrol_relay(school, region)
    save(school, tmp_path / "backup")
    tell(school, STRICT)
    relay(school, region)
    go_back(school, tmp_path / "backup")
    assert current(school) == SchoolRules()
    relay(school, region)
    assert current(school) == STRICT
    laptop = laptop_at(school, [ANNA])
    laptop.exchange_all(school.road())
    assert came(laptop) == [STRICT.to_body()]
    laptop.close()


def test_a_vault_reaches_its_person_s_laptops_alone(enrolled, road):
    first, second = enrolled([ANNA]), enrolled([ANNA])
    others = enrolled([BOLAT]), enrolled(teachers=[SAULE])
    anna = first.person(ANNA)
    first.write(anna, VAULT, {"person": anna, "file": "ZmlsZQ"})
    for device in (first, second, *others):
        device.exchange_all(road)
    assert came(second, VAULT) == [{"person": anna, "file": "ZmlsZQ"}]
    assert not any(came(device, VAULT) for device in others)


def test_a_vault_follows_a_guest_to_another_school(school, region, tmp_path, clock):
    with open_school(tmp_path / "other", clock) as other:
        for below in (school, other):
            enrol_relay(below, region)
        home = laptop_at(school, [ANNA])
        anna = home.person(ANNA)
        home.write(anna, VAULT, {"person": anna, "file": "ZmlsZQ"})
        home.exchange_all(school.road())
        relay(school, region)
        with region.store.transaction() as transaction:
            transaction.add_guest(anna, other.identity.public.device_id)
        relay(other, region)
        away = laptop_at(other, [ANNA], of=school)
        away.exchange_all(other.road())
        assert away.person(ANNA) == anna
        assert came(away, VAULT) == [{"person": anna, "file": "ZmlsZQ"}]
        home.close()
        away.close()
