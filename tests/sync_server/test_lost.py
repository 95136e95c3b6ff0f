"""A lost laptop: the server takes nothing from it and tells it nothing, until it is found."""

from __future__ import annotations

import pytest

from sync.attachments.offer import Offer
from sync.errors import RefusedError
from sync_server import lost
from sync_server.attachment_visitors import visitor_of
from sync_server.errors import SetupError
from tests.support.attachments import hand_in, photo
from tests.support.device import TestDevice
from tests.support.server import open_school


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


def test_a_laptop_is_found_by_its_name_or_its_id(school):
    ids = [laptop(school, name).id for name in ("Ноутбук 1", "Ноутбук 1", "Үйдегі")]
    with school.store.transaction() as transaction:
        assert lost.called(transaction, "Үйдегі").id == ids[2]
        assert lost.called(transaction, ids[1]).id == ids[1]
        for words, said in (("Ноутбук 1", ids[1]), ("Ноутбук 9", "Үйдегі"), ("", "Үйдегі")):
            with pytest.raises(SetupError, match=said):
                lost.called(transaction, words)
