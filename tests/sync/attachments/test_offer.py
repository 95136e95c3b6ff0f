from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.attachments.attachment import MAX_SEALED_BYTES
from sync.attachments.offer import (
    MAX_OFFERS,
    RECEIPT_BYTES,
    Declined,
    GoOn,
    Held,
    Offer,
    OfferAnswer,
    OfferRequest,
    open_attachment_receipt,
    sign_attachment_receipt,
)
from sync.errors import MessageError, ReceiptError
from tests.support.examples import examples
from tests.support.records import identity

SERVER, OTHER = identity("server"), identity("other")
NAME, SIZE_BYTES = "ab" * 32, 70_000
OFFER = Offer(NAME, SIZE_BYTES, (bytes(32), b"\1" * 32))


def test_an_offer_comes_back_as_it_was():
    request = OfferRequest((OFFER, Offer("cd" * 32, 17, (b"\2" * 32,))), ("ef" * 32,))
    assert OfferRequest.from_payload(request.to_payload()) == request
    assert OfferRequest().to_payload() == b"{}"
    assert OfferRequest.from_payload(b"{}") == OfferRequest()


def test_an_answer_comes_back_as_it_was():
    receipt = sign_attachment_receipt(SERVER, NAME, SIZE_BYTES, 1_788_000_000_000).to_bytes()
    answer = OfferAnswer(
        bytes(8), (GoOn(0), GoOn(65_537), Held(receipt), Declined("server-full")), (True, False)
    )
    assert OfferAnswer.from_payload(answer.to_payload()) == answer


@pytest.mark.parametrize(
    "value",
    [
        {"a": [["x", 17, ""]]},
        {"a": [[OfferRequest((OFFER,)).to_payload().decode()]]},
        {"a": [[json.loads(OfferRequest((OFFER,)).to_payload())["a"][0][0], SIZE_BYTES, "AAAA"]]},
        {"a": [[json.loads(OfferRequest((OFFER,)).to_payload())["a"][0][0], 1 << 40, ""]]},
        {"a": [0]},
        {"a": {}},
        {"w": ["x"]},
        {"w": [5]},
    ],
)
def test_a_malformed_offer_is_refused(value):
    with pytest.raises(MessageError):
        OfferRequest.from_payload(json.dumps(value).encode())


def test_offers_are_bounded():
    with pytest.raises(MessageError):
        OfferRequest.from_payload(OfferRequest((OFFER,) * (MAX_OFFERS + 1)).to_payload())
    large = Offer(NAME, MAX_SEALED_BYTES, (bytes(32),) * 512)
    OfferRequest.from_payload(OfferRequest((large,) * 8).to_payload())
    with pytest.raises(MessageError):
        OfferRequest.from_payload(OfferRequest((large,) * 9).to_payload())


@pytest.mark.parametrize("value", [{}, {"q": "AAAAAAAAAAA", "a": [[]]}, {"q": 5}, {"a": [True]}])
def test_a_malformed_answer_is_refused(value):
    with pytest.raises(MessageError):
        OfferAnswer.from_payload(json.dumps(value).encode())


def test_a_receipt_is_the_server_s_about_one_file():
    receipt = sign_attachment_receipt(SERVER, NAME, SIZE_BYTES, 5)
    data = receipt.to_bytes()
    assert open_attachment_receipt(data, NAME, SIZE_BYTES, SERVER.public) == receipt
    for wrong in (
        (data, "cd" * 32, SIZE_BYTES, SERVER.public),
        (data, NAME, SIZE_BYTES + 1, SERVER.public),
        (data, NAME, SIZE_BYTES, OTHER.public),
        (data + b"x", NAME, SIZE_BYTES, SERVER.public),
        (b"", NAME, SIZE_BYTES, SERVER.public),
        (b"\xff" * RECEIPT_BYTES, NAME, SIZE_BYTES, SERVER.public),
    ):
        with pytest.raises(ReceiptError):
            open_attachment_receipt(*wrong)


@settings(max_examples=examples(40), deadline=None)
@given(at=st.integers(0, RECEIPT_BYTES - 1), bit=st.integers(0, 7))
def test_no_flipped_bit_of_a_receipt_counts(at, bit):
    data = bytearray(sign_attachment_receipt(SERVER, NAME, SIZE_BYTES, 5).to_bytes())
    data[at] ^= 1 << bit
    with pytest.raises(ReceiptError):
        open_attachment_receipt(bytes(data), NAME, SIZE_BYTES, SERVER.public)
