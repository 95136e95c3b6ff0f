from __future__ import annotations

from typing import Any, Dict

import pytest

from sync.errors import RecordError
from sync.kinds import (
    ANSWER,
    ASSIGNMENT,
    ATTEMPT,
    CLASS_PLAN,
    CLOCK,
    DEVICE_REPORT,
    DRAFT,
    FEEDBACK,
    LAPTOP,
    MARK,
    OPENING,
    PROGRESS,
    QUESTION,
    RATING,
    ROSTER,
    SCHOOL,
    SCHOOL_RULES,
    SUBMISSION,
    VAULT,
    body_fields,
    validate,
)
from tests.support.records import make_record, submission_body

BODIES: Dict[str, Dict[str, Any]] = {
    SUBMISSION: submission_body(),
    MARK: {
        "student": "s",
        "device": "A" * 22,
        "seq": 3,
        "points": 4.5,
        "of": 5,
        "comment": "",
    },
    PROGRESS: {"pack": "p", "lesson": "l", "position_s": 3.5, "seen": True},
    ROSTER: {"person": "p", "name": "Айару", "role": "student", "class": "7А", "picture": ""},
    ATTEMPT: {
        "pack": "p",
        "version": 1,
        "lesson": "l",
        "task": "t",
        "item": "q1",
        "answer": ["a", "c"],
        "points": None,
        "of": 2,
    },
    DRAFT: {"pack": "p", "lesson": "l", "task": "t", "answers": {"q1": "a"}},
    FEEDBACK: {"student": "s", "device": "A" * 22, "seq": 3, "item": "", "text": "Жақсы"},
    ASSIGNMENT: {"pack": "p", "lesson": "l", "task": "t", "students": ["s"], "due_ms": 0},
    CLASS_PLAN: {"class": "7А", "lessons": [["p", "l", 1_788_000_000_000], ["p", "m", None]]},
    CLOCK: {"device": "A" * 22, "seq": 3, "time_ms": 1_788_000_000_000, "students": ["s"]},
    QUESTION: {"pack": "p", "lesson": "l", "text": "Неге таңба өзгереді?"},
    ANSWER: {"student": "s", "device": "A" * 22, "seq": 3, "text": "Себебі екі жағынан алдық"},
    RATING: {"pack": "p", "lesson": "l", "stars": 5, "comment": ""},
    DEVICE_REPORT: {"program": "1.0", "system": "Windows 7", "free_bytes": 1_000_000},
    LAPTOP: {"keys": "A" * 86, "name": "Laptop 1", "people": ["p-1"], "parent": ""},
    SCHOOL: {"keys": "A" * 86, "name": "№ 12"},
    OPENING: {"pack": "p", "lesson": "l", "task": "t", "code": "K7PM3QXA9WTC"},
    VAULT: {"person": "p", "file": "ZmlsZQ"},
    SCHOOL_RULES: {
        "recovery": "A" * 43,
        "pin_digits": 6,
        "password_letters": 8,
        "pictures": 5,
        "required": True,
    },
}


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_well_shaped_bodies_pass_with_more_fields_too(kind: str) -> None:
    validate(make_record(kind=kind, body=BODIES[kind]))
    validate(make_record(kind=kind, body={**BODIES[kind], "later": [1]}))


def test_all_kinds_are_tried() -> None:
    assert set(body_fields()) == set(BODIES)


@pytest.mark.parametrize("answer", ["2,5", ["a"], {"gap-1": "Астана"}, {}])
def test_an_attempt_may_answer_in_words_choices_or_parts(answer: Any) -> None:
    validate(make_record(kind=ATTEMPT, body={**BODIES[ATTEMPT], "answer": answer}))


@pytest.mark.parametrize("answer", [{"gap-1": 5}, {"": "a"}, {"gap-1": "a" * 2001}, {"a": ["b"]}])
def test_parts_are_answered_in_words(answer: Any) -> None:
    with pytest.raises(RecordError):
        validate(make_record(kind=ATTEMPT, body={**BODIES[ATTEMPT], "answer": answer}))


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in body_fields().items() for name in names]
)
def test_every_field_is_needed_and_typed(kind: str, name: str) -> None:
    for body in (
        {key: value for key, value in BODIES[kind].items() if key != name},
        {**BODIES[kind], name: [[None]]},
        {**BODIES[kind], name: object},
    ):
        with pytest.raises(RecordError) as caught:
            validate(make_record(kind=kind, body=body))
        assert caught.value.code == "record-invalid"
        assert name in caught.value.detail


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (SUBMISSION, "points", -1),
        (SUBMISSION, "points", True),
        (SUBMISSION, "version", True),
        (MARK, "seq", 0),
        (ROSTER, "role", "director"),
        (PROGRESS, "seen", 1),
        (RATING, "stars", 6),
        (RATING, "stars", 0),
        (CLASS_PLAN, "lessons", [["p", "l"]]),
        (CLASS_PLAN, "lessons", [["p", "l", -1]]),
        (ATTEMPT, "answer", 3),
        (ASSIGNMENT, "students", [1]),
        (MARK, "comment", "x" * 8001),
        (OPENING, "code", "K7PM-3QXA-9WTC"),
        (OPENING, "code", "K7PM3QXA9WT"),
        (OPENING, "code", "K7PM3QXA9WTC\n"),
        (OPENING, "code", "k7pm3qxa9wtc"),
        (OPENING, "code", "К7РМ3QХА9WТС"),
        (OPENING, "code", ["K"] * 12),
        (OPENING, "code", 123456789012),
        (OPENING, "task", ""),
        (OPENING, "pack", "p" * 101),
        (VAULT, "file", ""),
        (VAULT, "file", "ZmlsZQ=="),
        (VAULT, "file", "A" * 16_001),
        (SCHOOL_RULES, "recovery", "A" * 42),
        (SCHOOL_RULES, "recovery", None),
        (SCHOOL_RULES, "pin_digits", 0),
        (SCHOOL_RULES, "pin_digits", 65),
        (SCHOOL_RULES, "pictures", True),
        (SCHOOL_RULES, "required", 1),
    ],
)
def test_bounds(kind: str, name: str, value: Any) -> None:
    with pytest.raises(RecordError):
        validate(make_record(kind=kind, body={**BODIES[kind], name: value}))


def test_points_may_wait_for_a_teacher() -> None:
    validate(make_record(body=submission_body(points=None)))


def test_unknown_kinds_pass() -> None:
    validate(make_record(kind="of-tomorrow", body={"anything": 1}))
