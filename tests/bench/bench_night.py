"""A school's night: 1 Mbit/s, 600 ms, 1 % loss, cut 40 times, and the PC's power three times.

Two hosts with the kernel's TCP between them (`tests.support.link`), the region's server on the one
and the school's on the other, both as they are started by hand. Beside what had to pass stands what
passed: TCP's payload in the packets that arrived, both ways, with HTTP's heads and all that was
sent again. A power cut is ``kill -9``; of unfinished files stays what was flushed, and the database
is torn where it was being written.
"""

from __future__ import annotations

import contextlib
import datetime
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

from sync_server.pages.morning import look
from sync_server.pages.page import morning_page
from sync_server.pages.words import Words
from sync_server.relay.nights import Night
from tests.bench.table import tell
from tests.support.flushes import lose_the_rest
from tests.support.link import FAR, Link, obstacle, own_sender
from tests.support.link_shape import Shape
from tests.support.night import Load, NightServers
from tests.support.server import ROOT, School
from tests.support.torn_database import tear

LINE = Shape(1_000_000, 0.3, loss=0.01)
CUTS, POWER_CUTS = 40, 3
MOST_TIMES = 1.03
PORT = 8766
LOAD = Load(soon=12, later=4, video_bytes=1_000_000, laptops=40, records=40, photos=12)
LONGEST_S = 3600


class SchoolPc:
    """The school's server on the near host, whose power can be cut."""

    def __init__(self, link: Link, data: Path) -> None:
        self._link, self._data = link, data
        self._ledger = data.parent / "flushed"
        self.lost_bytes = self.torn = 0
        self._start()

    def _start(self) -> None:
        now = datetime.datetime.now()
        until = now + datetime.timedelta(hours=4)
        command = [sys.executable, "-m", "tests.bench.night_process", str(self._ledger)]
        command += ["run", "--data", str(self._data), "--port", "0", "--quiet"]
        command += ["--upstream", f"http://{FAR}:{PORT}", "--budget", "500MB/day"]
        command += ["--window", f"{now:%H:%M}-{until:%H:%M}"]
        quiet = {"stdout": subprocess.DEVNULL}
        self._process = self._link.near.call(lambda: subprocess.Popen(command, cwd=ROOT, **quiet))

    def cut(self, chance: random.Random) -> None:
        """Pull the plug, lose what was not on the disk, and start again."""
        self._process.kill()
        self._process.wait(20)
        self.lost_bytes += lose_the_rest(self._data, self._ledger)
        self.torn += tear(self._data / "server.db", chance)
        self._start()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(60)


@contextlib.contextmanager
def _region(link: Link, data: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "sync_server", "run", "--data", str(data)]
    command += ["--host", FAR, "--port", str(PORT), "--quiet"]
    with link.server(command, PORT, cwd=ROOT, stdout=subprocess.DEVNULL):
        yield


def night(folder: Path) -> List[Dict[str, Any]]:
    """Let a night pass; return what was needed, what passed, and what the page says of it."""
    servers = NightServers(folder, f"http://{FAR}:{PORT}", LOAD)
    needed_bytes = servers.needed_bytes()
    servers.close()
    chance, began_s = random.Random(40), time.monotonic()
    with Link(LINE, own_sender()) as link, _region(link, folder / "region"):
        pc = SchoolPc(link, folder / "school")
        before = link.counts()
        power = {CUTS * at // (POWER_CUTS + 1) for at in range(1, POWER_CUTS + 1)}
        for number in range(CUTS):
            time.sleep(chance.uniform(5, 14))
            link.cut()
            if number in power:
                pc.cut(chance)
            # One in eight lasts longer than a connection waits for the other side.
            time.sleep(chance.uniform(46, 60) if number % 8 == 7 else chance.uniform(1, 8))
            link.join()
        cuts_s = time.monotonic() - began_s
        _wait(servers, began_s)
        after = link.counts()
        pc.stop()
    duration_s = time.monotonic() - began_s
    passed_bytes = sum(new.payload_bytes - old.payload_bytes for old, new in zip(before, after))
    packets_bytes = sum(
        new.delivered_bytes - old.delivered_bytes for old, new in zip(before, after)
    )
    again = School(folder / "school")
    line, page_says_so = _morning(again, folder / "school")
    again.close()
    return [
        {
            "cuts": CUTS,
            "power_cuts": POWER_CUTS,
            "duration_s": round(duration_s),
            "until_last_cut_s": round(cuts_s),
            "needed_bytes": needed_bytes,
            "passed_bytes": passed_bytes,
            "times": round(passed_bytes / needed_bytes, 4),
            "wanted_times": MOST_TIMES,
            "packets_bytes": packets_bytes,
            "lost_at_power_cuts_bytes": pc.lost_bytes,
            "torn": pc.torn,
            "turns": line.turns,
            "records_up": line.records_up,
            "files_up": line.files_up,
            "packs": line.packs,
            "media": line.media,
            "line_s": round(line.line_s),
            "page_says_so": page_says_so,
        }
    ]


def _wait(servers: NightServers, began_s: float) -> None:
    """Wait until the school has all and the region has all, by looking at both disks."""
    while time.monotonic() - began_s < LONGEST_S:
        servers.open()
        waiting = servers.waiting()
        servers.close()
        if not any(waiting):
            break
        time.sleep(5)
    else:
        raise RuntimeError(f"not done after {LONGEST_S} s: {waiting}")
    if servers.problems():
        raise RuntimeError(str(servers.problems()))
    # The turn that brought the last of it ends, and says so.
    time.sleep(5)


def _morning(school: School, data: Path) -> Tuple[Night, bool]:
    """Return the night as it was noted, and whether the page says that all is where it belongs."""
    morning = look(school.store, data, school.clock.now_ms())
    (line,) = morning.lines
    waits = line.waiting or line.refused or line.missing or line.night.missing
    # What went in the moment of a power cut may not have been noted any more.
    most_files = range(LOAD.photos - POWER_CUTS, LOAD.photos + 1)
    all_went = line.night.records_up >= LOAD.written and line.night.files_up in most_files
    page = morning_page(morning, "kk")
    return line.night, all_went and not waits and Words("kk").number(line.night.records_up) in page


def main() -> int:
    """Measure, tell, and return 1 when a byte passed too often or the page says otherwise."""
    missing = obstacle()
    if missing:
        print(f"No link can be made here: {missing}.")
        return 0
    with tempfile.TemporaryDirectory() as name:
        rows = night(Path(name))
    tell("night", rows)
    return int(rows[0]["times"] > MOST_TIMES or not rows[0]["page_says_so"])


if __name__ == "__main__":
    raise SystemExit(main())
