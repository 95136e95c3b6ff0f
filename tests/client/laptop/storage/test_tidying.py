"""A short disk: what leaves shows nowhere; a plug pulled in the middle leaves all or nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from client.laptop.laptop import Laptop
from client.laptop.storage import tidying
from client.laptop.storage.tidying import DAY_MS, KEPT_MS, SHORT_BYTES, tidy
from sync.database import open_database
from sync.identity import Identity
from sync.journals.receipt import sign_receipt
from sync.kinds import PROGRESS
from tests.support.laptop import AIGERIM, NURLAN, TEACHER_SAULE, TurnableClock, make_member
from tests.support.pack_source import PACK

ROOT = Path(__file__).resolve().parents[4]
WORKER = """
import os, signal, sys
from pathlib import Path
from client.laptop.laptop import Laptop
from client.laptop.storage import tidying
from sync import database
from tests.support.laptop import TurnableClock

database.MIN_GIVEN_BACK_BYTES = 1
laptop = Laptop.open(Path(sys.argv[1]), TurnableClock(int(sys.argv[2])))
left = int(sys.argv[3])

def count(statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

laptop._store.database.connection.set_trace_callback(count)
tidying.tidy(laptop._store, 500 << 20)
print("done", left)
"""


def watched(laptop, clock, server):
    """A month of watching lessons, acknowledged; then some that is not."""
    store = laptop._store
    with store.database.transaction():
        for at in range(100):
            person = (AIGERIM, NURLAN)[at % 2].id
            body = {"pack": PACK, "lesson": "meaning", "position_s": at, "seen": at == 7}
            store.journal().append(person, PROGRESS, body)
    head = store.journal().head
    receipt = sign_receipt(server, store.journal().device, head, clock.now_ms())
    store.journal().accept_receipt(receipt, server.public)
    for at in range(4):
        body = {"pack": PACK, "lesson": "solving", "position_s": at, "seen": False}
        store.journal().append(AIGERIM.id, PROGRESS, body)


@pytest.fixture
def laptop(tmp_path):
    server = Identity.generate()
    make_member(tmp_path / "laptop", (AIGERIM, NURLAN, TEACHER_SAULE), Identity.generate(), server)
    made = Laptop.open(tmp_path / "laptop", TurnableClock())
    for task in ("check", "practice"):
        made.hand_in(AIGERIM.id, PACK, "meaning", task, {"root": "b"}, "kk")
    watched(made, TurnableClock(), server)
    made.close()
    clock = TurnableClock(KEPT_MS + DAY_MS)
    opened = Laptop.open(tmp_path / "laptop", clock)
    assert opened.notices() == ()
    opened.clock = clock
    yield opened
    opened.close()


def shown(laptop):
    people = (AIGERIM.id, NURLAN.id)
    return (
        [laptop.works(person) for person in people],
        [laptop.progress(person) for person in people],
        laptop.class_work(TEACHER_SAULE.id),
        [laptop.drafts(person) for person in people],
        laptop.status().waiting,
        laptop._store.journal().head,
    )


def bodies(laptop):
    rows = laptop._store.database.connection.execute("SELECT body FROM sync_journal")
    return sum(body != "" for (body,) in rows)


def test_a_short_disk_lets_go_of_what_shows_nowhere(laptop):
    before, held = shown(laptop), bodies(laptop)
    assert tidy(laptop._store, SHORT_BYTES) is None
    left = tidy(laptop._store, SHORT_BYTES - 1)
    assert left.journal >= 95
    assert bodies(laptop) == held - left.journal
    assert shown(laptop) == before
    assert [r.body["position_s"] for r in laptop._store.journal().all()[-4:]] == [0, 1, 2, 3]


def test_it_is_tried_once_a_day_whatever_the_clock_does(laptop):
    assert tidy(laptop._store, 0) is not None
    assert tidy(laptop._store, 0) is None
    laptop.clock.offset_ms += DAY_MS + 1
    assert tidy(laptop._store, 0).journal == 0
    laptop.clock.offset_ms += 5 * 365 * DAY_MS
    assert tidy(laptop._store, 0) is not None
    laptop.clock.offset_ms -= 5 * 365 * DAY_MS
    assert tidy(laptop._store, 0) is not None


def test_what_was_acknowledged_of_late_stays(laptop):
    laptop.clock.offset_ms -= 3 * DAY_MS
    assert tidy(laptop._store, 0).journal == 0


def test_a_disk_that_refuses_changes_nothing(laptop, monkeypatch):
    before = shown(laptop), bodies(laptop)

    def full(*_):
        import sqlite3

        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(tidying, "compact", full)
    assert tidy(laptop._store, 0) is None
    monkeypatch.undo()
    assert (shown(laptop), bodies(laptop)) == before
    assert tidy(laptop._store, 0) is not None


def test_a_sync_asks_the_disk(laptop, monkeypatch):
    free = {"bytes": SHORT_BYTES}
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(tidying.shutil, "disk_usage", lambda _: usage(free["bytes"]))
    assert tidy(laptop._store) is None
    free["bytes"] -= 1
    laptop.sync()
    assert bodies(laptop) < 20


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is how the plug is pulled here")
def test_killed_between_any_two_statements_all_left_or_nothing(laptop, tmp_path):
    before, held = shown(laptop), bodies(laptop)
    laptop.close()
    offset_ms, outcomes = laptop.clock.offset_ms, set()
    statement = 1
    while True:
        done = _run(tmp_path / "laptop", offset_ms, statement)
        again = Laptop.open(tmp_path / "laptop", TurnableClock(offset_ms))
        assert again.notices() == ()
        assert shown(again) == before
        outcomes.add(bodies(again))
        again.close()
        if done:
            break
        # Close to both ends, and further apart in the long middle.
        statement += 4 if statement < 5 else 60
    assert outcomes == {held, min(outcomes)}
    assert min(outcomes) < held - 90
    db = open_database(tmp_path / "laptop" / "keruen.db", check=True)
    db.close()


def _run(folder, offset_ms, statement):
    process = subprocess.run(
        [sys.executable, "-c", WORKER, str(folder), str(offset_ms), str(statement)],
        capture_output=True,
        check=False,
        cwd=str(ROOT),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert process.returncode in (0, -signal.SIGKILL), process.stderr
    return process.returncode == 0
