"""Updates under every disturbance at once: exactly the new version or exactly an old one, always.

Also at every write: no more of the disk is taken than the old version, the new one, and what the
64 MiB are for, which in packs as small as these is one packed core or one media patch.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from client.laptop.laptop import Laptop
from content.building.builder import build_pack
from content.installation import Installation
from content.patches.patch import parse_patch
from content.repositories.repository import Repository
from content.repositories.versions import hashes_of
from tests.support.disturbed_road import DisturbedRoad
from tests.support.examples import examples
from tests.support.packs import KEY, write_source
from tests.support.patch_trees import disk_bytes, noise
from tests.support.power import Power, PowerCut, every_step
from tests.support.static_site import StaticLaptop

pytestmark = pytest.mark.slow

PACK, LESSON = "equations", "lessons/meaning"
NOTES_BYTES = 40_000
"""Manifests, hashes and notes of a few versions, catalogues, small patches."""
FILM, OTHER_FILM = noise(1, 400_000), noise(2, 420_000)


def _pictures(*seeds):
    return {f"{LESSON}/p{at}.png": noise(seed, 30_000) for at, seed in enumerate(seeds)}


HISTORY = (
    {**_pictures(11, 12, 13), f"{LESSON}/video.mp4": FILM},
    {**_pictures(11, 12, 13), f"{LESSON}/video.mp4": FILM[60_000:]},
    {**_pictures(12, 11, 14), f"{LESSON}/video.mp4": noise(3, 30_000) + FILM[60_000:]},
    {
        **_pictures(12, 14),
        f"{LESSON}/video.mp4": OTHER_FILM,
        f"{LESSON}/sound.mp3": noise(4, 300_000),
    },
    {**_pictures(12), f"{LESSON}/video.mp4": OTHER_FILM[:-50_000]},
    {
        **_pictures(11, 12, 13, 15),
        f"{LESSON}/video.mp4": OTHER_FILM[:-50_000],
        f"{LESSON}/again.mp4": OTHER_FILM[:-50_000],
    },
)
LAST = len(HISTORY)


class World:
    """A repository as it was after each version, and a laptop that has nothing yet."""

    def __init__(self, folder: Path) -> None:
        self.repository = Repository(folder / "repository")
        self.folder = folder
        self.hashes, self.size_bytes, transient = {}, {}, []
        for version, files in enumerate(HISTORY, 1):
            place = write_source(folder / f"s{version}", version=version, video_bytes=0)
            (place / LESSON / "text.ru.md").write_text(f"# {version}\n", "utf-8")
            for name, content in files.items():
                (place / name).write_bytes(content)
            manifest = build_pack(place, self.repository.folder, KEY)
            snapshot = folder / str(version)
            snapshot.mkdir()
            shutil.copyfile(self.repository.folder / "catalogue", snapshot / "catalogue")
            small = hashes_of(self.repository, manifest)
            paths = [one.path for one in manifest.core.files]
            self.hashes[version] = {
                **{path: sha256.hex() for path, sha256 in zip(paths, small)},
                **{one.path: one.sha256 for one in manifest.media},
            }
            self.size_bytes[version] = manifest.core.unpacked_bytes + sum(
                one.size_bytes for one in manifest.media
            )
            transient.append(manifest.core.size_bytes)
        for patch in self.repository.patches():
            for one in parse_patch(self.repository.patch_bytes(*patch), "It").media:
                transient.append(one.size_bytes)
        self.margin_bytes = max(transient) + NOTES_BYTES
        StaticLaptop(folder / "laptop", KEY.public).close()

    def road(self, version: int) -> DisturbedRoad:
        return DisturbedRoad(self.repository.folder, self.folder / str(version) / "catalogue")


class Reopened(StaticLaptop):
    """A laptop whose folder is there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.packs = folder / "packs"
        self._publisher = KEY.public
        self.start()

    def start(self) -> None:
        self.laptop = Laptop.open(self.folder)
        self.store = self.laptop._store


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return World(tmp_path_factory.mktemp("world"))


