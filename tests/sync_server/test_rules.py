"""Which records a device may write: each kind, by each sort of person, about anybody."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Optional, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import kinds
from sync.branch import ORIGIN
from sync.people import Person
from sync.record import Record
from sync_server.routing import BETWEEN_SERVERS
from sync_server.rules import BY_TEACHERS, NOT_PERMITTED, may_mark, refusal
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
    kinds.RATING: {**PLACE, "stars": 5, "comment": ""},
    kinds.DEVICE_REPORT: {"program": "1", "system": "x", "free_bytes": 1},
    kinds.MARK: {**WORK, "points": 1, "of": 2, "comment": ""},
    kinds.FEEDBACK: {**WORK, "item": "q", "text": "!"},
    kinds.ANSWER: {**WORK, "text": "!"},
    kinds.ASSIGNMENT: {**PLACE, "task": "t", "students": [], "due_ms": None},
    kinds.CLASS_PLAN: {"class": "7А", "lessons": []},
    kinds.ROSTER: {"person": "x", "name": "X", "role": "teacher", "class": "7А", "picture": ""},
}


class Facts:
    """A school with these people, which holds one work under (other, 4)."""

    def __init__(self, held: Optional[Tuple[str, str]] = (kinds.SUBMISSION, "anna")) -> None:
        self._held = held

    def person(self, person_id: str) -> Optional[Person]:
        return PEOPLE.get(person_id)

    def record_kind(self, device_id: str, seq: int) -> Optional[Tuple[str, str]]:
        return self._held if (device_id, seq) == (OTHER, 4) else None

    def relays_of(self, person_ids: Iterable[str]) -> Tuple[str, ...]:
        return ()


def record(kind: str, person: str, **changes: Any) -> Record:
    return Record(LAPTOP, 1, 5, person, kind, {**BODIES[kind], **changes})


def judged(kind: str, person: str, facts: Optional[Facts] = None, **changes: Any) -> Optional[str]:
    return refusal(record(kind, person, **changes), GRANTED, facts or Facts())


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_who_may_write_what(kind: str) -> None:
    for_teachers, for_nobody = kind in BY_TEACHERS, kind == kinds.ROSTER
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
    assert judged(kind, "saule", Facts(None), student=student) == NOT_PERMITTED


@pytest.mark.parametrize(
    ("held", "may"),
    [
        (None, True),
        ((kinds.SUBMISSION, "anna"), True),
        ((kinds.SUBMISSION, "bolat"), False),
        ((kinds.PROGRESS, "anna"), False),
    ],
)
def test_what_is_marked_is_that_student_s_work(held: Any, may: bool) -> None:
    assert may_mark(record(kinds.MARK, "saule"), Facts(held)) is may
    assert (judged(kinds.MARK, "saule", Facts(held)) is None) is may


def test_a_mark_that_was_carried_over_may_name_another_branch_s_number() -> None:
    facts = Facts((kinds.SUBMISSION, "bolat"))
    assert judged(kinds.MARK, "saule", facts, **{ORIGIN: [OTHER, 9]}) is None


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
