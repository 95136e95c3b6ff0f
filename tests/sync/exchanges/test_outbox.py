from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Optional

import pytest

from sync.exchanges import outbox
from sync.exchanges.dialogue import Parties, exchange_all
from sync.exchanges.outbox import Outbox, next_prepared, unprepared
from sync.journals.bodies import Stored
from sync.journals.inbox import Inbox
from sync.journals.journal import Journal
from sync.kinds import SUBMISSION
from sync.record import Record
from tests.support.model_server import BadRoad, ModelServer
from tests.support.records import PERSON, submission_body
from tests.support.sync_device import Device


class Drawer:
    """Locks every body of ``PERSON``; open or not."""

    def __init__(self, device: Device, server: ModelServer) -> None:
        self.open = True
        self._device, self._server = device, server

    def lock(self, db: sqlite3.Connection, record: Record, text: str) -> Stored:
        return text.encode()[::-1] if record.person == PERSON else text

    def unlock(self, db: sqlite3.Connection, record: Record, stored: Stored) -> Optional[str]:
        if isinstance(stored, str):
            return stored
        return stored[::-1].decode() if self.open else None

    def same(self, stored: Stored, text: str) -> bool:
        return len(stored) == len(text.encode())

    def written(self, db: sqlite3.Connection, journal: Journal) -> None:
        if self.open:
            parties = self._device.identity, self._server.identity.public
            Outbox(db).prepare(journal, *parties, {})


@pytest.fixture
def drawer(device: Device, server: ModelServer) -> Drawer:
    return Drawer(device, server)


@pytest.fixture
def parties(device: Device, server: ModelServer, drawer: Drawer) -> Parties:
    journal = Journal(device.db, device.identity.public, device.clock, drawer)
    return replace(device.parties(server), journal=journal, inbox=Inbox(device.db, drawer))


def write(parties: Parties, task: str, person: str = PERSON) -> Record:
    return parties.journal.append(person, SUBMISSION, submission_body(task=task))


def held(server: ModelServer, parties: Parties) -> int:
    return parties.journal.received_seq


def test_what_is_locked_is_sent_as_it_was_prepared(
    parties: Parties, server: ModelServer, drawer: Drawer
) -> None:
    for at in range(3):
        write(parties, f"task-{at}")
    drawer.open = False
    assert parties.journal.unreceived(0, 10_000) == ()
    road = BadRoad(server)
    exchange_all(parties, road, {})
    assert parties.journal.received_seq == 3
    assert next_prepared(parties.db, parties.journal) is None


def test_what_is_open_goes_by_an_ordinary_request(parties: Parties, server: ModelServer) -> None:
    write(parties, "task")
    assert next_prepared(parties.db, parties.journal) is None
    exchange_all(parties, BadRoad(server), {})
    assert parties.journal.received_seq == 1


def test_locked_and_open_records_take_turns(
    parties: Parties, server: ModelServer, drawer: Drawer
) -> None:
    write(parties, "locked")
    drawer.open = False
    write(parties, "in clear", person="somebody")
    drawer.open = True
    write(parties, "locked again")
    drawer.open = False
    exchange_all(parties, BadRoad(server), {})
    assert parties.journal.received_seq == 3


def test_one_request_grows_until_it_is_full_or_received(
    parties: Parties, server: ModelServer, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "FULL_RECORDS", 3)
    box = Outbox(parties.db)
    for at in range(3):
        write(parties, f"task-{at}")
    full = box.holding(parties.journal.device, 1)
    write(parties, "task-3")
    assert box.holding(parties.journal.device, 1) == full, "a full one is not sealed again"
    first, second = (box.holding(parties.journal.device, seq) for seq in (1, 4))
    assert first is not None and second is not None
    assert (first.first_seq, first.last_seq) == (1, 3)
    assert (second.first_seq, second.last_seq) == (4, 4)
    exchange_all(parties, BadRoad(server), {})
    write(parties, "task-5")
    third = box.holding(parties.journal.device, 5)
    assert third is not None and third.first_seq == 5


def test_all_that_waits_is_prepared_at_once(
    parties: Parties, server: ModelServer, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawer, "written", lambda *_: None)
    for at in range(150):
        write(parties, f"task-{at}")
    box = Outbox(parties.db)
    assert box.holding(parties.journal.device, 1) is None
    keys = server.identity.public
    box.prepare_all(parties.journal, parties.identity, keys, {})
    rows = parties.db.execute("SELECT first_seq, last_seq FROM sync_outbox ORDER BY 1").fetchall()
    assert rows == [(1, 64), (65, 128), (129, 150)]
    drawer.open = False
    exchange_all(parties, BadRoad(server), {})
    assert parties.journal.received_seq == 150


def test_a_locked_record_that_comes_again_changes_nothing(
    parties: Parties, drawer: Drawer, tmp_path: Path
) -> None:
    record = write(parties, "task")
    stranger = replace(record, device="A" * 22)
    assert parties.inbox.store([stranger]) == (stranger,)
    drawer.open = False
    assert parties.inbox.store([stranger]) == ()
    body = {**stranger.body, "task": "tesk-2"}
    other = replace(stranger, body=body, time=stranger.time + 1)
    assert parties.inbox.store([other]) == (other,)
    assert parties.inbox.store([other]) == ()
    drawer.open = True
    assert [json.dumps(one.body) for one in parties.inbox.of_kind(SUBMISSION)] == [
        json.dumps(one.body) for one in (stranger, other)
    ]


def test_what_is_in_no_request_waits_for_its_owner(
    parties: Parties, server: ModelServer, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(parties, "prepared")
    with monkeypatch.context() as patched:
        patched.setattr(drawer, "written", lambda *_: None)
        write(parties, "carried while away")
    assert unprepared(parties.db, parties.journal) == ()
    drawer.open = False
    assert unprepared(parties.db, parties.journal) == (2,)
    exchange_all(parties, BadRoad(server), {})
    assert parties.journal.received_seq == 1
