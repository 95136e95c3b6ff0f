from __future__ import annotations

import random
from pathlib import Path
from typing import List, Tuple

import pytest

from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from content.repositories.versions import read_listing
from tests.support.packs import KEY, OTHER_KEY, TRUSTED, build_sample


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    build_sample(tmp_path, version=1, video_bytes=1_100_000)
    build_sample(tmp_path, version=2, video_bytes=1_100_000)
    return Repository(tmp_path / "repository")


def files_of(repository: Repository) -> List[str]:
    paths = (path for path in repository.folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(repository.folder).as_posix() for path in paths)


def _name(sha256: str) -> str:
    return f"objects/{sha256[:2]}/{sha256}"


def listing(repository: Repository, version: int) -> Tuple[bytes, ...]:
    return read_listing(repository, repository.manifest("equations", version, TRUSTED)) or ()


def test_a_whole_repository_has_no_problems(repository: Repository) -> None:
    assert verify_repository(repository) == ()
    assert verify_repository(repository, TRUSTED) == ()
    # The catalogue, the key, the patch; for each version a manifest, a listing and a core; one
    # video for both, and the small files, of which only pack.json is another one.
    smalls = {one for version in (1, 2) for one in listing(repository, version)}
    assert len(files_of(repository)) == 3 + 2 * 3 + 1 + len(smalls)


def test_a_flipped_byte_anywhere_is_told_with_its_file(repository: Repository) -> None:
    random_places = random.Random(7)
    for name in files_of(repository):
        path = repository.folder / name
        good = path.read_bytes()
        inner = random_places.sample(range(len(good)), min(len(good), 10))
        places = {0, len(good) - 1, *inner}
        for at in places:
            bad = bytearray(good)
            bad[at] ^= random_places.randrange(1, 256)
            path.write_bytes(bytes(bad))
            problems = verify_repository(repository, TRUSTED)
            assert [problem.path for problem in problems] == [name], (name, at)
            assert name.rpartition("/")[2] in problems[0].text
        path.write_bytes(good)
    assert verify_repository(repository, TRUSTED) == ()


def test_what_is_missing_is_told(repository: Repository) -> None:
    old_core = _name(repository.manifest("equations", 1, TRUSTED).core.object)
    for name in files_of(repository):
        path = repository.folder / name
        good = path.read_bytes()
        path.unlink()
        found = {problem.path for problem in verify_repository(repository, TRUSTED)}
        # Nobody installs the first version any more: its core is made of its small files.
        assert found == (set() if name == old_core else {name})
        path.write_bytes(good)


def test_two_bad_files_are_two_problems(repository: Repository) -> None:
    manifest = repository.manifest("equations", 2, TRUSTED)
    names = sorted((manifest.core.object, manifest.media[0].sha256))
    for name in names:
        repository.object_path(name).write_bytes(b"bad")
    assert [one.path[-64:] for one in verify_repository(repository, TRUSTED)] == names


def test_a_forgery_is_found_by_who_knows_the_key(tmp_path: Path) -> None:
    build_sample(tmp_path, video_bytes=10)
    repository = Repository(tmp_path / "repository")
    stranger = {OTHER_KEY.public.key_id: OTHER_KEY.public.raw}
    codes = {problem.code for problem in verify_repository(repository, stranger)}
    assert codes == {"key-untrusted"}
    assert repository.trusted_keys(KEY.public.key_id) == TRUSTED
