from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from client.laptop.packs.lessons import Progress
from client.laptop.schoolwork import folds
from client.laptop.schoolwork.works import Station, WorkId
from sync.clock import hybrid_time
from sync.journals.branch import carried
from sync.journals.station import RecordState
from sync.journals.station import Station as RecordStation
from sync.kinds import MARK, PROGRESS, ROSTER, SUBMISSION
from sync.record import Record

DEVICE = "A" * 22


def submission(seq, time, person="p", task="t"):
    body = {
        "pack": "x",
        "version": 1,
        "lesson": "l",
        "task": task,
        "answers": {},
        "points": 1,
        "of": 2,
        "waiting": 0,
        "language": "kk",
    }
    return Record(DEVICE, seq, hybrid_time(time), person, SUBMISSION, body)


def mark(seq, time, points, of_seq=1, device="B" * 22, of_device=DEVICE, student="p"):
    body = {"student": student, "device": of_device, "seq": of_seq, "points": points, "of": 2}
    return Record(device, seq, hybrid_time(time), "teacher", MARK, {**body, "comment": ""})


def works(records, marks=()):
    arrived = [folds.Submission(record, folds.ARRIVED) for record in records]
    return folds.fold_works(arrived, folds.fold_marks(marks, lambda _: "Сәуле"), {})


@given(st.permutations([mark(1, 10, 0), mark(2, 30, 2), mark(3, 20, 1)]))
def test_the_latest_mark_wins_in_whatever_order_they_come(marks):
    assert works([submission(1, 5)], marks)[0].mark.points == 2


def test_marks_of_one_moment_are_ordered_the_same_everywhere():
    one, other = mark(7, 10, 1, device="C" * 22), mark(9, 10, 2, device="B" * 22)
    for marks in ([one, other], [other, one]):
        assert works([submission(1, 5)], marks)[0].mark.points == 1


def test_a_mark_without_points_is_no_mark():
    assert works([submission(1, 5)], [mark(1, 6, None)])[0].station is Station.SCHOOL


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from("ab")), max_size=12))
def test_exactly_one_work_of_a_task_counts(moments):
    records = [submission(seq, time, task=task) for seq, (time, task) in enumerate(moments, 1)]
    found = works(records)
    assert len(found) == len(records)
    for task in {task for _, task in moments}:
        counting = [work for work in found if work.task == task and not work.replaced]
        assert len(counting) == 1
        assert counting[0].handed_in_ms == max(time for time, one in moments if one == task)


def test_stations_follow_the_records_state():
    state = RecordState(RecordStation.SENT, None, None)
    work = folds.fold_works([folds.Submission(submission(1, 1), state)], {}, {})[0]
    assert (work.station, work.title) == (Station.SENT, {"": "t"})
    assert work.id == WorkId(DEVICE, 1)


def test_progress_keeps_the_latest_place_and_that_it_was_seen():
    def progress(seq, time, position_s, seen):
        body = {"pack": "x", "lesson": "l", "position_s": position_s, "seen": seen}
        return Record(DEVICE, seq, hybrid_time(time), "p", PROGRESS, body)

    found = folds.fold_progress([progress(2, 9, 3.0, False), progress(1, 5, 90.0, True)])
    assert found == {("x", "l"): Progress(3.0, True, 9)}


def progress_record(seq, time, lesson="l", position_s=3.0, seen=False):
    body = {"pack": "x", "lesson": lesson, "position_s": position_s, "seen": seen}
    return Record(DEVICE, seq, hybrid_time(time), "p", PROGRESS, body)


NEW = "N" * 21 + "A"
MANY = [
    *(submission(seq, 100 - seq, task="ab"[seq % 2]) for seq in range(1, 7)),
    *(carried(submission(seq, 100 - seq, task="ab"[seq % 2]), NEW, seq) for seq in range(4, 7)),
    # A laptop whose clock stood in 2031, and the same as the school passes it on.
    submission(7, 10**13),
    submission(7, 10**13).counted_at(hybrid_time(200)),
]
MARKS = [mark(seq, seq, seq % 3, of_seq=seq % 4 + 1) for seq in range(1, 9)]
PROGRESS_MADE = [progress_record(seq, seq % 5, "lm"[seq % 2], seq, seq == 3) for seq in range(9)]


@given(st.data())
def test_any_order_and_any_repetition_shows_the_same(data):
    def shuffled(records):
        again = data.draw(st.lists(st.sampled_from(records), max_size=5))
        return data.draw(st.permutations([*records, *again]))

    assert works(shuffled(MANY), shuffled(MARKS)) == works(MANY, MARKS)
    assert folds.fold_progress(shuffled(PROGRESS_MADE)) == folds.fold_progress(PROGRESS_MADE)


def test_a_work_is_listed_once_under_its_first_name_and_its_earliest_time():
    found = works(MANY)
    assert sorted(work.id.seq for work in found) == [1, 2, 3, 4, 5, 6, 7]
    assert {work.id.device for work in found} == {DEVICE}
    assert found[0].handed_in_ms == 200


def test_a_mark_finds_a_work_by_each_of_its_names():
    moved = carried(submission(5, 9), NEW, 2)
    by_old, by_new = mark(1, 20, 1, of_seq=5), mark(2, 30, 2, of_seq=2, of_device=NEW)
    assert works([moved], [by_old])[0].mark.points == 1
    assert works([moved, submission(5, 9)], [by_new])[0].mark.points == 2
    assert works([moved], [by_old, by_new])[0].mark.points == 2


def test_a_mark_is_for_the_student_whom_it_names():
    one, other = submission(1, 5, person="p"), submission(1, 6, person="q")
    found = works([one, other], [mark(1, 9, 2, student="q"), mark(2, 9, 1, student="p")])
    assert {work.person: work.mark.points for work in found} == {"p": 1, "q": 2}


def test_our_own_record_keeps_its_station_when_it_comes_back():
    own, state = submission(1, 5), RecordState(RecordStation.SENT, None, None)
    for listed in ([(own, state), (own, folds.ARRIVED)], [(own, folds.ARRIVED), (own, state)]):
        found = folds.fold_works([folds.Submission(*one) for one in listed], {}, {})
        assert [work.station for work in found] == [Station.SENT]


def test_what_the_disk_damaged_is_left_out_and_hides_nothing():
    broken = Record(DEVICE, 9, hybrid_time(50), "p", SUBMISSION, {"pack": "x"})
    odd = Record(DEVICE, 8, hybrid_time(50), "p", SUBMISSION, {"carried": 3})
    found = works([broken, odd, submission(1, 5)], [Record(DEVICE, 3, 1, "t", MARK, {})])
    assert [(work.id.seq, work.replaced) for work in found] == [(1, False)]


def test_people_are_as_they_were_written_down_last():
    def roster(seq, time, name):
        body = {"person": "p", "name": name, "role": "student", "class": "7А", "picture": ""}
        return Record(DEVICE, seq, hybrid_time(time), "p", ROSTER, body)

    found = folds.fold_people([roster(2, 9, "Ayaru"), roster(1, 5, "Aiaru")])
    assert found["p"].name == "Ayaru"


def test_what_is_worth_a_record():
    known = Progress(100.0, False, 0)
    assert folds.worth_a_record(None, known)
    assert not folds.worth_a_record(known, Progress(130.0, False, 1))
    assert folds.worth_a_record(known, Progress(160.0, False, 1))
    assert folds.worth_a_record(known, Progress(101.0, True, 1))
    assert not folds.worth_a_record(Progress(100.0, True, 0), Progress(101.0, True, 1))
