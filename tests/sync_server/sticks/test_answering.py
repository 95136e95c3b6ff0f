"""Letters are answered as exchanges are, on whatever stick, as often as anybody likes."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.enrolment import (
    EnrolmentCode,
    EnrolmentRequest,
    code_keys,
    make_enrolment_request,
    open_enrolment_answer,
)
from sync.errors import StickError
from sync.identity import Identity
from sync.journals.branch import make_claim
from sync.message import message_digest
from sync.sticks.letter import Letter, LetterKind, letter_name
from tests.support.attachments import hand_in, photo
from tests.support.device import TestDevice
from tests.support.examples import examples
from tests.support.server_letters import (
    letter_service,
    offer_message,
    post,
    read_reply,
    request_message,
    up_letter,
)


@pytest.fixture
def letters(school):
    return letter_service(school)


@pytest.fixture
def pupil(enrolled):
    return enrolled(students=["Айгерім"])


@pytest.fixture
def teacher(enrolled):
    return enrolled(teachers=["Гүлнар"])


def again(letters, school, device):
    """What the server would say now to the device's last letter."""
    with school.store.transaction() as transaction:
        head = transaction.letter_head(device.id)
    return letters.again(head)


def claim_of(device):
    """A claim of a branch that a device has gone off to, as a message; and the branch."""
    branch = TestDevice(server=device.server)
    request = dataclasses.replace(
        device.request(), records=(), claim=make_claim(branch.identity, device.id, ())
    )
    return device.seal(request), branch


def said(device, pending):
    return read_reply(device, pending.sealed().to_bytes())


def test_a_letter_is_answered_as_an_exchange_is(letters, pupil):
    pupil.hand_in(pupil.person("Айгерім"))
    message = request_message(pupil)
    (answer,), _ = post(letters, pupil, [message])
    assert answer.reply_to == message_digest(message)
    assert answer.receipt is not None
    assert answer.receipt.seq == 1
    assert pupil.journal.accept_receipt(answer.receipt, pupil.server)


def test_each_message_has_its_answer_and_a_refused_one_an_empty(letters, school, pupil):
    pupil.hand_in(pupil.person("Айгерім"))
    stranger = TestDevice(server=school.identity.public)
    data = up_letter(request_message(stranger), request_message(pupil), b"no message", b"")
    reply = Letter.from_bytes(letters.answer_letter(data), LetterKind.DOWN)
    stranger.close()
    assert reply.reply_to == letter_name(data)
    assert [bool(message) for message in reply.messages] == [False, True, False, False]
    assert pupil.open(reply.messages[1]).receipt.seq == 1


def test_the_same_letter_again_changes_nothing(letters, school, pupil):
    pupil.hand_in(pupil.person("Айгерім"))
    data = up_letter(request_message(pupil))
    first = letters.answer(Letter.from_bytes(data, LetterKind.UP), letter_name(data))
    second = letters.answer(Letter.from_bytes(data, LetterKind.UP), letter_name(data))
    assert first.state == second.state
    with school.store.transaction() as transaction:
        assert transaction.counts()["records"] == 2


def test_a_laptop_can_enrol_and_hand_in_with_one_letter(letters, school):
    issued = school.code(students=["Айгерім"])
    keys = code_keys(EnrolmentCode.parse(str(issued.code)))
    device = TestDevice(server=school.identity.public)
    enrolment = make_enrolment_request(
        keys, EnrolmentRequest(device.identity.public, "Laptop of 7A")
    )
    device.hand_in(issued.people[0].id)
    data = up_letter(enrolment, request_message(device))
    answered = letters.answer(Letter.from_bytes(data, LetterKind.UP), letter_name(data))
    let_in = open_enrolment_answer(keys, enrolment, answered.letter.messages[0])
    assert let_in.people == issued.people
    assert device.open(answered.letter.messages[1]).receipt.seq == 1
    # The next stick says so too.
    pending = again(letters, school, device)
    assert pending.state == answered.state
    first = pending.sealed().messages[0]
    assert open_enrolment_answer(keys, enrolment, first).people == issued.people
    device.close()


