"""A night in which plugs are pulled all the time: the school's server is killed, and the region's.

Both are processes. Whoever is killed loses what it had not flushed of unfinished files, and finds
its database torn where it was being written. Nobody repairs anything; pupils go on working.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import socket
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Tuple

from sync.errors import SyncError
from sync.roads.http import HttpRoad
from tests.support.device import TestDevice
from tests.support.flushes import lose_the_rest, note_flushes
from tests.support.night import Load, NightServers, work
from tests.support.torn_database import tear

LONGEST_LIFE_S = 0.8
REGIONS_SHARE = 0.2
MOST_WAIT_S = 120


@dataclass(frozen=True)
class Told:
    """What a night came to; ``lost`` and ``problems`` are sentences, and there should be none."""

    pulled: int
    torn: int
    lost_bytes: int
    records: int
    covered: int
    lost: Tuple[str, ...]
    problems: Tuple[str, ...]


def region(data: Path, port: int, ledger: Path) -> None:
    """Serve from a process that will be killed."""
    from sync_server.app import create_app
    from sync_server.http.runner import listen, make_server

    note_flushes(ledger)
    make_server(create_app(data), lambda: None).run(sockets=[listen("127.0.0.1", port)])


def school(data: Path, port: int, ledger: Path, address: str, rate_bytes_per_s: int) -> None:
    """Serve and relay without pause from a process that will be killed."""
    from sync.link import backoff
    from sync.link.rules import LinkRules, Metered
    from sync_server.app import create_app
    from sync_server.data_folder import DataFolder
    from sync_server.http.runner import listen, make_server
    from sync_server.relay.background import Background
    from sync_server.relay.line import Line
    from sync_server.relay.night import find_upstream
    from sync_server.school_clock import SchoolClock

    note_flushes(ledger)
    backoff.USUAL_S, backoff.LEAST_S = 0.1, 0.05
    folder = DataFolder(data)
    store = folder.open_store()
    clock = SchoolClock(store)
    line = Line(store, clock)
    line.set_rules(LinkRules(rate_bytes_per_s=rate_bytes_per_s, metered=Metered.NO))
    upstream = find_upstream(store, address)
    relay = Background(store, folder.identity(), clock, upstream, data, line=line, draw=lambda: 0.0)
    relay.timetable = backoff.Timetable()
    app = create_app(data, relays=[relay])
    make_server(app, lambda: None).run(sockets=[listen("127.0.0.1", port)])


class PulledPlugs:
    """Both servers and the laptops that go on working; ``night`` lets the night pass."""

    def __init__(self, folder: Path, load: Load, rate_bytes_per_s: int, seed: int) -> None:
        self._folder, self._chance = folder, random.Random(seed)
        self._ports = {name: _free_port() for name in ("region", "school")}
        address = f"http://127.0.0.1:{self._ports['region']}"
        self._servers = NightServers(folder, address, load)
        self._servers.close()
        self._upstream = (address, rate_bytes_per_s)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(
            ["tests.support.pulled_plugs", "sync_server.app", "sync_server.http.runner"]
        )
        self._processes: Dict[str, Any] = {}
        self._lost_bytes = self._torn = self._seed = 0
        self._over = threading.Event()
        self._ended: List[str] = []

    def night(self, pulls: int) -> Told:
        """Pull so many plugs, then let the servers come to an end with what they have to do."""
        for name in self._ports:
            self._start(name)
        pulling = threading.Thread(target=self._pull_all, args=(pulls,))
        pulling.start()
        self._work()
        pulling.join()
        try:
            problems = self._come_to_an_end()
        finally:
            for process in self._processes.values():
                process.kill()
                process.join()
        return self._told(pulls, [*self._ended, *problems])

    def _start(self, name: str) -> None:
        parts: Tuple[Any, ...] = (self._folder / name, self._ports[name], self._ledger(name))
        life, parts = (region, parts) if name == "region" else (school, parts + self._upstream)
        self._processes[name] = self._context.Process(target=life, args=parts, daemon=True)
        self._processes[name].start()

    def _ledger(self, name: str) -> Path:
        return self._folder / f"{name}.flushed"

    def _pull_all(self, pulls: int) -> None:
        try:
            for _ in range(pulls):
                time.sleep(self._chance.uniform(0, LONGEST_LIFE_S))
                self._pull("region" if self._chance.random() < REGIONS_SHARE else "school")
        except RuntimeError as error:
            self._ended.append(str(error))
        finally:
            self._over.set()

    def _pull(self, name: str) -> None:
        process = self._processes[name]
        if not process.is_alive():
            raise RuntimeError(f"the {name}'s server ended by itself: {process.exitcode}")
        process.kill()
        process.join()
        self._lost_bytes += lose_the_rest(self._folder / name, self._ledger(name))
        self._torn += tear(self._folder / name / "server.db", self._chance)
        self._start(name)

    def _work(self) -> None:
        """Let all pupils work and sync until the pulling is over, if they get through."""
        laptops = self._servers.laptops
        while not self._over.is_set():
            laptop = laptops[self._seed % len(laptops)]
            self._seed += 1
            work(laptop, self._seed)
            self._sync(laptop)
            self._over.wait(0.02)

    def _sync(self, laptop: TestDevice) -> None:
        address = f"http://127.0.0.1:{self._ports['school']}"
        with contextlib.suppress(SyncError), HttpRoad(address, stall_timeout_s=10) as road:
            laptop.exchange_all(road)

    def _come_to_an_end(self) -> List[str]:
        began_s = time.monotonic()
        while time.monotonic() - began_s < MOST_WAIT_S:
            for laptop in self._servers.laptops:
                self._sync(laptop)
            self._servers.open()
            waiting = self._servers.waiting()
            problems = self._servers.problems()
            self._servers.close()
            if not any(waiting):
                return problems
            time.sleep(0.2)
        return [f"never came to an end: {waiting}"]

    def _told(self, pulls: int, problems: List[str]) -> Told:
        self._servers.open()
        lost: List[str] = []
        for laptop in self._servers.laptops:
            head = laptop.journal.head
            for name in ("region", "school"):
                held = getattr(self._servers, name).store
                with held.transaction() as transaction:
                    end = transaction.journal_end(laptop.id)
                if end is None or (end.seq, end.hash) != (head.seq, head.hash):
                    lost.append(f"the {name} holds {end and end.seq} of {head.seq}")
        for name in ("region", "school"):
            with getattr(self._servers, name).store.transaction() as transaction:
                if transaction.counts()["refused"]:
                    problems.append(f"the {name} refused records")
        covered = sum(laptop.journal.received_seq for laptop in self._servers.laptops)
        records = sum(laptop.journal.head.seq for laptop in self._servers.laptops)
        self._servers.close()
        problems += [f"{one}: damaged" for one in ("region", "school") if not self._sound(one)]
        return Told(
            pulls, self._torn, self._lost_bytes, records, covered, tuple(lost), tuple(problems)
        )

    def _sound(self, name: str) -> bool:
        place = str(self._folder / name / "server.db")
        with contextlib.closing(sqlite3.connect(place)) as database:
            return bool(database.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
