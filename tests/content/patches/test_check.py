from __future__ import annotations

import shutil

import pytest

from content.errors import ContentError
from content.patches.check import ElsewhereError, PatchCheck
from content.repositories.repository import Repository
from tests.support.packs import TRUSTED, build_sample

PACK = "equations"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    for version in (1, 2):
        build_sample(folder, version=version, video_bytes=300_000)
    return folder / "repository"


@pytest.fixture
def repository(built, tmp_path):
    return Repository(shutil.copytree(built, tmp_path / "repository"))


def test_a_good_patch_passes_and_says_where_it_leads(repository):
    patch = PatchCheck(repository, TRUSTED).check(PACK, 1, 2)
    assert (patch.old_version, patch.new_version) == (1, 2)


def test_every_flipped_byte_of_a_patch_is_refused_by_its_name(repository):
    path = repository.patch_path(PACK, 1, 2)
    good = path.read_bytes()
    for position in range(len(good)):
        bad = bytearray(good)
        bad[position] ^= 1
        path.write_bytes(bytes(bad))
        with pytest.raises(ContentError) as refused:
            PatchCheck(repository, TRUSTED).check(PACK, 1, 2)
        assert str(path) in str(refused.value), position


def test_a_patch_whose_version_is_damaged_blames_that(repository):
    manifest = repository.manifest_path(PACK, 1)
    manifest.write_bytes(manifest.read_bytes()[:-2])
    with pytest.raises(ElsewhereError):
        PatchCheck(repository, TRUSTED).check(PACK, 1, 2)


def test_a_stranger_who_signed_is_no_help(repository):
    with pytest.raises(ContentError):
        PatchCheck(repository, {}).check(PACK, 1, 2)
