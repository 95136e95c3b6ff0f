"""Samples that were frozen when a format was made: every later version must open them."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from sync.attachments.attachment import attachment_from_json, open_segments, seal_file
from sync.attachments.offer import (
    Declined,
    GoOn,
    Held,
    OfferAnswer,
    OfferRequest,
    open_attachment_receipt,
)
from sync.enrolment import (
    EnrolmentCode,
    EnrolmentRequest,
    code_keys,
    open_enrolment_answer,
    open_enrolment_request,
)
from sync.exchanges.exchange import STATED_HASH_BYTES, ExchangeAnswer, ExchangeRequest
from sync.journals.receipt import verify_receipt
from sync.message import Kind, message_digest, open_message
from sync.people import Person
from sync.record import NO_HASH, Head, record_hash
from sync.seal import open_sealed
from tests.support.attachments import some_bytes
from tests.support.hpke_reference import reference_open
from tests.support.records import PERSON, identity, make_record, submission_body

FOLDER = Path(__file__).parent.parent / "golden" / "sync"
LAPTOP, SERVER = identity("laptop"), identity("server")
RECORD = make_record(1, body=submission_body(3))
HEAD = Head(1, record_hash(NO_HASH, RECORD))


def sample(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@pytest.mark.parametrize("maker", ["native", "pyhpke"])
def test_what_either_library_sealed_opens(maker: str) -> None:
    data = sample(f"sealed-by-{maker}.bin")
    for opener in (open_sealed, reference_open):
        plain = opener(LAPTOP.sealing_seed, data, b"keruen golden")
        assert plain == b"sealed once, opened ever after"


@pytest.mark.parametrize("form", [1, 2])
def test_an_exchange_of_either_form_opens(form: int) -> None:
    message = sample(f"exchange-request-{form}.bin")
    opened = open_message(
        message, Kind.EXCHANGE_REQUEST, SERVER, {LAPTOP.public.device_id: LAPTOP.public}.get
    )
    request = ExchangeRequest.from_payload(opened.payload, opened.signer.device_id)
    stated = Head(1, HEAD.hash if form == 1 else HEAD.hash[:STATED_HASH_BYTES])
    assert request == ExchangeRequest(
        LAPTOP.public.device_id, stated, 1, (RECORD,), "1.41.Ab3_", {"ab" * 16: 7}
    )
    answered = open_message(
        sample(f"exchange-answer-{form}.bin"),
        Kind.EXCHANGE_ANSWER,
        LAPTOP,
        {SERVER.public.device_id: SERVER.public}.get,
    )
    answer = ExchangeAnswer.from_payload(answered.payload, LAPTOP.public.device_id)
    assert answer.reply_to == message_digest(message)
    assert answer.receipt is not None
    # Form 2 leaves out the hash that the request stated.
    assert answer.receipt.hash == (HEAD.hash if form == 1 else b"")
    whole = replace(answer.receipt, hash=HEAD.hash)
    assert whole.head == HEAD
    verify_receipt(whole, LAPTOP.public.device_id, SERVER.public)
    assert [record.body["comment"] for record in answer.records] == ["Жақсы!"]
    assert (answer.since, answer.cursor) == ("1.41.Ab3_", "1.42.x_9Q")


def test_an_answer_about_a_wrong_clock_opens() -> None:
    message = sample("exchange-answer-3.bin")
    known = {SERVER.public.device_id: SERVER.public}
    opened = open_message(message, Kind.EXCHANGE_ANSWER, LAPTOP, known.get)
    wild, plain = ExchangeAnswer.from_payload(opened.payload, LAPTOP.public.device_id).records
    in_2031 = 1_924_992_000_000
    assert wild == make_record(1, "other", time=in_2031 << 16 | 3).counted_at(1_788 * 10**9 << 16)
    assert plain == make_record(2, "other")


def test_an_enrolment_of_version_1_opens() -> None:
    keys = code_keys(EnrolmentCode.parse("1234 5678 9012 3455"))
    request = sample("enrolment-request-1.bin")
    assert open_enrolment_request(keys, request) == EnrolmentRequest(LAPTOP.public, "Парта 3")
    answer = open_enrolment_answer(keys, request, sample("enrolment-answer-1.bin"))
    assert answer.server == SERVER.public
    assert answer.people == (Person(PERSON, "Серікова Айару", "student", "7А", "camel"),)


def test_an_attached_file_of_version_1_opens() -> None:
    named = attachment_from_json(json.loads(sample("attachment-1.json")))
    data = sample("attachment-1.sealed")
    assert hashlib.sha256(data).hexdigest() == named.sha256
    plain = b"".join(open_segments(io.BytesIO(data), named.key, named.size_bytes))
    assert plain == some_bytes(66_000, seed=7)
    again = io.BytesIO()
    assert seal_file(io.BytesIO(plain), again, SERVER.public).sha256 == named.sha256
    assert again.getvalue() == data


def test_an_offer_of_version_1_opens() -> None:
    named = attachment_from_json(json.loads(sample("attachment-1.json")))
    message = sample("offer-1.bin")
    opened = open_message(message, Kind.OFFER, SERVER, {LAPTOP.public.device_id: LAPTOP.public}.get)
    request = OfferRequest.from_payload(opened.payload)
    (offer,) = request.offers
    assert (offer.sha256, offer.size_bytes) == (named.sha256, named.size_bytes)
    assert request.wanted == ("ab" * 32,)
    answered = open_message(
        sample("offer-answer-1.bin"),
        Kind.OFFER_ANSWER,
        LAPTOP,
        {SERVER.public.device_id: SERVER.public}.get,
    )
    answer = OfferAnswer.from_payload(answered.payload)
    assert answer.reply_to == message_digest(message)
    held, going_on, declined = answer.replies
    assert isinstance(held, Held)
    open_attachment_receipt(held.receipt, named.sha256, named.size_bytes, SERVER.public)
    assert (going_on, declined) == (GoOn(65_536), Declined("attachment-unnamed"))
    assert answer.held == (True,)
