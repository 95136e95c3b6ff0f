from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from sync.enrolment import (
    CodeKeys,
    EnrolmentCode,
    EnrolmentRequest,
    code_keys,
    make_enrolment_request,
    open_enrolment_answer,
)
from sync.errors import EnrolmentError, MessageError
from sync.identity import Identity
from sync_server.people.codes import withdraw_code
from tests.support.device import TestDevice
from tests.support.server import SCHOOL_NAME, open_school

ANNA, SAULE = "Анна", "Сәуле"


def code_of(error):
    return error.value.code


def test_a_laptop_learns_the_school_its_people_and_the_publishers(school, road):
    with school.store.transaction() as transaction:
        transaction.trust_publisher("aa", b"k" * 32)
    device = TestDevice()
    answer = device.enrol(road, str(school.code([ANNA], [SAULE]).code))
    assert answer.server == school.identity.public
    assert answer.school == SCHOOL_NAME
    assert [(p.name, p.role) for p in answer.people] == [(ANNA, "student"), (SAULE, "teacher")]
    assert answer.publishers == {"aa": b"k" * 32}
    device.close()


def test_the_same_laptop_gets_the_same_answer_again(school, road):
    device, code = TestDevice(), str(school.code([ANNA]).code)
    assert device.enrol(road, code) == device.enrol(road, code)
    with school.store.transaction() as transaction:
        assert len(transaction.devices()) == 1
        assert transaction.device(device.id).epoch == 0
    device.close()


def test_a_code_is_good_for_as_many_laptops_as_was_said(school, road):
    code = str(school.code([ANNA], laptops=2).code)
    devices = [TestDevice() for _ in range(3)]
    devices[0].enrol(road, code)
    devices[1].enrol(road, code)
    with pytest.raises(EnrolmentError) as error:
        devices[2].enrol(road, code)
    assert code_of(error) == "enrolment-code-used"
    assert devices[0].enrol(road, code).people
    for device in devices:
        device.close()


def test_of_many_who_come_at_once_with_one_code_one_is_let_in(school):
    """By network and stick: two processes on one database."""
    issued = school.code(["Анна"])
    keys = code_keys(EnrolmentCode.parse(str(issued.code)))

    def enrol(service):
        request = EnrolmentRequest(Identity.generate().public, "x")
        try:
            return service.enrol(make_enrolment_request(keys, request))
        except EnrolmentError as error:
            return error.code

    with open_school(school.folder.root) as other, ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(enrol, [school.enrolments, other.enrolments] * 6))
    assert answers.count("enrolment-code-used") == 11
    with school.store.transaction() as transaction:
        assert len(transaction.code_devices(keys.code_id)) == 1


def test_a_withdrawn_code_lets_nobody_else_in(school, road):
    issued = school.code([ANNA], laptops=5)
    first, second = TestDevice(), TestDevice()
    first.enrol(road, str(issued.code))
    withdraw_code(school.store, issued.id)
    with pytest.raises(EnrolmentError) as error:
        second.enrol(road, str(issued.code))
    assert code_of(error) == "enrolment-code-unknown"
    assert first.exchange(road).problem is None
    first.close()
    second.close()


def test_a_code_that_nobody_gave_out_is_refused(school, road):
    device = TestDevice()
    with pytest.raises(EnrolmentError) as error:
        device.enrol(road, str(EnrolmentCode.generate()))
    assert code_of(error) == "enrolment-code-unknown"
    device.close()


def test_knowing_only_the_codes_id_is_not_knowing_the_code(school):
    keys = code_keys(school.code([ANNA]).code)
    guessed = CodeKeys(keys.code_id, b"\0" * 32, b"\0" * 32)
    request = make_enrolment_request(
        guessed, EnrolmentRequest(Identity.generate().public, "Laptop")
    )
    with pytest.raises(EnrolmentError) as error:
        school.enrolments.enrol(request)
    assert code_of(error) == "enrolment-unreadable"
    with school.store.transaction() as transaction:
        assert transaction.devices() == ()


def test_an_answer_recorded_on_the_way_fits_no_other_request(school):
    keys = code_keys(school.code([ANNA], laptops=2).code)
    requests = [
        make_enrolment_request(keys, EnrolmentRequest(Identity.generate().public, "Laptop"))
        for _ in range(2)
    ]
    answer = school.enrolments.enrol(requests[0])
    with pytest.raises(MessageError) as error:
        open_enrolment_answer(keys, requests[1], answer)
    assert code_of(error) == "message-misdirected"


@pytest.mark.parametrize("data", [b"", b"KX", b"GET / HTTP/1.1", b"KX\1\3" + bytes(10)])
def test_what_is_no_request_is_refused(school, data):
    with pytest.raises(MessageError):
        school.enrolments.enrol(data)
