"""The kinds of records that this version knows, and the shape of their bodies.

A kind or a field that is not named here is kept and passed on as it is: an older program on the way
must not lose what a newer one wrote.
"""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Mapping

from sync import fields
from sync.attachments.attachment import attachments_of
from sync.errors import MessageError, RecordError
from sync.identity import KEY_BYTES
from sync.journals.branch import ORIGIN, origin_of
from sync.record import MAX_RECORD_BYTES, Record, check_outline, record_bytes

SUBMISSION = "submission"
MARK = "mark"
PROGRESS = "progress"
ROSTER = "roster"
ATTEMPT = "attempt"
DRAFT = "draft"
FEEDBACK = "feedback"
ASSIGNMENT = "assignment"
CLASS_PLAN = "class-plan"
QUESTION = "question"
ANSWER = "answer"
RATING = "rating"
DEVICE_REPORT = "device-report"
LAPTOP = "laptop"
SCHOOL = "school"
OPENING = "opening"
VAULT = "vault"
SCHOOL_RULES = "school-rules"
CLOCK = "clock"

ROLES = ("student", "teacher")
TO_STUDENTS = (MARK, FEEDBACK, ANSWER)
"""Kinds whose bodies name the student whom they are for."""

_Check = Callable[[Any, str], object]
_CODE = re.compile(r"[0-9A-Z]{12}")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
MAX_VAULT_CHARACTERS = 16_000
MAX_SECRET_LENGTH = 64


def _points(value: Any, name: str) -> object:
    if fields.number(value, name) < 0:
        fields.malformed(name, "a number from 0")
    return value


def _points_or_none(value: Any, name: str) -> object:
    return value if value is None else _points(value, name)


def _id(value: Any, name: str) -> object:
    return fields.text(value, name, 100)


def _short(value: Any, name: str) -> object:
    return fields.text(value, name, 200, empty=True)


def _comment(value: Any, name: str) -> object:
    return fields.text(value, name, 8000, empty=True)


def _version(value: Any, name: str) -> object:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole else fields.text(value, name, 40)


def _seq(value: Any, name: str) -> object:
    return fields.integer(value, name, low=1)


def _role(value: Any, name: str) -> object:
    return value if value in ROLES else fields.malformed(name, "student or teacher")


def _answer(value: Any, name: str) -> object:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {
            fields.text(part, name, 100): fields.text(said, name, 2000)
            for part, said in value.items()
        }
    return [fields.text(item, name, 100) for item in fields.listing(value, name, 100)]


def _stars(value: Any, name: str) -> object:
    return fields.integer(value, name, low=1, high=5)


def _time_ms(value: Any, name: str) -> object:
    return value if value is None else fields.integer(value, name)


def _ids(value: Any, name: str) -> object:
    return [fields.text(item, name, 100) for item in fields.listing(value, name, 1000)]


def _keys(value: Any, name: str) -> object:
    return fields.binary(value, name, 2 * KEY_BYTES)


def _code(value: Any, name: str) -> object:
    whole = isinstance(value, str) and _CODE.fullmatch(value)
    return value if whole else fields.malformed(name, "12 letters and digits")


def _vault_file(value: Any, name: str) -> object:
    text = fields.text(value, name, MAX_VAULT_CHARACTERS)
    whole = _BASE64URL.fullmatch(text)
    return text if whole else fields.malformed(name, "base64url")


def _key_or_none(value: Any, name: str) -> object:
    return value if value == "" else fields.binary(value, name, KEY_BYTES)


def _length(value: Any, name: str) -> object:
    return fields.integer(value, name, low=1, high=MAX_SECRET_LENGTH)


def _lessons(value: Any, name: str) -> object:
    for item in fields.listing(value, name, 1000):
        row = fields.listing(item, name, 3)
        if len(row) != 3:
            fields.malformed(name, "rows of a pack, a lesson and a time")
        fields.text(row[0], name, 100)
        fields.text(row[1], name, 100)
        _time_ms(row[2], name)
    return value


