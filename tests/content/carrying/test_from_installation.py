"""A laptop's own packs on a stick: the core is packed again, and its root proves it."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Tuple

import pytest

from content.carrying import plan_from_installation, plan_from_repository, superfluous
from content.carrying.shelf import core_path, manifest_path, object_path
from content.core import iterate_repacked
from content.errors import ContentError, DamagedError, MissingError
from content.installation import Installation
from content.installed import InstalledPack
from content.repositories.repository import Repository
from tests.support.carrying import FolderShelf
from tests.support.packs import KEY, OTHER_KEY, TRUSTED, build_sample
from tests.support.patch_trees import install, noise, version_of

PUBLISHER = KEY.public.key_id
ALL = {"equations": "all"}
Taught = Tuple[Repository, Installation, InstalledPack]


@pytest.fixture
def taught(tmp_path: Path) -> Taught:
    """A laptop that has installed a published pack with its video."""
    manifest = build_sample(tmp_path, video_bytes=5000)
    repository = Repository(tmp_path / "repository")
    installation = Installation(tmp_path / "packs")
    staging = installation.begin(manifest, repository.manifest_bytes("equations", 1))
    staging.put_core(repository.read_object(manifest.core.object, manifest.core.size_bytes))
    video = manifest.media[0]
    data = repository.read_object(video.sha256, video.size_bytes)
    staging.media_path(video).write_bytes(data)
    return repository, installation, staging.finish()


def plan(taught: Taught, **more):
    repository, installation, _ = taught
    catalogue = repository.catalogue_bytes()
    return plan_from_installation(installation, KEY.public, catalogue, ALL, **more)


def test_another_laptop_installs_from_what_was_packed_again(taught: Taught, tmp_path: Path) -> None:
    made = plan(taught)
    manifest = taught[2].manifest
    assert [file.path for file in made.files] == [
        core_path(PUBLISHER, manifest.core.root),
        object_path(PUBLISHER, manifest.media[0].sha256),
        manifest_path(PUBLISHER, "equations", 1),
        f"repository/{PUBLISHER}/publisher",
        f"repository/{PUBLISHER}/catalogue",
    ]
    core, video = made.files[:2]
    assert (core.sha256, core.instead) == (None, object_path(PUBLISHER, manifest.core.object))
    assert hashlib.sha256(b"".join(video.blocks())).hexdigest() == manifest.media[0].sha256
    staging = Installation(tmp_path / "other").begin(manifest)
    staging.put_repacked(io.BytesIO(b"".join(core.blocks())))
    installed = staging.finish()
    assert installed.problems() == ()
    assert installed.core_hashes() == taught[2].core_hashes()


def test_a_media_file_that_has_not_come_is_left_out(taught: Taught) -> None:
    installed = taught[2]
    installed.media_path(installed.manifest.media[0]).unlink()
    made = plan(taught)
    assert made.packs[0].missing_bytes == installed.manifest.media[0].size_bytes
    assert len(made.files) == 4


def test_a_version_that_has_not_come_is_a_problem(taught: Taught, tmp_path: Path) -> None:
    build_sample(tmp_path, version=2, video_bytes=5000)
    made = plan(taught)
    assert list(made.problems) == ["equations"]
    assert made.packs == ()


def test_a_laptop_leaves_patches_and_cores_of_a_server_where_they_are(
    taught: Taught, tmp_path: Path
) -> None:
    build_sample(tmp_path, version=2, video_bytes=5000)
    stick = FolderShelf(tmp_path / "KERUEN")
    stick.carry_out(plan_from_repository(taught[0], TRUSTED, ALL))
    assert stick.names(f"repository/{PUBLISHER}/patches/equations") == ("1-2",)
    assert superfluous(stick, plan(taught, shelf=stick)) == ()


def test_a_catalogue_by_a_stranger_is_refused(taught: Taught) -> None:
    repository, installation, _ = taught
    with pytest.raises(ContentError):
        plan_from_installation(installation, OTHER_KEY.public, repository.catalogue_bytes(), ALL)


def test_a_damaged_file_is_noticed_before_its_core_gets_its_name(taught: Taught) -> None:
    core = plan(taught).files[0]
    text = taught[2].folder / "lessons" / "meaning" / "text.kk.md"
    text.write_bytes(text.read_bytes()[::-1])
    with pytest.raises(DamagedError):
        list(core.blocks())
    text.unlink()
    with pytest.raises(MissingError):
        list(core.blocks())


def test_a_large_core_has_several_frames(tmp_path: Path) -> None:
    tree = {f"lessons/{index:02d}/text.kk.md": noise(index, 900_000) for index in range(12)}
    version = version_of(tree, 1)
    installed = install(tmp_path, version, tree)
    from content.carrying.repacking import repacked

    packed = b"".join(repacked(installed)())
    assert packed.count(b"\x28\xb5\x2f\xfd") >= 2
    assert dict(iterate_repacked(io.BytesIO(packed), version.manifest.core)) == tree


@pytest.mark.parametrize("harm", ["cut", "more", "flipped", "nothing", "bomb"])
def test_a_bad_core_leaves_nothing(taught: Taught, tmp_path: Path, harm: str) -> None:
    import zstandard

    packed = b"".join(plan(taught).files[0].blocks())
    harmed = {
        "cut": packed[:-5],
        "more": packed + zstandard.compress(b"more"),
        "flipped": packed[:99] + bytes([packed[99] ^ 1]) + packed[100:],
        "nothing": b"",
        "bomb": zstandard.compress(bytes(1 << 24)),
    }[harm]
    staging = Installation(tmp_path / "other").begin(taught[2].manifest)
    with pytest.raises(DamagedError):
        staging.put_repacked(io.BytesIO(harmed))
    assert [one for one in staging.folder.rglob("*.md") if one.is_file()] == []


def test_a_stick_that_is_pulled_out_leaves_nothing(taught: Taught, tmp_path: Path) -> None:
    class Pulled(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: object) -> int:
            raise RuntimeError("pulled")

    staging = Installation(tmp_path / "other").begin(taught[2].manifest)
    with pytest.raises(RuntimeError):
        staging.put_repacked(Pulled())  # type: ignore[arg-type]
    assert [one for one in staging.folder.rglob("*.md") if one.is_file()] == []
