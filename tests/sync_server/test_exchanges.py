from __future__ import annotations

import dataclasses
import shutil

import pytest

from sync.clock import MAX_AHEAD_MS, hybrid_time, milliseconds
from sync.errors import MessageError, RefusedError
from sync.identity import Identity
from sync.kinds import MARK, ROSTER, SUBMISSION
from sync.receipt import verify_receipt
from sync.record import Head, Record, record_hash
from tests.support.clock import IN_2031_MS
from tests.support.device import TestDevice, submission
from tests.support.server import open_school

ANNA, BOLAT, SAULE = "Анна", "Болат", "Сәуле"


def kinds(outcome):
    return [record.kind for record in outcome.records]


def held(school):
    with school.store.transaction() as transaction:
        return transaction.counts()["records"]


def forged_run(device, bodies, kind=SUBMISSION, person=None):
    """A request with records that the device's own journal would never write."""
    previous, records = device.journal.head, []
    for at, body in enumerate(bodies, 1):
        seq = previous.seq + 1
        author = person or device.people[0].id
        record = Record(device.id, seq, hybrid_time(1_788_000_000_000 + at), author, kind, body)
        records.append(record)
        previous = Head(seq, record_hash(previous.hash, record))
    first = records[0].seq
    return dataclasses.replace(
        device.request(), device_head=previous, first_seq=first, records=tuple(records)
    )


def test_a_submission_reaches_the_teacher_and_the_mark_comes_back(enrolled, road, school):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    work = pupil.hand_in(pupil.person(ANNA))
    sent = pupil.exchange(road)
    assert sent.covered
    verify_receipt(sent.answer.receipt, pupil.id, school.identity.public)
    assert work in teacher.exchange(road).records
    mark = teacher.mark(teacher.person(SAULE), pupil.person(ANNA), work)
    assert teacher.exchange(road).answer.refused == ()
    assert pupil.exchange(road).records == (mark,)


def test_nothing_new_is_answered_with_nothing(enrolled, road):
    pupil = enrolled([ANNA])
    pupil.hand_in(pupil.person(ANNA))
    pupil.exchange_all(road)
    answer = pupil.exchange(road).answer
    assert answer == dataclasses.replace(
        answer, receipt=None, records=(), since="", cursor="", more=False, catalogues={},
        publishers=None, refused=(), resend_from=None,
    )  # fmt: skip


def test_the_same_request_again_changes_nothing_and_is_answered_alike(
    enrolled, road, school, clock
):
    pupil, other = enrolled([ANNA]), enrolled([BOLAT])
    other.exchange_all(road)
    pupil.hand_in(pupil.person(ANNA))
    message = pupil.seal(pupil.request())
    first = pupil.open(road.exchange(message))
    records = held(school)
    clock.time_ms += 3_600_000
    again = pupil.open(road.exchange(message))
    assert held(school) == records
    assert again == dataclasses.replace(first, server_time_ms=again.server_time_ms)


def test_a_lost_answer_is_made_good_by_the_next_exchange(enrolled, road, school):
    pupil = enrolled([ANNA])
    pupil.exchange_all(road)
    pupil.hand_in(pupil.person(ANNA))
    before = held(school)
    road.lose_answer = True
    with pytest.raises(Exception, match="link broke"):
        pupil.exchange(road)
    pupil.hand_in(pupil.person(ANNA), "6")
    assert pupil.exchange(road).covered
    assert pupil.journal.received_seq == 2
    assert held(school) == before + 2


def test_a_receipt_keeps_the_time_at_which_the_work_came(enrolled, road, clock):
    pupil = enrolled([ANNA])
    pupil.hand_in(pupil.person(ANNA))
    message = pupil.seal(pupil.request())
    came_ms = clock.now_ms()
    first = pupil.open(road.exchange(message))
    clock.time_ms += 86_400_000
    assert pupil.open(road.exchange(message)).receipt == first.receipt
    assert first.receipt.time_ms == came_ms


