from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client.laptop.errors import Fault, LaptopError
from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Station
from client.messages import Messages
from sync.lock import held
from tests.client.laptop.conftest import STUDENTS, TEACHER
from tests.support.examples import examples
from tests.support.laptop import TurnableClock
from tests.support.pack_source import PACK, RIGHT_ANSWERS
from tests.support.school import ADDRESS, MemoryRoad, School

YEAR_MS = 365 * 24 * 3600 * 1000


def hand_in(laptop, answers=None, person=0, task="check"):
    given_answers = answers or RIGHT_ANSWERS
    who = laptop.people()[person].id
    laptop.save_draft(who, PACK, "meaning", task, given_answers)
    return laptop.hand_in(who, PACK, "meaning", task, given_answers, "kk")


def station(laptop, work):
    return next(one for one in laptop.works(work.person) if one.id == work.id).station


def english(laptop, sentence):
    return Messages("en", laptop.now_ms).text(sentence)


def test_without_a_server_work_waits_and_goes_out_once_later(joined, road, school):
    road.weather.away = True
    work = hand_in(joined)
    account = joined.sync()
    assert account.problem.fault is Fault.LINK
    assert account.records_sent == 0
    assert "nothing is lost" in english(joined, account.sentence)
    status = joined.status()
    assert (status.waiting, status.problem.code) == (1, "link-unreachable")
    assert english(joined, status.sentence) == "1 answer waits on this laptop."
    assert station(joined, work) is Station.SAVED
    road.weather.away = False
    account = joined.sync()
    assert (account.records_sent, account.problem) == (1, None)
    assert account.receipt.seq == work.id.seq
    assert joined.sync().records_sent == 0
    assert len(school.submissions()) == 1


def test_a_received_work_bears_the_servers_time(joined, school, clock):
    clock.offset_ms = -20 * YEAR_MS
    work = hand_in(joined)
    joined.sync()
    found = joined.works(work.person)[0]
    assert found.station is Station.SCHOOL
    assert abs(found.received_ms - school.clock.now_ms()) < 60_000
    assert english(joined, joined.status().sentence).startswith("Sent. Received by the school at ")


@pytest.mark.parametrize("years", [-23, 5])
def test_a_wrong_clock_neither_stops_nor_reorders_anything(joined, clock, school, years):
    first = hand_in(joined, {"root": "a"})
    joined.sync()
    clock.offset_ms = years * YEAR_MS
    second = hand_in(joined, {"root": "b"})
    account = joined.sync()
    assert account.problem is None
    assert abs(joined.now_ms() - school.clock.now_ms()) < 60_000
    third = hand_in(joined, {"root": "c"})
    clock.offset_ms = 0
    fourth = hand_in(joined, {"root": "a"})
    joined.sync()
    works = joined.works(first.person)
    assert [work.id for work in works] == [fourth.id, third.id, second.id, first.id]
    assert [work.replaced for work in works] == [False, True, True, True]
    assert len(school.submissions()) == 4


def test_a_lost_answer_leaves_the_work_sent_and_is_repaired(joined, road, school):
    work = hand_in(joined)
    road.weather.lose_answers = 1
    assert joined.sync().problem.code == "link-lost"
    assert station(joined, work) is Station.SENT
    assert len(school.submissions()) == 1
    account = joined.sync()
    assert (account.problem, account.receipt.seq) == (None, 1)
    assert station(joined, work) is Station.SCHOOL
    assert len(school.submissions()) == 1


def test_messages_that_arrive_twice_change_nothing(joined, road, school):
    road.weather.doubled = True
    work = hand_in(joined)
    joined.sync()
    assert station(joined, work) is Station.SCHOOL
    assert len(school.submissions()) == 1


def test_a_sync_with_nothing_new_is_one_request(joined, road):
    hand_in(joined)
    joined.sync()
    before = road.requests
    account = joined.sync()
    assert road.requests == before + 1
    assert (account.records_sent, account.records_received) == (0, 0)


def test_a_second_sync_at_the_same_time_is_turned_away(joined, road):
    hand_in(joined)
    inside, go_on = threading.Event(), threading.Event()
    accounts = []

    def wait(path):
        inside.set()
        assert go_on.wait(60)

    road.weather.before = wait
    thread = threading.Thread(target=lambda: accounts.append(joined.sync()))
    thread.start()
    assert inside.wait(60)
    # The first is in front of the network now: reading and writing go on.
    account = joined.sync()
    assert account.problem.code == "sync-busy"
    assert joined.status().waiting == 1
    hand_in(joined, person=1)
    assert joined.status().waiting == 2
    go_on.set()
    thread.join(60)
    assert accounts[0].problem is None


def test_the_lock_is_seen_by_another_laptop_object_on_the_same_folder(joined):
    with held(joined._store.folder / "sync.lock"):
        assert joined.sync().problem.code == "sync-busy"
    assert joined.sync().problem is None


def test_work_is_received_while_lessons_are_being_fetched(joined, school, road):
    school.publish()
    accounts = []

    def mid_download(path):
        road.weather.before = lambda _: None
        hand_in(joined)
        accounts.append(joined.exchange())
        assert joined.carry().problem.code == "sync-busy", "one fetches at a time"

    assert joined.exchange().packs_installed == ()
    road.weather.before = mid_download
    assert joined.carry().packs_installed
    assert [(one.problem, one.records_sent) for one in accounts] == [(None, 1)]
    assert len(school.submissions()) == 1


