from __future__ import annotations

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.messages import LANGUAGES, Messages
from tests.client.laptop.conftest import STUDENTS, TEACHER
from tests.support.school import ADDRESS, MemoryRoad, School


@pytest.fixture
def laptop(tmp_path, road):
    laptop = Laptop.open(tmp_path / "new", reach=road)
    yield laptop
    laptop.close()


def refused(laptop, code, address=ADDRESS):
    with pytest.raises(LaptopError) as caught:
        laptop.enrol(address, code)
    for language in LANGUAGES:
        assert Messages(language).text(caught.value.message)
    return caught.value.code


def test_a_code_brings_school_people_and_publishers(laptop, school):
    school.publish(video_bytes=0)
    laptop.enrol(ADDRESS, school.code(STUDENTS, (TEACHER,)).replace(" ", ""), "Ноутбук 3")
    assert laptop.enrolled and laptop.school == "Қарағаш орта мектебі"
    assert [(one.name, one.role) for one in laptop.people()] == [
        (STUDENTS[0], "student"),
        (STUDENTS[1], "student"),
        (TEACHER, "teacher"),
    ]
    assert laptop._store.enrolled().publishers == {school.key_id: school.publisher.public.raw}


def test_a_mistyped_digit_is_noticed_before_anything_is_sent(laptop, school, road):
    code = school.code(STUDENTS)
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    assert refused(laptop, wrong) == "enrolment-code-mistyped"
    assert refused(laptop, code[:-1]) == "enrolment-code-length"
    assert refused(laptop, "") == "enrolment-code-length"
    assert road.requests == 0
    assert not laptop.enrolled


def test_an_unknown_and_a_used_code_are_said(tmp_path, laptop, school, road):
    from sync.enrolment import EnrolmentCode

    assert refused(laptop, str(EnrolmentCode.generate())) == "enrolment-code-unknown"
    code = school.code(STUDENTS)
    laptop.enrol(ADDRESS, code)
    second = Laptop.open(tmp_path / "second", reach=road)
    assert refused(second, code) == "enrolment-code-used"
    second.close()


def test_a_lost_answer_is_repaired_by_typing_the_code_again(tmp_path, school, road):
    laptop = Laptop.open(tmp_path / "new", reach=road)
    code = school.code(STUDENTS)
    road.weather.lose_answers = 1
    assert refused(laptop, code) == "enrol-link"
    laptop.close()
    again = Laptop.open(tmp_path / "new", reach=road)
    assert not again.enrolled and again.people() == ()
    again.enrol(ADDRESS, code)
    assert again.enrolled
    again.close()


def test_an_address_that_is_none(tmp_path):
    laptop = Laptop.open(tmp_path / "real-road")
    from sync.enrolment import EnrolmentCode

    assert refused(laptop, str(EnrolmentCode.generate()), "http://") == "address-invalid"
    laptop.close()


def test_a_damaged_answer_joins_nothing(laptop, school):
    real = school.enrolments.enrol

    def damaged(request):
        answer = bytearray(real(request))
        answer[-20] ^= 1
        return bytes(answer)

    school.enrolments.enrol = damaged
    assert refused(laptop, school.code(STUDENTS)) == "enrolment-unreadable"
    assert not laptop.enrolled


def test_a_further_code_of_the_same_school_adds_its_people(laptop, school):
    laptop.enrol(ADDRESS, school.code(STUDENTS[:1]))
    laptop.enrol(ADDRESS, school.code((), (TEACHER,)))
    assert [one.name for one in laptop.people()] == [STUDENTS[0], TEACHER]


def test_a_code_of_another_school_is_refused_and_nothing_changes(tmp_path, laptop, school, road):
    laptop.enrol(ADDRESS, school.code(STUDENTS))
    other = School(tmp_path / "other")
    code = other.code(("Дана",))
    laptop._reach = MemoryRoad(other)
    assert refused(laptop, code) == "already-enrolled"
    assert len(laptop.people()) == 2
    assert laptop._store.enrolled().server == school.identity.public.to_bytes()
    other.close()


def test_a_laptop_whose_clock_says_2003_knows_the_time_after_joining(tmp_path, school, road):
    from tests.support.laptop import TurnableClock

    clock = TurnableClock(-23 * 365 * 24 * 3600 * 1000)
    laptop = Laptop.open(tmp_path / "old", clock, road)
    laptop.enrol(ADDRESS, school.code(STUDENTS))
    assert abs(laptop.now_ms() - school.clock.now_ms()) < 60_000
    laptop.close()