def test_records_go_to_the_class_and_to_nobody_else(enrolled, road):
    pupil, classmate = enrolled([ANNA]), enrolled([BOLAT])
    teacher, stranger = enrolled(teachers=[SAULE]), enrolled(teachers=["Ержан"], class_name="8Ә")
    second = enrolled([ANNA])
    pupil.hand_in(pupil.person(ANNA))
    pupil.watch(pupil.person(ANNA), 30)
    pupil.exchange(road)
    assert kinds(teacher.exchange(road))[-2:] == ["submission", "progress"]
    assert kinds(second.exchange(road))[-2:] == ["submission", "progress"]
    assert set(kinds(classmate.exchange(road))) == {ROSTER}
    assert set(kinds(stranger.exchange(road))) == {ROSTER}


def test_a_mark_goes_to_the_student_and_not_to_classmates(enrolled, road):
    pupil, classmate, teacher = enrolled([ANNA]), enrolled([BOLAT]), enrolled(teachers=[SAULE])
    work = pupil.hand_in(pupil.person(ANNA))
    pupil.exchange_all(road)
    classmate.exchange_all(road)
    teacher.mark(teacher.person(SAULE), pupil.person(ANNA), work)
    teacher.exchange_all(road)
    assert kinds(pupil.exchange(road)) == [MARK]
    assert kinds(classmate.exchange(road)) == []


def test_a_pupils_laptop_learns_the_teachers_name_and_no_classmates(enrolled, road):
    enrolled([BOLAT])
    pupil = enrolled([ANNA])
    enrolled(teachers=[SAULE])
    names = [record.body["name"] for record in pupil.exchange(road).records]
    assert sorted(names) == sorted([ANNA, SAULE])


def test_own_records_are_not_sent_back(enrolled, road):
    shared = enrolled([ANNA, BOLAT], [SAULE])
    shared.hand_in(shared.person(ANNA))
    outcomes = shared.exchange_all(road)
    assert {r.device for o in outcomes for r in o.records}.isdisjoint({shared.id})


def test_one_bad_record_is_refused_and_the_rest_proceeds(enrolled, road, school):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    bad = {**submission(), "answers": "not answers"}
    request = forged_run(pupil, [submission("1"), bad, submission("3")])
    answer = pupil.open(road.exchange(pupil.seal(request)))
    assert answer.refused == ((2, "record-invalid"),)
    assert answer.receipt.head == request.device_head
    arrived = [r for r in teacher.exchange(road).records if r.kind == SUBMISSION]
    assert arrived == [request.records[0], request.records[2]]
    with school.store.transaction() as transaction:
        (aside,) = transaction.refusals(pupil.id, 1, 9)
    assert aside.code == "record-invalid"
    assert b"not answers" in aside.content
    again = pupil.open(road.exchange(pupil.seal(request)))
    assert (again.refused, again.receipt) == (answer.refused, answer.receipt)


def test_after_a_refused_record_the_journal_goes_on(enrolled, road):
    pupil = enrolled([ANNA])
    first = forged_run(pupil, [{"nonsense": True}])
    road.exchange(pupil.seal(first))
    record = Record(pupil.id, 2, hybrid_time(1), pupil.people[0].id, SUBMISSION, submission())
    head = Head(2, record_hash(first.device_head.hash, record))
    after = dataclasses.replace(first, device_head=head, first_seq=2, records=(record,))
    answer = pupil.open(road.exchange(pupil.seal(after)))
    assert answer.receipt.head == head
    assert answer.refused == ()


@pytest.mark.parametrize("kind", [SUBMISSION, "progress", "something-new"])
def test_a_device_writes_only_for_its_own_people(enrolled, road, kind):
    pupil, other = enrolled([ANNA]), enrolled([BOLAT])
    body = {**submission(), "position_s": 1, "seen": True}
    request = forged_run(pupil, [body], kind, other.people[0].id)
    answer = pupil.open(road.exchange(pupil.seal(request)))
    assert answer.refused == ((1, "record-not-permitted"),)


def test_kinds_that_are_not_known_yet_are_kept_and_passed_on(enrolled, road):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    record = pupil.write(pupil.person(ANNA), "rating", {"stars": 5, "of": {"newer": [1, 2]}})
    assert pupil.exchange(road).answer.refused == ()
    assert record in teacher.exchange(road).records


