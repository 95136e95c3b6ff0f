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
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

from content.building.builder import build_pack
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from content.trust.keys import PublisherKey
from sync.enrolment import EnrolmentCode
from sync.kinds import ATTEMPT, CLASS_PLAN
from sync_server.codes import issue_relay_code
from sync_server.pages.morning import look
from sync_server.pages.page import morning_page
from sync_server.relay.enrolling import enrol_upstream
from sync_server.relay.nights import Night
from tests.bench.night_process import lose_the_rest
from tests.bench.table import tell
from tests.support.attachments import hand_in, photo
from tests.support.link import FAR, Link, obstacle, own_sender
from tests.support.link_shape import Shape
from tests.support.pack_source import write_source
from tests.support.relays import RelayRoad, laptop_at, relay
from tests.support.server import ROOT, School
from tests.support.torn_database import tear

LINE = Shape(1_000_000, 0.3, loss=0.01)
CUTS, POWER_CUTS = 40, 3
MOST_TIMES = 1.03
PORT = 8766
KEY = PublisherKey.from_seed(b"bench night".ljust(32, b"."))
SOON, LATER = 7, 3
"""Packs of three videos that next week needs, and others."""
VIDEO_BYTES = 800_000
LAPTOPS, RECORDS, PHOTOS = 40, 40, 12
LONGEST_S = 3600


class Servers:
    """A region with packs, and a school below it with a day's work and a plan for next week."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.region, self.school = School(folder / "region"), School(folder / "school")
        for at in range(SOON + LATER):
            source = folder / "source" / f"{at}"
            write_source(source, f"pack-{at:02}", video_bytes=VIDEO_BYTES)
            build_pack(source, folder / "repository", KEY)
        self.region.publish(folder / "repository", KEY.public.key_id)
        code = EnrolmentCode.parse(str(issue_relay_code(self.region.store, self.region.clock).code))
        parts = (self.school.store, self.school.identity, self.school.clock)
        enrol_upstream(*parts, self.region.road(), code, f"http://{FAR}:{PORT}")
        self._plan()
        for number in range(LAPTOPS):
            self._day(number)

    def _plan(self) -> None:
        teacher = laptop_at(self.school, [], ["Гүлнар Сейітқызы"])
        monday_ms = self.school.clock.now_ms() + 3 * 86_400_000
        lessons = [
            [f"pack-{at:02}", lesson, monday_ms + at * 3_600_000]
            for at in range(SOON)
            for lesson in ("meaning", "solving", "problems")
        ]
        teacher.write(teacher.people[0].id, CLASS_PLAN, {"class": "7А", "lessons": lessons})
        teacher.exchange_all(self.school.road())

    def _day(self, number: int) -> None:
        device = laptop_at(self.school, [f"Оқушы {number}"])
        person = device.people[0].id
        for at in range(RECORDS):
            body = {"pack": "algebra-7-linear", "version": 1, "lesson": "meaning", "of": 1}
            answer = random.Random(at * 1000 + number).choice(("a", "b", "c", "-5/2", "17"))
            body.update(task="practice", item=f"q{at}", answer=answer, points=at % 2)
            device.write(person, ATTEMPT, body)
        if number < PHOTOS:
            file = photo(self.school.identity.public, 100_000, number)
            hand_in(device, person, [file])
            place = self.school.folder.attachments
            self._hold(place, file)
        device.exchange_all(self.school.road())
        device.close()

    def _hold(self, place: Path, file: Any) -> None:
        """Have a photo at the school, as if its laptop had just sent it."""
        from sync_server.store.attachment_protocol import HeldAttachment
        from sync_server.uploads import AttachmentFiles

        path = AttachmentFiles(place).path(file.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.sealed)
        held = HeldAttachment(file.name, file.file.size_bytes, "", self.school.clock.now_ms())
        with self.school.store.transaction() as transaction:
            transaction.hold_attachment(held)

    def messages_bytes(self) -> int:
        """What the day's records need on a line that nothing disturbs, by copies of both."""
        copies = [School(self._copy(name)) for name in ("region", "school")]
        road = RelayRoad(copies[0])
        relay(copies[1], copies[0], road)
        for one in copies:
            one.close()
        return sum(up + down for up, down in road.sizes)

    def _copy(self, name: str) -> Path:
        place = self.folder / f"{name}-copy"
        shutil.copytree(self.folder / name, place, ignore=shutil.ignore_patterns("server.db*"))
        getattr(self, name).store.backup(place / "server.db")
        return place

    def close(self) -> None:
        self.region.close()
        self.school.close()

    def waiting(self) -> Tuple[int, int, int]:
        """Records and photos that are not at the region, and media that are not at the school."""
        with self.school.store.transaction() as transaction:
            ends = dict(transaction.journal_ends())
        with self.region.store.transaction() as transaction:
            above = dict(transaction.journal_ends())
        records = sum(
            end.seq - (above[device].seq if device in above else 0) for device, end in ends.items()
        )
        sealed = {one.name for one in self.school.folder.attachments.rglob("*") if one.is_file()}
        there = {one.name for one in self.region.folder.attachments.rglob("*") if one.is_file()}
        wanted = Repository(self.region.folder.repositories / KEY.public.key_id).object_names()
        got = self.repository.object_names() if self.repository.folder.is_dir() else ()
        return records, len(sealed - there), len(set(wanted) - set(got))

    @property
    def repository(self) -> Repository:
        return Repository(self.school.folder.repositories / KEY.public.key_id)

    def packs_bytes(self) -> int:
        """What had to come of packs: catalogue, manifests, cores and media, each once."""
        place = self.region.folder.repositories / KEY.public.key_id
        repository, keys = Repository(place), {KEY.public.key_id: KEY.public.raw}
        size_bytes = len(repository.catalogue_bytes())
        for pack, version in repository.versions():
            size_bytes += len(repository.manifest_bytes(pack, version))
            manifest = repository.manifest(pack, version, keys)
            size_bytes += manifest.core.size_bytes
            size_bytes += sum(one.size_bytes for one in manifest.media)
        return size_bytes


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
    servers = Servers(folder)
    messages_bytes, photos_bytes = servers.messages_bytes(), PHOTOS * 100_000
    servers.close()
    chance, began_s = random.Random(40), time.monotonic()
    with Link(LINE, own_sender()) as link, _region(link, folder / "region"):
        pc = SchoolPc(link, folder / "school")
        before = link.counts()
        power = {CUTS * at // (POWER_CUTS + 1) for at in range(1, POWER_CUTS + 1)}
        for number in range(CUTS):
            time.sleep(chance.uniform(4, 10))
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
    needed_bytes = messages_bytes + photos_bytes + servers.packs_bytes()
    passed_bytes = sum(new.payload_bytes - old.payload_bytes for old, new in zip(before, after))
    packets_bytes = sum(
        new.delivered_bytes - old.delivered_bytes for old, new in zip(before, after)
    )
    again = School(folder / "school")
    line, sentence = _morning(again, folder / "school")
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
            "page": sentence,
        }
    ]


