"""Coming and going: who is asked for what, and that keys go with their owner."""

from __future__ import annotations

from threading import Event

import pytest

from client.laptop.errors import LaptopError
from client.sitting import (
    AGAIN_DAYS,
    ASK,
    CHOOSE,
    DAY_MS,
    FREE,
    LOCK_AFTER,
    UNLOCK,
    Sitting,
    first_grade_of,
    lock_after_minutes,
)
from client.vaults.secrets import Policy, pin
from tests.support.laptop import AIGERIM, NURLAN
from tests.support.shared_desk import SharedDesk

PIN = pin("2580")


@pytest.fixture
def desk(tmp_path):
    made = SharedDesk(tmp_path)
    made.sitting = Sitting(made.session)
    yield made
    made.close()


def test_who_has_a_vault_is_asked_for_what_opens_it(desk):
    desk.lock(AIGERIM, PIN)
    assert desk.sitting.way_in(AIGERIM) == UNLOCK
    desk.laptop.set_preference(ASK, "no")
    assert (desk.sitting.way_in(AIGERIM), desk.sitting.way_in(NURLAN)) == (UNLOCK, FREE)


def test_nobody_sits_down_past_a_lock(desk):
    desk.lock(AIGERIM, PIN)
    with pytest.raises(LaptopError) as caught:
        desk.sitting.come(AIGERIM)
    assert caught.value.code == "vault-closed"
    assert desk.session.person is None


def test_not_now_holds_longer_each_time(desk):
    sitting, held = desk.sitting, []
    for _ in range(6):
        assert sitting.way_in(AIGERIM) == CHOOSE
        sitting.not_now(AIGERIM)
        days = 0
        while sitting.way_in(AIGERIM) == FREE:
            desk.laptop._now += DAY_MS
            days += 1
        held.append(days)
    assert held == [*AGAIN_DAYS, AGAIN_DAYS[-1], AGAIN_DAYS[-1]]
    assert sitting.way_in(NURLAN) == CHOOSE, "each for themselves"


def test_a_clock_put_back_does_not_silence_the_question(desk):
    desk.sitting.not_now(AIGERIM)
    desk.laptop._now -= 5 * 365 * DAY_MS
    assert desk.sitting.way_in(AIGERIM) == CHOOSE


@pytest.mark.parametrize("kept", ["x", "12", "-3 1", "1 x", " "])
def test_a_damaged_note_is_as_none(desk, kept):
    desk.laptop.set_preference("lock.later." + AIGERIM.id, kept)
    assert desk.sitting.way_in(AIGERIM) == CHOOSE


def test_a_school_may_demand_a_secret(desk):
    desk.vaults.policy = Policy(required=True)
    desk.laptop.set_preference(ASK, "no")
    desk.sitting.not_now(AIGERIM)
    assert desk.sitting.way_in(AIGERIM) == CHOOSE


def test_keys_go_after_what_is_being_saved(desk):
    desk.vaults.create(AIGERIM.id, PIN)
    desk.sitting.come(AIGERIM)
    assert desk.sitting.locks()
    seen = []
    desk.executor.submit("draft", lambda: seen.append(desk.vaults.sitting))
    desk.sitting.go()
    desk.settle()
    assert seen == [AIGERIM.id], "the draft was saved first"
    assert (desk.vaults.sitting, desk.session.person, desk.sitting.locks()) == ("", None, False)


def test_who_came_meanwhile_stays(desk):
    desk.sitting.come(NURLAN)
    gone = Event()
    desk.executor.submit("slow", lambda: gone.wait(60) and desk.sitting.come(AIGERIM))
    desk.sitting.go()
    gone.set()
    desk.settle()
    assert desk.vaults.sitting == AIGERIM.id


def test_what_is_being_saved_is_saved_before_another_takes_the_seat(desk):
    desk.vaults.create(AIGERIM.id, PIN)
    desk.sitting.come(AIGERIM)
    seen, slow = [], Event()
    desk.executor.submit("slow", lambda: slow.wait(60))
    desk.executor.submit("draft", lambda: seen.append(desk.vaults.sitting))
    desk.sitting.go()
    desk.sitting.come(NURLAN)
    slow.set()
    desk.settle()
    assert (seen, desk.vaults.sitting) == ([AIGERIM.id], NURLAN.id)


def test_a_guest_keeps_nobodys_work_open(desk):
    desk.vaults.create(AIGERIM.id, PIN)
    desk.sitting.come(AIGERIM)
    slow = Event()
    desk.executor.submit("slow", lambda: slow.wait(60))
    desk.sitting.go()
    desk.sitting.look_around()
    slow.set()
    desk.settle()
    assert desk.vaults.sitting == ""


def test_nobody_sits_down_past_a_lock_while_another_gets_up(desk):
    desk.lock(NURLAN, PIN)
    desk.vaults.create(AIGERIM.id, PIN)
    desk.sitting.come(AIGERIM)
    with pytest.raises(LaptopError) as caught:
        desk.sitting.come(NURLAN)
    assert caught.value.code == "vault-closed"


def test_the_first_screen_hears_that_somebody_left_for_good(desk, monkeypatch):
    here, told = {AIGERIM.id}, []

    def see_off(_, person):
        was = person in here
        here.discard(person)
        return was

    monkeypatch.setattr(type(desk.laptop.visits), "see_off", see_off)
    sitting = Sitting(desk.session, lambda: told.append("left"))
    for person in (NURLAN, AIGERIM, AIGERIM):
        sitting.come(person)
        sitting.go()
        desk.settle()
    assert (here, told, desk.session.courier.announced) == (set(), ["left"], 1)


def test_what_was_typed_is_told_to_other_laptops_before_the_keys_go(desk, monkeypatch):
    told = []

    def tell_all(_, person):
        told.append((person, desk.vaults.sitting))
        return 1

    monkeypatch.setattr("tests.support.memory_laptop.OtherLaptop.tell_all", tell_all)
    desk.vaults.create(AIGERIM.id, PIN)
    desk.sitting.come(AIGERIM)
    desk.sitting.go()
    desk.settle()
    assert told == [(AIGERIM.id, AIGERIM.id)]
    assert desk.session.courier.announced == 1


def test_a_guest_is_nobody(desk):
    desk.sitting.look_around()
    assert (desk.session.guest, desk.session.person, desk.sitting.locks()) == (True, None, False)
    desk.sitting.come(NURLAN)
    assert not desk.session.guest


@pytest.mark.parametrize(("kept", "minutes"), [("", 5), ("2", 2), ("30", 30), ("7", 5), ("x", 5)])
def test_after_how_many_minutes(desk, kept, minutes):
    desk.laptop.set_preference(LOCK_AFTER, kept)
    assert lock_after_minutes(desk.laptop) == minutes


@pytest.mark.parametrize(
    ("name", "grade"), [("7 «А»", 7), ("11«Б»", 11), (" 1 «Ә»", 1), ("", 0), ("Мұғалімдер", 0)]
)
def test_the_grade_of_a_class(name, grade):
    assert first_grade_of(name) == grade
