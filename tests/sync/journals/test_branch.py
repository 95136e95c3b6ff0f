from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import MessageError, RecordError
from sync.journals.branch import (
    MAX_PROBES,
    ORIGIN,
    PROBE_BYTES,
    Origin,
    Probe,
    carried,
    check_claim,
    claim_from_json,
    claim_to_json,
    fact_digest,
    make_claim,
    origin_of,
    original,
    plan_probes,
    shared_seq,
)
from tests.support.records import identity, make_record, submission_body

OLD, NEW = identity("laptop"), identity("branch")
PROBES = (Probe(1, b"12345678"), Probe(3, b"abcdefgh"))


def test_a_claim_comes_back_from_json() -> None:
    claim = make_claim(NEW, OLD.public.device_id, PROBES)
    assert claim_from_json(claim_to_json(claim)) == claim
    check_claim(claim, OLD.public.device_id)


def test_a_claim_holds_for_one_parent_and_one_key_only() -> None:
    claim = make_claim(NEW, OLD.public.device_id, PROBES)
    other = identity("other").public
    for wrong, parent in (
        (claim, other.device_id),
        (dataclasses.replace(claim, identity=other), OLD.public.device_id),
        (make_claim(OLD, OLD.public.device_id, ()), OLD.public.device_id),
    ):
        with pytest.raises(MessageError) as caught:
            check_claim(wrong, parent)
        assert caught.value.code == "claim-forged"


@pytest.mark.parametrize("value", [None, [], [1, 2, 3], ["", "", []], {"a": 1}])
def test_a_malformed_claim_is_refused(value: object) -> None:
    with pytest.raises(MessageError):
        claim_from_json(value)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_asking_again_finds_where_journals_part(low: int, length: int) -> None:
    true_seq, high, rounds = low, low + length, 0
    low = 0
    hashes = {seq: b"%08d" % seq + b"-" * 24 for seq in range(1, true_seq + 1)}
    while low < high:
        rounds += 1
        wanted = plan_probes(low, high)
        assert len(wanted) <= MAX_PROBES
        assert all(low < seq <= high for seq in wanted)
        probes = [Probe(seq, (b"%08d" % seq)[:PROBE_BYTES]) for seq in wanted]
        low = max(low, shared_seq(probes, hashes))
        high = min((seq for seq in wanted if seq > low), default=low + 1) - 1
    assert low == true_seq
    assert rounds <= 4


def test_a_carried_record_is_the_same_fact_wherever_it_goes() -> None:
    record = make_record(7)
    moved = carried(record, NEW.public.device_id, 1)
    again = carried(moved, identity("other").public.device_id, 5)
    assert origin_of(again) == Origin(record.device, 7)
    assert original(moved) == original(again) == record
    assert fact_digest(record) == fact_digest(moved) == fact_digest(again)
    assert moved.time == record.time


def test_two_clones_that_wrote_the_same_at_two_times_stated_two_facts() -> None:
    mine, theirs = make_record(2, time=7), make_record(2, time=8)
    assert fact_digest(mine) != fact_digest(theirs)
    assert fact_digest(mine.counted_at(5)) == fact_digest(mine)
    assert fact_digest(carried(mine, NEW.public.device_id, 1)) == fact_digest(mine)


@pytest.mark.parametrize("value", [1, [], ["x", 1], ["A" * 22, 0], ["A" * 22, "1"], [None, 1]])
def test_an_impossible_origin_is_refused(value: object) -> None:
    with pytest.raises(RecordError):
        origin_of(make_record(body={**submission_body(), ORIGIN: value}))
