"""How much of a pack the school's server gives out when laptops lend it to each other.

Eighty laptops fetch the same files from a real server over loopback: all at the same moment, and
spread over two minutes, as the programme's own timetable spreads them. Each knows six neighbours by
chance, as after a look around, and lenders pace each byte as on a laptop. Counted is who gave how
much, headers included. Without lending the server gives all; a quarter is the most that it may.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from client.laptop.lending import service
from client.laptop.lending.guests import Places
from client.laptop.lending.service import MOST_CONNECTIONS, MOST_GUESTS, Lender
from client.laptop.lending.shelf import Lent
from client.laptop.nearby.surroundings import MOST_LENDERS
from client.laptop.road import to_neighbour
from sync.objects import ObjectSpec
from sync.roads.ahead import Ahead
from sync.roads.http import HttpRoad
from tests.bench.processes import peak_bytes
from tests.bench.table import tell
from tests.support.server import School, ServerProcess

REPOSITORY = "/repository/" + "ab" * 16
FORESEEN = 5
"""As many files are announced to the road as the programme announces."""
MOST_SHARE = 0.25
PROCESSES = 4


class OwnShelf:
    """The objects that one laptop has by now; the others it wants."""

    def __init__(self, folder: Path, specs: Sequence[ObjectSpec]) -> None:
        self._folder = folder
        self._sizes = {spec.sha256: spec.size_bytes for spec in specs}

    def find(self, sha256: str) -> Optional[Lent]:
        """Give an object that is wholly here."""
        path = self._folder / sha256
        return Lent(path, self._sizes[sha256]) if path.exists() else None

    def lists(self, sha256: str) -> bool:
        """Tell whether it is wanted."""
        return sha256 in self._sizes


class Pupil:
    """One laptop: it lends what it has while it fetches the rest."""

    def __init__(self, folder: Path, specs: Sequence[ObjectSpec]) -> None:
        folder.mkdir()
        self._folder, self._specs = folder, specs
        shelf: Any = OwnShelf(folder, specs)
        self.lender = Lender(shelf, _always, _yes, host="127.0.0.1")
        self.lender.guests = Places(MOST_GUESTS, MOST_GUESTS)
        self.neighbours: List[str] = []
        self.took_s = 0.0
        self.from_server_bytes = self.from_neighbours_bytes = 0

    def fetch(self, address: str) -> None:
        """Fetch all, in order."""
        began_s = time.monotonic()
        road = HttpRoad(address)
        lenders = [to_neighbour(one) for one in self.neighbours]
        ahead = Ahead(road, (), lenders)  # type: ignore[arg-type]
        try:
            for at, spec in enumerate(self._specs):
                for soon in self._specs[at : at + FORESEEN]:
                    ahead.expect_object(soon, *self._places(soon), repository=REPOSITORY)
                ahead.download(spec, *self._places(spec), repository=REPOSITORY)
        finally:
            ahead.close()
        self.took_s = time.monotonic() - began_s
        self.from_server_bytes = road.received_bytes
        self.from_neighbours_bytes = sum(one.received_bytes for one in lenders)

    def _places(self, spec: ObjectSpec) -> Sequence[Path]:
        return self._folder / f".{spec.sha256}", self._folder / spec.sha256


def main() -> int:
    """Measure; fail where the server gives more than a quarter."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--laptops", type=int, default=80)
    parser.add_argument("--files", type=int, default=12)
    parser.add_argument("--file-kb", type=int, default=1024)
    parser.add_argument("--spread-s", type=float, default=120.0)
    options = parser.parse_args(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            _measure(Path(folder) / name, options, spread_s)
            for name, spread_s in (("together", 0.0), ("spread", options.spread_s))
        ]
    tell("lending", rows)
    return int(any(row["servers_share"] > MOST_SHARE for row in rows))


def _measure(folder: Path, options: argparse.Namespace, spread_s: float) -> Dict[str, Any]:
    folder.mkdir()
    School(folder / "server").close()
    specs = _publish(folder / "server", options.files, options.file_kb << 10)
    spawn = multiprocessing.get_context("spawn")
    pipes, classes = [], []
    for at, count in enumerate(_split(options.laptops)):
        here, there = spawn.Pipe()
        arguments = (there, folder / f"class-{at}", specs, count, spread_s)
        classes.append(spawn.Process(target=_class, args=arguments))
        classes[-1].start()
        pipes.append(here)
    ports = [port for pipe in pipes for port in pipe.recv()]
    with ServerProcess(folder / "server") as server:
        for pipe in pipes:
            pipe.send((server.url, ports))
        results = [result for pipe in pipes for result in pipe.recv()]
        peak = peak_bytes(server.process.pid)
    for pipe in pipes:
        pipe.send("over")
    for one in classes:
        one.join()
    size_bytes = sum(spec.size_bytes for spec in specs)
    given, lent = (sum(result[at] for result in results) for at in (0, 1))
    times_s = sorted(result[2] for result in results)
    return {
        "start": "together" if not spread_s else f"within {spread_s:.0f} s",
        "laptops": len(results),
        "bytes_each": size_bytes,
        "server_gave_bytes": given,
        "neighbours_lent_bytes": lent,
        "servers_share": given / (given + lent),
        "copies_from_server": given / size_bytes,
        "times_each_byte": (given + lent) / (size_bytes * len(results)),
        "half_took_s": times_s[len(times_s) // 2],
        "all_took_s": times_s[-1],
        "server_peak_bytes": peak,
    }


def _split(laptops: int) -> List[int]:
    """A process has sockets for so many laptops."""
    return [len(range(at, laptops, PROCESSES)) for at in range(PROCESSES)]


def _class(
    pipe: Any, folder: Path, specs: Sequence[ObjectSpec], count: int, spread_s: float
) -> None:
    """Be so many laptops, in a process of their own.

    All have one address here: what a lender gives one guest is what it gives all of them.
    """
    service.MOST_FOR_ONE = MOST_CONNECTIONS
    folder.mkdir()
    pupils = [Pupil(folder / str(n), specs) for n in range(count)]
    pipe.send([one.lender.port for one in pupils])
    url, ports = pipe.recv()
    threads = []
    for pupil in pupils:
        others = [port for port in ports if port != pupil.lender.port]
        few = random.sample(others, min(MOST_LENDERS, len(others)))
        pupil.neighbours = [f"127.0.0.1:{port}" for port in few]
        threads.append(threading.Timer(random.uniform(0, spread_s), pupil.fetch, (url,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.send([(one.from_server_bytes, one.from_neighbours_bytes, one.took_s) for one in pupils])
    pipe.recv()
    for pupil in pupils:
        pupil.lender.close()


def _publish(data: Path, count: int, size_bytes: int) -> List[ObjectSpec]:
    specs = []
    for _ in range(count):
        content = os.urandom(size_bytes)
        name = hashlib.sha256(content).hexdigest()
        pieces = tuple(
            hashlib.sha256(content[at : at + (1 << 20)]).digest()
            for at in range(0, size_bytes, 1 << 20)
        )
        place = data / "repositories" / ("ab" * 16) / "objects" / name[:2] / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        specs.append(ObjectSpec(name, size_bytes, pieces if len(pieces) > 1 else ()))
    return specs


def _always(_: str) -> bool:
    return True


def _yes() -> bool:
    return True


if __name__ == "__main__":
    sys.exit(main())
