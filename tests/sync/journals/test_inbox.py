from __future__ import annotations

from sync.clock import milliseconds
from sync.journals.branch import carried
from sync.kinds import SUBMISSION
from tests.support.records import identity, make_record
from tests.support.sync_device import Device


def test_a_record_counts_once_however_often_it_comes(device: Device) -> None:
    records = [make_record(1, "other"), make_record(2, "other")]
    assert device.inbox.store(records) == tuple(records)
    assert device.inbox.store(records) == ()
    assert device.inbox.of_kind(SUBMISSION) == tuple(records)


def test_records_come_out_in_the_order_of_time(device: Device) -> None:
    late, early = make_record(1, "other", time=9), make_record(1, "third", time=3)
    device.inbox.store([late, early])
    assert device.inbox.of_kind(SUBMISSION) == (early, late)
    assert device.inbox.of_kind(SUBMISSION, "nobody") == ()
    assert device.inbox.record(late.device, 1) == late
    assert device.inbox.record(late.device, 2) is None


def test_a_bad_record_is_put_aside_and_blocks_nothing(device: Device) -> None:
    bad = make_record(1, "other", body={"pack": 7})
    worse = make_record(3, "other", kind="note", body={"x": 1e300})
    good = make_record(2, "other")
    assert device.inbox.store([bad, worse, good]) == (good,)
    assert [(item.seq, item.code) for item in device.inbox.quarantined()] == [
        (1, "record-invalid"),
        (3, "value-not-canonical"),
    ]
    assert "missing" in device.inbox.quarantined()[0].detail or "pack" in (
        device.inbox.quarantined()[0].detail
    )
    device.inbox.store([bad])
    assert len(device.inbox.quarantined()) == 2


def test_the_earliest_time_of_a_record_counts(device: Device) -> None:
    wild = make_record(1, "other", time=99)
    bounded = wild.counted_at(5)
    assert device.inbox.store([wild]) == (wild,)
    assert device.inbox.store([bounded]) == (bounded,)
    assert device.inbox.store([wild, bounded]) == ()
    assert device.inbox.of_kind(wild.kind) == (bounded,)
    assert device.inbox.arrivals([wild]) == {1: milliseconds(5)}


def test_the_same_words_of_two_clones_under_one_number_are_kept_both(device: Device) -> None:
    mine, theirs = make_record(1, "other", time=7), make_record(1, "other", time=9 << 20)
    for record in (mine, theirs, theirs.counted_at(8 << 16)):
        assert device.inbox.store([record]) == (record,)
    assert device.inbox.store([mine, theirs]) == ()
    kept = device.inbox.of_kind(SUBMISSION)
    assert kept == (mine, theirs.counted_at(8 << 16))
    assert device.inbox.arrivals([mine, theirs]) == {1: 8}
    assert device.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_unknown_kinds_and_fields_are_kept(device: Device) -> None:
    record = make_record(1, "other", kind="of-tomorrow", body={"later": [1, {"x": None}]})
    device.inbox.store([record])
    assert device.inbox.of_kind("of-tomorrow") == (record,)


def test_the_mark_survives(device: Device) -> None:
    assert device.inbox.cursor == ""
    device.inbox.move_cursor("3.77")
    device.crash()
    assert device.inbox.cursor == "3.77"


def test_a_time_that_came_under_a_branchs_name_is_known(device: Device) -> None:
    """The server gave a carried record the time of its arrival: its origin has that time, too."""
    first = make_record(3, "laptop", time=(1 << 60))
    mine, others = (carried(first, identity(name).public.device_id, 1) for name in ("one", "two"))
    device.inbox.store([others.counted_at(5 << 16)])
    assert device.inbox.arrivals([mine]) == {1: 5}
    elsewhere = carried(make_record(33, "laptop", time=(1 << 60)), mine.device, 1)
    assert device.inbox.arrivals([elsewhere]) == {}
