from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

import pytest

from sync.errors import RecordError
from sync.record import MAX_RECORD_BYTES, NO_HASH, record_bytes, record_hash
from tests.support.records import make_record


def test_bytes_are_canonical_json() -> None:
    record = make_record(7)
    value = json.loads(record_bytes(record))
    assert value == {
        "b": record.body,
        "d": record.device,
        "k": record.kind,
        "p": record.person,
        "s": 7,
        "t": record.time,
    }
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert record_bytes(record) == text.encode()


def test_the_hash_covers_the_record_before() -> None:
    record = make_record()
    first = record_hash(NO_HASH, record)
    assert first == hashlib.sha256(bytes(32) + record_bytes(record)).digest()
    assert record_hash(first, record) != first


@pytest.mark.parametrize(
    "changes",
    [
        {"device": "A" * 22},
        {"seq": 2},
        {"time": 5},
        {"person": "somebody"},
        {"kind": "mark"},
        {"body": {}},
    ],
)
def test_the_hash_covers_every_field(changes: Any) -> None:
    record = make_record()
    assert record_hash(NO_HASH, record) != record_hash(
        NO_HASH, dataclasses.replace(record, **changes)
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"device": "short"},
        {"device": "+" * 22},
        {"seq": 0},
        {"seq": 2**53},
        {"time": -1},
        {"time": 2**63},
        {"person": ""},
        {"person": "x" * 65},
        {"kind": ""},
        {"kind": "Mark"},
        {"kind": "mark\n"},
        {"kind": "a" * 33},
        {"body": [1]},
    ],
)
def test_impossible_outlines_are_refused(changes: Any) -> None:
    with pytest.raises(RecordError) as caught:
        record_bytes(make_record(**changes))
    assert caught.value.code == "record-invalid"
    assert next(iter(changes)) in str(caught.value)


def test_a_record_is_bounded() -> None:
    with pytest.raises(RecordError) as caught:
        record_bytes(make_record(body={"text": "x" * MAX_RECORD_BYTES}))
    assert caught.value.code == "record-too-large"
