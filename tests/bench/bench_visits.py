"""Sticks at a school's server: a class's letters taken in and answered, and a visit without news.

Each letter costs opening its messages, a commit on the disk and a reply on the medium.
``KERUEN_BENCH_STICK`` is a folder of the file system to write to, such as a real stick's, instead
of this machine's disk.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

from sync.clock import SystemClock
from sync.exchanges.dialogue import Parties
from sync.identity import device_id_bytes
from sync.sticks.correspondence import write_letter
from sync.sticks.layout import box_name, school_name
from sync.sticks.mailbox import Mailbox
from sync.sticks.marker import make_stick
from sync.sticks.volume import FolderVolume
from sync_server.sticks.visit import Visit
from sync_server.sticks.visiting import Visitor
from tests.bench.table import tell
from tests.support.device import TestDevice
from tests.support.server import School, open_school

LAPTOPS = 30
RECORDS = 31
"""What a pupil writes in a day."""
LOOK_LIMIT_S = 1.0


def laptops(school: School) -> List[TestDevice]:
    """Pupils' laptops with a day's work, and their teacher's."""
    road, found = school.road(), []
    for number in range(LAPTOPS):
        device = TestDevice(None, school.clock)
        device.enrol(road, str(school.code([f"Оқушы {number}"]).code))
        for task in range(RECORDS):
            device.hand_in(device.people[0].id, answer=f"{number * task}", task=f"t{task}")
        found.append(device)
    teacher = TestDevice(None, school.clock)
    teacher.enrol(road, str(school.code((), ["Гүлнар"]).code))
    return [*found, teacher]


def leave_letters(school: School, volume: FolderVolume, devices: List[TestDevice]) -> int:
    """Have each laptop leave its letter; return their bytes."""
    server = school.identity.public.id_bytes
    mailbox, size_bytes = Mailbox(volume, school_name(server)), 0
    for device in devices:
        assert device.server is not None
        parties = Parties(device.db, device.identity, device.server, device.journal, device.inbox)
        up = write_letter(parties, {}, school.clock).up
        mailbox.put_up(box_name(server, device_id_bytes(device.id)), up)
        size_bytes += len(up)
    return size_bytes


def timed(visitor: Visitor, volume: FolderVolume) -> Tuple[Visit, float]:
    """One visit, and how long it took."""
    start_s = time.perf_counter()
    visit = visitor.visit(volume)
    assert visit.problem == "", visit
    return visit, time.perf_counter() - start_s


def measure(aside: Path, stick: Path) -> List[Dict[str, Any]]:
    """Visit with the letters of a class, with nothing new, and with a second stick."""
    with open_school(aside / "server", SystemClock()) as school:
        devices, first, second = laptops(school), stick / "first", stick / "second"
        for root in (first, second):
            root.mkdir()
        volume, other = make_stick(first), make_stick(second)
        size_bytes = leave_letters(school, volume, devices)
        visitor = Visitor(school.folder, school.store, school.identity, school.clock)
        full, full_s = timed(visitor, volume)
        _, empty_s = timed(visitor, volume)
        crossing, crossing_s = timed(visitor, other)
        for device in devices:
            device.close()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    limit = f"<= {LOOK_LIMIT_S}"
    return [
        {"what": f"letters of {LAPTOPS} laptops", "value": size_bytes, "unit": "bytes"},
        {"what": f"visit with {full.letters} letters", "value": full_s, "unit": "s"},
        {"what": f"another stick, {crossing.replies} replies", "value": crossing_s, "unit": "s"},
        {
            "what": "visit with nothing new",
            "value": empty_s,
            "unit": "s",
            "limit": limit,
            "good": empty_s <= LOOK_LIMIT_S,
        },
        {"what": "memory of it all", "value": peak_mb, "unit": "MB"},
    ]


def main() -> int:
    """Measure, tell it."""
    place = os.environ.get("KERUEN_BENCH_STICK")
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory(dir=place) as top:
        tell("visits", measure(Path(name), Path(top)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
