from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import MessageError, ReceiptError, SyncError
from sync.message import Kind, message_digest, open_message
from sync.record import Head
from sync.relaying.answer import RelayAnswer
from sync.relaying.heads import HeadsReceipt, heads_digest, sign_heads, verify_heads
from sync.relaying.page import HeadsPage
from sync.relaying.request import RelayRequest
from sync.relaying.run import Run
from sync.relaying.want import Want
from tests.support.examples import examples
from tests.support.records import PERSON, identity, make_record, submission_body

LAPTOP, OTHER = (identity(name).public.device_id for name in ("laptop", "other"))
HEADS = {LAPTOP: Head(3, b"a" * 32), OTHER: Head(1, b"b" * 32)}


def run(device, first_seq, count, **changes):
    records = tuple(
        dataclasses.replace(make_record(device=device, seq=first_seq + at), person=PERSON)
        for at in range(count)
    )
    return Run(records, bytes([first_seq]) * 8, **changes)


REQUEST = RelayRequest(
    believed=b"d" * 32,
    runs=(run(LAPTOP, 4, 2, refused={5: "record-invalid"}), run(OTHER, 1, 1)),
    wants=(Want(LAPTOP, 2, b"c" * 8),),
    cursor="1.2.abcd",
    catalogues={"ab" * 16: 3},
    room_bytes=77,
    heads_from=OTHER,
)
ANSWER = RelayAnswer(
    reply_to=b"r" * 8,
    server_time_ms=5,
    receipt=HeadsReceipt(b"d" * 32, 5, b"s" * 64),
    refused=((0, 4, "person-elsewhere"),),
    resend=((1, 1),),
    forked=((0, 4),),
    rejected=((1, "device-elsewhere"),),
    page=HeadsPage(((LAPTOP, 3, b"h" * 8),), "", OTHER),
    records=run(OTHER, 7, 2).records,
    since="1.2.abcd",
    cursor="1.3.abcd",
    more=True,
    back=(run(LAPTOP, 2, 1),),
    apart=(OTHER,),
    catalogues={"ab" * 16: 4},
    publishers={"ab" * 16: b"k" * 32},
)


def test_what_is_said_is_read():
    assert RelayRequest.from_payload(REQUEST.to_payload()) == REQUEST
    assert RelayAnswer.from_payload(ANSWER.to_payload()) == ANSWER
    least = RelayRequest(b"d" * 32), RelayAnswer(b"r" * 8, 0)
    assert RelayRequest.from_payload(least[0].to_payload()) == least[0]
    assert RelayAnswer.from_payload(least[1].to_payload()) == least[1]
    assert len(least[0].to_payload()) < 60


def test_fields_of_tomorrow_are_ignored():
    for value in (REQUEST, ANSWER):
        payload = json.loads(value.to_payload())
        payload["tomorrow"] = [1]
        assert type(value).from_payload(json.dumps(payload).encode()) == value


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 1 << 60) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=6,
)


@settings(max_examples=examples(150))
@given(st.sampled_from((REQUEST, ANSWER)), st.data())
def test_a_field_of_another_shape_is_a_typed_error_or_ignored(value, data):
    payload = json.loads(value.to_payload())
    name = data.draw(st.sampled_from(sorted(payload)))
    payload[name] = data.draw(_JSON)
    try:
        type(value).from_payload(json.dumps(payload).encode())
    except SyncError as error:
        assert error.code in ("message-malformed", "identity-invalid")


@pytest.mark.parametrize(
    "runs", [(run(LAPTOP, 1, 1), run(OTHER, 1, 1), run(LAPTOP, 2, 1)), (run(LAPTOP, 1, 1),) * 2]
)
def test_a_journal_has_one_run(runs):
    request = dataclasses.replace(REQUEST, runs=runs)
    with pytest.raises(MessageError, match="runs"):
        RelayRequest.from_payload(request.to_payload())


def test_a_run_has_no_gap():
    records = run(LAPTOP, 1, 1).records + run(LAPTOP, 3, 1).records
    request = dataclasses.replace(REQUEST, runs=(Run(records, b"c" * 8),))
    with pytest.raises(MessageError, match="consecutive"):
        RelayRequest.from_payload(request.to_payload())


def test_one_signature_covers_all_heads():
    server, digest = identity("server"), heads_digest(HEADS)
    receipt = sign_heads(server, LAPTOP, digest, 7)
    verify_heads(receipt, LAPTOP, server.public)
    assert heads_digest(dict(reversed(HEADS.items()))) == digest
    assert heads_digest({**HEADS, OTHER: Head(2, b"b" * 32)}) != digest
    assert heads_digest({LAPTOP: HEADS[LAPTOP]}) != digest
    for changed in (
        dataclasses.replace(receipt, digest=b"x" * 32),
        dataclasses.replace(receipt, time_ms=8),
        dataclasses.replace(receipt, time_ms=1 << 70),
        dataclasses.replace(receipt, signature=b"s" * 63),
    ):
        with pytest.raises(ReceiptError):
            verify_heads(changed, LAPTOP, server.public)
    with pytest.raises(ReceiptError):
        verify_heads(receipt, OTHER, server.public)
    with pytest.raises(ReceiptError):
        verify_heads(receipt, LAPTOP, identity("stranger").public)


def test_bodies_travel_whole():
    record = make_record(body=submission_body(answers={"q1": ["a", 1.5, None]}))
    request = dataclasses.replace(REQUEST, runs=(Run((record,), b"c" * 8),))
    assert RelayRequest.from_payload(request.to_payload()).runs[0].records == (record,)


GOLDEN = Path(__file__).parents[2] / "golden" / "sync"


def test_messages_of_version_1_open():
    """Samples that were frozen when the format was made."""
    school, region = identity("school"), identity("region")
    known = {one.public.device_id: one.public for one in (school, region)}
    message = (GOLDEN / "relay-request-1.bin").read_bytes()
    opened = open_message(message, Kind.RELAY_REQUEST, region, known.get)
    assert RelayRequest.from_payload(opened.payload) == REQUEST
    data = (GOLDEN / "relay-answer-1.bin").read_bytes()
    answered = open_message(data, Kind.RELAY_ANSWER, school, known.get)
    answer = RelayAnswer.from_payload(answered.payload)
    assert answer == dataclasses.replace(
        ANSWER, reply_to=message_digest(message), receipt=answer.receipt
    )
    assert answer.receipt is not None
    verify_heads(answer.receipt, school.public.device_id, region.public)