BYTES = st.one_of(st.integers(0, 60_000), st.integers(60_000, 450_000))
DISTURBANCES = st.one_of(
    st.tuples(st.just("cut"), BYTES),
    st.tuples(st.just("power"), st.integers(0, 80)),
    st.tuples(st.just("flip"), BYTES),
    st.tuples(st.just("cancel"), st.integers(0, 60)),
    st.tuples(st.just("harm"), st.integers(0, 10_000)),
)
MOVES = st.tuples(st.sampled_from((1, 1, 0, 2)), DISTURBANCES)
"""By how many versions the repository went on, and what happens when it is asked."""


@given(st.lists(MOVES, min_size=3, max_size=6))
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_exactly_new_or_exactly_old_in_little_room(world, moves):
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(world.folder / "laptop", Path(name) / "laptop")
        laptop = Reopened(Path(name) / "laptop")
        try:
            assert update(world, laptop, 1, ("none", 0), room(world, laptop, [1])) is None
            version, harmed, targets = 1, set(), [1]
            for newer, disturbance in moves:
                version = min(LAST, version + newer)
                targets = [*targets, version]
                if disturbance[0] == "harm" and laptop.laptop.pack(PACK).version < version:
                    harmed |= harm(laptop, disturbance[1])
                most_bytes = room(world, laptop, targets)
                problem = update(world, laptop, version, disturbance, most_bytes)
                event(f"{disturbance[0]}: {problem or 'done'}")
                check(world, laptop, targets, harmed)
                if problem is None and laptop.laptop.pack(PACK).version == version:
                    targets = [version]
            for _ in range(2):
                problem = update(world, laptop, LAST, ("none", 0), room(world, laptop, [LAST]))
            assert problem is None
            (installed,) = Installation(laptop.packs).installed()
            assert (installed.manifest.version, installed.missing_media) == (LAST, ())
            assert files_of(installed.folder) == world.hashes[LAST]
            assert not any((laptop.packs / ".parts").glob("*"))
            assert not any((laptop.packs / ".staging").glob("*"))
        finally:
            laptop.close()


def room(world, laptop, targets):
    """What may be taken: what versions hold now, the largest of the new ones, and the margin."""
    versions = laptop.packs / PACK
    old_bytes = disk_bytes(versions) if versions.exists() else 0
    return old_bytes + max(world.size_bytes[one] for one in targets) + world.margin_bytes


def update(world, laptop, version, disturbance, most_bytes):
    """One sync; gives the code of what stopped it."""
    kind, at = disturbance
    road = world.road(version)
    asked = []

    def cancel():
        asked.append(1)
        return kind == "cancel" and len(asked) > at

    if kind == "cut":
        road.cut_after_bytes = at
    if kind == "flip":
        road.flip_after_bytes = at

    def measure():
        assert disk_bytes(laptop.packs) <= most_bytes

    with pytest.MonkeyPatch.context() as patch:
        if kind == "power":
            Power(patch, at)
        every_step(patch, measure)
        try:
            snapshot = Repository(world.folder / str(version))
            problem = laptop.update("", snapshot, road, cancel).problem
        except PowerCut:
            patch.undo()
            laptop.close()
            laptop.start()
            return "power-cut"
    return problem.code if problem else None


def check(world, laptop, targets, harmed):
    """Whatever is there is whole; lessons are shown from one version, old or new."""
    for installed in Installation(laptop.packs).installed():
        version = installed.manifest.version
        found = files_of(installed.folder)
        wanted = world.hashes[version]
        wrong = {path for path in found if found[path] != wanted.get(path)}
        assert wrong <= {path for number, path in harmed if number == version}
        small = {one.path for one in installed.manifest.core.files}
        gone = small - set(found) - {path for number, path in harmed if number == version}
        assert not gone
    assert laptop.laptop.pack(PACK).version in targets


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and ".keruen" not in path.parts
    }


def harm(laptop, chance):
    """Tear a file of the version that lessons are shown from; not through links to others."""
    version = laptop.laptop.pack(PACK).version
    folder = laptop.packs / PACK / str(version)
    names = sorted(name for name in files_of(folder) if not name.endswith(".json"))
    place = folder / names[chance % len(names)]
    content = place.read_bytes()
    place.unlink()
    place.write_bytes(content[: chance % (len(content) + 1)])
    os.utime(place, ns=(1, 1))
    return {(version, names[chance % len(names)])}
