from __future__ import annotations

import contextlib
import dataclasses

import pytest

from sync.errors import LinkError
from sync.kinds import ASSIGNMENT, LAPTOP, MARK, ROSTER, SUBMISSION
from sync.record import record_bytes
from sync_server.records.own_journal import OwnJournal
from sync_server.relay.taking_back import carry_waiting
from sync_server.store.model import WAITING, PutAside
from tests.support.clock import NOW_MS, TurnableClock
from tests.support.device import submission
from tests.support.relays import (
    RelayRoad,
    enrol_relay,
    facts,
    go_back,
    laptop_at,
    relay,
    said,
    save,
)
from tests.support.server import open_school

WORK = (SUBMISSION, MARK, ASSIGNMENT)
ANNA, BOLAT, SAULE = "Анна", "Болат", "Сәуле"


@pytest.fixture
def clock():
    return TurnableClock(step_ms=1)


@pytest.fixture
def region(tmp_path, clock):
    with open_school(tmp_path / "region", clock) as school:
        yield school


@pytest.fixture
def school(tmp_path, clock, region):
    with open_school(tmp_path / "school", clock) as below:
        enrol_relay(below, region)
        yield below


def hand_in(device, school, answer="5"):
    work = device.hand_in(device.people[0].id, answer)
    device.exchange_all(school.road())
    return work


def test_work_goes_up_and_a_second_time_nothing(school, region):
    work = hand_in(laptop_at(school, [ANNA]), school)
    done = relay(school, region)
    assert done.in_step
    assert facts(region, WORK) == [work]
    again = relay(school, region)
    assert (again.requests, again.sent, again.received) == (1, 0, 0)


def test_the_region_knows_who_is_at_the_school_and_its_laptops(school, region):
    device = laptop_at(school, [ANNA, BOLAT], [SAULE])
    relay(school, region)
    assert {one.kind for one in facts(region)} == {ROSTER, LAPTOP}
    own_id = school.identity.public.device_id
    with region.store.transaction() as transaction:
        people = transaction.people_of_class("7А", own_id)
        assert {one.name for one in people} == {ANNA, BOLAT, SAULE}
        assert transaction.people_of_class("7А") == ()
        assert transaction.relayed(device.id).via == own_id


def test_work_written_at_the_region_reaches_the_school_and_its_mark_returns(school, region):
    teacher = laptop_at(school, teachers=[SAULE])
    laptop_at(school, [ANNA])
    relay(school, region)
    at_home = laptop_at(region, [ANNA], of=school)
    work = hand_in(at_home, region)
    assert relay(school, region).received == 1
    arrived = teacher.exchange(school.road()).records
    assert work in arrived
    teacher.mark(teacher.people[0].id, work.person, work)
    teacher.exchange_all(school.road())
    relay(school, region)
    marks = [one for one in at_home.exchange(region.road()).records if one.kind == MARK]
    assert [one.body["comment"] for one in marks] == ["Жарайсың"]
    assert said(school, WORK) == said(region, WORK)


def test_classes_of_the_same_name_in_two_schools_stay_apart(school, region, tmp_path, clock):
    with open_school(tmp_path / "other", clock) as other:
        enrol_relay(other, region)
        hand_in(laptop_at(school, [ANNA]), school)
        teacher = laptop_at(other, teachers=[SAULE])
        relay(school, region)
        relay(other, region)
        assert relay(other, region).received == 0
        teacher.exchange_all(other.road())
        assert said(other, WORK) == set()
        guest = laptop_at(region, teachers=[SAULE], of=other)
        guest.exchange_all(region.road())
        assert guest.inbox.of_kind(SUBMISSION) == ()


def test_people_added_at_the_region_are_at_the_school(school, region):
    relay(school, region)
    laptop_at(region, [ANNA], of=school)
    relay(school, region)
    assert [one.name for one in school.people()] == [ANNA]
    device = laptop_at(school, [ANNA])
    assert [one.id for one in device.people] == [one.id for one in school.people()]
    work = hand_in(device, school)
    assert relay(school, region).refused == 0
    assert work in facts(region)


