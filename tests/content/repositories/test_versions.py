from __future__ import annotations

from pathlib import Path

import pytest

from content.errors import DamagedError, MissingError
from content.repositories.versions import read_listing, stored_version
from tests.content.patches.test_patch_set import publish
from tests.support.packs import TRUSTED


def test_small_files_are_stored_once_and_found_by_place(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    repository = publish(tmp_path, 2)
    versions = [
        stored_version(repository, repository.manifest("equations", number, TRUSTED))
        for number in (1, 2)
    ]
    assert len({one for version in versions for one in version.hashes}) < 2 * len(
        versions[0].hashes
    )
    for version in versions:
        for place, file in enumerate(version.manifest.core.files):
            assert len(version.read(place)) == file.size_bytes


def test_a_repository_by_an_older_programme_gets_its_listing(tmp_path: Path) -> None:
    repository = publish(tmp_path, 1)
    manifest = repository.manifest("equations", 1, TRUSTED)
    before = stored_version(repository, manifest)
    repository.listing_path("equations", 1).unlink()
    for sha256 in before.hashes:
        repository.object_path(sha256.hex()).unlink(missing_ok=True)
    assert stored_version(repository, manifest).hashes == before.hashes
    assert read_listing(repository, manifest) == before.hashes
    repository.listing_path("equations", 1).write_bytes(b"x" * 32 * len(before.hashes))
    assert read_listing(repository, manifest) is None


def test_damage_is_named(tmp_path: Path) -> None:
    repository = publish(tmp_path, 1)
    manifest = repository.manifest("equations", 1, TRUSTED)
    version = stored_version(repository, manifest)
    path = repository.object_path(version.hashes[0].hex())
    good = path.read_bytes()
    path.write_bytes(b"?" * len(good))
    with pytest.raises(DamagedError, match=path.name):
        version.read(0)
    path.unlink()
    with pytest.raises(MissingError, match=path.name):
        version.read(0)