def _wait(servers: Servers, began_s: float) -> None:
    """Wait until the school has all and the region has all, by looking at both disks."""
    while time.monotonic() - began_s < LONGEST_S:
        servers.region, servers.school = (
            School(servers.folder / "region"),
            School(servers.folder / "school"),
        )
        waiting = servers.waiting()
        servers.close()
        if not any(waiting):
            break
        time.sleep(5)
    else:
        raise RuntimeError(f"not done after {LONGEST_S} s: {waiting}")
    problems = verify_repository(servers.repository, {KEY.public.key_id: KEY.public.raw})
    if problems:
        raise RuntimeError(str(problems))
    # The turn that brought the last of it ends, and says so.
    time.sleep(5)


def _morning(school: School, data: Path) -> Tuple[Night, str]:
    morning = look(school.store, data, school.clock.now_ms())
    (line,) = morning.lines
    page = morning_page(morning, "kk")
    good = not line.waiting and not line.refused and not line.missing and not line.night.missing
    expected = LAPTOPS * RECORDS + PHOTOS
    told = f"{expected}" in page.replace("\u00a0", "").replace(" ", "")
    works = line.night.records_up >= expected and line.night.files_up >= PHOTOS
    return line.night, f"good={good} told={told} all={works}"


def main() -> int:
    """Measure, tell, and return 1 when a byte passed too often or the page says otherwise."""
    missing = obstacle()
    if missing:
        print(f"No link can be made here: {missing}.")
        return 0
    with tempfile.TemporaryDirectory() as name:
        rows = night(Path(name))
    tell("night", rows)
    print(rows)
    return int(rows[0]["times"] > MOST_TIMES or not rows[0]["page"].startswith("good=True"))


if __name__ == "__main__":
    raise SystemExit(main())
