from __future__ import annotations

import os
import time

import pytest

from client.health.finding import State
from client.health.machine import (
    look_at_clock,
    look_at_disk,
    look_at_leftovers,
    look_at_resets,
)
from client.laptop.laptop import Laptop
from client.laptop.machine.recovering import notice
from client.laptop.videos.media import RESERVE_BYTES
from client.messages import LANGUAGES, Message, Messages
from tests.support.laptop import TurnableClock, sample_laptop

DAY_MS = 86_400_000


@pytest.fixture
def laptop(tmp_path):
    laptop = sample_laptop(tmp_path / "a")
    yield laptop
    laptop.close()


@pytest.mark.parametrize(
    ("days", "key"),
    [(0, "clock-right"), (-3, "clock-behind"), (-8000, "clock-behind"), (40, "clock-ahead")],
)
def test_the_clock_is_compared_with_the_schools_time(laptop, days, key):
    clock = TurnableClock(days * DAY_MS)
    with laptop.store.database.transaction():
        journal = laptop.store.journal()
        known = journal.clock()
        known.refer(int(time.time() * 1000))
        known.offset_ms = 0 if days <= 0 else -days * DAY_MS
        if days < 0:
            known.offset_ms = -days * DAY_MS
        journal.keep_clock(known)
    folder = laptop.store.folder
    laptop.close()
    turned = Laptop.open(folder, clock)
    (found,) = look_at_clock(turned.store)
    assert found.sentence.key == f"doctor.{key}"
    if days:
        assert abs(found.sentence.values["n"] - abs(days)) <= 1
    turned.close()


def test_a_laptop_of_no_school_has_no_time_to_compare_with(tmp_path):
    laptop = Laptop.open(tmp_path / "new")
    assert look_at_clock(laptop.store) == []
    laptop.close()


@pytest.mark.parametrize(
    ("free_bytes", "state"),
    [(RESERVE_BYTES, State.WELL), (RESERVE_BYTES - 1, State.ADVICE), (1 << 20, State.ILL)],
)
@pytest.mark.parametrize("mend", [False, True])
def test_little_room_is_told_and_work_stays(laptop, free_bytes, state, mend):
    works = laptop.works("p-aigerim")
    (found,) = look_at_disk(laptop.store, mend, free_bytes)
    assert found.state is state
    assert laptop.works("p-aigerim") == works


def test_only_what_is_old_is_left_over(laptop):
    folder = laptop.store.folder
    (folder / "salvage-x").mkdir()
    (folder / "salvage-x" / "keruen.db").write_bytes(b"x" * 5000)
    (folder / "attachments").mkdir()
    (folder / "attachments" / "1-2.sealing").write_bytes(b"x")
    (folder / "keruen.db.rebuilding").write_bytes(b"x")
    assert look_at_leftovers(laptop.store, mend=True) == [], "somebody may be at work on it"
    old_s = time.time() - 3 * 24 * 3600
    for name in ("salvage-x", "attachments/1-2.sealing", "keruen.db.rebuilding"):
        os.utime(folder / name, (old_s, old_s))
    (found,) = look_at_leftovers(laptop.store, mend=False)
    assert found.state is State.ADVICE and (folder / "salvage-x").exists()
    (found,) = look_at_leftovers(laptop.store, mend=True)
    assert found.state is State.MENDED and found.sentence.values["n"] == 3
    assert not (folder / "salvage-x").exists() and (folder / "keruen.db").exists()
    assert look_at_leftovers(laptop.store, mend=True) == []


def test_a_laptop_that_was_set_back_is_told_where_data_outlive_that(laptop):
    assert look_at_resets(laptop.store) == []
    notice(laptop.store, Message("status.branched"))
    (found,) = look_at_resets(laptop.store)
    assert found.state is State.ADVICE
    assert all("keruen data" in Messages(one).text(found.sentence) for one in LANGUAGES)