def test_a_wrong_code_is_refused_and_named(letters, school):
    keys = code_keys(EnrolmentCode.generate())
    request = EnrolmentRequest(Identity.generate().public, "Somebody's")
    posted = letters.post(up_letter(make_enrolment_request(keys, request)))
    assert posted.codes == ("enrolment-code-unknown",)
    assert posted.number == 0


def test_consecutive_requests_of_one_letter_bring_the_whole_journal(letters, school, pupil):
    records = [pupil.hand_in(pupil.person("Айгерім"), task=f"t{n}") for n in range(6)]
    whole = pupil.request()
    parts = [
        dataclasses.replace(
            whole, first_seq=first + 1, records=tuple(records[first : first + 2]), room_bytes=0
        )
        for first in (0, 2, 4)
    ]
    heads = [dataclasses.replace(part, device_head=whole.device_head) for part in parts]
    answers, _ = post(letters, pupil, [pupil.seal(one) for one in heads])
    # Until the last, the journal is not whole here: what was said of its end is checked then.
    assert answers[2].receipt.seq == 6
    assert not any(one.refused for one in answers)
    pending = again(letters, school, pupil)
    one, another, last = said(pupil, pending)[0]
    assert (one.receipt, another.receipt, last.receipt.seq) == (None, None, 6)


def test_every_answer_keeps_its_place_on_the_next_stick_too(letters, school, pupil):
    picture = photo(school.identity.public)
    hand_in(pupil, pupil.person("Айгерім"), [picture])
    claim, branch = claim_of(pupil)
    branch.hand_in(pupil.person("Айгерім"), task="second")
    messages = (claim, b"no message", offer_message(branch, [picture]), request_message(branch))
    data = up_letter(*messages)
    first = Letter.from_bytes(letters.answer_letter(data), LetterKind.DOWN).messages
    second = again(letters, school, branch).sealed().messages
    for one in (first, second):
        assert pupil.open(one[0]).shared_seq == 0
        assert one[1] == b""
        assert one[2][:4] == b"KX\1\6"
        assert branch.open(one[3]).receipt.seq == 1
        assert len(one) == 4
    branch.close()


def test_a_reply_goes_on_until_all_is_told(letters, pupil, teacher, road):
    for number in range(40):
        pupil.hand_in(pupil.person("Айгерім"), answer="x" * 400, task=f"t{number}")
    pupil.exchange_all(road)
    request = dataclasses.replace(teacher.request(), room_bytes=4_000)
    message = teacher.seal(request)
    answers, _ = post(letters, teacher, [message])
    assert len(answers) == 2
    assert {answer.reply_to for answer in answers} == {message_digest(message)}
    assert answers[0].more
    assert not answers[1].more
    assert answers[1].since == answers[0].cursor
    tasks = [record.body.get("task") for one in answers for record in one.records]
    assert [task for task in tasks if task] == [f"t{number}" for number in range(40)]


def test_every_stick_hears_what_came_since(letters, school, pupil, teacher, road):
    work = pupil.hand_in(pupil.person("Айгерім"))
    post(letters, pupil)
    before = again(letters, school, pupil)
    assert before.news
    teacher.exchange_all(road)
    teacher.mark(teacher.person("Гүлнар"), pupil.person("Айгерім"), work)
    teacher.exchange_all(road)
    after = again(letters, school, pupil)
    assert after.state != before.state
    assert again(letters, school, pupil).state == after.state
    (answer,), _ = said(pupil, after)
    assert "mark" in [record.kind for record in answer.records]
    assert answer.receipt.seq == 1


def test_to_reply_again_is_not_to_have_heard_of_somebody(letters, school, pupil, clock):
    pupil.hand_in(pupil.person("Айгерім"))
    post(letters, pupil)
    with school.store.transaction() as transaction:
        before = transaction.device(pupil.id).last_contact_ms
    clock.time_ms += 3_600_000
    again(letters, school, pupil)
    with school.store.transaction() as transaction:
        assert transaction.device(pupil.id).last_contact_ms == before