def test_people_added_two_servers_above_are_at_the_school(school, region, tmp_path, clock):
    with open_school(tmp_path / "country", clock) as country:
        enrol_relay(region, country)
        for below, above in ((school, region), (region, country)):
            relay(below, above)
        laptop_at(country, [ANNA], of=school)
        for below, above in ((region, country), (school, region)):
            relay(below, above)
        assert [one.name for one in school.people()] == [ANNA]


def test_who_was_taken_from_a_laptop_stays_so_when_the_school_is_restored(school, region, tmp_path):
    device = laptop_at(school, [ANNA, BOLAT])
    anna, bolat = (device.person(name) for name in (ANNA, BOLAT))
    relay(school, region)
    save(school, tmp_path / "yesterday")
    with school.store.transaction() as transaction:
        transaction.revoke(device.id, bolat)
    relay(school, region)
    go_back(school, tmp_path / "yesterday")
    assert relay(school, region).in_step
    with school.store.transaction() as transaction:
        assert [one.id for one in transaction.granted(device.id)] == [anna]


def test_what_was_displaced_is_written_down_once_more_only_if_it_is_not_there(school):
    device = laptop_at(school, [ANNA])
    kept = hand_in(device, school)
    own_id = school.identity.public.device_id
    lost = dataclasses.replace(kept, seq=kept.seq + 1, body=submission("another"))
    with school.store.transaction() as transaction:
        ends = [transaction.journal_end(own_id).seq]
    for record in (kept, lost, lost):
        aside = PutAside(
            device.id, record.seq, bytes(32), WAITING, record_bytes(record), NOW_MS, False
        )
        with school.store.transaction() as transaction:
            transaction.set_waiting([aside])
            carry_waiting(transaction, OwnJournal(transaction, own_id, school.clock))
            ends.append(transaction.journal_end(own_id).seq)
            assert transaction.waiting_branches() == ()
    assert [end - ends[0] for end in ends] == [0, 0, 1, 1]


def test_what_the_school_refused_is_refused_above_and_blocks_nothing(school, region):
    device, other = laptop_at(school, [ANNA]), laptop_at(school, [BOLAT])
    wrong = device.write(other.people[0].id, SUBMISSION, submission())
    right = hand_in(device, school)
    assert relay(school, region).in_step
    assert facts(region, WORK) == [right]
    with region.store.transaction() as transaction:
        (aside,) = transaction.refusals(device.id, 1, 9)
    assert (aside.seq, aside.code) == (wrong.seq, "record-not-permitted")


@pytest.mark.parametrize("budget_bytes", [1, 200, 5_000])
def test_a_small_budget_and_little_room_take_more_requests(school, region, budget_bytes):
    devices = [laptop_at(school, [f"{ANNA} {at}"]) for at in range(3)]
    for device in devices:
        for at in range(4):
            hand_in(device, school, str(at))
    away = laptop_at(region, [BOLAT], of=school)
    for at in range(3):
        hand_in(away, region, str(at))
    done = relay(school, region, budget_bytes=budget_bytes, room_bytes=max(budget_bytes, 40))
    assert done.in_step
    assert said(school, WORK) == said(region, WORK)
    assert len(said(region, WORK)) == 15


def test_lost_requests_and_answers_cost_only_a_repetition(school, region):
    device = laptop_at(school, [ANNA])
    road = RelayRoad(region)
    for at in range(6):
        hand_in(device, school, str(at))
        road.lose_request, road.lose_answer = at % 3 == 0, at % 3 == 1
        with contextlib.suppress(LinkError):
            relay(school, region, road)
    assert relay(school, region, road).in_step
    for old in tuple(road.requests):
        road.relay(old)
    assert relay(school, region, road).in_step
    assert said(school, WORK) == said(region, WORK)
    assert len(facts(region, WORK)) == 6


def test_a_region_restored_from_a_backup_is_told_again(school, region, tmp_path):
    device = laptop_at(school, [ANNA])
    hand_in(device, school, "1")
    relay(school, region)
    save(region, tmp_path / "yesterday")
    hand_in(device, school, "2")
    late = laptop_at(school, [BOLAT])
    hand_in(late, school, "3")
    relay(school, region)
    go_back(region, tmp_path / "yesterday")
    assert relay(school, region).in_step
    assert said(school, WORK) == said(region, WORK)
    assert len(said(region, WORK)) == 3


