from __future__ import annotations

from pathlib import Path
from typing import List

import pytest

from content.building.builder import build_pack
from content.catalogue import CatalogueEntry, listed_patches, route
from content.patches import patch_set
from content.patches.patch import parse_patch
from content.patches.patch_set import DIRECT, SMALL_PATCH_BYTES
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from tests.support.packs import KEY, TRUSTED, tiny_mp4, write_source
from tests.support.patch_trees import noise


def publish(folder: Path, version: int, **files: bytes) -> Repository:
    source = write_source(folder / f"source-{version}", version=version, video_bytes=1_000)
    for name, content in files.items():
        (source / "lessons" / "meaning" / name.replace("_", ".")).write_bytes(content)
    build_pack(source, folder / "repository", KEY)
    return Repository(folder / "repository")


def entry_of(repository: Repository) -> CatalogueEntry:
    return repository.catalogue(TRUSTED).packs[0]


def test_thirty_straight_patches_and_single_steps_before(tmp_path: Path) -> None:
    for version in range(1, DIRECT + 5):
        repository = publish(tmp_path, version, text_ru_md=b"# %d" % version)
    entry = entry_of(repository)
    assert entry.version == 34
    assert [patch.version for patch in entry.patches] == list(range(33, 3, -1))
    assert [patch.version for patch in entry.steps] == [3, 2, 1]
    for patch, new in listed_patches(entry):
        assert repository.patch_size("equations", patch.version, new) == patch.size_bytes
    whole = route(entry, 1)
    assert whole is not None
    assert [(patch.version, new) for patch, new in whole] == [(1, 2), (2, 3), (3, 4), (4, 34)]
    assert not verify_repository(repository, TRUSTED)


def test_versions_may_be_skipped(tmp_path: Path) -> None:
    for version in (2, 5, 11):
        repository = publish(tmp_path, version)
    assert [patch.version for patch in entry_of(repository).patches] == [5, 2]
    assert route(entry_of(repository), 3) is None


def test_what_does_not_pay_is_not_listed(tmp_path: Path) -> None:
    publish(tmp_path, 1, a_png=noise(1, 50_000))
    source = write_source(tmp_path / "other", version=2, video_bytes=1_000)
    for path in source.rglob("*.*"):
        if path.suffix in (".png", ".md", ".vtt"):
            path.write_bytes(b"WEBVTT\n\n" if path.suffix == ".vtt" else noise(len(path.name), 99))
    build_pack(source, tmp_path / "repository", KEY)
    repository = Repository(tmp_path / "repository")
    entry = entry_of(repository)
    assert all(
        patch.size_bytes < entry.core_size_bytes + entry.manifest_size_bytes
        for patch in entry.patches
    )


def test_large_patches_are_objects_too(tmp_path: Path) -> None:
    publish(tmp_path, 1, a_png=noise(1, 200_000), b_png=noise(2, 200_000))
    repository = publish(tmp_path, 2, a_png=noise(1, 200_000), b_png=noise(3, 200_000))
    (patch,) = entry_of(repository).patches
    assert patch.size_bytes > SMALL_PATCH_BYTES
    data = repository.object_path(patch.sha256).read_bytes()
    assert data == repository.patch_bytes("equations", 1, 2)
    repository.object_path(patch.sha256).unlink()
    (problem,) = verify_repository(repository, TRUSTED)
    assert patch.sha256 in problem.path


def test_media_patches_are_made_once_for_all_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: List[str] = []
    make = patch_set.make_media_patch

    def counted(old: Path, new: Path, *rest: object) -> object:
        made.append(new.name)
        return make(old, new, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(patch_set, "make_media_patch", counted)
    video = tiny_mp4(3, 1_500_000)
    for version in (1, 2):
        publish(tmp_path, version, video_mp4=video)
    repository = publish(tmp_path, 3, video_mp4=video[:-200_000])
    assert len(made) == 1
    repository = publish(tmp_path, 4, video_mp4=video[:-200_000], text_ru_md=b"# 4")
    assert len(made) == 1
    objects = set()
    for old, new in ((1, 3), (2, 3), (1, 4), (2, 4)):
        (one,) = parse_patch(repository.patch_bytes("equations", old, new), "It").media
        objects.add(one.objects)
        assert one.size_bytes < 150_000
    assert len(objects) == 1
    assert not parse_patch(repository.patch_bytes("equations", 3, 4), "It").media
    assert not verify_repository(repository, TRUSTED)


def test_a_damaged_old_version_stops_no_publication(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    repository = publish(tmp_path, 2)
    path = repository.manifest_path("equations", 1)
    path.write_bytes(path.read_bytes()[:-9])
    repository = publish(tmp_path, 3)
    assert [patch.version for patch in entry_of(repository).patches] == [2]
