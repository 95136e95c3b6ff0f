from __future__ import annotations

import dataclasses
import shutil

import pytest

from sync.clock import hybrid_time
from sync.journals.receipt import verify_receipt
from sync.kinds import MARK, SUBMISSION
from sync.record import Head, Record, record_hash
from tests.support.device import TestDevice, submission
from tests.support.exchanges import forged_run, held

ANNA, BOLAT, SAULE = "Анна", "Болат", "Сәуле"


def test_one_bad_record_is_refused_and_the_rest_proceeds(enrolled, road, school):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    bad = {**submission(), "answers": "not answers"}
    request = forged_run(pupil, [submission("1"), bad, submission("3")])
    answer = pupil.open(road.exchange(pupil.seal(request)))
    assert answer.refused == ((2, "record-invalid"),)
    verify_receipt(
        dataclasses.replace(answer.receipt, hash=request.device_head.hash), pupil.id, pupil.server
    )
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
    verify_receipt(dataclasses.replace(answer.receipt, hash=head.hash), pupil.id, pupil.server)
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
    record = pupil.write(pupil.person(ANNA), "of-tomorrow", {"stars": 5, "of": {"newer": [1, 2]}})
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

    def test_under_the_number_may_stand_what_another_branch_wrote(self, enrolled, road):
        shared, teacher = enrolled([ANNA, BOLAT]), enrolled(teachers=[SAULE])
        shared.hand_in(shared.person(BOLAT))
        shared.exchange(road)
        student = shared.person(ANNA)
        assert self.refused(teacher, road, student=student, device=shared.id, seq=1) == ()


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
