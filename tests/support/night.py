"""A region with packs and a school below it with a day's work: what a night has to carry."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, List, Tuple

from content.building.builder import build_pack
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from content.trust.keys import PublisherKey
from sync.enrolment import EnrolmentCode
from sync.kinds import ATTEMPT, CLASS_PLAN
from sync_server.attachments.uploads import AttachmentFiles
from sync_server.people.codes import issue_relay_code
from sync_server.relay.enrolling import enrol_upstream
from sync_server.store.attachment_protocol import HeldAttachment
from tests.support.attachments import Photo, hand_in, photo
from tests.support.device import TestDevice
from tests.support.pack_source import write_source
from tests.support.relays import RelayRoad, laptop_at, relay
from tests.support.server import School

KEY = PublisherKey.from_seed(b"a night".ljust(32, b"."))
LESSONS = ("meaning", "solving", "problems")


@dataclass(frozen=True)
class Load:
    """How much there is: packs of three videos that next week needs, and others; laptops' work."""

    soon: int = 1
    later: int = 1
    video_bytes: int = 300_000
    laptops: int = 3
    records: int = 10
    photos: int = 2
    photo_bytes: int = 100_000

    @property
    def written(self) -> int:
        """How many records pupils have written."""
        return self.laptops * self.records + self.photos


class NightServers:
    """Both servers' folders, filled; the servers are closed while others run them."""

    def __init__(self, folder: Path, address: str, load: Load) -> None:
        """``address`` is where the region's server will be."""
        self.folder, self.load = folder, load
        self.open()
        for at in range(load.soon + load.later):
            source = folder / "source" / f"{at}"
            write_source(source, f"pack-{at:03}", video_bytes=load.video_bytes)
            build_pack(source, folder / "repository", KEY)
        self.region.publish(folder / "repository", KEY.public.key_id)
        issued = issue_relay_code(self.region.store, self.region.clock)
        code = EnrolmentCode.parse(str(issued.code))
        parts = (self.school.store, self.school.identity, self.school.clock)
        enrol_upstream(*parts, self.region.road(), code, address)
        self._plan()
        self.laptops = [self._laptop(number) for number in range(load.laptops)]

    def open(self) -> None:
        """Open both, such as they lie there."""
        self.region, self.school = School(self.folder / "region"), School(self.folder / "school")

    def close(self) -> None:
        """Let go of both."""
        self.region.close()
        self.school.close()

    def _plan(self) -> None:
        teacher = laptop_at(self.school, [], ["Гүлнар Сейітқызы"])
        monday_ms = self.school.clock.now_ms() + 3 * 86_400_000
        lessons = [
            [f"pack-{at:03}", lesson, monday_ms + at * 3_600_000]
            for at in range(self.load.soon)
            for lesson in LESSONS
        ]
        teacher.write(teacher.people[0].id, CLASS_PLAN, {"class": "7А", "lessons": lessons})
        teacher.exchange_all(self.school.road())

    def _laptop(self, number: int) -> TestDevice:
        device = laptop_at(self.school, [f"Оқушы {number}"])
        for at in range(self.load.records):
            work(device, number * 1000 + at)
        if number < self.load.photos:
            file = photo(self.school.identity.public, self.load.photo_bytes, number)
            hand_in(device, device.people[0].id, [file])
            self._hold(file)
        device.exchange_all(self.school.road())
        return device

    def _hold(self, file: Photo) -> None:
        """Have a photo at the school, as if its laptop had just sent it."""
        path = AttachmentFiles(self.school.folder.attachments).path(file.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.sealed)
        held = HeldAttachment(file.name, file.file.size_bytes, "", self.school.clock.now_ms())
        with self.school.store.transaction() as transaction:
            transaction.hold_attachment(held)

    def needed_bytes(self) -> int:
        """What has to pass the line once: packs, photos, and the messages of a night in peace."""
        photos = [one for one in self.school.folder.attachments.rglob("*") if one.is_file()]
        photos_bytes = sum(one.stat().st_size for one in photos)
        return self._packs_bytes() + photos_bytes + self._messages_bytes()

    def _messages_bytes(self) -> int:
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

    def _packs_bytes(self) -> int:
        place = self.region.folder.repositories / KEY.public.key_id
        repository, keys = Repository(place), {KEY.public.key_id: KEY.public.raw}
        size_bytes = len(repository.catalogue_bytes())
        for pack, version in repository.versions():
            size_bytes += len(repository.manifest_bytes(pack, version))
            manifest = repository.manifest(pack, version, keys)
            size_bytes += manifest.core.size_bytes
            size_bytes += sum(one.size_bytes for one in manifest.media)
        return size_bytes

    def waiting(self) -> Tuple[int, int, int]:
        """Count records and photos that are not at the region, and objects not at the school."""
        with self.school.store.transaction() as transaction:
            ends = dict(transaction.journal_ends())
        with self.region.store.transaction() as transaction:
            above = dict(transaction.journal_ends())
        records = sum(
            end.seq - (above[device].seq if device in above else 0) for device, end in ends.items()
        )
        sealed, there = (
            {one.name for one in school.folder.attachments.rglob("*") if one.is_file()}
            for school in (self.school, self.region)
        )
        wanted, got = (
            set(place.object_names() if place.folder.is_dir() else ())
            for place in map(self._repository, (self.region, self.school))
        )
        return records, len(sealed - there), len(wanted - got)

    def problems(self) -> List[str]:
        """Return what is wrong with the school's packs after the night."""
        keys = {KEY.public.key_id: KEY.public.raw}
        return list(map(str, verify_repository(self._repository(self.school), keys)))

    def _repository(self, school: School) -> Repository:
        return Repository(school.folder.repositories / KEY.public.key_id)


def work(device: TestDevice, seed: int) -> Any:
    """Have a laptop's first pupil try an item."""
    answer = random.Random(seed).choice(("a", "b", "c", "-5/2", "17"))
    body = {"pack": "algebra-7-linear", "version": 1, "lesson": "meaning", "of": 1}
    body.update(task="practice", item=f"q{seed % 40}", answer=answer, points=seed % 2)
    return device.write(device.people[0].id, ATTEMPT, body)
