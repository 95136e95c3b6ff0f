from __future__ import annotations

from pathlib import Path
from typing import List

from content.building.copying import copy_packs
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from tests.content.patches.test_patch_set import publish
from tests.support.packs import KEY, TRUSTED, tiny_mp4
from tests.support.patch_trees import noise


def copy(source: Repository, target: Repository) -> List[int]:
    copied = copy_packs(source.catalogue(TRUSTED), source, target, TRUSTED)
    target.write_publisher(KEY.public)
    target.write_catalogue(source.catalogue_bytes())
    return copied


def test_the_copy_is_whole_and_holds_the_patches(tmp_path: Path) -> None:
    video = tiny_mp4(3, 1_500_000)
    publish(tmp_path, 1, video_mp4=video, a_png=noise(1, 150_000))
    source = publish(tmp_path, 2, video_mp4=video[:-100_000], a_png=noise(2, 150_000))
    target = Repository(tmp_path / "copy")
    first = copy(source, target)
    assert verify_repository(target, TRUSTED) == ()
    assert list(target.patches()) == [("equations", 1, 2)]
    # The old video stays where patches are made.
    old = source.manifest("equations", 1, TRUSTED).media[0]
    assert not target.object_path(old.sha256).exists()
    assert copy(source, target) == []
    publish(tmp_path, 3, video_mp4=video[:-100_000], a_png=noise(2, 150_000))
    assert 0 < sum(copy(source, target)) < sum(first) / 2
    assert verify_repository(target, TRUSTED) == ()
    # A copy of the copy, as a stick from a school's server.
    assert copy(target, Repository(tmp_path / "stick"))
    assert verify_repository(Repository(tmp_path / "stick"), TRUSTED) == ()
