from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import MessageError
from sync.exchanges.exchange import (
    STATED_HASH_BYTES,
    ExchangeAnswer,
    ExchangeRequest,
    check_reply,
    states,
)
from sync.journals.receipt import Receipt
from sync.record import Head
from tests.support.records import identity, make_record

DEVICE = identity("laptop").public.device_id
KEY_ID = "0123456789abcdef0123456789abcdef"
keys = st.text("0123456789abcdef", min_size=1, max_size=64)
numbers = st.integers(0, 2**53 - 1)
hashes = st.binary(min_size=32, max_size=32)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=2), inner, max_size=5)
    ),
    max_leaves=12,
)


@st.composite
def requests(draw: Any) -> ExchangeRequest:
    first_seq, count = draw(st.integers(1, 2**40)), draw(st.integers(0, 4))
    records = tuple(make_record(first_seq + at, time=at << 16) for at in range(count))
    head = Head(first_seq + count - 1 + draw(st.integers(0, 5)), draw(hashes))
    return ExchangeRequest(
        DEVICE,
        head,
        first_seq,
        records,
        draw(st.text(max_size=64)),
        draw(st.dictionaries(keys, numbers, max_size=3)),
        draw(st.integers(0, 1 << 30)),
    )


answers = st.builds(
    ExchangeAnswer,
    reply_to=st.binary(min_size=8, max_size=8),
    server_time_ms=st.integers(0, 2**47 - 1),
    receipt=st.none()
    | st.builds(
        Receipt,
        st.just(DEVICE),
        numbers,
        hashes | st.just(b""),
        st.integers(0, 2**47 - 1),
        st.binary(min_size=64, max_size=64),
    ),
    records=st.lists(st.sampled_from([make_record(3), make_record(9, "other")]), max_size=3).map(
        tuple
    ),
    since=st.text(max_size=64),
    cursor=st.text(max_size=64),
    more=st.booleans(),
    catalogues=st.dictionaries(keys, numbers, max_size=3),
    publishers=st.none() | st.dictionaries(keys, hashes, max_size=3),
    refused=st.lists(st.tuples(st.integers(1, 2**53 - 1), keys), max_size=3).map(tuple),
    resend_from=st.none() | st.integers(1, 2**53 - 1),
)


@given(requests())
def test_requests_round_trip(request: ExchangeRequest) -> None:
    read = ExchangeRequest.from_payload(request.to_payload(), DEVICE)
    assert dataclasses.replace(read, device_head=request.device_head) == request
    assert read.device_head.seq == request.device_head.seq
    assert states(read.device_head, request.device_head.hash)
    assert len(read.device_head.hash) >= STATED_HASH_BYTES


@given(answers)
def test_answers_round_trip(answer: ExchangeAnswer) -> None:
    assert ExchangeAnswer.from_payload(answer.to_payload(), DEVICE) == answer


@given(requests(), answers, st.data())
def test_any_field_may_be_junk(request: ExchangeRequest, answer: ExchangeAnswer, data: Any) -> None:
    for value in (request, answer):
        wire = json.loads(value.to_payload())
        key = data.draw(st.sampled_from([*sorted(wire), *"hfucwrqtsgmkxy"]))
        wire[key] = data.draw(junk)
        payload = json.dumps(wire).encode()
        try:
            type(value).from_payload(payload, DEVICE)
        except MessageError as error:
            assert error.code == "message-malformed"


@given(st.binary(max_size=60) | junk.map(lambda value: json.dumps(value).encode()))
def test_garbage_is_refused_or_harmless(payload: bytes) -> None:
    for kind in (ExchangeRequest, ExchangeAnswer):
        try:
            kind.from_payload(payload, DEVICE)
        except MessageError as error:
            assert error.code == "message-malformed"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"{",
        b'{"w":NaN}',
        b'{"w":1,"w":2}',
        b"\xff",
        b'{"f":0}',
        b'{"f":2}',
        b'{"h":[1]}',
        b'{"h":[1,"AAAA"]}',
        b'{"c":{"":1}}',
        b'{"u":7}',
        b'{"w":-1}',
        b"[" * 100_000,
    ],
)
def test_malformed_requests_are_refused(payload: bytes) -> None:
    with pytest.raises(MessageError) as caught:
        ExchangeRequest.from_payload(payload, DEVICE)
    assert caught.value.code == "message-malformed"


def test_a_request_s_records_follow_each_other_up_to_the_head() -> None:
    records = (make_record(4), make_record(5))
    good = ExchangeRequest(DEVICE, Head(5, bytes(STATED_HASH_BYTES)), 4, records)
    assert ExchangeRequest.from_payload(good.to_payload(), DEVICE) == good
    for changes in (
        {"records": (make_record(4), make_record(6))},
        {"first_seq": 3},
        {"device_head": Head(4, bytes(32))},
    ):
        bad = dataclasses.replace(good, **changes)
        with pytest.raises(MessageError):
            ExchangeRequest.from_payload(bad.to_payload(), DEVICE)


def test_what_is_usual_is_not_sent() -> None:
    head = Head(57, bytes(32))
    request = ExchangeRequest(DEVICE, head, 58)
    assert set(json.loads(request.to_payload())) == {"h"}
    assert ExchangeRequest(DEVICE, Head()).to_payload() == b"{}"
    assert set(json.loads(ExchangeAnswer(bytes(8), 5).to_payload())) == {"q", "t"}


def test_later_fields_are_ignored() -> None:
    request = ExchangeRequest(DEVICE, Head(), catalogues={KEY_ID: 3})
    wire = {**json.loads(request.to_payload()), "later": [1, 2]}
    assert ExchangeRequest.from_payload(json.dumps(wire).encode(), DEVICE) == request


def test_an_answer_to_another_request_is_refused() -> None:
    answer = ExchangeAnswer(bytes(8), 5)
    check_reply(answer, bytes(8))
    with pytest.raises(MessageError) as caught:
        check_reply(answer, b"12345678")
    assert caught.value.code == "message-misdirected"
