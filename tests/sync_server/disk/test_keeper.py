from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Iterator, List, Mapping

import pytest

from content.repositories.repository import Repository
from sync.journals.needs import LessonKey, Need
from sync_server.app import create_app
from sync_server.disk.holdings import holdings
from sync_server.disk.keeper import Keeper, keeper_of
from sync_server.disk.levels import Usage, levels
from sync_server.disk.reserve import Reserve
from tests.support.asgi import AsgiClient
from tests.support.clock import NOW_MS
from tests.support.device import TestDevice
from tests.support.file_systems import make_image, mounted
from tests.support.packs import KEY, build_sample
from tests.support.server import School, open_school

VIDEO_BYTES = 400_000
TOTAL_BYTES = 1 << 40
KEEP_BYTES = levels(TOTAL_BYTES).keep_bytes
LESSON: LessonKey = ("equations", "meaning")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school with two versions of a pack whose videos differ."""
    folder = tmp_path_factory.mktemp("template")
    with open_school(folder / "server") as made:
        for version, video_bytes in ((1, VIDEO_BYTES // 2), (2, VIDEO_BYTES)):
            build_sample(folder, version, video_bytes)
            made.publish(folder / "repository", KEY.public.key_id)
    return folder


@pytest.fixture
def school(template: Path, tmp_path: Path) -> Iterator[School]:
    for name in ("server", "repository"):
        shutil.copytree(template / name, tmp_path / name)
    with open_school(tmp_path / "server") as made:
        yield made


class Disk:
    """A disk of a terabyte with so much free as one says; what goes frees it."""

    def __init__(self, school: School, free_bytes: int) -> None:
        self._root = school.folder.repositories
        self._base = self._held() + free_bytes

    def _held(self) -> int:
        return sum(path.stat().st_size for path in self._root.rglob("*") if path.is_file())

    def __call__(self) -> Usage:
        return Usage(TOTAL_BYTES, self._base - self._held())


def keeper(school: School, free_bytes: int, *needed: LessonKey) -> Keeper:
    when: Mapping[LessonKey, Need] = dict.fromkeys(needed, (NOW_MS, 0))
    data = school.folder.root
    look = Disk(school, free_bytes)
    return Keeper(data, lambda: when, lambda: NOW_MS, look, Reserve(data, 1000))


def sizes(school: School) -> List[int]:
    return sorted(one.size_bytes for one in holdings(school.folder.repositories))


def test_media_are_known_with_their_lessons(school: School) -> None:
    old, new = sorted(holdings(school.folder.repositories), key=lambda one: one.size_bytes)
    assert VIDEO_BYTES // 2 <= old.size_bytes < VIDEO_BYTES <= new.size_bytes
    assert (old.superseded, new.superseded) == (True, False)
    assert (old.lessons, new.lessons) == ((), (LESSON,))


def test_a_damaged_repository_hides_no_other(school: School) -> None:
    before = sizes(school)
    bad = Repository(school.folder.repositories / ("0" * 32))
    bad.write_catalogue(b"no catalogue")
    (school.folder.repositories / "a file").write_bytes(b"")
    assert sizes(school) == before


def test_below_the_level_media_go_and_texts_stay(school: School) -> None:
    before = {path for path in school.folder.repositories.rglob("*") if path.is_file()}
    assert keeper(school, KEEP_BYTES // 2).tend() == (0, 0)
    cleared = keeper(school, KEEP_BYTES // 2 - 1).tend()
    assert cleared.files == len(before) - len(
        [path for path in school.folder.repositories.rglob("*") if path.is_file()]
    )
    assert cleared.freed_bytes >= VIDEO_BYTES
    assert sizes(school) == []
    repository = Repository(school.folder.repositories / KEY.public.key_id)
    newest = repository.manifest("equations", 2, {KEY.public.key_id: KEY.public.raw})
    assert repository.has_object(newest.core.object, newest.core.size_bytes)


def test_for_what_is_needed_others_go_and_never_in_vain(school: School) -> None:
    everything = sum(sizes(school))
    at_the_edge = keeper(school, KEEP_BYTES)
    assert at_the_edge.has_room(0)
    assert not at_the_edge.has_room(1)
    assert not keeper(school, KEEP_BYTES, LESSON).has_room(everything, due=True)
    assert sum(sizes(school)) == everything
    assert keeper(school, KEEP_BYTES).has_room(1000, due=True)
    assert sum(sizes(school)) < everything


def test_what_is_published_again_comes_back(school: School, tmp_path: Path) -> None:
    keeper(school, 0).tend()
    school.publish(tmp_path / "repository")
    assert max(sizes(school)) >= VIDEO_BYTES


def test_a_database_that_cannot_be_read_keeps_no_room_from_being_made(school: School) -> None:
    school.store.close()
    school.folder.database.write_bytes(b"damaged")
    made = keeper_of(school.folder)
    assert made._needed() == {}
    assert made._now_ms() > 0


def test_a_full_disk_takes_work_in_from_the_reserve(tmp_path: Path) -> None:
    make_image("ext4", tmp_path / "image", 24 << 20)
    with mounted("ext4", tmp_path / "image", tmp_path / "disk") as disk:
        root = disk / "server"
        with open_school(root) as school:
            device = TestDevice()
            device.enrol(school.road(), str(school.code(["Анна"]).code))
        reserve = Reserve(root, 2 << 20)
        reserve.lay(Usage(TOTAL_BYTES, TOTAL_BYTES))
        made = Keeper(root, dict, lambda: NOW_MS, lambda: Usage(TOTAL_BYTES, 0), reserve)
        client = AsgiClient(create_app(root, keeper=made))
        _fill(disk / "somebody else's")
        answers = []
        for at in range(2000):
            device.hand_in(device.person("Анна"), str(at) * 300)
            request = device.seal(device.request())
            answers.append(client.request("POST", "/exchange", request).status)
            if answers[-1] == 503:
                break
        assert answers[-1] == 503
        assert not reserve.path.exists()
        assert client.request("POST", "/exchange", request).status == 200
        client.close()
        device.close()
        shutil.rmtree(root)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(os.urandom(1 << 16))
        except OSError:
            return


def test_it_starts_and_stops(school: School) -> None:
    made: Any = keeper(school, 1 << 40)
    made.start()
    made.full()
    made.stop()
    assert not made._thread.is_alive()