def test_what_was_announced_is_known_after_a_restart(joined, school, road, tmp_path, clock):
    school.publish()
    joined.exchange()
    joined.close()
    again = Laptop.open(tmp_path / "laptop", clock, road)
    assert [one.pack for one in again.carry().packs_installed] == [PACK]
    again.close()


def test_a_sync_while_somebody_else_fetches_still_exchanges(joined, school):
    school.publish()
    hand_in(joined)
    with held(joined._store.folder / "objects.lock"):
        account = joined.sync()
    assert account.records_sent == 1
    assert account.problem is None, "the work went through, and the lessons are on their way"


def test_a_mark_comes_back_to_another_laptop(tmp_path, joined, school, road):
    teachers = Laptop.open(tmp_path / "teachers", TurnableClock(), road)
    teachers.enrol(ADDRESS, school.code((), (TEACHER,)))
    work = hand_in(joined)
    joined.sync()
    account = teachers.sync()
    assert account.records_received >= 1
    teacher = teachers.people()[0]
    table = teachers.class_work(teacher.id)
    assert [row.student.name for row in table.rows] == list(STUDENTS)
    assert [one.id for one in table.unmarked] == [work.id]
    teachers.give_mark(teacher.id, work.id, 5.5, "Жақсы")
    assert english(teachers, teachers.status().sentence) == "1 mark waits on this laptop."
    teachers.sync()
    joined.sync()
    marked = joined.works(work.person)[0]
    assert (marked.station, marked.mark.points) == (Station.MARKED, 5.5)
    assert marked.mark.comment == "Жақсы"
    teachers.close()


def test_what_others_on_other_laptops_hand_in_is_not_shown_here(tmp_path, joined, school, road):
    other = Laptop.open(tmp_path / "other", TurnableClock(), road)
    other.enrol(ADDRESS, school.code(("Дана",)))
    hand_in(other)
    other.sync()
    joined.sync()
    for person in joined.people()[:2]:
        assert joined.works(person.id) == ()
    other.close()


def test_an_answer_with_a_flipped_byte_changes_nothing(joined, road, school):
    work = hand_in(joined)
    real = school.exchanges.exchange
    for position in (0, 3, 40, 120, -1):

        def flipped(request, position=position):
            answer = bytearray(real(request))
            answer[position] ^= 1
            return bytes(answer)

        school.exchanges.exchange = flipped
        account = joined.sync()
        assert account.problem.fault is Fault.THEIR_DATA
        assert station(joined, work) is Station.SENT
    school.exchanges.exchange = real
    assert joined.sync().problem is None
    assert station(joined, work) is Station.SCHOOL
    assert len(school.submissions()) == 1


def test_a_server_of_another_name_gets_nothing_accepted(tmp_path, joined, road):
    work = hand_in(joined)
    stranger = School(tmp_path / "stranger")
    road.school = stranger
    account = joined.sync()
    assert account.problem.fault is not Fault.LINK
    assert station(joined, work) is Station.SENT
    stranger.close()


def test_syncing_before_enrolment_is_said(tmp_path, road):
    laptop = Laptop.open(tmp_path / "new", reach=road)
    assert laptop.status().sentence.key == "status.never"
    with pytest.raises(LaptopError) as caught:
        laptop.sync()
    assert caught.value.code == "not-enrolled"
    laptop.close()


def test_cancelling_keeps_what_came_and_says_so(joined, road):
    hand_in(joined)
    account = joined.sync(cancel=lambda: True)
    assert account.problem.code == "cancelled"
    assert joined.sync().problem is None


def test_a_long_wait_is_sent_in_as_many_rounds_as_it_takes(joined, road, school):
    for number in range(60):
        hand_in(joined, {"why": "ә" * 1500 + str(number)})
    account = joined.sync()
    assert account.records_sent == 60
    assert joined.status().waiting == 0
    assert len(school.submissions()) == 60


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.sampled_from(["work", "sync", "away", "lose", "double", "reopen", "mark", "clock"]),
        max_size=14,
    )
)
def test_in_whatever_order_things_go_wrong_every_work_arrives_once(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("road")
    school, clock = School(folder / "school"), TurnableClock()
    road = MemoryRoad(school)
    laptop = Laptop.open(folder / "laptop", clock, road)
    laptop.enrol(ADDRESS, school.code(STUDENTS, (TEACHER,)))
    handed_in = []
    for number, step in enumerate(steps):
        road.weather.away = step == "away"
        road.weather.lose_answers = int(step == "lose")
        road.weather.doubled = step == "double"
        if step == "work":
            handed_in.append(hand_in(laptop, {"why": str(number)}, number % 2).id)
        elif step == "mark" and handed_in:
            laptop.give_mark(laptop.people()[-1].id, handed_in[-1], 1, "")
        elif step == "clock":
            clock.offset_ms = (number % 3 - 1) * 20 * YEAR_MS
        elif step == "reopen":
            laptop.close()
            laptop = Laptop.open(folder / "laptop", clock, road)
        else:
            laptop.sync()
    road.weather.away = road.weather.doubled = False
    assert laptop.sync().problem is None
    assert laptop.status().waiting == 0
    found = [work for person in laptop.people()[:2] for work in laptop.works(person.id)]
    assert sorted(work.id for work in found) == sorted(handed_in)
    assert all(work.station >= Station.SCHOOL for work in found)
    assert len(school.submissions()) == len(handed_in)
    laptop.close()
    school.close()