def test_what_an_exchange_answered_is_not_told_by_stick_as_well(letters, school, pupil, road):
    pupil.hand_in(pupil.person("Айгерім"))
    post(letters, pupil)
    pupil.exchange_all(road)
    with school.store.transaction() as transaction:
        assert transaction.letter_heads() == ()


def test_a_letter_that_was_long_under_way_does_not_take_a_newer_ones_place(letters, school, pupil):
    pupil.hand_in(pupil.person("Айгерім"))
    late = request_message(pupil)
    pupil.hand_in(pupil.person("Айгерім"), task="second")
    _, newer = post(letters, pupil)
    (answer,), _ = post(letters, pupil, [late])
    assert answer.receipt.seq == 2
    with school.store.transaction() as transaction:
        assert transaction.letter_head(pupil.id).letter == newer


def test_what_was_refused_is_told_again(letters, school, pupil, teacher):
    pupil.hand_in(teacher.person("Гүлнар"))
    (answer,), _ = post(letters, pupil)
    assert answer.refused == ((1, "record-not-permitted"),)
    (one_more,), _ = said(pupil, again(letters, school, pupil))
    assert one_more.refused == answer.refused


def test_a_set_back_laptop_is_told_in_both_replies(letters, school, pupil, clock):
    person = pupil.person("Айгерім")
    clone = TestDevice(None, clock, pupil.identity, pupil.server)
    pupil.hand_in(person)
    post(letters, pupil)
    clone.hand_in(person, answer="another")
    (answer,), _ = post(letters, clone)
    assert answer.refused == ((1, "journal-forked"),)
    (one_more,), _ = said(clone, again(letters, school, clone))
    assert one_more.receipt.hash != clone.journal.head.hash
    clone.close()


def test_files_are_wanted_until_they_are_here(letters, school, pupil):
    picture = photo(school.identity.public)
    hand_in(pupil, pupil.person("Айгерім"), [picture])
    data = up_letter(request_message(pupil), offer_message(pupil, [picture]))
    _, (offer,) = read_reply(pupil, letters.answer_letter(data))
    assert [one.offset_bytes for one in offer.replies] == [0]
    before = again(letters, school, pupil)
    place = school.folder.attachments / picture.name[:2] / picture.name
    place.parent.mkdir(parents=True)
    place.write_bytes(picture.sealed)
    after = again(letters, school, pupil)
    assert after.state != before.state
    _, (offer,) = said(pupil, after)
    assert len(offer.replies[0].receipt) == 72


def test_a_damaged_letter_is_no_letter(letters, pupil):
    data = bytearray(up_letter(request_message(pupil)))
    data[40] ^= 1
    with pytest.raises(StickError) as caught:
        letters.answer_letter(bytes(data))
    assert caught.value.code == "stick-damaged"


def test_replies_to_a_laptop_are_numbered(letters, pupil):
    numbers = [letters.post(up_letter(request_message(pupil))).number for _ in range(3)]
    assert numbers == [1, 2, 3]


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.binary(max_size=120), max_size=6), st.integers(0, 9), st.data())
def test_whatever_a_letter_holds_each_message_is_answered(letters, pupil, noise, kind, data):
    real = bytearray(request_message(pupil))
    for _ in range(data.draw(st.integers(0, 2))):
        real[data.draw(st.integers(0, len(real) - 1))] ^= data.draw(st.integers(0, 255))
    odd = [b"KX\x01" + bytes((kind,)) + one for one in noise]
    up = up_letter(*odd, bytes(real), *noise)
    reply = Letter.from_bytes(letters.answer_letter(up), LetterKind.DOWN)
    assert len(reply.messages) == len(odd) + 1 + len(noise)
    assert not any(reply.messages[: len(odd)])
