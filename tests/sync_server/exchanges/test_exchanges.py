from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from sync.clock import hybrid_time, milliseconds
from sync.errors import MessageError, RefusedError
from sync.identity import Identity
from sync.journals.receipt import verify_receipt
from sync.kinds import CLOCK, ROSTER, SUBMISSION
from tests.support.clock import IN_2031_MS
from tests.support.device import TestDevice, submission
from tests.support.exchanges import held, kinds
from tests.support.server import open_school

ANNA, BOLAT, SAULE = "Анна", "Болат", "Сәуле"


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


def test_a_mark_by_nobodys_hand_is_read_as_the_beginning(enrolled, road):
    pupil = enrolled([ANNA])
    pupil.exchange_all(road)
    for cursor in ("nonsense", "0.1.AAAA", "9.1.AAAA", "0.99999.AAAA", "0.0."):
        request = dataclasses.replace(pupil.request(), cursor=cursor)
        answer = pupil.open(road.exchange(pupil.seal(request)))
        assert kinds(answer) == [ROSTER]
        assert answer.since == cursor


def test_a_clock_in_2031_wins_nothing(enrolled, road, clock):
    """Its laptop says by when the work had been written, and its clock goes back with that."""
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    now_ms = clock.time_ms
    clock.time_ms = IN_2031_MS
    wild = pupil.hand_in(pupil.person(ANNA), "1")
    clock.time_ms = now_ms
    pupil.exchange_all(road)
    after = pupil.hand_in(pupil.person(ANNA), "2")
    pupil.exchange_all(road)
    teacher.exchange_all(road)
    assert (milliseconds(wild.time), milliseconds(after.time)) == (IN_2031_MS, now_ms)
    for laptop in (pupil.journal, teacher.inbox):
        first, second = laptop.of_kind(SUBMISSION)
        assert (first, second) == (wild.counted_at(hybrid_time(now_ms)), after)
        assert first.time < second.time
    assert len(pupil.journal.of_kind(CLOCK)) == 1
    assert pupil.exchange(road).answer.records == ()


def test_a_restored_server_changes_no_time_that_counts(tmp_path, enrolled, road, school, clock):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    backup = tmp_path / "yesterday.db"
    school.store.backup(backup)
    now_ms = clock.time_ms
    clock.time_ms = IN_2031_MS
    pupil.hand_in(pupil.person(ANNA))
    clock.time_ms = now_ms
    pupil.exchange_all(road)
    counted = pupil.journal.of_kind(SUBMISSION)
    school.store.close()
    for side in ("-wal", "-shm"):
        Path(f"{school.folder.database}{side}").unlink(missing_ok=True)
    shutil.copy(backup, school.folder.database)
    school.restart()
    clock.time_ms = IN_2031_MS
    pupil.exchange_all(road)
    teacher.exchange_all(road)
    assert teacher.inbox.of_kind(SUBMISSION) == counted
    assert pupil.journal.of_kind(SUBMISSION) == counted


def test_nobody_speaks_of_anothers_clock(enrolled, road):
    anna, bolat = enrolled([ANNA]), enrolled([BOLAT])
    body = {"device": bolat.id, "seq": 1, "time_ms": 5, "students": []}
    word = anna.write(anna.person(ANNA), CLOCK, body)
    assert anna.exchange(road).answer.refused == ((word.seq, "record-not-permitted"),)


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
    assert ask({"aa": 4}) == ({}, None)
    assert ask({"aa": 4, "zz": 1}) == ({}, {"aa": b"k" * 32, "bb": b"j" * 32}), "zz was withdrawn"


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
