from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.enrolment import (
    CodeKeys,
    EnrolmentAnswer,
    EnrolmentCode,
    EnrolmentRequest,
    code_keys,
    enrolment_code_id,
    make_enrolment_answer,
    make_enrolment_request,
    make_invitation,
    open_enrolment_answer,
    open_enrolment_request,
    open_invitation,
)
from sync.errors import EnrolmentError, MessageError, SyncError
from sync.people import Person
from tests.support.records import identity

CODE = EnrolmentCode.parse("1234 5678 9012 3455")
KEYS = CodeKeys(b"8 bytes!", bytes(range(32)), bytes(range(32, 64)))
REQUEST = EnrolmentRequest(identity("laptop").public, "Кабинет 12, парта 3")
PEOPLE = (
    Person("aB3_x-9Q", "Серікова Айару", "student", "7А", "camel"),
    Person("tT3_x-9Q", "Иванов Пётр", "teacher", "", ""),
)
ANSWER = EnrolmentAnswer(
    identity("server").public, "№ 12 орта мектеп", PEOPLE, {"ab" * 16: bytes(32)}, 1_788_000_000_000
)


def test_a_code_is_four_groups_of_four_digits() -> None:
    code = EnrolmentCode.generate()
    assert [len(group) for group in str(code).split(" ")] == [4, 4, 4, 4]
    assert EnrolmentCode.parse(str(code)) == code
    assert EnrolmentCode.generate() != code
    assert code.digits not in ("", str(code))


@pytest.mark.parametrize(
    "typed",
    [
        "1234567890123455",
        " 1234-5678-9012-3455 ",
        "1234\u20135678\u00a09012\t3455",
        "١٢٣٤ ٥٦٧٨ ٩٠١٢ ٣٤٥٥",
        "12.34.5678 90/12_3455",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert EnrolmentCode.parse(typed) == CODE


@pytest.mark.parametrize(
    "typed", ["", "1234", "1234 5678 9012 34553", "1234 5678 9012 345x", "²" * 16 + "1"]
)
def test_a_code_of_another_length_is_told(typed: str) -> None:
    with pytest.raises(EnrolmentError) as caught:
        EnrolmentCode.parse(typed)
    assert caught.value.code == "enrolment-code-length"


@given(st.integers(0, 15), st.integers(1, 9))
def test_one_mistyped_digit_is_told(place: int, shift: int) -> None:
    digits = CODE.digits
    wrong = str((int(digits[place]) + shift) % 10)
    with pytest.raises(EnrolmentError) as caught:
        EnrolmentCode.parse(digits[:place] + wrong + digits[place + 1 :])
    assert caught.value.code == "enrolment-code-mistyped"


def test_keys_come_from_the_code_alone_and_stay_the_same() -> None:
    keys = code_keys(CODE)
    assert keys == code_keys(EnrolmentCode.parse("1234-5678-9012-3455"))
    assert keys.code_id.hex() == "7f290c2d6851d2fd"
    assert (
        keys.request_key.hex() == "4f7b99cf93787222d433371e67d826864203ffac2b06b7f77eace0020229f594"
    )
    assert len({*keys}) == 3
    assert len(keys.answer_key) == 32


def test_both_sides_meet() -> None:
    request = make_enrolment_request(KEYS, REQUEST)
    assert enrolment_code_id(request) == KEYS.code_id
    assert open_enrolment_request(KEYS, request) == REQUEST
    answer = make_enrolment_answer(KEYS, request, ANSWER)
    assert open_enrolment_answer(KEYS, request, answer) == ANSWER


def test_a_flip_or_cut_anywhere_is_refused() -> None:
    request = make_enrolment_request(KEYS, REQUEST)
    answer = make_enrolment_answer(KEYS, request, ANSWER)
    for at in range(len(request)):
        damaged = request[:at] + bytes([request[at] ^ 0x10]) + request[at + 1 :]
        for data in (damaged, request[:at]):
            with pytest.raises((EnrolmentError, MessageError)):
                open_enrolment_request(KEYS, data)
    for at in range(len(answer)):
        damaged = answer[:at] + bytes([answer[at] ^ 0x10]) + answer[at + 1 :]
        for data in (damaged, answer[:at]):
            with pytest.raises((EnrolmentError, MessageError)):
                open_enrolment_answer(KEYS, request, data)


@given(st.binary(max_size=100))
def test_garbage_is_refused(data: bytes) -> None:
    for message in (data, b"KX\x01\x03" + data, b"KX\x01\x03" + KEYS.code_id + data):
        with pytest.raises(SyncError):
            open_enrolment_request(KEYS, message)


def test_an_answer_belongs_to_its_request() -> None:
    first, second = (make_enrolment_request(KEYS, REQUEST) for _ in range(2))
    assert first != second
    answer = make_enrolment_answer(KEYS, first, ANSWER)
    with pytest.raises(MessageError) as caught:
        open_enrolment_answer(KEYS, second, answer)
    assert caught.value.code == "message-misdirected"


def test_a_direction_cannot_be_turned() -> None:
    request = make_enrolment_request(KEYS, REQUEST)
    same = KEYS._replace(answer_key=KEYS.request_key)
    with pytest.raises(MessageError):
        open_enrolment_answer(same, request, request)
    with pytest.raises(EnrolmentError):
        open_enrolment_answer(same, request, request[:3] + b"\x04" + request[4:])


def test_an_invitation_says_who_the_server_is_to_whoever_has_the_code() -> None:
    invitation = make_invitation(KEYS, ANSWER)
    assert open_invitation(KEYS, invitation) == ANSWER
    with pytest.raises(EnrolmentError):
        open_invitation(KEYS._replace(answer_key=bytes(32)), invitation)


def test_an_invitation_and_an_answer_do_not_stand_for_each_other() -> None:
    request = make_enrolment_request(KEYS, REQUEST)
    with pytest.raises(MessageError) as caught:
        open_invitation(KEYS, make_enrolment_answer(KEYS, request, ANSWER))
    assert caught.value.code == "message-misdirected"
    with pytest.raises(MessageError):
        open_enrolment_answer(KEYS, request, make_invitation(KEYS, ANSWER))


def test_another_code_opens_nothing() -> None:
    request = make_enrolment_request(KEYS, REQUEST)
    for other in (
        KEYS._replace(code_id=b"another!"),
        KEYS._replace(request_key=bytes(32)),
    ):
        with pytest.raises(EnrolmentError) as caught:
            open_enrolment_request(other, request)
        assert caught.value.code == "enrolment-unreadable"


@pytest.mark.parametrize(
    "changes",
    [{"school": ""}, {"school": "x" * 201}, {"server_time_ms": -1}, {"publishers": {"k": b"x"}}],
)
def test_contents_are_bounded(changes: dict[str, object]) -> None:
    request = make_enrolment_request(KEYS, REQUEST)
    answer = make_enrolment_answer(KEYS, request, dataclasses.replace(ANSWER, **changes))  # type: ignore[arg-type]
    with pytest.raises(MessageError) as caught:
        open_enrolment_answer(KEYS, request, answer)
    assert caught.value.code == "message-malformed"


@pytest.mark.parametrize(
    "person",
    [
        Person("", "name", "student", "", ""),
        Person("id", "", "student", "", ""),
        Person("id", "name", "director", "", ""),
    ],
)
def test_people_are_checked(person: Person) -> None:
    request = make_enrolment_request(KEYS, REQUEST)
    answer = make_enrolment_answer(KEYS, request, dataclasses.replace(ANSWER, people=(person,)))
    with pytest.raises(MessageError):
        open_enrolment_answer(KEYS, request, answer)
