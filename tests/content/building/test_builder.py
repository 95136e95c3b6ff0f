from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Dict, List, Tuple

import pytest

from content.building import builder
from content.building.builder import build_pack
from content.errors import ContentError, DamagedError, SourceError, UntrustedKeyError, VersionError
from content.manifest import PIECE_BYTES
from content.repositories import hash_cache
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from content.watch import Watch
from tests.support.packs import KEY, OTHER_KEY, TRUSTED, build_sample, write_source
from tests.support.patch_trees import disk_bytes, noise
from tests.support.power import Power, PowerCut


def snapshot(folder: Path) -> Dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_repository_from_a_source(tmp_path: Path) -> None:
    manifest = build_sample(tmp_path)
    repository = Repository(tmp_path / "repository")
    assert repository.manifest("equations", 1, TRUSTED) == manifest
    assert repository.catalogue(TRUSTED).serial == 1
    (video,) = manifest.media
    content = repository.object_path(video.sha256).read_bytes()
    pieces = [content[at : at + PIECE_BYTES] for at in range(0, len(content), PIECE_BYTES)]
    assert video.piece_sha256 == tuple(hashlib.sha256(piece).digest() for piece in pieces)
    assert len(pieces) == 3
    assert not verify_repository(repository, TRUSTED)


def test_building_again_changes_nothing(tmp_path: Path) -> None:
    first = build_sample(tmp_path)
    before = snapshot(tmp_path / "repository")
    assert build_sample(tmp_path) == first
    assert snapshot(tmp_path / "repository") == before


def test_the_same_source_builds_to_the_same_bytes(tmp_path: Path) -> None:
    build_sample(tmp_path / "a")
    build_sample(tmp_path / "b")
    assert snapshot(tmp_path / "a" / "repository") == snapshot(tmp_path / "b" / "repository")


def test_the_next_version_replaces_the_listing_and_keeps_the_old_manifest(tmp_path: Path) -> None:
    build_sample(tmp_path)
    build_sample(tmp_path, version=2)
    repository = Repository(tmp_path / "repository")
    catalogue = repository.catalogue(TRUSTED)
    assert (catalogue.serial, [entry.version for entry in catalogue.packs]) == (2, [2])
    assert list(repository.versions()) == [("equations", 1), ("equations", 2)]
    assert not verify_repository(repository, TRUSTED)


def test_a_version_that_is_taken(tmp_path: Path) -> None:
    build_sample(tmp_path)
    source = tmp_path / "source-1"
    (source / "lessons" / "meaning" / "text.ru.md").write_text("другое", "utf-8")
    before = snapshot(tmp_path / "repository")
    with pytest.raises(VersionError, match=r"set version = 2 in pack\.toml"):
        build_pack(source, tmp_path / "repository", KEY)
    assert snapshot(tmp_path / "repository") == before


def test_a_version_that_goes_back(tmp_path: Path) -> None:
    build_sample(tmp_path, version=5)
    with pytest.raises(VersionError, match="set version = 6"):
        build_sample(tmp_path, version=4)


def test_another_publishers_repository_is_left_alone(tmp_path: Path) -> None:
    build_sample(tmp_path)
    before = snapshot(tmp_path / "repository")
    source = write_source(tmp_path / "s", pack="other")
    with pytest.raises(UntrustedKeyError, match="another publisher"):
        build_pack(source, tmp_path / "repository", OTHER_KEY)
    assert snapshot(tmp_path / "repository") == before


def test_a_damaged_catalogue_is_not_built_upon(tmp_path: Path) -> None:
    build_sample(tmp_path)
    catalogue = tmp_path / "repository" / "catalogue"
    catalogue.write_bytes(catalogue.read_bytes()[:-5])
    with pytest.raises(ContentError, match="catalogue"):
        build_sample(tmp_path, version=2)


def test_a_bad_source_writes_nothing(tmp_path: Path) -> None:
    source = write_source(tmp_path / "s")
    (source / "pack.toml").write_text("[pack]", "utf-8")
    with pytest.raises(SourceError):
        build_pack(source, tmp_path / "repository", KEY)
    assert not (tmp_path / "repository").exists()


