from __future__ import annotations

import dataclasses

import pytest

from sync.database import transaction
from sync.errors import JournalError, ReceiptError, RecordError
from sync.journals.journal import Journal
from sync.journals.receipt import Receipt, sign_receipt
from sync.journals.station import Station
from sync.kinds import SUBMISSION
from sync.record import NO_HASH, Head, record_hash
from tests.support.clock import IN_2003_MS, NOW_MS, TurnableClock
from tests.support.records import PERSON, identity, submission_body
from tests.support.sync_device import Device

SERVER = identity("server")


def receipt_for(journal: Journal, seq: int, time_ms: int = NOW_MS) -> Receipt:
    digest = journal.hash_at(seq)
    assert digest is not None
    return sign_receipt(SERVER, journal.device, Head(seq, digest), time_ms)


def test_records_are_numbered_and_chained(device: Device) -> None:
    written = [device.write(task=f"t{at}") for at in range(4)]
    assert [record.seq for record in written] == [1, 2, 3, 4]
    digest = NO_HASH
    for record in written:
        digest = record_hash(digest, record)
        assert device.journal.hash_at(record.seq) == digest
        assert device.journal.record(record.seq) == record
    assert device.journal.head == Head(4, digest)
    assert device.journal.hash_at(0) == NO_HASH
    assert device.journal.hash_at(5) is None


def test_an_empty_journal_has_a_head_too(device: Device) -> None:
    assert device.journal.head == Head()
    assert device.journal.unreceived(0, 1000) == ()
    assert device.journal.last_receipt() is None


def test_saved_means_on_the_disk(device: Device) -> None:
    record = device.write()
    device.crash()
    assert device.journal.record(1) == record


def test_a_record_joins_the_caller_s_transaction(device: Device) -> None:
    journal = device.journal
    device.db.execute("CREATE TABLE draft (x)")
    device.db.execute("INSERT INTO draft VALUES (1)")
    with pytest.raises(KeyError), transaction(device.db):
        device.db.execute("DELETE FROM draft")
        journal.append(PERSON, SUBMISSION, submission_body())
        raise KeyError
    assert journal.head == Head()
    assert device.db.execute("SELECT count(*) FROM draft").fetchone() == (1,)
    with transaction(device.db):
        device.db.execute("DELETE FROM draft")
        journal.append(PERSON, SUBMISSION, submission_body())
    device.crash()
    assert device.journal.head.seq == 1
    assert device.db.execute("SELECT count(*) FROM draft").fetchone() == (0,)


def test_a_crash_between_writing_and_committing_leaves_both_halves(device: Device) -> None:
    journal = device.journal
    device.db.execute("BEGIN IMMEDIATE")
    journal.append(PERSON, SUBMISSION, submission_body())
    device.crash()
    assert device.journal.head == Head()
    assert device.write().seq == 1


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        (SUBMISSION, {"pack": "x"}, "record-invalid"),
        ("Bad Kind", {}, "record-invalid"),
        ("note", {"x": float("nan")}, "value-not-canonical"),
        ("note", {"x": "y" * 70_000}, "record-too-large"),
    ],
)
def test_what_cannot_be_a_record_is_not_written(
    device: Device, kind: str, body: object, code: str
) -> None:
    with pytest.raises(RecordError) as caught:
        device.journal.append(PERSON, kind, body)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert device.journal.head == Head()
    assert device.write().seq == 1


def test_fractions_are_kept_as_they_will_be_hashed_elsewhere(device: Device) -> None:
    record = device.write(points=2.0)
    assert repr(record.body["points"]) == "2"
    assert repr(device.write(points=2.5).body["points"]) == "2.5"


def test_times_grow_though_the_clock_falls_back(device: Device) -> None:
    clock = TurnableClock()
    device.clock = clock
    first = device.write()
    clock.time_ms = IN_2003_MS
    device.crash()
    assert device.write().time > first.time


def test_stations(device: Device) -> None:
    for _ in range(4):
        device.write()
    journal = device.journal
    journal.note_sent(3)
    assert journal.accept_receipt(receipt_for(journal, 2, NOW_MS + 5), SERVER.public)
    states = [journal.state(seq) for seq in (1, 2, 3, 4)]
    assert [state.station for state in states] == [
        Station.RECEIVED,
        Station.RECEIVED,
        Station.SENT,
        Station.SAVED,
    ]
    assert [state.received_ms for state in states] == [NOW_MS + 5, NOW_MS + 5, None, None]
    assert journal.waiting_count() == journal.waiting_count(SUBMISSION) == 2
    assert journal.waiting_count("mark") == 0


