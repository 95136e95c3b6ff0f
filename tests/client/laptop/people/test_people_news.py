"""A pupil whom the school renames has the new name on the laptop, and stays who they are."""

from __future__ import annotations

import pytest

from client.laptop.people.people_news import learn_people
from sync.kinds import ROSTER
from sync_server.people.changing import move, rename
from sync_server.records.own_journal import OwnJournal
from tests.client.laptop.conftest import STUDENTS


def change(school, how, *what):
    with school.store.transaction() as transaction:
        journal = OwnJournal(transaction, school.identity.public.device_id, school.clock)
        return how(transaction, journal, *what)


def names(laptop):
    return [one.name for one in laptop.people()]


@pytest.fixture
def pupil(joined):
    joined.exchange()
    return next(one for one in joined.people() if one.name == STUDENTS[0])


def test_a_new_name_and_class_come_with_the_next_exchange(joined, school, pupil):
    joined.save_draft(pupil.id, "p", "l", "t", {"q": "1"})
    change(school, rename, pupil.id, "Айгерім Болатқызы")
    change(school, move, pupil.id, "8 «А»")
    assert joined.exchange().problem is None
    now = joined.person(pupil.id)
    assert (now.name, now.class_name, now.picture) == ("Айгерім Болатқызы", "8 «А»", pupil.picture)
    assert len(joined.people()) == 3 and STUDENTS[0] not in names(joined)
    assert joined.draft(pupil.id, "p", "l", "t") == {"q": "1"}


def test_two_who_get_one_name_stay_two(joined, school, pupil):
    other = next(one for one in joined.people() if one.name == STUDENTS[1])
    change(school, rename, other.id, STUDENTS[0])
    joined.exchange()
    assert sorted(one.id for one in joined.people() if one.name == STUDENTS[0]) == sorted(
        (pupil.id, other.id)
    )


def test_the_latest_counts_in_whatever_order_they_came(joined, school, pupil):
    change(school, rename, pupil.id, "Бірінші")
    change(school, rename, pupil.id, "Екінші")
    joined.exchange()
    assert joined.person(pupil.id).name == "Екінші"
    rosters = [one for one in joined.store.inbox().of_kind(ROSTER) if one.person == pupil.id]
    assert not learn_people(joined.store, reversed(rosters))
    assert joined.person(pupil.id).name == "Екінші"


def test_nobody_comes_to_a_laptop_by_a_roster(joined, school, pupil):
    before = joined.people()
    school.code(["Басқа Оқушы"])
    joined.exchange()
    assert joined.people() == before


def test_a_disk_that_refuses_keeps_the_old_name(joined, school, pupil, monkeypatch):
    def full(_):
        raise OSError("no space left")

    monkeypatch.setattr(joined.store, "keep_membership", full)
    change(school, rename, pupil.id, "Айгерім Болатқызы")
    assert joined.exchange().problem is None
    assert joined.person(pupil.id).name == STUDENTS[0]
