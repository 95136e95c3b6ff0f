"""What every store must do: a backend's test module subclasses ``StoreContract``."""

from __future__ import annotations

import threading

import pytest

from sync.attachments.attachment import Attachment
from sync.canonical import canonical_json
from sync.journals.branch import fact_digest
from sync.people import Person
from sync.record import NO_HASH, Head, Record
from sync_server.store.attachment_protocol import HeldAttachment
from sync_server.store.letter_protocol import LetterHead, SentReply
from sync_server.store.model import (
    Code,
    Device,
    JournalEnd,
    NewRecord,
    Publisher,
    PutAside,
)
from tests.support.records import identity, submission_body

ANNA = Person("anna", "Анна", "student", "7А", "sun")
BOLAT = Person("bolat", "Болат", "student", "7А", "moon")
SAULE = Person("saule", "Сәуле", "teacher", "7Ә", "horse")
LAPTOP = Device(identity("laptop").public, "Laptop 1", 1_000)
OTHER = Device(identity("other").public, "Laptop 2", 2_000)
NO_HEAD = Head(0, NO_HASH)
CODE = Code(b"12345678", b"r" * 32, b"a" * 32, ("anna", "bolat"), 2, 3_000)


def new_record(seq, device=LAPTOP.id, readers=("p:anna",), person="anna"):
    record = Record(
        device, seq, seq << 16, person, "submission", submission_body(task=f"task-{seq}")
    )
    return NewRecord(record, canonical_json(record.body), bytes([seq]) * 32, readers, 9_000 + seq)


def aside(seq, digest=b"h" * 32, chained=True, code="record-invalid"):
    return PutAside(LAPTOP.id, seq, digest, code, b"content", 9_000, chained)


