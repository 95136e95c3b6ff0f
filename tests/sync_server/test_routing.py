from __future__ import annotations

from sync.kinds import MARK, ROSTER, SUBMISSION
from tests.support.exchanges import kinds

ANNA, BOLAT, SAULE = "Анна", "Болат", "Сәуле"


def test_records_go_to_the_class_and_to_nobody_else(enrolled, road):
    pupil, classmate = enrolled([ANNA]), enrolled([BOLAT])
    teacher, stranger = enrolled(teachers=[SAULE]), enrolled(teachers=["Ержан"], class_name="8Ә")
    second = enrolled([ANNA])
    pupil.hand_in(pupil.person(ANNA))
    pupil.watch(pupil.person(ANNA), 30)
    pupil.exchange(road)
    assert kinds(teacher.exchange(road))[-2:] == ["submission", "progress"]
    assert kinds(second.exchange(road))[-2:] == ["submission", "progress"]
    assert set(kinds(classmate.exchange(road))) == {ROSTER}
    assert set(kinds(stranger.exchange(road))) == {ROSTER}


def test_a_mark_goes_to_the_student_and_not_to_classmates(enrolled, road):
    pupil, classmate, teacher = enrolled([ANNA]), enrolled([BOLAT]), enrolled(teachers=[SAULE])
    work = pupil.hand_in(pupil.person(ANNA))
    pupil.exchange_all(road)
    classmate.exchange_all(road)
    teacher.mark(teacher.person(SAULE), pupil.person(ANNA), work)
    teacher.exchange_all(road)
    assert kinds(pupil.exchange(road)) == [MARK]
    assert kinds(classmate.exchange(road)) == []


def test_a_pupils_laptop_learns_the_teachers_name_and_no_classmates(enrolled, road):
    enrolled([BOLAT])
    pupil = enrolled([ANNA])
    enrolled(teachers=[SAULE])
    names = [record.body["name"] for record in pupil.exchange(road).records]
    assert sorted(names) == sorted([ANNA, SAULE])


def test_own_records_are_not_sent_back(enrolled, road):
    shared = enrolled([ANNA, BOLAT], [SAULE])
    shared.hand_in(shared.person(ANNA))
    outcomes = shared.exchange_all(road)
    assert {r.device for o in outcomes for r in o.records}.isdisjoint({shared.id})


def test_people_granted_later_bring_what_came_before(enrolled, road, school):
    pupil = enrolled([ANNA])
    pupil.hand_in(pupil.person(ANNA))
    pupil.exchange_all(road)
    shared = enrolled([BOLAT])
    shared.exchange_all(road)
    shared.enrol(road, str(school.code([ANNA]).code))
    assert {person.name for person in shared.people} == {ANNA, BOLAT}
    assert SUBMISSION in kinds(shared.exchange(road))
    assert kinds(shared.exchange(road)) == []
