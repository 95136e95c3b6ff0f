"""Law 1 under power cuts: any process of the road is killed at random moments, over and over.

What the programme called saved, handed in or marked must be there afterwards, once, and
every database must open.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import signal
import socket
import sqlite3
import time
from collections import Counter

import pytest

from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Station
from sync_server.data_folder import DataFolder
from tests.road import lives
from tests.road.lives import Life, raw_ledger, read_ledger
from tests.support.packs import KEY, build_sample
from tests.support.server import School

CUTS_A_LIFE = 34
LIVES = 4
SHORTEST_S, LONGEST_S = 0.25, 1.5
"""Bounds of how long a life may last: long enough here to do every kind of thing."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9 and a fork server"),
]


def _free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _wait_for(port):
    end_s = time.monotonic() + 60
    while time.monotonic() < end_s:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.025)
    raise AssertionError("the server does not come up again")


class _Road:
    """A pupil's laptop, a teacher's laptop and a server, each a process that can be cut off."""

    def __init__(self, folder, dice):
        self.folder, self.dice, self.cuts = folder, dice, Counter()
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(
            [
                "tests.road.lives",
                "client.laptop.syncing.syncing",
                "sync_server.app",
                "sync_server.http.runner",
            ]
        )
        self.server_data = folder / "server"
        self.school = School(self.server_data)
        build_sample(folder)
        self.school.publish(folder / "repository", KEY.public.key_id)
        self.port = _free_port()
        address = f"http://127.0.0.1:{self.port}"
        self.teacher = self._life("teacher", address, self.school.code(teachers=["Гүлнар"]).code)
        codes = [self.school.code(students=[f"Оқушы {n}"]).code for n in range(LIVES)]
        self.pupils = [self._life(f"pupil-{n}", address, code) for n, code in enumerate(codes)]
        self.school.close()
        self.server = self._start(lives.server, self.server_data, self.port)
        _wait_for(self.port)
        self.longest_s = self._time_of_a_whole_life()

    def _time_of_a_whole_life(self):
        """How long this machine takes to start a laptop and hand in the first work."""
        life = self.pupils[0]
        began_s = time.monotonic()
        process = self._start(lives.pupil, life, 0)
        while not any(line[0] == "handed-in" for line in read_ledger(life.ledger)):
            assert process.is_alive(), f"the pupil ended by itself: {process.exitcode}"
            time.sleep(0.01)
        process.kill()
        process.join()
        return min(max(SHORTEST_S, time.monotonic() - began_s), LONGEST_S)

    def _life(self, name, address, code):
        return Life(self.folder / name, self.folder / f"{name}.ledger", address, str(code))

    def _start(self, life, *arguments):
        process = self._context.Process(target=life, args=arguments, daemon=True)
        process.start()
        return process

    def _cut(self, process, name):
        assert process.is_alive(), f"the {name} ended by itself: {process.exitcode}"
        process.kill()
        process.join()
        self.cuts[name] += 1

    def live(self, life, role, name):
        """Let a laptop run for a moment; cut it off, or the server under it."""
        process = self._start(role, life, self.dice.getrandbits(32))
        time.sleep(self.dice.uniform(0, self.longest_s))
        if self.dice.random() < 0.35:
            self._cut(self.server, "server")
            time.sleep(self.dice.uniform(0, 0.05))
            self.server = self._start(lives.server, self.server_data, self.port)
            if self.dice.random() < 0.5:
                time.sleep(self.dice.uniform(0, self.longest_s))
        self._cut(process, name)
        for database in self.folder.glob("*/*.db"):
            _opens(database)

    def stop(self):
        self.server.kill()
        self.server.join()


def _opens(database):
    db = sqlite3.connect(str(database), timeout=60)
    try:
        assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)], database
    finally:
        db.close()


def _typed_last(ledger):
    """The draft that the screen called saved last, and what may have come after it.

    What a life began and did not call done may have reached the disk all the same. It remains
    possible through the next life's first words, until a draft is called saved or is found.
    """
    possible = {""}
    for word, text in ledger:
        if word == "typing":
            possible = possible | {text}
        elif word == "handing-in":
            possible = possible | {""}
        elif word == "handed-in":
            possible = {""}
        elif word in ("typed", "found"):
            possible = {text}
    return possible


