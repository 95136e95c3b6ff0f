from __future__ import annotations

from sync.kinds import ASSIGNMENT, CLOCK, DEVICE_REPORT, DRAFT, FEEDBACK, MARK, ROSTER, SUBMISSION
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


def test_newer_kinds_go_where_they_belong(enrolled, road):
    pupil, classmate, teacher = enrolled([ANNA]), enrolled([BOLAT]), enrolled(teachers=[SAULE])
    anna, saule = pupil.person(ANNA), teacher.person(SAULE)
    place = {"pack": "p", "lesson": "l", "task": "t"}
    pupil.write(anna, DRAFT, {**place, "answers": {}})
    pupil.write(anna, DEVICE_REPORT, {"program": "1", "system": "", "free_bytes": 1})
    work = pupil.hand_in(anna)
    for device in (pupil, classmate, teacher):
        device.exchange_all(road)
    assert not teacher.inbox.of_kind(DRAFT) and not teacher.inbox.of_kind(DEVICE_REPORT)
    teacher.write(saule, ASSIGNMENT, {**place, "students": [], "due_ms": None})
    note = {"student": anna, "device": work.device, "seq": work.seq, "item": "", "text": "Жақсы"}
    teacher.write(saule, FEEDBACK, note)
    teacher.exchange_all(road)
    assert kinds(pupil.exchange(road)) == [ASSIGNMENT, FEEDBACK]
    assert kinds(classmate.exchange(road)) == [ASSIGNMENT]


def test_what_a_clock_record_says_reaches_all_who_read_what_it_is_about(enrolled, road, school):
    """Also a pupil whose class is another one now."""
    pupil, classmate, teacher = enrolled([ANNA]), enrolled([BOLAT]), enrolled(teachers=[SAULE])
    stranger = enrolled(["Дана"], class_name="8Б")
    dana = stranger.person("Дана")
    for device in (pupil, classmate, teacher, stranger):
        device.exchange_all(road)
    body = {"device": teacher.id, "seq": 1, "time_ms": 5, "students": [dana]}
    teacher.write(teacher.person(SAULE), CLOCK, body)
    body = {"device": pupil.id, "seq": 1, "time_ms": 5, "students": []}
    pupil.write(pupil.person(ANNA), CLOCK, body)
    for device in (pupil, teacher):
        device.exchange(road)
    assert kinds(pupil.exchange(road)) == kinds(classmate.exchange(road)) == [CLOCK]
    assert kinds(stranger.exchange(road)) == [CLOCK]
    assert len(teacher.inbox.of_kind(CLOCK)) == 1


def test_a_pupil_may_not_give_out_work(enrolled, road):
    pupil = enrolled([ANNA])
    body = {"pack": "p", "lesson": "l", "task": "t", "students": [], "due_ms": None}
    record = pupil.write(pupil.person(ANNA), ASSIGNMENT, body)
    answer = pupil.exchange(road).answer
    assert answer.refused == ((record.seq, "record-not-permitted"),)
