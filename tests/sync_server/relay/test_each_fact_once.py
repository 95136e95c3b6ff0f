"""What a server wrote down for a laptop in its own journal counts once, whatever comes after."""

from __future__ import annotations

from sync.canonical import canonical_json
from sync.journals.branch import carried
from sync.record import NO_HASH, Record, record_hash
from sync.relaying.heads import CHECK_BYTES
from sync.relaying.run import Run
from sync_server.records.own_journal import OwnJournal
from sync_server.relay.taking_back import take_back
from sync_server.relay.taking_down import take_down
from sync_server.store.model import NewRecord
from tests.support.clock import NOW_MS, TurnableClock
from tests.support.records import identity, make_record
from tests.support.server import open_school

BRANCH = identity("branch").public.device_id


def _keep(transaction, record: Record) -> None:
    digest = record_hash(NO_HASH, record)
    new = NewRecord(record, canonical_json(record.body), digest, (), NOW_MS)
    transaction.add_records([new])


def test_a_server_takes_its_word_back_but_not_what_the_laptop_sent_again(tmp_path):
    with open_school(tmp_path / "school", TurnableClock()) as school:
        school.code(["Анна"])
        own_id = school.identity.public.device_id
        with school.store.transaction() as transaction:
            end = transaction.journal_end(own_id)
            lost = carried(make_record(1), own_id, end.seq + 1)
            digest = record_hash(end.hash, lost)
            _keep(transaction, carried(make_record(1), BRANCH, 1))
            run = Run((lost,), digest[:CHECK_BYTES])
            take_back(transaction, run, school.identity, NOW_MS)
            assert transaction.kept_record(own_id, lost.seq) is None
            assert transaction.hashes(own_id, lost.seq, lost.seq) == {lost.seq: digest}
            assert transaction.journal_end(own_id).seq == lost.seq


def test_what_was_written_down_once_more_is_not_told_again(tmp_path):
    clock = TurnableClock()
    with open_school(tmp_path / "school", clock) as school:
        (anna,) = school.code(["Анна"]).people
        own_id = school.identity.public.device_id
        told = make_record(1, person=anna.id)
        with school.store.transaction() as transaction:
            OwnJournal(transaction, own_id, clock).carry(told)
            assert take_down(transaction, [told], own_id, NOW_MS) == 0
            assert transaction.kept_record(told.device, told.seq) is None
            other = make_record(2, person=anna.id)
            assert take_down(transaction, [other], own_id, NOW_MS) == 1
