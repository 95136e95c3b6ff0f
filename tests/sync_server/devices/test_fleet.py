from __future__ import annotations

import json

import pytest

from sync.canonical import canonical_json
from sync.exchanges.exchange import ExchangeRequest
from sync.fleet import Change, Told
from sync.identity import Identity
from sync.journals.branch import Probe, make_claim
from sync.kinds import DEVICE_REPORT
from sync.record import Record
from sync_server.devices.branches import admit
from sync_server.devices.fleet import as_text, describe, happened, sentence, standing
from sync_server.pages.advice import advise
from sync_server.pages.morning import look
from sync_server.pages.page import morning_page
from sync_server.pages.words import LANGUAGES, Words
from sync_server.records.routing import REPORTS
from sync_server.store.model import Device, NewRecord
from tests.support.exchanges import kinds
from tests.support.server import server_json

DAY_MS = 86_400_000
ANNA, SAULE = "Анна", "Сәуле"


@pytest.fixture
def laptop(enrolled, road):
    made = enrolled([ANNA])
    made.hand_in(made.person(ANNA))
    made.exchange_all(road)
    return made


def report(laptop, **happened_to_it):
    body = {"program": "1.0", "system": "Windows 7", "free_bytes": 5 << 30, "laptop": "PC-1"}
    laptop.write(laptop.person(ANNA), DEVICE_REPORT, {**body, **happened_to_it})


def told(school):
    with school.store.transaction() as transaction:
        return happened(transaction, school.clock.now_ms())


def test_nothing_happened_to_laptops_that_nobody_touched(laptop, school):
    assert told(school) == ()


def test_a_disk_that_was_moved_is_told_by_the_name_that_the_school_knows(laptop, school, road):
    report(laptop, machine="bbbbbbbb", was="aaaaaaaa")
    laptop.exchange_all(road)
    (one,) = told(school)
    assert one.change is Change.MOVED and one.devices == {laptop.id}
    with school.store.transaction() as transaction:
        assert one.laptop == transaction.device(laptop.id).name


def test_a_branch_is_known_before_any_report(laptop, school, road):
    with school.store.transaction() as transaction:
        device = transaction.device(laptop.id)
        child = Identity.generate()

        claim = make_claim(child, laptop.id, [Probe(1, b"x" * 8)])
        head = laptop.journal.head
        request = ExchangeRequest(device=laptop.id, device_head=head, first_seq=head.seq + 1)
        admit(transaction, device, request, claim, school.clock.now_ms())
        assert transaction.branches() == ((child.public.device_id, laptop.id),)
    (one,) = told(school)
    assert (one.change, one.count) == (Change.BRANCHED, 1)
    with school.store.transaction() as transaction:
        value = describe(transaction, school.clock.now_ms())
    assert value["laptops"][1]["continues"] == laptop.id
    assert f"continues {laptop.id}" in as_text(value)


def test_the_teacher_hears_of_it_and_no_other_class_and_no_pupil(laptop, enrolled, road):
    teacher, stranger = enrolled(teachers=[SAULE]), enrolled(teachers=["Ержан"], class_name="8Ә")
    classmate = enrolled(["Болат"])
    report(laptop, machine="bbbbbbbb", was="aaaaaaaa")
    report(laptop)
    laptop.exchange_all(road)
    assert kinds(teacher.exchange(road)).count(DEVICE_REPORT) == 1, "the plain one is nobody's"
    for other in (stranger, classmate, laptop):
        assert DEVICE_REPORT not in kinds(other.exchange(road))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_morning_says_it_and_what_to_do_where_it_happens_again(laptop, school, road, language):
    for branch in ("B" * 22, "C" * 22):
        report(laptop, machine="aaaaaaaa", branch=branch)
    laptop.exchange_all(road)
    now_ms = school.clock.now_ms()
    morning = look(school.store, school.folder.root, now_ms)
    (one,) = morning.happened
    assert (one.change, one.count) == (Change.SET_BACK, 2)
    assert "set_back" in [advice.key for advice in advise(morning)]
    page = morning_page(morning, language)
    assert sentence(Words(language), one).split(":")[0] in page
    json.dumps(morning.to_json())
    later = look(school.store, school.folder.root, now_ms + 20 * DAY_MS)
    assert later.happened == ()


@pytest.mark.parametrize("change", list(Change))
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_change_has_its_sentence(language, change):
    said = sentence(Words(language), Told(change, "ACER-1", 3, 0, frozenset()))
    assert "ACER-1" in said and "{" not in said


def test_the_command_prints_each_laptop_and_what_became_of_it(tmp_path):
    data = str(tmp_path / "data")
    server_json("init", data, "--school", "Ақсу", "--json")
    assert server_json("devices", "--data", data, "--json") == {"laptops": [], "happened": []}


def test_a_laptop_that_was_another_device_each_day_is_here_and_not_away(laptop, school, road):
    now_ms = school.clock.now_ms()
    children = [Identity.generate().public for _ in range(3)]
    with school.store.transaction() as transaction:
        people = [one.id for one in transaction.granted(laptop.id)]
        for at, child in enumerate(children):
            seen_ms = now_ms - (3 - at) * 5 * DAY_MS
            transaction.add_device(Device(child, "PC-1", seen_ms, 0, seen_ms))
            transaction.grant(child.device_id, people)
            transaction.add_branch(child.device_id, laptop.id)
        transaction.touch_device(laptop.id, now_ms - 20 * DAY_MS)
        transaction.touch_device(children[2].device_id, now_ms)
    for child in children:
        report(laptop, machine="aaaaaaaa", branch=laptop.id)
        record = laptop.journal.of_kind(DEVICE_REPORT)[-1]
        told = Record(child.device_id, 1, record.time, record.person, DEVICE_REPORT, record.body)
        with school.store.transaction() as transaction:
            body = canonical_json(told.body)
            transaction.add_records([NewRecord(told, body, bytes(32), (REPORTS,), now_ms)])
    with school.store.transaction() as transaction:
        assert [one.id for one in standing(transaction)] == [children[2].device_id]
        value = describe(transaction, now_ms)
    assert [one["former"] for one in value["laptops"]] == [True, True, True, False]
    assert as_text(value).startswith("Laptops: 1\n") and "goes on as another" in as_text(value)
    morning = look(school.store, school.folder.root, now_ms)
    assert (morning.laptops, morning.away) == (1, ())


def test_a_copied_laptop_that_came_by_after_its_copy_is_one_of_its_own(laptop, school):
    now_ms = school.clock.now_ms()
    copy = Identity.generate().public
    with school.store.transaction() as transaction:
        transaction.add_device(Device(copy, "PC-1", now_ms, 0, now_ms))
        transaction.add_branch(copy.device_id, laptop.id)
        transaction.touch_device(laptop.id, now_ms + 30_000)
        assert [one.id for one in standing(transaction)] == [copy.device_id]
        transaction.touch_device(laptop.id, now_ms + DAY_MS)
        assert {one.id for one in standing(transaction)} == {laptop.id, copy.device_id}
