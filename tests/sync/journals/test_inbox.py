from __future__ import annotations

from sync.kinds import CLOCK, SUBMISSION
from tests.support.records import make_record
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


def test_the_times_that_count_are_those_that_clock_records_tell(device: Device) -> None:
    """What a server once told beside a record, as the form before had it, says nothing here."""
    wild, later = make_record(1, "other", time=99 << 16), make_record(2, "other", time=98 << 16)
    assert device.inbox.store([wild.counted_at(5), later]) == (wild.counted_at(5), later)
    assert device.inbox.store([wild]) == ()
    assert device.inbox.of_kind(SUBMISSION) == (later, wild)
    word = {"device": wild.device, "seq": 1, "time_ms": 7, "students": []}
    device.inbox.store([make_record(3, "other", kind=CLOCK, body=word)])
    assert device.inbox.of_kind(SUBMISSION) == (wild.counted_at(7 << 16), later)
    assert device.inbox.record(wild.device, 1) == wild


def test_the_same_words_of_two_clones_under_one_number_are_kept_both(device: Device) -> None:
    mine, theirs = make_record(1, "other", time=7), make_record(1, "other", time=9 << 20)
    for record in (mine, theirs):
        assert device.inbox.store([record]) == (record,)
    assert device.inbox.store([mine, theirs]) == ()
    assert device.inbox.of_kind(SUBMISSION) == (mine, theirs)
    assert device.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_what_left_is_asked_for_again_once(device: Device) -> None:
    device.inbox.store([make_record(1, "other")])
    device.inbox.move_cursor("3.77")
    device.inbox.ask_again()
    assert device.inbox.cursor == "3.77", "nothing has left"
    assert device.inbox.drop([make_record(1, "other")]) == 1
    device.inbox.ask_again()
    assert device.inbox.cursor == ""
    device.inbox.move_cursor("3.78")
    device.inbox.ask_again()
    assert device.inbox.cursor == "3.78"


def test_unknown_kinds_and_fields_are_kept(device: Device) -> None:
    record = make_record(1, "other", kind="of-tomorrow", body={"later": [1, {"x": None}]})
    device.inbox.store([record])
    assert device.inbox.of_kind("of-tomorrow") == (record,)


def test_the_mark_survives(device: Device) -> None:
    assert device.inbox.cursor == ""
    device.inbox.move_cursor("3.77")
    device.crash()
    assert device.inbox.cursor == "3.77"
