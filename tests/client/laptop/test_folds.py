from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from client.laptop import folds
from client.laptop.lessons import Progress
from client.laptop.works import Station, WorkId
from sync.clock import hybrid_time
from sync.journal import RecordState
from sync.journal import Station as RecordStation
from sync.kinds import MARK, PROGRESS, SUBMISSION
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


def mark(seq, time, points, of_seq=1, device="B" * 22):
    body = {"student": "p", "device": DEVICE, "seq": of_seq, "points": points, "of": 2}
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


def test_what_is_worth_a_record():
    known = Progress(100.0, False, 0)
    assert folds.worth_a_record(None, known)
    assert not folds.worth_a_record(known, Progress(130.0, False, 1))
    assert folds.worth_a_record(known, Progress(160.0, False, 1))
    assert folds.worth_a_record(known, Progress(101.0, True, 1))
    assert not folds.worth_a_record(Progress(100.0, True, 0), Progress(101.0, True, 1))
