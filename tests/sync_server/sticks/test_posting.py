"""Letters that somebody posts who carries them for others."""

from __future__ import annotations

import pytest

from sync.enrolment import EnrolmentCode, EnrolmentRequest, code_keys, make_enrolment_request
from sync.identity import Identity
from sync_server.app import MAX_POSTED_BYTES, POST_LIMIT, create_app
from sync_server.http.guessing import ADDRESS_LIMIT
from tests.support.asgi import AsgiClient
from tests.support.server_letters import read_reply, request_message, up_letter


@pytest.fixture
def client(school):
    client = AsgiClient(create_app(school.folder.root, monotonic_s=lambda: 0.0))
    yield client
    client.close()


def wrong_code():
    keys = code_keys(EnrolmentCode.generate())
    return make_enrolment_request(keys, EnrolmentRequest(Identity.generate().public, "Laptop"))


def test_a_letter_in_a_letter_out(client, enrolled):
    pupil = enrolled(students=["Айгерім"])
    pupil.hand_in(pupil.person("Айгерім"))
    answer = client.request("POST", "/letter", up_letter(request_message(pupil)))
    assert answer.status == 200
    assert answer.headers["letter-number"] == "1"
    (said,), _ = read_reply(pupil, answer.body)
    assert said.receipt.seq == 1


def test_what_is_no_letter_is_refused_in_a_word(client):
    answer = client.request("POST", "/letter", b"KXL no letter" * 10)
    assert (answer.status, answer.code) == (400, "stick-damaged")
    huge = client.request("POST", "/letter", b"", [("Content-Length", str(MAX_POSTED_BYTES + 1))])
    assert (huge.status, huge.code) == (413, "message-too-large")


def test_codes_cannot_be_guessed_by_letter_any_faster(client):
    guess = wrong_code()
    for _ in range(ADDRESS_LIMIT):
        assert client.request("POST", "/letter", up_letter(guess, guess, guess)).status == 200
    answer = client.request("POST", "/letter", up_letter(guess))
    assert (answer.status, answer.code) == (429, "too-many-guesses")
    assert client.request("POST", "/enrol", guess).code == "too-many-guesses"


def test_only_one_enrolment_of_a_letter_is_tried(client, school):
    keys = code_keys(school.code(students=["Айгерім"]).code)
    right = make_enrolment_request(keys, EnrolmentRequest(Identity.generate().public, "Laptop"))
    client.request("POST", "/letter", up_letter(wrong_code(), right))
    with school.store.transaction() as transaction:
        assert transaction.devices() == ()


def test_one_address_posts_so_many_letters_at_once(client):
    letter = up_letter()
    statuses = [client.request("POST", "/letter", letter).status for _ in range(POST_LIMIT + 1)]
    assert statuses == [200] * POST_LIMIT + [429]
    assert client.request("POST", "/letter", letter, client="192.168.1.99").status == 200
