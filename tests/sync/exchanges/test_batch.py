from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Dict, List

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import MessageError
from sync.exchanges.batch import decode_batch, encode_batch
from sync.record import Record, record_bytes
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
    lambda inner: (
        st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from("bdknprsvx"), inner)
    ),
    max_leaves=20,
)


@given(st.lists(records, max_size=8))
def test_mixed_records_round_trip(items: List[Record]) -> None:
    wire = json.loads(json.dumps(encode_batch(items)))
    assert decode_batch(wire) == tuple(items)


def told_at(times: List[int], items: List[Record]) -> Dict[str, Any]:
    """Return what a server wrote when it told other times than those that stand in journals."""
    wire = encode_batch([replace(one, time=time) for one, time in zip(items, times)])
    late_ms = [(one.time >> 16) - (time >> 16) for one, time in zip(items, times)]
    differences = [late - before for late, before in zip(late_ms, [0, *late_ms])]
    wire["r"] += [differences, [one.time & 0xFFFF for one in items]] if items else []
    return dict(json.loads(json.dumps(wire)))


@given(st.lists(records, min_size=3, max_size=8))
def test_a_time_that_a_server_told_hides_none_that_was_written(items: List[Record]) -> None:
    times = [one.time // 2 if one.time >= 1 << 18 else one.time for one in items]
    told = decode_batch(told_at(times, items), told=True)
    assert [one.written_time for one in told] == [one.time for one in items]
    assert [replace(one, time=one.written_time, wrong_time=None) for one in told] == items
    again = encode_batch([one.counted_at(one.written_time) for one in told])
    assert len(again["r"]) == 6, "nobody writes that any more"


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
            decode_batch(value, own, told=own is None)
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


@pytest.mark.parametrize(
    ("column", "value"), [(6, -(2**53) + 1), (6, 2**52), (7, -(2**52)), (7, [0]), (6, "1")]
)
def test_wrong_times_are_bounded_too(column: int, value: Any) -> None:
    wire = told_at([5, 6], [make_record(), make_record(2)])
    assert decode_batch(wire, told=True)
    wire["r"][column] = value
    with pytest.raises(MessageError):
        decode_batch(wire, told=True)


def test_a_table_of_another_length_is_refused() -> None:
    wire = encode_batch([make_record(1), make_record(2)])
    wire["r"][1] = [1]
    with pytest.raises(MessageError):
        decode_batch(wire)


def test_a_run_of_like_records_costs_a_fraction_of_its_bodies() -> None:
    run = [make_record(seq, time=(10**12 + seq * 1000) << 16) for seq in range(1, 101)]
    bodies = len(json.dumps([record.body for record in run]))
    assert len(json.dumps(encode_batch(run, run[0].device))) < bodies / 5


def test_the_form_that_was_written_first_is_still_read() -> None:
    first = make_record(7, time=(1_788_000_000_000 << 16) | 3)
    then = make_record(8, kind="progress", time=1_788_000_000_900 << 16, body={"x": [1]})
    wire = {
        "k": ["submission", "progress"],
        "p": [first.person],
        "r": [0, [7, 1], [1_788_000_000_000, 900], [3, 0], 0, [0, 1]],
        "b": [dict(first.body), dict(then.body)],
    }
    assert decode_batch(wire, first.device) == (first, then)


wide = st.dictionaries(
    st.text(max_size=3),
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3) | st.just(2.5),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner),
        max_leaves=8,
    ),
    max_size=5,
)


@given(st.lists(wide, min_size=1, max_size=5))
def test_bodies_keep_their_hashes(bodies: List[Any]) -> None:
    run = [make_record(at + 1, body=body) for at, body in enumerate(bodies)]
    wire = json.loads(json.dumps(encode_batch(run, run[0].device)))
    found = decode_batch(wire, run[0].device)
    assert [record_bytes(record) for record in found] == [record_bytes(record) for record in run]


@pytest.mark.parametrize(
    "body",
    [
        {f"{at:x}": at % 10 for at in range(6000)},
        {"list": [[at % 10] for at in range(8000)]},
        {"deep": json.loads("[" * 11 + "]" * 11)},
        {"text": "," * 30_000 + ";|/\t"},
    ],
    ids=["wide", "long", "deep", "separators"],
)
def test_the_largest_records_can_be_sent(body: Any) -> None:
    run = [make_record(1, body=body), make_record(2), make_record(3, body=body)]
    record_bytes(run[0])
    wire = json.loads(json.dumps(encode_batch(run, run[0].device)))
    assert decode_batch(wire, run[0].device) == tuple(run)


def test_a_small_batch_that_unfolds_to_a_large_one_is_refused() -> None:
    wire = encode_batch([make_record(1), make_record(2)], make_record().device)
    wire["n"] = 20_000
    wire["r"] = [0, [1, 1], 0, 0, 0, 0]
    wire["v"] = [[["x" * 5000]] * (len(wire["s"][0]) - 1)]
    with pytest.raises(MessageError) as caught:
        decode_batch(wire, make_record().device)
    assert "unfolded" in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"n": 0},
        {"s": [["submission", "pack", "pack"]]},
        {"s": [[]]},
        {"v": []},
        {"v": [[]]},
        {"s": [], "v": []},
    ],
)
def test_a_batch_that_contradicts_itself_is_refused(change: Any) -> None:
    wire = {**encode_batch([make_record(1), make_record(2)], make_record().device), **change}
    with pytest.raises(MessageError):
        decode_batch(wire, make_record().device)


def test_a_record_without_fields_travels() -> None:
    run = (make_record(1, kind="ping", body={}), make_record(2, kind="ping", body={}))
    assert decode_batch(json.loads(json.dumps(encode_batch(run)))) == run
