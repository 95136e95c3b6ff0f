"""A lost laptop: the server takes nothing from it and tells it nothing, until it is found."""

from __future__ import annotations

import pytest

from sync.attachments.offer import GoOn, Offer
from sync.errors import EnrolmentError, RefusedError
from sync_server.app import create_app
from sync_server.attachments.visitors import visitor_of
from sync_server.devices import lost
from sync_server.errors import SetupError
from tests.support.asgi import AsgiClient
from tests.support.attachments import AttachmentCaller, hand_in, photo
from tests.support.device import TestDevice
from tests.support.server import open_school
from tests.support.server_letters import letter_service, post, read_reply


@pytest.fixture
def school(tmp_path):
    with open_school(tmp_path) as made:
        yield made


def laptop(school, name):
    device = TestDevice()
    device.enrol(school.road(), str(school.code(["Анна"], ["Сәуле"]).code), name)
    return device


def note(school, words, is_lost):
    with school.store.transaction() as transaction:
        lost.note(transaction, lost.called(transaction, words).id, is_lost)


def test_a_thief_is_told_nothing_and_what_was_not_sent_waits(school):
    stolen, other = laptop(school, "Ноутбук 1"), laptop(school, "Ноутбук 2")
    stolen.exchange(school.road())
    stolen.hand_in(stolen.person("Анна"), "5")
    note(school, "Ноутбук 1", True)
    for _ in range(2):
        with pytest.raises(RefusedError) as caught:
            stolen.exchange(school.road())
        assert caught.value.code == "device-unknown"
    other.exchange_all(school.road())
    assert [one.kind for one in other.inbox.of_kind("submission")] == []
    note(school, stolen.id[:8], False)
    stolen.exchange_all(school.road())
    other.exchange_all(school.road())
    assert len(other.inbox.of_kind("submission")) == 1


def test_no_file_is_taken_from_it_or_given_to_it(school):
    stolen = laptop(school, "Ноутбук 1")
    page = photo(school.identity.public)
    hand_in(stolen, stolen.person("Анна"), [page])
    stolen.exchange_all(school.road())
    offer = Offer(page.name, page.file.size_bytes, ())
    for is_lost in (False, True, False):
        note(school, "Ноутбук 1", is_lost)
        with school.store.transaction() as transaction:
            author = visitor_of(transaction, stolen.id).author(offer)
        assert author == (None if is_lost else stolen.person("Анна"))


def test_no_stick_is_laid_for_a_thief(school):
    stolen, teacher = laptop(school, "Ноутбук 1"), laptop(school, "Ноутбук 2")
    letters = letter_service(school)
    stolen.hand_in(stolen.person("Анна"), "5")
    post(letters, stolen)
    teacher.exchange_all(school.road())
    (work,) = teacher.inbox.of_kind("submission")
    teacher.mark(teacher.person("Сәуле"), stolen.person("Анна"), work)
    teacher.exchange_all(school.road())
    with school.store.transaction() as transaction:
        head = transaction.letter_head(stolen.id)
    for is_lost in (True, False):
        note(school, "Ноутбук 1", is_lost)
        said = letters.again(head)
        answers, _ = read_reply(stolen, said.sealed().to_bytes())
        kinds = [record.kind for answer in answers for record in answer.records]
        assert said.news is not is_lost
        assert ("mark" in kinds) is not is_lost


def test_a_card_that_was_stolen_with_it_tells_nothing(school):
    card = str(school.code(["Анна"], laptops=2).code)
    stolen = TestDevice()
    stolen.enrol(school.road(), card, "Ноутбук 1")
    note(school, "Ноутбук 1", True)
    with pytest.raises(EnrolmentError) as caught:
        stolen.enrol(school.road(), card, "Ноутбук 1")
    assert caught.value.code == "enrolment-code-used"
    note(school, "Ноутбук 1", False)
    stolen.enrol(school.road(), card, "Ноутбук 1")


def test_a_file_that_was_coming_from_it_is_not_taken(school):
    stolen = laptop(school, "Ноутбук 1")
    page = photo(school.identity.public)
    hand_in(stolen, stolen.person("Анна"), [page])
    stolen.exchange_all(school.road())
    client = AsgiClient(create_app(school.folder.root))
    caller = AttachmentCaller(client, stolen.identity, school.identity.public)
    assert caller.offer([page]).replies == (GoOn(0),)
    for is_lost in (True, False):
        note(school, "Ноутбук 1", is_lost)
        answer = caller.patch(page.name, 0, page.sealed)
        assert (answer.status == 200) is not is_lost, answer
    client.close()


def test_a_laptop_is_found_by_its_name_or_its_id(school):
    ids = [laptop(school, name).id for name in ("Ноутбук 1", "Ноутбук 1", "Үйдегі")]
    with school.store.transaction() as transaction:
        assert lost.called(transaction, "Үйдегі").id == ids[2]
        assert lost.called(transaction, ids[1]).id == ids[1]
        for words, said in (("Ноутбук 1", ids[1]), ("Ноутбук 9", "Үйдегі"), ("", "Үйдегі")):
            with pytest.raises(SetupError, match=said):
                lost.called(transaction, words)
