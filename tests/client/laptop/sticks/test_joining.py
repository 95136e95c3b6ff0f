from __future__ import annotations

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Station
from sync.errors import LinkError
from sync.sticks.marker import make_stick
from tests.client.laptop.conftest import STUDENTS, TEACHER
from tests.support.pack_source import PACK, RIGHT_ANSWERS
from tests.support.school import ADDRESS, School
from tests.support.stick_post import answer_letters, invite, lay_packs


def nowhere(address):
    raise LinkError("link-unreachable", address)


@pytest.fixture
def drive(tmp_path):
    root = tmp_path / "drive"
    root.mkdir()
    return root


@pytest.fixture
def fresh(tmp_path, clock):
    laptop = Laptop.open(tmp_path / "fresh", clock, nowhere)
    yield laptop
    laptop.close()


def test_a_laptop_joins_learns_and_hands_in_without_any_network(fresh, school, drive):
    school.publish()
    stick = make_stick(drive)
    code = school.code(STUDENTS[:1])
    lay_packs(school, stick)
    invite(school, stick, code)
    fresh.sticks.enrol(drive, code, "Парта 1")
    assert fresh.school == "Қарағаш орта мектебі"
    assert [one.name for one in fresh.people()] == [STUDENTS[0]]
    assert [one.pack for one in fresh.sticks.visit(drive).packs_installed] == [PACK]
    pupil = fresh.people()[0].id
    fresh.hand_in(pupil, PACK, "meaning", "check", RIGHT_ANSWERS, "kk")
    assert fresh.sticks.visit(drive).works_left == 1
    answer_letters(school, stick)
    assert len(school.submissions()) == 1
    account = fresh.sticks.visit(drive / "KERUEN")
    assert account.works_arrived == 1
    assert fresh.works(pupil)[0].station is Station.SCHOOL
    assert not fresh.store.setting("enrolment.asked"), "the school knows this laptop now"


def test_a_code_that_another_laptop_used_is_told_and_work_is_kept(tmp_path, fresh, school, drive):
    stick, code = make_stick(drive), school.code(STUDENTS[:1])
    invite(school, stick, code)
    other = Laptop.open(tmp_path / "other", reach=nowhere)
    for laptop in (other, fresh):
        laptop.sticks.enrol(drive, code)
        laptop.sticks.visit(drive)
        answer_letters(school, stick)
    other.close()
    fresh.hand_in(fresh.people()[0].id, PACK, "meaning", "check", RIGHT_ANSWERS, "kk")
    account = fresh.sticks.visit(drive)
    assert account.notice is not None and account.notice.key == "stick.code-refused"
    again = school.code(STUDENTS)
    invite(school, stick, again)
    fresh.sticks.enrol(drive, again)
    fresh.sticks.visit(drive)
    answer_letters(school, stick)
    fresh.sticks.visit(drive)
    assert len(school.submissions()) == 1
    assert {one.name for one in fresh.people()} == set(STUDENTS)


def test_codes_and_sticks_that_do_not_fit_are_told(tmp_path, fresh, school, drive):
    def refusal(code):
        with pytest.raises(LaptopError) as caught:
            fresh.sticks.enrol(drive, code)
        return caught.value.code

    code = school.code(STUDENTS)
    assert refusal(code) == "stick-none"
    stick = make_stick(drive)
    assert refusal(code) == "stick-no-invitation"
    assert refusal("1234") == "enrolment-code-length"
    assert not fresh.enrolled
    invite(school, stick, code)
    fresh.sticks.enrol(drive, code)
    elsewhere = School(tmp_path / "elsewhere")
    theirs = elsewhere.code((), (TEACHER,))
    invite(elsewhere, stick, theirs)
    assert refusal(theirs) == "already-enrolled"
    elsewhere.close()
    assert fresh.school == "Қарағаш орта мектебі"


def test_without_a_servers_address_only_sticks_go_and_a_link_is_learnt_later(
    fresh, school, road, drive
):
    stick, code = make_stick(drive), school.code(STUDENTS[:1])
    invite(school, stick, code)
    fresh.sticks.enrol(drive, code)
    fresh.sticks.visit(drive)
    fresh.hand_in(fresh.people()[0].id, PACK, "meaning", "check", RIGHT_ANSWERS, "kk")
    account = fresh.sync()
    assert account.problem is None and account.held.key == "link.now.by-stick"
    assert fresh.happening(3.0).state == "by-stick"
    assert fresh.status().problem is None
    fresh._reach = fresh._syncing._reach = road
    fresh.enrol(ADDRESS, code)
    assert fresh.sync().problem is None
    assert len(school.submissions()) == 1
    assert fresh.sticks.visit(drive).problem is None


def test_a_stick_that_is_none_is_told(fresh, school, drive):
    assert fresh.sticks.visit(drive).problem.code == "stick-none"