class TestMarks:
    def refused(self, writer, road, **changes):
        body = {"student": "x", "device": "d", "seq": 1, "points": 1, "of": 2, "comment": ""}
        request = forged_run(writer, [{**body, **changes}], MARK)
        return writer.open(road.exchange(writer.seal(request))).refused

    def test_a_pupil_gives_none(self, enrolled, road):
        pupil = enrolled([ANNA])
        assert self.refused(pupil, road, student=pupil.people[0].id)

    def test_a_teacher_of_another_class_gives_none(self, enrolled, road):
        pupil, other = enrolled([ANNA]), enrolled(teachers=[SAULE], class_name="8Ә")
        assert self.refused(other, road, student=pupil.people[0].id)

    def test_teachers_and_strangers_get_none(self, enrolled, road):
        teacher = enrolled(teachers=[SAULE])
        assert self.refused(teacher, road, student=teacher.people[0].id)
        assert self.refused(teacher, road, student="nobody")

    def test_the_work_may_still_be_on_its_way(self, enrolled, road):
        pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
        student = pupil.people[0].id
        assert self.refused(teacher, road, student=student, device=pupil.id, seq=7) == ()

    def test_what_is_no_work_of_that_student_gets_none(self, enrolled, road):
        shared, teacher = enrolled([ANNA, BOLAT]), enrolled(teachers=[SAULE])
        shared.hand_in(shared.person(BOLAT))
        shared.watch(shared.person(ANNA), 5)
        shared.exchange(road)
        student = shared.person(ANNA)
        assert self.refused(teacher, road, student=student, device=shared.id, seq=1)
        assert self.refused(teacher, road, student=student, device=shared.id, seq=2)


class TestForks:
    def fork(self, tmp_path, clock, enrolled, road):
        """A laptop and the copy of its disk, which both wrote a second record."""
        original = enrolled([ANNA], path=tmp_path / "laptop.db")
        original.hand_in(original.person(ANNA), "1")
        original.exchange_all(road)
        original.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(tmp_path / "laptop.db", tmp_path / "clone.db")
        clone = TestDevice(tmp_path / "clone.db", clock, original.identity, original.server)
        clone.people = original.people
        return original, clone

    def test_a_second_branch_is_noticed_and_nothing_of_it_is_lost(
        self, tmp_path, clock, enrolled, road, school
    ):
        original, clone = self.fork(tmp_path, clock, enrolled, road)
        original.hand_in(original.person(ANNA), "original")
        original.exchange_all(road)
        clone.hand_in(clone.person(ANNA), "clone")
        clone.hand_in(clone.person(ANNA), "clone too")
        outcome = clone.exchange(road)
        assert outcome.problem.code == "journal-forked"
        assert outcome.answer.refused == ((2, "journal-forked"), (3, "journal-forked"))
        with school.store.transaction() as transaction:
            aside = transaction.refusals(original.id, 1, 9)
            assert transaction.journal_end(original.id).seq == 2
        assert [item.seq for item in aside] == [2, 3]
        assert b"clone too" in aside[1].content
        assert clone.exchange(road).answer.refused == outcome.answer.refused
        original.hand_in(original.person(ANNA), "goes on")
        assert original.exchange(road).covered
        clone.close()

    def test_a_laptop_that_went_back_in_time_hears_of_it(self, tmp_path, clock, enrolled, road):
        original, clone = self.fork(tmp_path, clock, enrolled, road)
        original.hand_in(original.person(ANNA), "lost by the restore")
        original.exchange_all(road)
        outcome = clone.exchange(road)
        assert outcome.problem.code == "journal-behind"
        assert outcome.answer.refused == ()
        clone.close()

    def test_a_head_that_does_not_follow_from_the_records_is_a_fork(self, enrolled, road, school):
        pupil = enrolled([ANNA])
        pupil.hand_in(pupil.person(ANNA))
        request = pupil.request()
        wrong = dataclasses.replace(request, device_head=Head(1, b"x" * 32))
        answer = pupil.open(road.exchange(pupil.seal(wrong)))
        assert answer.refused == ((1, "journal-forked"),)
        assert answer.receipt is None
        assert pupil.exchange(road).covered

    def test_a_head_that_is_another_than_the_one_held_is_a_fork(self, enrolled, road):
        pupil = enrolled([ANNA])
        pupil.hand_in(pupil.person(ANNA))
        pupil.exchange_all(road)
        wrong = dataclasses.replace(pupil.request(), device_head=Head(1, b"x" * 32))
        answer = pupil.open(road.exchange(pupil.seal(wrong)))
        assert answer.refused == ((1, "journal-forked"),)
        assert answer.receipt is not None