def test_a_school_restored_from_a_backup_gets_everything_back(school, region, tmp_path):
    device = laptop_at(school, [ANNA])
    hand_in(device, school, "1")
    relay(school, region)
    save(school, tmp_path / "yesterday")
    hand_in(device, school, "2")
    late = laptop_at(school, [BOLAT])
    work = hand_in(late, school, "3")
    relay(school, region)
    go_back(school, tmp_path / "yesterday")
    done = relay(school, region)
    assert done.in_step
    assert done.restored
    assert said(school, WORK) == said(region, WORK)
    assert work in facts(school)
    hand_in(late, school, "4")
    assert relay(school, region).in_step
    assert said(school, WORK) == said(region, WORK)
    assert len(said(school, WORK)) == 4


def test_a_school_restored_and_written_on_before_it_asks_loses_nothing(school, region, tmp_path):
    device = laptop_at(school, [ANNA])
    save(school, tmp_path / "yesterday")
    first = laptop_at(school, [BOLAT])
    hand_in(first, school, "1")
    hand_in(device, school, "2")
    relay(school, region)
    go_back(school, tmp_path / "yesterday")
    second = laptop_at(school, ["Дана"])
    hand_in(second, school, "3")
    assert relay(school, region).in_step
    assert said(school, WORK) == said(region, WORK)
    assert len(said(school, WORK)) == 3
    for one in (device, first, second):
        hand_in(one, school, "9")
    assert relay(school, region).in_step
    assert len(said(region, WORK)) == 6
    assert {one.name for one in school.people()} == {ANNA, BOLAT, "Дана"}


def test_two_branches_of_a_journal_count_both_whichever_came_first(school, region, tmp_path):
    device = laptop_at(school, [ANNA])
    hand_in(device, school, "1")
    relay(school, region)
    save(school, tmp_path / "yesterday")
    person = device.people[0].id
    hand_in(device, school, "2")
    relay(school, region)
    go_back(school, tmp_path / "yesterday")
    clone = laptop_at(school, ["Дана"])
    assert clone.id != device.id
    _write_other_branch(device, school, person)
    done = relay(school, region)
    assert done.in_step
    assert said(school, WORK) == said(region, WORK)
    assert {body for _, _, body in said(region, WORK)} == {
        str(sorted(submission(answer).items())) for answer in ("1", "2", "other")
    }


def _write_other_branch(device, school, person):
    """Hand in what a clone of the laptop wrote under the number of the second work."""
    from sync.record import Head, Record, record_hash

    with school.store.transaction() as transaction:
        end = transaction.journal_end(device.id)
    record = Record(device.id, 2, 1 << 40, person, SUBMISSION, submission("other"))
    head = Head(2, record_hash(end.hash, record))
    request = dataclasses.replace(
        device.request(), device_head=head, first_seq=2, records=(record,)
    )
    answer = device.open(school.road().exchange(device.seal(request)))
    assert answer.refused == ()


def test_three_servers_work_like_two(school, region, tmp_path, clock):
    with open_school(tmp_path / "country", clock) as country:
        enrol_relay(region, country)
        device = laptop_at(school, [ANNA])
        work = hand_in(device, school)
        for below, above in ((school, region), (region, country)):
            assert relay(below, above).in_step
        assert work in facts(country)
        away = laptop_at(country, [ANNA], of=school)
        other = hand_in(away, country, "7")
        for below, above in ((region, country), (school, region)):
            assert relay(below, above).in_step
        assert other in facts(school)
        assert said(school, WORK) == said(region, WORK) == said(country, WORK)


def test_a_middle_server_restored_gets_back_from_both_sides(school, region, tmp_path, clock):
    with open_school(tmp_path / "country", clock) as country:
        enrol_relay(region, country)
        device = laptop_at(school, [ANNA])
        hand_in(device, school, "1")
        relay(school, region)
        relay(region, country)
        save(region, tmp_path / "yesterday")
        hand_in(device, school, "2")
        hand_in(laptop_at(school, [BOLAT]), school, "3")
        relay(school, region)
        relay(region, country)
        go_back(region, tmp_path / "yesterday")
        assert relay(region, country).in_step
        assert said(region, WORK) == said(country, WORK)
        assert len(said(region, WORK)) == 3
        assert relay(school, region).in_step
        assert relay(region, country).in_step
