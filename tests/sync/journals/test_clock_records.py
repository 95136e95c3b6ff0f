from __future__ import annotations

from pathlib import Path
from typing import List, Tuple

import pytest

from sync.clock import MAX_AHEAD_MS, milliseconds
from sync.exchanges.dialogue import exchange_once
from sync.journals.branch import carried
from sync.journals.clock_records import say_when
from sync.journals.dating import stored_dates
from sync.journals.receipt import sign_receipt
from sync.kinds import CLOCK, MARK, PROGRESS, SUBMISSION
from sync.record import Record
from tests.support.clock import IN_2003_MS, IN_2031_MS, NOW_MS, TurnableClock
from tests.support.model_server import BadRoad, ModelServer
from tests.support.records import PERSON, make_record, submission_body
from tests.support.sync_device import Device

HOUR_MS = 3_600_000
NEXT_YEAR_MS = NOW_MS + 300 * MAX_AHEAD_MS
"""A clock in 2031 is none to a laptop that knows what year it is."""


def turn(device: Device, time_ms: int) -> None:
    assert isinstance(device.clock, TurnableClock)
    device.clock.time_ms = time_ms


def words(device: Device) -> List[Tuple[str, int, int]]:
    found = [one.body for one in device.journal.of_kind(CLOCK)]
    return [(body["device"], body["seq"], body["time_ms"]) for body in found]


def counted_ms(device: Device) -> List[int]:
    return [milliseconds(one.time) for one in device.journal.of_kind(SUBMISSION)]


def test_the_first_answer_heals_a_wrong_clock(device: Device, server: ModelServer) -> None:
    turn(device, IN_2031_MS)
    wild = [device.write(), device.write()]
    turn(device, NOW_MS)
    road = BadRoad(server)
    device.sync(server, road)
    assert words(device) == [(wild[0].device, 2, NOW_MS)]
    assert device.journal.received_seq == 3
    assert road.requests == 2, "the word goes out at once"
    after = device.write()
    device.sync(server)
    assert milliseconds(after.time) == NOW_MS
    assert counted_ms(device) == [NOW_MS] * 3
    assert after.time > device.journal.of_kind(SUBMISSION)[1].time
    assert len(words(device)) == 1


@pytest.mark.parametrize("ahead_ms", [0, HOUR_MS, MAX_AHEAD_MS])
def test_a_clock_that_is_not_over_a_day_ahead_is_not_spoken_of(
    device: Device, server: ModelServer, ahead_ms: int
) -> None:
    turn(device, NOW_MS + ahead_ms)
    device.write()
    device.sync(server)
    assert words(device) == []
    assert say_when(device.db, device.journal, NOW_MS) == ()
    assert counted_ms(device) == [NOW_MS + ahead_ms]


def test_each_person_is_spoken_of_and_the_students_named(
    device: Device, server: ModelServer
) -> None:
    turn(device, IN_2031_MS)
    work = make_record(1, "other")
    body = {"student": "s", "device": work.device, "seq": 1, "points": 1, "of": 2, "comment": ""}
    device.journal.append("teacher", MARK, body)
    device.journal.append("teacher", MARK, {**body, "student": "r"})
    device.write()
    turn(device, NOW_MS)
    device.sync(server)
    said = {one.person: one.body for one in device.journal.of_kind(CLOCK)}
    name = device.journal.device
    assert said == {
        "teacher": {"device": name, "seq": 2, "time_ms": NOW_MS, "students": ["r", "s"]},
        PERSON: {"device": name, "seq": 3, "time_ms": NOW_MS, "students": []},
    }


def test_what_is_not_received_is_not_spoken_of_and_the_clock_stays(
    device: Device, server: ModelServer
) -> None:
    """Else what comes next would count before it."""
    turn(device, IN_2031_MS)
    for _ in range(3):
        device.write()
    turn(device, NOW_MS)
    exchange_once(device.parties(server), server, {}, budget_bytes=1)
    assert words(device) == [(device.journal.device, 1, NOW_MS)]
    assert device.journal.clock().last >> 16 >= IN_2031_MS
    device.write()
    device.sync(server)
    device.write()
    device.sync(server)
    kept = device.journal.of_kind(SUBMISSION)
    assert sorted(kept, key=lambda one: (one.time, one.seq)) == list(kept)
    assert max(counted_ms(device)) <= NOW_MS


def test_a_server_whose_clock_went_back_is_not_believed(
    device: Device, server: ModelServer
) -> None:
    device.write()
    device.sync(server)
    assert isinstance(server.clock, TurnableClock)
    server.clock.time_ms = NOW_MS - 30 * MAX_AHEAD_MS
    device.write()
    device.sync(server)
    assert words(device) == []


def test_what_a_branch_carries_on_is_spoken_of_under_its_first_name(
    device: Device, server: ModelServer, tmp_path: Path
) -> None:
    device.sync(server)
    device.image(tmp_path / "image")
    device.write(task="received")
    device.sync(server)
    device.restore(tmp_path / "image")
    turn(device, NEXT_YEAR_MS)
    wild = device.write(task="wild")
    turn(device, NOW_MS)
    assert device.sync(server).carried == 1
    assert device.journal.device != wild.device
    assert words(device) == [(wild.device, wild.seq, NOW_MS)]
    (copy,) = device.journal.of_kind(SUBMISSION)
    assert copy == carried(wild, device.journal.device, 1).counted_at(NOW_MS << 16)