_SHAPES: Mapping[str, Mapping[str, _Check]] = {
    SUBMISSION: {
        "pack": _id,
        "version": _version,
        "lesson": _id,
        "task": _id,
        "answers": fields.mapping,
        "points": _points_or_none,
        "of": _points,
        "waiting": _points,
        "language": _id,
    },
    MARK: {
        "student": _id,
        "device": _id,
        "seq": _seq,
        "points": _points_or_none,
        "of": _points,
        "comment": _comment,
    },
    PROGRESS: {"pack": _id, "lesson": _id, "position_s": _points, "seen": fields.boolean},
    ROSTER: {"person": _id, "name": _id, "role": _role, "class": _short, "picture": _short},
    ATTEMPT: {
        "pack": _id,
        "version": _version,
        "lesson": _id,
        "task": _id,
        "item": _id,
        "answer": _answer,
        "points": _points_or_none,
        "of": _points,
    },
    DRAFT: {"pack": _id, "lesson": _id, "task": _id, "answers": fields.mapping},
    FEEDBACK: {"student": _id, "device": _id, "seq": _seq, "item": _short, "text": _comment},
    ASSIGNMENT: {
        "pack": _id,
        "lesson": _id,
        "task": _id,
        "students": _ids,
        "due_ms": _time_ms,
    },
    CLASS_PLAN: {"class": _id, "lessons": _lessons},
    QUESTION: {"pack": _id, "lesson": _id, "text": _comment},
    ANSWER: {"student": _id, "device": _id, "seq": _seq, "text": _comment},
    RATING: {"pack": _id, "lesson": _id, "stars": _stars, "comment": _comment},
    DEVICE_REPORT: {"program": _short, "system": _short, "free_bytes": _points},
    LAPTOP: {"keys": _keys, "name": _short, "people": _ids, "parent": _short},
    SCHOOL: {"keys": _keys, "name": _short},
    OPENING: {"pack": _id, "lesson": _id, "task": _id, "code": _code},
    VAULT: {"person": _id, "file": _vault_file},
    CLOCK: {"device": _id, "seq": _seq, "time_ms": fields.integer, "students": _ids},
    SCHOOL_RULES: {
        "recovery": _key_or_none,
        "pin_digits": _length,
        "password_letters": _length,
        "pictures": _length,
        "required": fields.boolean,
    },
}


def body_fields() -> Dict[str, tuple[str, ...]]:
    """Return the known kinds with the names of the fields that each must have."""
    return {kind: tuple(shape) for kind, shape in _SHAPES.items()}


def validate(record: Record) -> None:
    """Accept a record of a known kind with all its fields well-shaped, or of any unknown kind.

    Files may be attached to any known kind (``sync.attachments.attachment``).

    Raises:
        RecordError: ``record-invalid`` naming the field.
    """
    check_outline(record)
    origin_of(record)
    try:
        if record.kind in _SHAPES:
            attachments_of(record.body)
        for name, check in _SHAPES.get(record.kind, {}).items():
            if name not in record.body:
                raise RecordError("record-invalid", f"{record.kind}.{name} is missing")
            check(record.body[name], f"{record.kind}.{name}")
    except MessageError as error:
        raise RecordError("record-invalid", error.detail) from error


ORIGIN_ROOM_BYTES = 128
"""What a record may grow by when another journal carries it on."""


def check_written(record: Record, body_json: bytes) -> None:
    """Accept a record that is to be written here for the first time.

    Raises:
        RecordError: ``record-invalid`` or ``record-too-large``.
    """
    if ORIGIN in record.body:
        raise RecordError("record-invalid", ORIGIN)
    validate(record)
    size_bytes, limit_bytes = len(record_bytes(record, body_json)), MAX_RECORD_BYTES
    if size_bytes > limit_bytes - ORIGIN_ROOM_BYTES:
        raise RecordError("record-too-large", f"{size_bytes} of {limit_bytes} bytes")