class StoreContract:
    """The contract, one method a clause."""

    @pytest.fixture
    def store(self, tmp_path):
        raise NotImplementedError

    @pytest.fixture
    def reopened(self, store, tmp_path):
        """Return a function that makes another store over the same data."""
        raise NotImplementedError

    def test_people_come_back_by_id_and_by_class(self, store):
        with store.transaction() as t:
            for person in (ANNA, SAULE, BOLAT):
                t.add_person(person)
        with store.transaction() as t:
            assert t.person("anna") == ANNA
            assert t.person("nobody") is None
            assert t.people_of_class("7А") == (ANNA, BOLAT)
            assert t.people_of_class("8А") == ()

    def test_a_person_added_again_is_replaced(self, store):
        renamed = Person("anna", "Анна К.", "student", "7А", "fish")
        with store.transaction() as t:
            t.add_person(ANNA)
            t.add_person(renamed)
            assert t.people_of_class("7А") == (renamed,)

    def test_an_error_undoes_the_whole_transaction(self, store):
        with pytest.raises(ValueError, match="halfway"), store.transaction() as t:
            t.add_person(ANNA)
            t.add_records([new_record(1)])
            raise ValueError("halfway")
        with store.transaction() as t:
            assert t.person("anna") is None
            assert t.last_serial() == 0

    def test_an_error_undoes_its_attempt_alone(self, store):
        with store.transaction() as t:
            t.add_person(ANNA)
            with pytest.raises(ValueError, match="halfway"), t.attempt():
                t.add_person(BOLAT)
                t.add_records([new_record(1)])
                raise ValueError("halfway")
            with t.attempt():
                t.add_person(SAULE)
        with store.transaction() as t:
            found = [t.person(person.id) for person in (ANNA, BOLAT, SAULE)]
            assert (found, t.last_serial()) == ([ANNA, None, SAULE], 0)

    def test_what_was_committed_is_there_for_others(self, store, reopened):
        with store.transaction() as t:
            t.add_person(ANNA)
        with reopened().transaction() as t:
            assert t.person("anna") == ANNA

    def test_transactions_of_two_threads_do_not_mix(self, store):
        def count_up():
            for _ in range(25):
                with store.transaction() as t:
                    t.set_setting("n", str(int(t.setting("n") or 0) + 1))

        threads = [threading.Thread(target=count_up) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.transaction() as t:
            assert t.setting("n") == "100"

    def test_transactions_of_two_stores_over_the_same_data_do_not_mix(self, store, reopened):
        stores = (store, reopened())

        def count_up(one):
            for _ in range(10):
                with one.transaction() as t:
                    t.set_setting("n", str(int(t.setting("n") or 0) + 1))

        threads = [threading.Thread(target=count_up, args=(one,)) for one in stores]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.transaction() as t:
            assert t.setting("n") == "20"

    def test_settings_have_no_value_until_they_are_set(self, store):
        with store.transaction() as t:
            assert t.setting("school") is None
            t.set_setting("school", "Ақсу")
            assert t.setting("school") == "Ақсу"

    def test_a_device_enrolled_again_keeps_what_it_had(self, store):
        with store.transaction() as t:
            t.add_device(LAPTOP)
            t.touch_device(LAPTOP.id, 5_000)
            t.add_device(Device(LAPTOP.identity, "New name", 8_000))
            found = t.device(LAPTOP.id)
        assert (found.name, found.enrolled_ms, found.last_contact_ms) == ("New name", 1_000, 5_000)

    def test_devices_are_listed_as_they_came(self, store):
        with store.transaction() as t:
            t.add_device(OTHER)
            t.add_device(LAPTOP)
            assert [device.id for device in t.devices()] == [OTHER.id, LAPTOP.id]
            assert t.device("nobody") is None

    def test_granting_more_people_starts_a_new_epoch_but_the_first_time_does_not(self, store):
        with store.transaction() as t:
            for person in (ANNA, BOLAT, SAULE):
                t.add_person(person)
            t.add_device(LAPTOP)
            assert t.grant(LAPTOP.id, ["bolat", "anna"])
            assert t.device(LAPTOP.id).epoch == 0
            assert not t.grant(LAPTOP.id, ["anna"])
            assert t.device(LAPTOP.id).epoch == 0
            assert t.grant(LAPTOP.id, ["anna", "saule"])
            assert t.device(LAPTOP.id).epoch == 1
            assert t.granted(LAPTOP.id) == (BOLAT, ANNA, SAULE)
            assert t.granted(OTHER.id) == ()

    def test_codes_are_used_once_a_device(self, store):
        with store.transaction() as t:
            t.add_code(CODE)
            t.use_code(CODE.id, LAPTOP.id)
            t.use_code(CODE.id, LAPTOP.id)
            assert t.code_devices(CODE.id) == (LAPTOP.id,)
            assert t.code(CODE.id) == CODE
            assert t.code(b"87654321") is None
            t.withdraw_code(CODE.id)
            assert [code.withdrawn for code in t.codes()] == [True]

    def test_a_journal_has_no_end_until_it_is_set(self, store):
        end = JournalEnd(3, b"h" * 32, 4_000)
        with store.transaction() as t:
            assert t.journal_end(LAPTOP.id) is None
            t.set_journal_end(LAPTOP.id, JournalEnd(2, b"g" * 32, 3_000))
            t.set_journal_end(LAPTOP.id, end)
            assert t.journal_end(LAPTOP.id) == end

    def test_records_are_delivered_to_their_readers_in_order_of_arrival(self, store):
        with store.transaction() as t:
            t.add_records([new_record(1), new_record(2, readers=("t:7А", "p:bolat"))])
            t.add_records([new_record(1, device=OTHER.id, readers=("p:anna", "t:7А"))])
            asked = t.deliveries(("p:anna", "t:7А"), "somebody", 0, 10)
            assert [(d.record.device, d.record.seq) for d in asked] == [
                (LAPTOP.id, 1),
                (LAPTOP.id, 2),
                (OTHER.id, 1),
            ]
            assert [d.serial for d in asked] == [1, 2, 3]
            assert asked[0].record == new_record(1).record
            assert asked[0].arrived_ms == 9_001

    def test_deliveries_leave_out_own_records_those_known_and_those_of_others(self, store):
        with store.transaction() as t:
            t.add_records([new_record(seq, readers=("p:anna", "t:7А")) for seq in (1, 2, 3)])
            t.add_records([new_record(1, device=OTHER.id, readers=("p:anna",))])
            assert t.deliveries(("p:anna",), LAPTOP.id, 0, 10)[0].record.device == OTHER.id
            assert [d.serial for d in t.deliveries(("t:7А",), OTHER.id, 1, 10)] == [2, 3]
            assert [d.serial for d in t.deliveries(("t:7А",), OTHER.id, 0, 2)] == [1, 2]
            assert t.deliveries(("p:bolat",), OTHER.id, 0, 10) == ()
            assert t.deliveries((), OTHER.id, 0, 10) == ()

    def test_what_is_forgotten_is_nobodys_any_more(self, store):
        body = {**submission_body(), "carried": [OTHER.id, 7]}
        moved = Record(LAPTOP.id, 2, 2 << 16, "anna", "submission", body)
        for cut in ("cut_journal", "give_way", "forget_record"):
            with store.transaction() as t:
                t.add_records(
                    [
                        new_record(1),
                        NewRecord(moved, canonical_json(body), b"h" * 32, ("p:anna",), 1),
                    ]
                )
                mark = t.last_serial()
                assert t.is_carried(fact_digest(moved))
                getattr(t, cut)(LAPTOP.id, 2)
                assert not t.is_carried(fact_digest(moved)), "it may be carried over again"
                t.add_records([new_record(2, readers=("p:bolat",))])
                assert [one.record.seq for one in t.deliveries(("p:anna",), "", 0, 9)] == [1]
                assert [one.serial for one in t.deliveries(("p:bolat",), "", mark, 9)]
                t.cut_journal(LAPTOP.id, 1)

    def test_a_place_is_named_by_all_that_arrived_up_to_it(self, store):
        first, second, third = (new_record(seq) for seq in (1, 2, 3))
        hashes = set()
        for before in ([first, second], [second, first], [first], []):
            with store.transaction() as t:
                t.cut_journal(LAPTOP.id, 1)
                t.add_records(before)
                t.add_records([third])
                hashes.add(t.arrivals_hash(t.last_serial()))
        assert len(hashes) == 4

    def test_a_record_is_held_once(self, store):
        with store.transaction() as t:
            t.add_records([new_record(1)])
        with pytest.raises(Exception, match=r"(?i)unique"), store.transaction() as t:
            t.add_records([new_record(1)])

    def test_hashes_span_records_and_chained_refusals_but_no_other_branch(self, store):
        with store.transaction() as t:
            t.add_records([new_record(1), new_record(3)])
            t.put_aside([aside(2), aside(3, b"f" * 32, chained=False)])
            assert t.hashes(LAPTOP.id, 1, 9) == {1: b"\1" * 32, 2: b"h" * 32, 3: b"\3" * 32}
            assert t.hashes(LAPTOP.id, 2, 2) == {2: b"h" * 32}
            assert t.hashes(OTHER.id, 1, 9) == {}

    def test_refusals_are_kept_once_with_their_branch(self, store):
        branch = aside(2, b"f" * 32, chained=False, code="journal-forked")
        with store.transaction() as t:
            t.put_aside([aside(2), branch])
            t.put_aside([aside(2), branch])
            assert set(t.refusals(LAPTOP.id, 1, 5)) == {aside(2), branch}
            assert t.refusals(LAPTOP.id, 3, 5) == ()

    def test_a_refused_record_of_a_fork_may_become_part_of_the_journal_and_stays_so(self, store):
        branch = aside(2, chained=False, code="journal-forked")
        with store.transaction() as t:
            for one in (branch, aside(2, code="record-known"), branch):
                t.put_aside([one])
            assert t.refusals(LAPTOP.id, 1, 5) == (aside(2, code="record-known"),)
            assert t.hashes(LAPTOP.id, 1, 9) == {2: b"h" * 32}

    def test_a_record_can_be_asked_for_by_name_and_by_place(self, store):
        with store.transaction() as t:
            t.add_records([new_record(1)])
            assert t.kept_record(LAPTOP.id, 1) == new_record(1).record
            assert t.kept_record(LAPTOP.id, 2) is None
            assert t.arrivals_hash(1)
            assert t.arrivals_hash(2) is None
            assert t.last_serial() == 1

    def test_a_publisher_trusted_again_keeps_its_serial(self, store):
        with store.transaction() as t:
            t.trust_publisher("bb", b"k" * 32)
            t.trust_publisher("aa", b"j" * 32)
            t.set_catalogue_serial("bb", 7)
            t.trust_publisher("bb", b"k" * 32)
            assert t.publishers() == (
                Publisher("aa", b"j" * 32, 0),
                Publisher("bb", b"k" * 32, 7),
            )

    def test_everything_is_counted(self, store):
        with store.transaction() as t:
            for person in (ANNA, BOLAT, SAULE):
                t.add_person(person)
            t.add_device(LAPTOP)
            t.add_records([new_record(1), new_record(2)])
            t.put_aside([aside(3), aside(3, NO_HASH)])
            assert t.counts() == {
                "devices": 1,
                "people": 3,
                "classes": 2,
                "records": 2,
                "refused": 2,
            }

    def test_attached_files_are_known_by_the_records_that_name_them(self, store):
        with store.transaction() as t:
            t.add_device(LAPTOP)
            t.add_device(OTHER)
            t.add_branch(OTHER.id, LAPTOP.id)
            t.add_records([naming(1, "ab" * 32, "cd" * 32), naming(2, "ab" * 32, person="bolat")])
            assert set(t.missing_attachments(LAPTOP.id, 10)) == {"ab" * 32, "cd" * 32}
            assert len(t.missing_attachments(LAPTOP.id, 1)) == 1
            assert set(t.missing_attachments(OTHER.id, 10)) == {"ab" * 32, "cd" * 32}
            assert t.attachment_authors("ab" * 32, 1000) == {"anna", "bolat"}
            assert t.attachment_authors("ab" * 32, 1001) == set()
            assert t.attachment_authors("cd" * 32, 1000) == {"anna"}
            assert t.attachment_readable("cd" * 32, ["t:x", "p:anna"])
            assert not t.attachment_readable("cd" * 32, ["p:bolat"])

    def test_attached_files_are_held_once_and_may_be_lost(self, store):
        held = HeldAttachment("ab" * 32, 1000, "anna", 5_000)
        with store.transaction() as t:
            t.add_device(LAPTOP)
            t.add_records([naming(1, "ab" * 32)])
            t.hold_attachment(held)
            t.hold_attachment(HeldAttachment("ab" * 32, 1000, "bolat", 6_000))
        with store.transaction() as t:
            assert t.attachment("ab" * 32) == held
            assert t.attachments() == (held,)
            assert t.attachment_bytes("anna") == 1000
            assert t.attachment_bytes("bolat") == 0
            assert t.missing_attachments(LAPTOP.id, 10) == ()
            t.add_records([naming(2, "ab" * 32)])
            assert t.missing_attachments(LAPTOP.id, 10) == ()
            t.forget_attachment("ab" * 32)
            assert t.attachment("ab" * 32) is None
            assert t.missing_attachments(LAPTOP.id, 10) == ("ab" * 32,)

    def test_what_is_no_list_of_files_is_passed_over(self, store):
        with store.transaction() as t:
            t.add_device(LAPTOP)
            t.add_records([naming(1, kind="from-the-future", attachments="see the appendix")])
            assert t.missing_attachments(LAPTOP.id, 10) == ()

    def test_of_each_device_the_last_letter_is_known(self, store, reopened):
        first = LetterHead(LAPTOP.id, "0" * 16, b"d" * 8, 1, Head(5, b"h" * 8), "1.2.abcd")
        last = LetterHead(
            LAPTOP.id,
            "1" * 16,
            b"e" * 8,
            6,
            Head(9, b"i" * 32),
            "",
            {"key": 3},
            (b"o", b"", b"p" * 300),
        )
        other = LetterHead(OTHER.id, "2" * 16, b"f" * 8, 1, NO_HEAD)
        with store.transaction() as t:
            for head in (first, other, last):
                t.set_letter_head(head)
        with reopened().transaction() as t:
            assert t.letter_head(LAPTOP.id) == last
            assert sorted(t.letter_heads(), key=repr) == sorted([last, other], key=repr)
            t.forget_letter_head(LAPTOP.id)
            t.forget_letter_head("nobody")
            assert t.letter_head(LAPTOP.id) is None
            assert t.letter_heads() == (other,)

    def test_of_the_last_replies_to_a_box_it_is_known_what_they_said(self, store):
        with store.transaction() as t:
            assert t.last_reply_number("box") == 0
            for number in range(1, 101):
                t.note_reply(SentReply("box", number, f"{number:016x}", b"s" * 16))
            t.note_reply(SentReply("another", 1, "0" * 16, b"s" * 16))
            assert t.last_reply_number("box") == 100
            assert t.reply("box", 1) is None
            assert t.reply("box", 100) == SentReply("box", 100, f"{100:016x}", b"s" * 16)
            assert t.reply("another", 1).name == "0" * 16


def naming(seq, *names, person="anna", kind="submission", attachments=None):
    """A record that names files."""
    files = [Attachment(name, bytes(32), 1000, "image/jpeg", "").to_json() for name in names]
    body = {**submission_body(), "attachments": attachments or files}
    record = Record(LAPTOP.id, seq, seq << 16, person, kind, body)
    return NewRecord(record, canonical_json(body), bytes([seq]) * 32, (f"p:{person}",), 9_000)