def test_a_record_is_dated_by_its_first_receipt(device: Device) -> None:
    journal = device.journal
    device.write()
    journal.accept_receipt(receipt_for(journal, 1, NOW_MS), SERVER.public)
    device.write()
    assert journal.accept_receipt(receipt_for(journal, 2, NOW_MS + 9), SERVER.public)
    assert not journal.accept_receipt(receipt_for(journal, 2, NOW_MS + 99), SERVER.public)
    assert not journal.accept_receipt(receipt_for(journal, 1, NOW_MS + 99), SERVER.public)
    assert [journal.state(seq).received_ms for seq in (1, 2)] == [NOW_MS, NOW_MS + 9]
    last = journal.last_receipt()
    assert last is not None
    assert (last.seq, last.time_ms) == (2, NOW_MS + 9)


def test_a_receipt_must_be_the_server_s_and_about_this_chain(device: Device) -> None:
    device.write()
    journal = device.journal
    good = receipt_for(journal, 1)
    with pytest.raises(ReceiptError):
        journal.accept_receipt(good, identity("other").public)
    with pytest.raises(ReceiptError):
        journal.accept_receipt(dataclasses.replace(good, time_ms=1), SERVER.public)
    foreign = sign_receipt(SERVER, identity("other").public.device_id, good.head, NOW_MS)
    with pytest.raises(ReceiptError):
        journal.accept_receipt(foreign, SERVER.public)
    forked = sign_receipt(SERVER, journal.device, Head(1, bytes(32)), NOW_MS)
    with pytest.raises(JournalError) as caught:
        journal.accept_receipt(forked, SERVER.public)
    assert caught.value.code == "journal-forked"
    ahead = sign_receipt(SERVER, journal.device, Head(9, bytes(32)), NOW_MS)
    with pytest.raises(JournalError) as caught:
        journal.accept_receipt(ahead, SERVER.public)
    assert caught.value.code == "journal-behind"
    assert journal.state(1).station is Station.SAVED
    assert journal.accept_receipt(good, SERVER.public)


def test_a_budget_never_blocks_and_is_kept(device: Device) -> None:
    for _ in range(5):
        device.write()
    journal = device.journal
    assert len(journal.unreceived(0, 0)) == 1
    assert len(journal.unreceived(0, 1_000_000)) == 5
    assert [record.seq for record in journal.unreceived(3, 1_000_000)] == [4, 5]
    some = journal.unreceived(0, 700)
    assert 1 < len(some) < 5


def test_what_a_restored_server_lost_is_sent_again(device: Device) -> None:
    for _ in range(5):
        device.write()
    journal = device.journal
    journal.accept_receipt(receipt_for(journal, 4), SERVER.public)
    assert journal.first_unsent_seq == 5
    journal.request_resend(2)
    assert journal.first_unsent_seq == 2
    assert journal.state(3).station is Station.RECEIVED
    journal.accept_receipt(receipt_for(journal, 3), SERVER.public)
    assert journal.first_unsent_seq == 4
    journal.accept_receipt(receipt_for(journal, 5), SERVER.public)
    assert journal.first_unsent_seq == 6


@pytest.mark.parametrize("seq", [0, 5, 99])
def test_a_senseless_wish_to_send_again_is_ignored(device: Device, seq: int) -> None:
    for _ in range(5):
        device.write()
    device.journal.accept_receipt(receipt_for(device.journal, 4), SERVER.public)
    device.journal.request_resend(seq)
    assert device.journal.first_unsent_seq == 5


def test_refusals_are_remembered(device: Device) -> None:
    device.write()
    journal = device.journal
    journal.note_refused([(1, "record-not-permitted")])
    journal.accept_receipt(receipt_for(journal, 1), SERVER.public)
    state = journal.state(1)
    assert (state.station, state.refused) == (Station.RECEIVED, "record-not-permitted")


def test_two_journals_share_a_file(device: Device) -> None:
    device.write()
    second = Journal(device.db, identity("branch").public, TurnableClock())
    assert second.append(PERSON, SUBMISSION, submission_body()).seq == 1
    assert second.head != device.journal.head
    assert second.received_seq == 0


def test_records_are_found_by_kind_and_person(device: Device) -> None:
    device.write()
    device.journal.append("other", "note", {"x": 1})
    assert [record.seq for record in device.journal.of_kind(SUBMISSION)] == [1]
    assert [record.seq for record in device.journal.of_kind("note", "other")] == [2]
    assert device.journal.of_kind("note", PERSON) == ()
    assert device.journal.record(9) is None