def test_a_gap_is_answered_by_asking_for_what_is_missing(enrolled, road, school):
    pupil = enrolled([ANNA])
    for answer in "123":
        pupil.hand_in(pupil.person(ANNA), answer)
    request = pupil.request()
    late = dataclasses.replace(request, first_seq=3, records=request.records[2:])
    before = held(school)
    answer = pupil.open(road.exchange(pupil.seal(late)))
    assert (answer.resend_from, answer.receipt) == (1, None)
    assert held(school) == before


def test_a_server_that_went_back_to_a_backup_gets_everything_again(
    tmp_path, enrolled, road, school
):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    pupil.hand_in(pupil.person(ANNA), "1")
    pupil.exchange_all(road)
    school.store.backup(tmp_path / "yesterday.db")
    pupil.hand_in(pupil.person(ANNA), "2")
    pupil.exchange_all(road)
    teacher.exchange_all(road)
    school.store.close()
    for ending in ("-wal", "-shm"):
        (tmp_path / "server" / f"server.db{ending}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "yesterday.db", tmp_path / "server" / "server.db")
    school.restart()
    teacher.watch(teacher.person(SAULE), 9)
    teacher.exchange_all(road)
    pupil.exchange_all(road)
    teacher.exchange_all(road)
    pupil.hand_in(pupil.person(ANNA), "3")
    pupil.exchange_all(road)
    got = [r.body["answers"]["root"] for r in teacher.inbox.of_kind(SUBMISSION)]
    assert got == ["1", "2"]
    teacher.exchange_all(road)
    got = [r.body["answers"]["root"] for r in teacher.inbox.of_kind(SUBMISSION)]
    assert got == ["1", "2", "3"]
    with school.store.transaction() as transaction:
        assert transaction.journal_end(pupil.id).seq == 3


def test_room_bounds_an_answer_and_the_rest_comes_next(enrolled, road):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    teacher.exchange_all(road)
    for number in range(20):
        pupil.hand_in(pupil.person(ANNA), str(number))
    pupil.exchange_all(road)
    one = teacher.exchange(road, room_bytes=1)
    assert len(one.records) == 1
    assert one.answer.more
    few = teacher.exchange(road, room_bytes=600)
    assert 1 < len(few.records) < 5
    rest = teacher.exchange_all(road, room_bytes=600)
    assert not rest[-1].answer.more
    assert len(teacher.inbox.of_kind(SUBMISSION)) == 20


def test_no_room_brings_no_records_and_loses_none(enrolled, road):
    pupil = enrolled([ANNA])
    nothing = pupil.exchange(road, room_bytes=0)
    assert (nothing.records, nothing.answer.more, nothing.answer.cursor) == ((), True, "")
    assert kinds(pupil.exchange(road)) == [ROSTER]


def test_an_answer_fits_a_message_whatever_room_is_claimed(enrolled, road):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    for number in range(40):
        body = {
            **submission(),
            "answers": {"essay": "".join(chr(0x4E00 + (i * number) % 9000) for i in range(9000))},
        }
        pupil.write(pupil.person(ANNA), SUBMISSION, body)
    pupil.exchange_all(road)
    teacher.exchange_all(road, room_bytes=1 << 30)
    assert len(teacher.inbox.of_kind(SUBMISSION)) == 40


def test_people_granted_later_bring_what_came_before(enrolled, road, school):
    pupil = enrolled([ANNA])
    pupil.hand_in(pupil.person(ANNA))
    pupil.exchange_all(road)
    shared = enrolled([BOLAT])
    shared.exchange_all(road)
    shared.enrol(road, str(school.code([ANNA]).code))
    assert {person.name for person in shared.people} == {ANNA, BOLAT}
    assert SUBMISSION in kinds(shared.exchange(road))
    assert kinds(shared.exchange(road)) == []


def test_a_mark_by_nobodys_hand_is_read_as_the_beginning(enrolled, road):
    pupil = enrolled([ANNA])
    pupil.exchange_all(road)
    for cursor in ("nonsense", "0.1.AAAA", "9.1.AAAA", "0.99999.AAAA", "0.0."):
        request = dataclasses.replace(pupil.request(), cursor=cursor)
        answer = pupil.open(road.exchange(pupil.seal(request)))
        assert kinds(answer) == [ROSTER]
        assert answer.since == cursor


def test_a_clock_in_2031_wins_nothing_on_its_way_through(enrolled, road, clock):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    now_ms = clock.time_ms
    clock.time_ms = IN_2031_MS
    work = pupil.hand_in(pupil.person(ANNA))
    clock.time_ms = now_ms
    pupil.exchange(road)
    (arrived,) = [r for r in teacher.exchange(road).records if r.kind == SUBMISSION]
    assert milliseconds(work.time) == IN_2031_MS
    assert milliseconds(arrived.time) <= now_ms + MAX_AHEAD_MS


def test_catalogue_news_names_newer_serials_and_unknown_publishers(enrolled, road, school):
    pupil = enrolled([ANNA])
    with school.store.transaction() as transaction:
        transaction.trust_publisher("aa", b"k" * 32)
        transaction.trust_publisher("bb", b"j" * 32)
        transaction.set_catalogue_serial("aa", 3)

    def ask(known):
        answer = pupil.open(road.exchange(pupil.seal(pupil.request(known))))
        return answer.catalogues, answer.publishers

    assert ask({}) == ({"aa": 3}, {"aa": b"k" * 32, "bb": b"j" * 32})
    assert ask({"aa": 2}) == ({"aa": 3}, None)
    assert ask({"aa": 3}) == ({}, None)
    assert ask({"aa": 4, "zz": 1}) == ({}, None)


def test_strangers_and_damage_are_refused(enrolled, road, school):
    pupil = enrolled([ANNA])
    message = pupil.seal(pupil.request())
    stranger = TestDevice(server=pupil.server)
    cases = {
        "device-unknown": stranger.seal(stranger.request()),
        "message-malformed": message[:20],
        "message-unreadable": message[:-1] + bytes([message[-1] ^ 1]),
        "message-kind": message[:3] + b"\2" + message[4:],
        "message-version": message[:2] + b"\2" + message[3:],
    }
    for code, data in cases.items():
        with pytest.raises(RefusedError) as error:
            road.exchange(data)
        assert error.value.code == code
    stranger.close()


def test_somebody_elses_identity_cannot_be_claimed(enrolled, school):
    pupil, thief = enrolled([ANNA]), TestDevice()
    mixed = dataclasses.replace(Identity.generate(), public=pupil.identity.public)
    thief.identity, thief.server = mixed, pupil.server
    with pytest.raises(MessageError) as error:
        school.exchanges.exchange(thief.seal(pupil.request()))
    assert error.value.code == "message-forged"
    thief.close()


def test_a_restart_forgets_nothing(tmp_path, clock, enrolled, road, school):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    pupil.hand_in(pupil.person(ANNA))
    pupil.exchange(road)
    school.restart()
    assert SUBMISSION in kinds(teacher.exchange(road))
    with open_school(tmp_path / "server", clock) as second:
        assert kinds(pupil.exchange(second.road())) == []


def test_the_last_contact_is_noted_by_the_minute(enrolled, road, school, clock):
    pupil = enrolled([ANNA])
    for later_ms, noted in ((30_000, False), (60_000, True), (70_000, False)):
        clock.time_ms += later_ms if noted else 0
        pupil.exchange(road)
        with school.store.transaction() as transaction:
            assert transaction.device(pupil.id).last_contact_ms == clock.time_ms