def test_a_claim_tells_too_by_when_the_server_had_a_journal(
    device: Device, server: ModelServer, tmp_path: Path
) -> None:
    """The laptop was set back to before it had heard of a receipt, and has written on."""
    turn(device, IN_2031_MS)
    wild = device.write(task="wild")
    device.image(tmp_path / "image")
    turn(device, NOW_MS)
    device.sync(server)
    device.restore(tmp_path / "image")
    device.write(task="after")
    assert device.sync(server).branches == 1
    assert {name for name, _, _ in words(device)} == {wild.device}
    assert [milliseconds(one.time) for one in device.shown() if one.kind == SUBMISSION] == [
        NOW_MS,
        NOW_MS,
    ]


def test_a_claim_at_a_server_in_2003_is_not_believed(
    device: Device, server: ModelServer, tmp_path: Path
) -> None:
    device.write()
    device.sync(server)
    device.image(tmp_path / "image")
    device.write()
    device.sync(server)
    device.restore(tmp_path / "image")
    device.write(task="after")
    assert isinstance(server.clock, TurnableClock)
    server.clock.time_ms = IN_2003_MS
    assert device.sync(server).branches == 1
    assert words(device) == []


@pytest.mark.parametrize("kind", [SUBMISSION, MARK])
def test_what_is_locked_is_spoken_of_while_its_writer_is_away(
    device: Device, server: ModelServer, kind: str
) -> None:
    turn(device, IN_2031_MS)
    wild = device.write()
    turn(device, NOW_MS)
    device.db.execute("UPDATE sync_journal SET body = x'01', kind = ?", (kind,))
    receipt = sign_receipt(server.identity, wild.device, device.journal.head, NOW_MS)
    assert device.journal.accept_receipt(receipt, server.identity.public)
    (word,) = say_when(device.db, device.journal, NOW_MS)
    assert (word.person, word.body["seq"], word.body["students"]) == (wild.person, 1, [])
    assert stored_dates(device.db).counted(wild) == wild.counted_at(NOW_MS << 16)


def test_a_word_is_said_in_the_transaction_of_the_receipt(
    device: Device, server: ModelServer
) -> None:
    turn(device, IN_2031_MS)
    device.write()
    turn(device, NOW_MS)
    parties = device.parties(server)
    device.db.execute("BEGIN IMMEDIATE")
    exchange_once(parties, server, {})
    device.crash()
    assert (device.journal.received_seq, words(device)) == (0, [])
    device.sync(server)
    assert len(words(device)) == 1


def test_a_laptop_that_let_go_of_something_asks_again_when_a_time_changes(
    device: Device, server: ModelServer, tmp_path: Path
) -> None:
    """What a record of 2031 had replaced counts again."""
    server.enrol(make_other(tmp_path).identity.public)
    other = make_other(tmp_path)
    device.write()
    device.sync(server)
    other.sync(server)
    assert other.inbox.drop(other.inbox.of_kind(SUBMISSION)) == 1
    turn(device, NEXT_YEAR_MS)
    device.journal.append(PERSON, PROGRESS, PLACE)
    turn(device, NOW_MS)
    device.sync(server)
    other.sync(server)
    assert other.inbox.cursor == ""
    other.sync(server)
    assert len(other.inbox.of_kind(SUBMISSION)) == 1


def test_saying_it_again_says_nothing(device: Device, server: ModelServer) -> None:
    turn(device, IN_2031_MS)
    device.journal.append(PERSON, SUBMISSION, submission_body())
    turn(device, NOW_MS)
    device.sync(server)
    assert say_when(device.db, device.journal, NOW_MS) == ()
    assert say_when(device.db, device.journal, NOW_MS + HOUR_MS) == ()


PLACE = {"pack": "p", "lesson": "l", "position_s": 3, "seen": False}


def make_other(folder: Path) -> Device:
    return Device(folder / "other.db", "other")


def test_times_are_the_same_for_all(device: Device, server: ModelServer, tmp_path: Path) -> None:
    """A server that lost a record with its time of arrival, and got it again later, tells no other
    time than it told before: what counts is in the journal."""
    other = make_other(tmp_path)
    server.enrol(other.identity.public)
    before = server.backup()
    turn(device, NOW_MS + 2 * MAX_AHEAD_MS)
    device.write()
    turn(device, NOW_MS)
    device.sync(server)
    other.sync(server)
    server.restore(before)
    assert isinstance(server.clock, TurnableClock)
    server.clock.time_ms = NOW_MS + 3 * MAX_AHEAD_MS
    turn(device, NOW_MS + 3 * MAX_AHEAD_MS)
    device.sync(server)
    third = Device(tmp_path / "third.db", "third")
    server.enrol(third.identity.public)
    third.sync(server)
    times: List[Tuple[Record, ...]] = [
        device.journal.of_kind(SUBMISSION),
        other.inbox.of_kind(SUBMISSION),
        third.inbox.of_kind(SUBMISSION),
    ]
    assert times[0] == times[1] == times[2]
    assert milliseconds(times[0][0].time) == NOW_MS
