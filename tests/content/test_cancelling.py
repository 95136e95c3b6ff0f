"""Long work is cancelled at every moment at which it asks: the old is whole, or the new."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

from content.building.builder import build_pack
from content.building.copying import copy_packs
from content.errors import CancelledError
from content.installation import Installation
from content.patches.difference import difference
from content.patches.patching import stage_patch
from content.repositories.garbage import clear_garbage
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from content.watch import Watch
from tests.support.examples import examples
from tests.support.packs import KEY, TRUSTED, build_sample, write_source
from tests.support.patch_trees import opened

pytestmark = pytest.mark.slow

MOST = examples(14)
"""So many moments of each work are tried, spread over all of it."""

KNOWN = {"listings/equations/1", f"objects/00/{'00' * 32}"}
"""What is wrong with the repository before anything is done."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with two versions, the source of a third, and the first one installed."""
    folder = tmp_path_factory.mktemp("world")
    for version in (1, 2):
        build_sample(folder, version=version, video_bytes=1_500_000 + version)
    write_source(folder / "next", version=3, video_bytes=1_600_000)
    stray = folder / "repository" / "objects" / "00" / ("00" * 32)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"of nobody")
    repository = Repository(folder / "repository")
    manifest = repository.manifest("equations", 1, TRUSTED)
    staging = Installation(folder / "packs").begin(manifest)
    staging.put_core(repository.object_path(manifest.core.object).read_bytes())
    shutil.copyfile(
        repository.object_path(manifest.media[0].sha256), staging.media_path(manifest.media[0])
    )
    staging.finish()
    return folder


def publish(folder: Path, watch: Watch) -> None:
    build_pack(folder / "next", folder / "repository", KEY, watch)


def clear(folder: Path, watch: Watch) -> None:
    clear_garbage(Repository(folder / "repository"), TRUSTED, 1, KEY, watch)


def compare(folder: Path, watch: Watch) -> None:
    listing = folder / "repository" / "listings" / "equations" / "1"
    if listing.exists():
        listing.unlink()  # Then it takes reading the core.
    difference(Repository(folder / "repository"), TRUSTED, "equations", watch=watch)


def verify(folder: Path, watch: Watch) -> None:
    verify_repository(Repository(folder / "repository"), TRUSTED, watch)


def copy(folder: Path, watch: Watch) -> None:
    source, target = Repository(folder / "repository"), Repository(folder / "copy")
    catalogue = source.catalogue(TRUSTED)
    copy_packs(catalogue, source, target, TRUSTED, watch)
    target.write_publisher(KEY.public)
    target.write_catalogue(source.catalogue_bytes())


def patch(folder: Path, watch: Watch) -> None:
    installation = Installation(folder / "packs")
    data = Repository(folder / "repository").patch_bytes("equations", 1, 2)
    old = installation.find("equations", 1)
    assert old is not None
    stage_patch(data, old, installation, opened, watch=watch).finish()


def install(folder: Path, watch: Watch) -> None:
    repository = Repository(folder / "repository")
    manifest = repository.manifest("equations", 2, TRUSTED)
    staging = Installation(folder / "packs").begin(manifest)
    staging.put_core(repository.object_path(manifest.core.object).read_bytes(), watch)
    staging.finish()


def inspect(folder: Path, watch: Watch) -> None:
    found = Installation(folder / "packs").installed()
    assert [one for pack in found for one in pack.problems(watch)] == []


WORKS: Dict[str, Callable[[Path, Watch], None]] = {
    one.__name__: one for one in (publish, clear, compare, verify, copy, patch, install, inspect)
}


@pytest.mark.parametrize("name", WORKS)
def test_a_cancel_at_any_moment(world: Path, tmp_path: Path, name: str) -> None:
    told: List[Any] = []
    shutil.copytree(world, tmp_path / "counted")
    asked = [0]

    def never() -> bool:
        asked[0] += 1
        return False

    WORKS[name](tmp_path / "counted", Watch(lambda *step: told.append(step), never))
    assert all(0 <= done <= total for _, done, total in told)
    assert any(done == total > 0 for _, done, total in told), "it ends"
    total = asked[0]
    assert total > 1
    for moment in sorted({total * part // MOST for part in range(MOST)}):
        folder = tmp_path / str(moment)
        shutil.copytree(world, folder)
        left = [moment]

        def now(left: List[int] = left) -> bool:
            left[0] -= 1
            return left[0] < 0

        with pytest.raises(CancelledError):
            WORKS[name](folder, Watch(cancel=now))
        check(folder, name, done=False)
        WORKS[name](folder, Watch())
        check(folder, name, done=True)
        shutil.rmtree(folder)


def check(folder: Path, name: str, done: bool) -> None:
    repository = Repository(folder / "repository")
    assert {one.path for one in verify_repository(repository, TRUSTED)} <= KNOWN
    assert not (repository.folder / ".staging").exists()
    version = repository.catalogue(TRUSTED).packs[0].version
    assert version == (3 if done and name == "publish" else 2)
    versions = [one.manifest.version for one in Installation(folder / "packs").installed()]
    assert versions == ([1, 2] if done and name in ("patch", "install") else [1])
    assert all(one.problems() == () for one in Installation(folder / "packs").installed())
    if name == "copy":
        assert Repository(folder / "copy").exists() == done
        copied = Repository(folder / "copy")
        assert not done or verify_repository(copied, TRUSTED) == ()
