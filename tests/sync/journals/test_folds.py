from __future__ import annotations

from typing import List

from hypothesis import given
from hypothesis import strategies as st

from sync.journals.branch import carried
from sync.journals.folds import Fold, subject_of
from sync.kinds import PROGRESS, QUESTION
from sync.record import Record
from tests.support.records import identity, make_record, submission_body

NEW = identity("branch").public.device_id


@st.composite
def record_lists(draw: st.DrawFn) -> List[Record]:
    records = []
    for at in range(draw(st.integers(0, 8))):
        name = draw(st.sampled_from(["laptop", "other"]))
        time, task = draw(st.integers(0, 3)), draw(st.sampled_from(["a", "b"]))
        body = submission_body(task=task, points=at)
        record = make_record(at + 1, name, time=time, body=body)
        if draw(st.booleans()):
            record = make_record(
                at + 1, name, time=time, kind=PROGRESS,
                body={"pack": "p", "lesson": task, "position_s": at, "seen": False},
            )  # fmt: skip
        records.append(record)
        if draw(st.booleans()):
            records.append(record.counted_at(draw(st.integers(0, 3))))
        if draw(st.booleans()):
            records.append(carried(record, NEW, at + 1))
    return records


@given(record_lists(), st.randoms(use_true_random=False), st.integers(0, 16))
def test_any_order_and_repetition_gives_what_rebuilding_gives(
    records: List[Record], random: object, cut: int
) -> None:
    shuffled = [*records, *records[:cut]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    fold = Fold(shuffled[:cut])
    news = [fold.add(record) for record in shuffled[cut:]]
    assert len(news) == len(shuffled[cut:])
    assert fold.state() == Fold(records).state()
    assert fold.replaced() == () or len(fold.replaced()) < len(records)


def test_the_latest_counts_and_what_it_replaced_stays_visible() -> None:
    early, late = make_record(2, time=5), make_record(1, time=9)
    fold = Fold([late, early])
    assert fold.latest(subject_of(early)) == late
    assert fold.history(subject_of(early)) == (early, late)
    assert fold.replaced() == (early,)


def test_a_carried_fact_counts_once() -> None:
    record = make_record(3)
    fold = Fold([record])
    assert not fold.add(carried(record, NEW, 1))
    assert len(fold.history(subject_of(record))) == 1


def test_a_time_that_a_server_bounded_makes_no_other_fact_and_the_earliest_counts() -> None:
    wild, own = make_record(1, time=99), make_record(2, time=7)
    body = {"pack": "p", "lesson": "l", "text": "?"}
    question = make_record(3, kind=QUESTION, body=body, time=99)
    for records in ([wild, own, question], [question, wild, own]):
        fold = Fold(records)
        assert fold.latest(subject_of(wild)) == wild
        for record in (wild, question):
            bounded = record.counted_at(5)
            assert not fold.add(bounded)
            assert not fold.add(carried(record, NEW, 1))
            assert fold.history(subject_of(bounded))[0] == bounded
        assert fold.latest(subject_of(wild)) == own
        assert len(fold.history(subject_of(question))) == 1


def test_the_same_words_of_two_clones_under_one_number_are_two_facts() -> None:
    mine, theirs = make_record(1, time=7), make_record(1, time=9)
    moved = carried(theirs, NEW, 1)
    for records in ([mine, moved, theirs], [theirs, mine, moved], [moved, theirs, mine]):
        fold = Fold(records)
        assert fold.history(subject_of(mine)) == (mine, theirs)
        assert fold.names(mine) == {(mine.device, 1)}


def test_each_fact_is_shown_once_but_both_branches_are() -> None:
    mine = make_record(2, body=submission_body(task="mine"))
    theirs = make_record(2, body=submission_body(task="theirs"))
    copies = [carried(mine, device, 1) for device in (NEW, identity("other").public.device_id)]
    state = Fold([*copies, theirs, mine]).state()
    assert state == {subject_of(mine): (mine,), subject_of(theirs): (theirs,)}


def test_questions_and_unknown_kinds_never_replace_one_another() -> None:
    for kind in (QUESTION, "of-tomorrow"):
        body = {"pack": "p", "lesson": "l", "text": "?"}
        fold = Fold([make_record(1, kind=kind, body=body), make_record(2, kind=kind, body=body)])
        assert fold.replaced() == ()
