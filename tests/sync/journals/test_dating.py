from __future__ import annotations

from typing import List, Tuple

from hypothesis import given
from hypothesis import strategies as st

from sync.journals.branch import carried
from sync.journals.dating import Dates, dated, stored_dates
from sync.kinds import CLOCK, DRAFT
from sync.record import Record
from tests.support.records import identity, make_record
from tests.support.sync_device import Device

LAPTOP, BRANCH = (identity(name).public.device_id for name in ("laptop", "branch"))


def word(seq: int, time_ms: int, *, at: int = 90, name: str = "laptop", of: str = LAPTOP) -> Record:
    body = {"device": of, "seq": seq, "time_ms": time_ms, "students": []}
    return make_record(at, name, kind=CLOCK, body=body)


def test_what_was_written_before_counts_no_later() -> None:
    records = [make_record(seq, time=seq << 16) for seq in (5, 6, 7)]
    told = dated([*records, word(6, 5)])[:3]
    assert [one.time >> 16 for one in told] == [5, 5, 7]
    assert [one.written_time >> 16 for one in told] == [5, 6, 7]


def test_a_word_is_about_one_persons_records_of_one_journal() -> None:
    others = [make_record(1, "other", time=9 << 16), make_record(1, person="z", time=9 << 16)]
    assert dated([*others, word(1, 5)])[:2] == others


def test_a_record_keeps_its_time_whoever_carries_it_on() -> None:
    first = make_record(3, time=9 << 16)
    copy = carried(carried(first, BRANCH, 1), identity("other").public.device_id, 4)
    assert dated([copy, word(3, 5)])[0] == copy.counted_at(5 << 16)
    again = carried(word(3, 5), BRANCH, 2)
    assert dated([first, again])[0] == first.counted_at(5 << 16)
    assert dated([copy, word(4, 5, of=copy.device)])[0] == copy, "it is about other records"


@given(st.permutations([word(6, 5), word(8, 3, at=91), word(8, 4, at=1, name="branch")]), st.data())
def test_the_earliest_of_several_words_counts(words: List[Record], data: st.DataObject) -> None:
    record = make_record(data.draw(st.integers(1, 9)), time=data.draw(st.integers(1, 9)) << 16)
    latest = [time_ms for seq, time_ms in ((6, 5), (8, 3), (8, 4)) if record.seq <= seq]
    counted = dated([record, *words])[0]
    assert counted.time >> 16 == min([record.time >> 16, *latest])
    assert dated([counted, *words])[0] == counted


@given(
    st.lists(st.integers(0, 30), min_size=2, max_size=8),
    st.lists(st.tuples(st.integers(1, 8), st.integers(0, 30)), max_size=4),
)
def test_no_word_changes_a_journals_order(times: List[int], said: List[Tuple[int, int]]) -> None:
    """So what a later record of a journal replaced stays replaced, whatever is heard later."""
    run = [make_record(at, time=ms << 16) for at, ms in enumerate(sorted(times), 1)]
    words = [word(seq, ms, at=90 + at) for at, (seq, ms) in enumerate(said)]
    counted = [one.time for one in dated([*run, *words])[: len(run)]]
    assert counted == sorted(counted)


def test_without_a_word_records_stay_what_they_are() -> None:
    record = make_record()
    assert Dates().counted(record) is record
    assert Dates().counted(record.counted_at(5)) == record


def test_words_are_found_wherever_they_lie(device: Device) -> None:
    wild = device.write()
    for place in ("journal", "inbox", "another branch's"):
        assert stored_dates(device.db).counted(wild) == wild, place
        device.db.execute("SAVEPOINT here")
        body = {"device": wild.device, "seq": 1, "time_ms": 5, "students": []}
        if place == "journal":
            device.journal.append(wild.person, CLOCK, body)
        else:
            if place != "inbox":
                device.inbox.store(
                    [
                        make_record(
                            7,
                            "other",
                            kind=DRAFT,
                            body={"pack": "p", "lesson": "l", "task": "t", "answers": {}},
                        )
                    ]
                )
            device.inbox.store([make_record(7, "other", kind=CLOCK, body=body)])
        assert stored_dates(device.db).counted(wild) == wild.counted_at(5 << 16), place
        device.db.execute("ROLLBACK TO here")


def test_a_damaged_word_hides_no_other(device: Device) -> None:
    wild = device.write()
    device.inbox.store([word(1, 5, name="other"), word(1, 4, at=91, name="other")])
    device.db.execute("UPDATE sync_inbox SET body = '{' WHERE seq = 91")
    assert device.journal.of_kind(wild.kind) == (wild.counted_at(5 << 16),)