def test_a_lost_object_is_made_again(tmp_path: Path) -> None:
    build_sample(tmp_path)
    before = snapshot(tmp_path / "repository")
    for path in (tmp_path / "repository" / "objects").rglob("*"):
        if path.is_file():
            path.unlink()
    build_sample(tmp_path)
    assert snapshot(tmp_path / "repository") == before


def test_another_compressor_is_no_other_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build_sample(tmp_path)
    pack_core = builder.pack_core
    monkeypatch.setattr(
        builder, "pack_core", lambda files, *rest: pack_core(files) + b"\x50\x2a\x4d\x18\0\0\0\0"
    )
    assert build_sample(tmp_path) == first


def test_a_video_that_changes_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_source(tmp_path / "s")
    hash_file = hash_cache.hash_file

    def changing(path: Path, *rest: object) -> object:
        found = hash_file(path)
        path.write_bytes(path.read_bytes() + b"more")
        return found

    monkeypatch.setattr(hash_cache, "hash_file", changing)
    with pytest.raises(DamagedError, match="changed while it was read"):
        build_pack(source, tmp_path / "repository", KEY)
    assert not Repository(tmp_path / "repository").exists()


def test_progress_is_told(tmp_path: Path) -> None:
    told: List[Tuple[str, int, int]] = []
    source = write_source(tmp_path / "s")
    build_pack(source, tmp_path / "r", KEY, Watch(lambda *step: told.append(step)))
    assert any(step.startswith("reading") for step, _, _ in told)
    assert all(0 <= done <= total for _, done, total in told)


def test_a_power_cut_at_any_step_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    for steps in range(200):
        folder = tmp_path / str(steps)
        old = build_sample(folder, version=1, video_bytes=300_000)
        repository = Repository(folder / "repository")
        whole = False
        with pytest.MonkeyPatch.context() as patch:
            Power(patch, steps)
            try:
                build_sample(folder, version=2, video_bytes=400_000)
                whole = True
            except PowerCut:
                pass
        assert not verify_repository(repository, TRUSTED)
        version = repository.catalogue(TRUSTED).packs[0].version
        assert version in ((2,) if whole else (1, 2))
        assert repository.manifest("equations", 1, TRUSTED) == old
        # And the next build finishes the work, with what the author has changed meanwhile.
        build_sample(folder, version=2 if version == 2 else 3, video_bytes=400_000)
        assert not verify_repository(repository, TRUSTED)
        assert not (repository.folder / ".staging").exists()
        if whole:
            assert steps > 10
            return
    pytest.fail("the build never came to its end")


def test_a_power_cut_during_the_first_build(tmp_path: Path) -> None:
    for steps in range(200):
        folder = tmp_path / str(steps)
        repository = Repository(folder / "repository")
        with pytest.MonkeyPatch.context() as patch, contextlib.suppress(PowerCut):
            power = Power(patch, steps)
            build_sample(folder, video_bytes=300_000)
        # What nobody has seen yet may still change under the same version number.
        build_sample(folder, video_bytes=300_000 if repository.exists() else 500_000)
        assert not verify_repository(repository, TRUSTED)
        if power.left >= 0:
            return
    pytest.fail("the build never came to its end")


def test_versions_and_packs_share_what_they_have_in_common(tmp_path: Path) -> None:
    """A text, a picture and a video are on the publisher's disk once, whoever has them."""
    objects = tmp_path / "repository" / "objects"
    picture = noise(1, 100_000)
    taken = []
    for pack, version in (("equations", 1), ("equations", 2), ("twin", 1)):
        source = write_source(tmp_path / f"{pack}-{version}", pack, version, 1_500_000)
        (source / "lessons" / "meaning" / "p.png").write_bytes(picture)
        build_pack(source, tmp_path / "repository", KEY)
        taken.append(disk_bytes(objects))
    # Each has a pack.json and a packed core of its own, and the picture is in the core.
    assert taken[0] > 1_500_000 + 2 * len(picture)
    assert all(after - before < len(picture) + 8_000 for before, after in zip(taken, taken[1:]))