def test_what_a_cut_life_began_stays_possible_until_it_is_found():
    cut_while_saving = [("typed", "а"), ("typing", "аб")]
    assert _typed_last(cut_while_saving) == {"а", "аб"}
    assert _typed_last([*cut_while_saving, ("typing", "в")]) == {"а", "аб", "в"}
    assert _typed_last([*cut_while_saving, ("found", "аб"), ("typing", "в")]) == {"аб", "в"}
    cut_while_handing_in = [("typed", "а"), ("handing-in", "а")]
    assert _typed_last([*cut_while_handing_in, ("typing", "в")]) == {"а", "", "в"}
    assert _typed_last([*cut_while_handing_in, ("handed-in", "а")]) == {""}


def _server_works(data):
    db = sqlite3.connect(str(data / "server.db"))
    try:
        rows = db.execute("SELECT device, seq, body FROM records WHERE kind = 'submission'")
        return [(device, seq, body) for device, seq, body in rows]
    finally:
        db.close()


def test_nothing_is_lost_or_doubled_by_killing_anything_at_any_moment(tmp_path):
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    road = _Road(tmp_path, dice)
    try:
        for _ in range(CUTS_A_LIFE):
            for life in road.pupils:
                road.live(life, lives.pupil, "pupil")
                _drafts_are_there(life)
            road.live(road.teacher, lives.teacher, "teacher")
        assert sum(road.cuts.values()) >= 200
        _wait_for(road.port)
        _everything_arrived_once(road)
    finally:
        road.stop()
    DataFolder(road.server_data).open_store().close()
    print(f"cuts: {dict(road.cuts)}")


def _drafts_are_there(life):
    possible = _typed_last([line for line in read_ledger(life.ledger) if line[0] in _DRAFT_WORDS])
    with _opened(life) as laptop:
        if not laptop.enrolled or not laptop.lessons():
            assert possible == {""}
            return
        card = laptop.lessons()[0]
        person = laptop.people()[0].id
        draft = laptop.draft(person, card.pack, card.lesson, card.task_ids[0]).get("why", "")
        assert draft in possible, "\n".join(raw_ledger(life.ledger)[-40:])
    # What was seen once must stay, so the next life is held to this one and to nothing older.
    with contextlib.closing(lives.Ledger(life.ledger)) as ledger:
        ledger.note("found", draft)


_DRAFT_WORDS = ("typing", "typed", "handing-in", "handed-in", "found")


class _opened:  # noqa: N801
    def __init__(self, life):
        self._laptop = Laptop.open(life.data)

    def __enter__(self):
        return self._laptop

    def __exit__(self, *_):
        self._laptop.close()


def _everything_arrived_once(road):
    for life in (road.teacher, *road.pupils):
        with _opened(life) as laptop:
            if not laptop.enrolled:
                laptop.enrol(life.address, life.code, life.data.name)
            assert laptop.sync().problem is None
    with _opened(road.teacher) as teacher:
        while teacher.sync().records_received:
            pass
        taught = {tuple(work) for word, work in _marks(road.teacher) if word == "marked"}
        teacher.sync()
    at_server = _server_works(road.server_data)
    handed_in = 0
    for life in road.pupils:
        with _opened(life) as pupil:
            account = pupil.sync()
            assert account.problem is None
            handed_in += _works_of(life, pupil, at_server, taught)
    assert handed_in > 0
    assert taught
    assert handed_in == len(at_server)
    print(f"works: {handed_in}, marks: {len(taught)}")


def _marks(life):
    return [line for line in read_ledger(life.ledger) if line[0] in ("marking", "marked")]


def _works_of(life, pupil, at_server, taught):
    lines = read_ledger(life.ledger)
    promised = {text for word, text in lines if word == "handed-in"}
    begun = {text for word, text in lines if word == "handing-in"}
    works = pupil.works(pupil.people()[0].id)
    found = Counter()
    for device, seq, body in at_server:
        for marker in begun:
            if marker in body:
                found[marker] += 1
                assert (device, seq) in {tuple(work.id) for work in works}
    assert set(found.values()) <= {1}, "doubled"
    assert promised <= set(found), "lost"
    assert set(found) <= begun
    assert len(works) == len(found)
    for work in works:
        assert work.station in (Station.SCHOOL, Station.MARKED)
        if tuple(work.id) in taught:
            assert work.station is Station.MARKED
    return len(found)
