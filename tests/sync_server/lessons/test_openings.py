"""A sealed test's code leaves the server when it is time, once, to the class alone."""

from __future__ import annotations

import dataclasses

import pytest

from sync.kinds import OPENING
from sync_server.errors import SetupError
from sync_server.lessons.openings import Opening, openings, plan_opening
from tests.support.exchanges import held
from tests.support.relays import enrol_relay, laptop_at, relay
from tests.support.server import open_school

HOUR_MS = 3_600_000
ANNA, BOLAT, DANA, SAULE = "Анна", "Болат", "Дана", "Сәуле"
CODE = "K7PM3QXA9WTC"


def plan(school, clock, in_ms=HOUR_MS, code=CODE, class_name="7А", of=""):
    wanted = Opening("p", "l", "t", code, class_name, of, clock.now_ms() + in_ms)
    with school.store.transaction() as transaction:
        return plan_opening(transaction, wanted)


def came(device):
    return [record.body["code"] for record in device.inbox.of_kind(OPENING)]


def test_a_code_is_not_told_before_its_time_and_once_after_it(enrolled, school, road, clock):
    pupil, other, teacher = (
        enrolled([ANNA]),
        enrolled([DANA], class_name="8Б"),
        enrolled(teachers=[SAULE]),
    )
    devices = pupil, other, teacher
    for one in devices:
        one.exchange_all(road)
    plan(school, clock)
    before = held(school)
    clock.time_ms += HOUR_MS - 1
    for one in devices:
        one.exchange_all(road)
    assert (held(school), came(pupil), came(teacher)) == (before, [], [])
    clock.time_ms += 1
    for _ in range(2):
        for one in devices:
            one.exchange_all(road)
    assert held(school) == before + 1
    assert [came(one) for one in devices] == [[CODE], [], [CODE]]
    assert plan(school, clock, 2 * HOUR_MS).told
    clock.time_ms += 3 * HOUR_MS
    pupil.exchange_all(road)
    assert held(school) == before + 1
    late = enrolled([BOLAT])
    late.exchange_all(road)
    assert came(late) == [CODE]


def test_the_pupils_own_clock_opens_nothing(enrolled, school, road, clock):
    pupil = enrolled([ANNA])
    plan(school, clock)
    pupil.journal.clock().witness((clock.now_ms() + 10 * HOUR_MS) << 16)
    pupil.hand_in(pupil.person(ANNA))
    pupil.exchange_all(road)
    assert came(pupil) == []


def test_planned_again_it_has_another_time_until_it_is_told(enrolled, school, road, clock):
    pupil = enrolled([ANNA])
    plan(school, clock, 0)
    plan(school, clock, HOUR_MS)
    plan(school, clock, 2 * HOUR_MS, "0" * 12)
    pupil.exchange_all(road)
    assert came(pupil) == []
    clock.time_ms += HOUR_MS
    pupil.exchange_all(road)
    assert came(pupil) == [CODE]
    school.restart()
    clock.time_ms += HOUR_MS
    pupil.exchange_all(road)
    assert came(pupil) == [CODE, "0" * 12]
    with school.store.transaction() as transaction:
        assert [one.told for one in openings(transaction)] == [True, True]


def test_a_class_that_nobody_is_in_is_refused(school, clock):
    with pytest.raises(SetupError, match="Nobody is in class 7А"):
        plan(school, clock)
    with school.store.transaction() as transaction:
        assert openings(transaction) == ()


def test_no_laptop_may_tell_a_code(enrolled, school, road):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    body = {"pack": "p", "lesson": "l", "task": "t", "code": CODE}
    for device, name in ((pupil, ANNA), (teacher, SAULE)):
        device.write(device.person(name), OPENING, body)
        (refused,) = device.exchange(road).answer.refused
        assert refused[-1] == "record-not-permitted"


@pytest.fixture
def region(tmp_path, school):
    with open_school(tmp_path / "region", school.clock) as region:
        enrol_relay(school, region)
        yield region


def test_what_a_school_opens_reaches_its_class_at_the_region(enrolled, school, region, clock):
    pupil = enrolled([ANNA])
    relay(school, region)
    home = laptop_at(region, [ANNA], of=school)
    relay(school, region)
    plan(school, clock)
    assert relay(school, region).refused == 0
    home.exchange_all(region.road())
    assert came(home) == []
    clock.time_ms += HOUR_MS
    assert relay(school, region).refused == 0
    home.exchange_all(region.road())
    assert came(home) == [CODE]
    pupil.exchange_all(school.road())
    assert came(pupil) == [CODE]


def test_what_a_region_opens_reaches_the_class_at_the_school(enrolled, school, region, clock):
    pupil, other = enrolled([ANNA]), enrolled([DANA], class_name="8Б")
    relay(school, region)
    plan(region, clock, of=school.identity.public.device_id)
    relay(school, region)
    pupil.exchange_all(school.road())
    assert came(pupil) == []
    clock.time_ms += HOUR_MS
    relay(school, region)
    relay(school, region)
    for one in (pupil, other):
        one.exchange_all(school.road())
    assert (came(pupil), came(other)) == ([CODE], [])


def test_an_opening_is_like_itself_at_another_time():
    one = Opening("p", "l", "t", CODE, "7А", "", 5)
    assert one.is_like(dataclasses.replace(one, time_ms=6, told=True))
    for name in ("pack", "lesson", "task", "code", "class_name", "school"):
        assert not one.is_like(dataclasses.replace(one, **{name: "x"}))
