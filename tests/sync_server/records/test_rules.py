"""Which records a device may write: each kind, by each sort of person, about anybody."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Optional, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import kinds
from sync.people import Person
from sync.record import Record
from sync_server.records.routing import BETWEEN_SERVERS
from sync_server.records.rules import BY_SERVERS, BY_TEACHERS, NOT_PERMITTED, refusal
from tests.support.records import identity, submission_body

ANNA = Person("anna", "Анна", "student", "7А", "")
BOLAT = Person("bolat", "Болат", "student", "7А", "")
DANA = Person("dana", "Дана", "student", "8Б", "")
ZERE = Person("zere", "Зере", "student", "7А", "", "another school")
SAULE = Person("saule", "Сәуле", "teacher", "7А", "")
PEOPLE = {one.id: one for one in (ANNA, BOLAT, DANA, ZERE, SAULE)}
GRANTED = {one.id: one for one in (ANNA, SAULE)}
LAPTOP, OTHER = (identity(name).public.device_id for name in ("laptop", "other"))
PLACE = {"pack": "p", "lesson": "l"}
WORK = {"student": "anna", "device": OTHER, "seq": 4}
BODIES: Dict[str, Dict[str, Any]] = {
    kinds.SUBMISSION: submission_body(),
    kinds.ATTEMPT: {
        **PLACE,
        "version": 1,
        "task": "t",
        "item": "q",
        "answer": "a",
        "points": 1,
        "of": 1,
    },
    kinds.DRAFT: {**PLACE, "task": "t", "answers": {}},
    kinds.PROGRESS: {**PLACE, "position_s": 1, "seen": True},
    kinds.QUESTION: {**PLACE, "text": "?"},
    kinds.CLOCK: {"device": LAPTOP, "seq": 1, "time_ms": 5, "students": []},
    kinds.RATING: {**PLACE, "stars": 5, "comment": ""},
    kinds.DEVICE_REPORT: {"program": "1", "system": "x", "free_bytes": 1},
    kinds.MARK: {**WORK, "points": 1, "of": 2, "comment": ""},
    kinds.FEEDBACK: {**WORK, "item": "q", "text": "!"},
    kinds.ANSWER: {**WORK, "text": "!"},
    kinds.ASSIGNMENT: {**PLACE, "task": "t", "students": [], "due_ms": None},
    kinds.CLASS_PLAN: {"class": "7А", "lessons": []},
    kinds.OPENING: {**PLACE, "task": "t", "code": "0" * 12},
    kinds.ROSTER: {"person": "x", "name": "X", "role": "teacher", "class": "7А", "picture": ""},
    kinds.VAULT: {"person": "anna", "file": "ZmlsZQ"},
    kinds.SCHOOL_RULES: {
        "recovery": "",
        "pin_digits": 4,
        "password_letters": 6,
        "pictures": 4,
        "required": False,
    },
}


class Facts:
    """A school with these people."""

    def person(self, person_id: str) -> Optional[Person]:
        return PEOPLE.get(person_id)

    def relays_of(self, person_ids: Iterable[str]) -> Tuple[str, ...]:
        return ()


def record(kind: str, person: str, **changes: Any) -> Record:
    if kind == kinds.VAULT:
        changes = {"person": person, **changes}
    return Record(LAPTOP, 1, 5, person, kind, {**BODIES[kind], **changes})


def judged(kind: str, person: str, **changes: Any) -> Optional[str]:
    return refusal(record(kind, person, **changes), GRANTED, Facts())


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_who_may_write_what(kind: str) -> None:
    for_teachers, for_nobody = kind in BY_TEACHERS, kind in BY_SERVERS
    assert judged(kind, "saule") == (NOT_PERMITTED if for_nobody else None)
    assert judged(kind, "anna") == (NOT_PERMITTED if for_teachers or for_nobody else None)


@pytest.mark.parametrize("kind", sorted(BODIES))
@pytest.mark.parametrize("person", ["bolat", "dana", "nobody"])
def test_a_laptop_writes_for_its_own_people_alone(kind: str, person: str) -> None:
    assert judged(kind, person) == NOT_PERMITTED


def test_every_kind_is_tried_here() -> None:
    assert set(BODIES) == set(kinds.body_fields()) - set(BETWEEN_SERVERS)
    assert set(BY_TEACHERS) < set(BODIES)


@pytest.mark.parametrize("kind", [kinds.MARK, kinds.FEEDBACK, kinds.ANSWER])
@pytest.mark.parametrize("student", ["dana", "zere", "saule", "nobody"])
def test_words_to_a_student_are_the_own_class_s_teacher_s(kind: str, student: str) -> None:
    assert judged(kind, "saule", student=student) == NOT_PERMITTED


def test_a_vault_is_its_own_person_s() -> None:
    somebody_else_s = {**BODIES[kinds.VAULT], "person": "saule"}
    one = Record(LAPTOP, 1, 5, "anna", kinds.VAULT, somebody_else_s)
    assert refusal(one, GRANTED, Facts()) == NOT_PERMITTED


def test_a_mark_may_name_any_number_of_any_journal() -> None:
    """After a fork another branch's record may stand where the teacher saw the work."""
    assert judged(kinds.MARK, "saule") is None
    assert judged(kinds.MARK, "saule", seq=5) is None


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_a_record_without_one_of_its_fields_is_refused_before_anybody_is_asked(kind: str) -> None:
    for name in BODIES[kind]:
        body = {key: value for key, value in BODIES[kind].items() if key != name}
        code = refusal(Record(LAPTOP, 1, 5, "saule", kind, body), GRANTED, Facts())
        assert code == "record-invalid", name


@given(st.from_regex(r"of-tomorrow[a-z]{0,3}", fullmatch=True), st.sampled_from(["anna", "saule"]))
def test_kinds_of_newer_programs_are_kept(kind: str, person: str) -> None:
    assert refusal(Record(LAPTOP, 1, 5, person, kind, {"x": 1}), GRANTED, Facts()) is None
    assert refusal(Record(LAPTOP, 1, 5, "dana", kind, {}), GRANTED, Facts()) == NOT_PERMITTED


@pytest.mark.parametrize("kind", sorted(BETWEEN_SERVERS))
def test_what_servers_tell_each_other_no_laptop_may_write(kind: str) -> None:
    body = {"keys": "A" * 86, "name": "", "people": [], "parent": ""}
    assert refusal(Record(LAPTOP, 1, 5, "saule", kind, body), GRANTED, Facts()) is not None
