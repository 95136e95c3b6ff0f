"""What leaves a laptop changes nothing that anybody sees, and nothing that a server may ask for."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import kinds
from sync.journals.branch import carried
from sync.journals.compaction import REPLACEABLE, Compacted, compact, plan_inbox, plan_journal
from sync.journals.folds import Fold, Key
from sync.journals.station import Station
from sync.record import NO_HASH, Record, record_hash
from tests.support.model_server import ModelServer
from tests.support.records import PERSON, identity, make_record, submission_body
from tests.support.sync_device import Device

LAPTOP = identity("laptop").public.device_id
FORMER = identity("former").public.device_id
NEW = identity("branch").public.device_id
BODIES: Dict[str, Tuple[Dict[str, Any], ...]] = {
    kinds.PROGRESS: tuple(
        {"pack": "p", "lesson": lesson, "position_s": 1, "seen": seen}
        for lesson in "ab"
        for seen in (True, False)
    ),
    kinds.DRAFT: tuple({"pack": "p", "lesson": "a", "task": t, "answers": {}} for t in "tu"),
    kinds.SUBMISSION: (submission_body(1), submission_body(2)),
    kinds.QUESTION: ({"pack": "p", "lesson": "a", "text": "?"},),
    "of-tomorrow": ({"x": 1},),
}


@st.composite
def histories(draw: Any) -> Tuple[List[Record], List[Record], List[Record]]:
    """One device's journal, others' records, and what may still come."""
    time, own = 0, []
    for seq in range(1, draw(st.integers(1, 12)) + 1):
        time += draw(st.integers(1, 3))
        record = _drawn(draw, "laptop", seq, time)
        if draw(st.integers(0, 5)) == 0:
            record = carried(dataclasses.replace(record, device=FORMER), LAPTOP, seq)
        own.append(record)
    others = [_drawn(draw, "other", seq, draw(st.integers(0, 30))) for seq in range(1, 8)]
    # Of our own records some came back from the school, with another time than a wrong clock's.
    others += [dataclasses.replace(one, time=draw(st.integers(0, one.time))) for one in own[::3]]
    others += [carried(one, NEW, one.seq) for one in own[1::4]]
    coming = [_drawn(draw, "third", seq, draw(st.integers(0, 40))) for seq in range(1, 5)]
    return own, others, coming


def _drawn(draw: Any, name: str, seq: int, time: int) -> Record:
    kind = draw(st.sampled_from(sorted(BODIES)))
    body = {**draw(st.sampled_from(BODIES[kind]))}
    if kind == kinds.PROGRESS:
        body["position_s"] = seq
    return make_record(seq, name, time=time, kind=kind, body=body)


def shown(records: List[Record]) -> Mapping[Key, Any]:
    """What anybody sees: the latest of what is replaceable, all of the rest, and what was seen."""
    found: Dict[Key, Any] = {}
    for key, history in Fold(records).state().items():
        latest = history[-1]
        seen = any(one.body.get("seen") for one in history)
        found[key] = (latest, seen) if key[0] in REPLACEABLE else history
    return found


def _without(own: List[Record], seqs: List[int]) -> List[Record]:
    return [record for record in own if record.seq not in seqs]


@given(histories(), st.sets(st.integers(1, 12)))
def test_what_is_seen_is_the_same_now_and_after_whatever_comes(
    history: Tuple[List[Record], List[Record], List[Record]], refused: Any
) -> None:
    own, others, coming = history
    seqs = plan_journal(own, others, refused)
    left = _without(own, seqs)
    assert shown([*left, *others]) == shown([*own, *others])
    assert not set(seqs) & set(refused)
    gone = {id(record) for record in plan_inbox(others, left)}
    kept = [record for record in others if id(record) not in gone]
    for more in ([], coming):
        assert shown([*left, *kept, *more]) == shown([*own, *others, *more])


@given(histories())
def test_the_journal_alone_says_the_same_to_a_server_that_lost_the_rest(
    history: Tuple[List[Record], List[Record], List[Record]],
) -> None:
    own, others, _ = history
    left = _without(own, plan_journal(own, others))
    latest = {key: value[0].seq for key, value in shown(own).items() if key[0] in REPLACEABLE}
    seqs = {record.seq for record in left}
    bounded = {record.seq for record in others if record.device == LAPTOP}
    assert all(seq in seqs for seq in latest.values() if seq not in bounded)
    assert [one for one in left if one.kind not in REPLACEABLE] == [
        one for one in own if one.kind not in REPLACEABLE
    ]


def test_others_records_replace_nothing_of_a_journal() -> None:
    own = [make_record(1, kind=kinds.PROGRESS, body=BODIES[kinds.PROGRESS][1], time=1)]
    later = [make_record(1, "other", kind=kinds.PROGRESS, body=BODIES[kinds.PROGRESS][1], time=9)]
    assert plan_journal(own, later) == []
    assert plan_inbox(later, [dataclasses.replace(own[0], time=20)]) == later


def test_a_name_that_two_branches_share_stays() -> None:
    early, other = (
        make_record(1, "other", kind=kinds.DRAFT, body=body, time=1) for body in BODIES[kinds.DRAFT]
    )
    late = make_record(2, "other", kind=kinds.DRAFT, body=BODIES[kinds.DRAFT][0], time=5)
    assert plan_inbox([early, late], []) == [early]
    assert plan_inbox([early, other, late], []) == []


# Over the real tables.


def watch(device: Device, position_s: int, seen: bool = False, lesson: str = "a") -> Record:
    body = {"pack": "p", "lesson": lesson, "position_s": position_s, "seen": seen}
    return device.journal.append(PERSON, kinds.PROGRESS, body)


def compacted(device: Device, server: ModelServer, margin_ms: int = -1) -> Compacted:
    return compact(device.db, device.journal, device.inbox, server.clock.now_ms() - margin_ms)


def chain_holds(device: Device) -> bool:
    rows = device.db.execute("SELECT seq, hash, body FROM sync_journal ORDER BY seq").fetchall()
    before = NO_HASH
    for seq, digest, body in rows:
        record = device.journal.record(seq)
        assert (record is None) == (body == "")
        if record is not None and record_hash(before, record) != digest:
            return False
        before = digest
    return True


@pytest.fixture
def used(device: Device, server: ModelServer) -> Device:
    """A laptop with 30 records that the server has, and 3 that it has not."""
    for at in range(10):
        watch(device, at, seen=at == 2)
        device.write(task=f"t{at}")
        watch(device, at, lesson="b")
        if at % 3 == 0:
            device.sync(server)
    device.sync(server)
    watch(device, 11)
    device.write(task="last")
    watch(device, 12)
    return device


def test_what_is_received_and_replaced_leaves_and_nothing_else(
    used: Device, server: ModelServer
) -> None:
    works = used.journal.of_kind(kinds.SUBMISSION)
    states = [used.journal.state(record.seq) for record in works]
    head, before = used.journal.head, shown(list(used.journal.all()))
    done = compacted(used, server)
    assert (done.journal, done.inbox) == (17, 0)
    assert shown(list(used.journal.all())) == before
    assert used.journal.of_kind(kinds.SUBMISSION) == works
    assert [used.journal.state(record.seq) for record in works] == states
    assert [record.seq for record in used.journal.all()][-3:] == [31, 32, 33]
    assert used.journal.state(31).station is Station.SAVED
    assert (used.journal.head, used.journal.waiting_count()) == (head, 3)
    assert chain_holds(used)
    assert compacted(used, server) == Compacted()


def test_receipts_that_prove_nothing_more_leave_too(device: Device, server: ModelServer) -> None:
    work = device.write()
    for at in range(6):
        watch(device, at)
        device.sync(server)
    state, last = device.journal.state(work.seq), device.journal.last_receipt()
    assert compacted(device, server) == Compacted(journal=5, receipts=4)
    assert (device.journal.state(work.seq), device.journal.last_receipt()) == (state, last)
    assert device.journal.received_seq == 7


def test_what_was_received_of_late_stays(used: Device, server: ModelServer) -> None:
    assert compacted(used, server, margin_ms=10**9) == Compacted()


def test_a_laptop_goes_on_as_if_nothing_had_left(used: Device, server: ModelServer) -> None:
    compacted(used, server)
    used.sync(server)
    assert len(server.journals[used.journal.device]) == 33
    assert used.journal.waiting_count() == 0
    late = used.journal.last_receipt()
    assert late is not None
    assert not used.journal.accept_receipt(late, server.identity.public)


def test_refused_records_stay_and_stand_for_nothing(device: Device, server: ModelServer) -> None:
    for at in range(3):
        watch(device, at)
    device.sync(server)
    device.journal.note_refused([(3, "record-not-permitted"), (1, "record-not-permitted")])
    assert compacted(device, server).journal == 0


@pytest.mark.parametrize("backup_after", [0, 3, 9])
def test_a_server_that_lost_what_has_left_gets_all_that_counts(
    device: Device, server: ModelServer, tmp_path: Path, backup_after: int
) -> None:
    backup: Any = None
    for at in range(12):
        if at == backup_after:
            device.sync(server)
            backup = server.backup()
        watch(device, at, seen=at == 5)
        device.write(task=f"t{at}")
    device.sync(server)
    everything = list(device.journal.all())
    assert compacted(device, server).journal > 5
    before = shown(everything)
    server.restore(backup)
    healed = device.sync(server)
    assert (healed.branches, healed.outcomes[-1].problem) == (1, None)
    told = [record for journal in server.journals.values() for record in journal]
    assert {k: _content(v) for k, v in shown(told).items()} == {
        k: _content(v) for k, v in before.items()
    }
    # And from then on it is an ordinary journal.
    device.write(task="after")
    assert device.sync(server).branches == 0
    assert device.journal.waiting_count() == 0


def _content(value: Any) -> Any:
    """What a state says, whoever carried it."""
    if isinstance(value[-1], bool):
        return value[0].body["position_s"], value[1]
    return [one.body["task"] for one in value]


def test_a_backup_younger_than_what_left_is_sent_again_as_ever(
    device: Device, server: ModelServer
) -> None:
    for at in range(8):
        watch(device, at)
    device.sync(server)
    assert compacted(device, server).journal == 7
    backup = server.backup()
    device.write()
    device.sync(server)
    server.restore(backup)
    healed = device.sync(server)
    assert (healed.branches, healed.outcomes[-1].problem) == (0, None)
    assert len(server.journals[device.journal.device]) == 9


def test_an_inbox_lets_go_of_what_the_server_can_tell_again(
    device: Device, server: ModelServer, tmp_path: Path
) -> None:
    other = Device(tmp_path / "other.db", "other", device.clock)
    server.enrol(other.identity.public)
    for at in range(5):
        watch(other, at)
        other.write(task=f"t{at}")
    other.sync(server)
    device.sync(server)
    before = shown(_all_of(device))
    assert compacted(device, server) == Compacted(inbox=4)
    assert shown(_all_of(device)) == before
    assert len(_all_of(device)) == 6
    server.restore(server.backup())
    device.sync(server)
    assert len(_all_of(device)) == 10
    assert shown(_all_of(device)) == before


def _all_of(device: Device) -> List[Record]:
    found = [device.inbox.of_kind(kind) for kind in BODIES]
    return [*device.journal.all(), *(record for records in found for record in records)]
