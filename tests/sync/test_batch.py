from __future__ import annotations

import json
from typing import Any, List

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.batch import decode_batch, encode_batch
from sync.errors import MessageError
from sync.record import Record
from tests.support.records import identity, make_record

NAMES = ("laptop", "other", "third")
records = st.builds(
    make_record,
    seq=st.integers(1, 2**53 - 1),
    name=st.sampled_from(NAMES),
    time=st.integers(0, 2**63 - 1),
    person=st.text(min_size=1, max_size=64),
    kind=st.from_regex(r"[a-z][a-z0-9-]{0,31}", fullmatch=True),
    body=st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from("bdkprx"), inner),
    max_leaves=20,
)


@given(st.lists(records, max_size=8))
def test_mixed_records_round_trip(items: List[Record]) -> None:
    wire = json.loads(json.dumps(encode_batch(items)))
    assert decode_batch(wire) == tuple(items)


@given(st.lists(records, max_size=8))
def test_own_records_do_not_name_their_device(items: List[Record]) -> None:
    device = identity("laptop").public.device_id
    own = [Record(device, *_rest(item)) for item in items]
    wire = encode_batch(own, device)
    assert device not in json.dumps(wire)
    assert decode_batch(wire, device) == tuple(own)


def _rest(record: Record) -> Any:
    return record.seq, record.time, record.person, record.kind, record.body


@given(junk)
def test_junk_is_refused_with_a_sentence(value: Any) -> None:
    for own in (None, identity("laptop").public.device_id):
        try:
            decode_batch(value, own)
        except MessageError as error:
            assert error.code == "message-malformed"


@given(st.lists(records, min_size=1, max_size=3), st.data())
def test_any_part_may_be_junk(items: List[Record], data: Any) -> None:
    wire = json.loads(json.dumps(encode_batch(items)))
    key = data.draw(st.sampled_from(sorted(wire)))
    wire[key] = data.draw(junk)
    try:
        decode_batch(wire)
    except MessageError as error:
        assert error.code == "message-malformed"


@pytest.mark.parametrize(
    ("column", "value"),
    [(0, 1), (0, -1), (1, 0), (1, 2**60), (2, -(2**53)), (2, 2**52), (3, -1), (4, 9), (5, True)],
)
def test_columns_are_bounded(column: int, value: Any) -> None:
    wire = encode_batch([make_record()])
    wire["r"][column] = value
    with pytest.raises(MessageError):
        decode_batch(wire)


def test_a_table_of_another_length_is_refused() -> None:
    wire = encode_batch([make_record(1), make_record(2)])
    wire["r"][1] = [1]
    with pytest.raises(MessageError):
        decode_batch(wire)


def test_a_run_costs_little_more_than_its_bodies() -> None:
    run = [make_record(seq, time=(10**12 + seq * 1000) << 16) for seq in range(1, 101)]
    bodies = len(json.dumps([record.body for record in run]))
    assert len(json.dumps(encode_batch(run, run[0].device))) < bodies + 1100
