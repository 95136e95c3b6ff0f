from __future__ import annotations

from pathlib import Path

import pytest

from content.building.builder import build_pack
from content.catalogue import listed_patches
from content.errors import ContentError
from content.repositories.garbage import Cleared, clear_garbage
from content.repositories.repository import Repository
from content.repositories.verification import verify_repository
from tests.content.patches.test_patch_set import entry_of, publish
from tests.support.packs import KEY, TRUSTED, tiny_mp4, write_source
from tests.support.power import Power, PowerCut


def history(folder: Path) -> Repository:
    video = tiny_mp4(3, 1_500_000)
    publish(folder, 1, video_mp4=video)
    publish(folder, 2, video_mp4=video[:-100_000])
    return publish(folder, 3, video_mp4=video[:-200_000], text_ru_md=b"# 3")


def test_what_is_listed_stays_and_the_rest_goes(tmp_path: Path) -> None:
    repository = history(tmp_path)
    (repository.folder / "notes.txt").write_text("mine")
    entry = entry_of(repository)
    cores = [repository.manifest("equations", one, TRUSTED).core.object for one in (1, 2, 3)]
    cleared = clear_garbage(repository, TRUSTED)
    # Two older cores; the patch between the first two versions, and that of its video.
    assert cleared.files == 4
    assert [repository.object_path(core).exists() for core in cores] == [False, False, True]
    assert [new for _, new in listed_patches(entry)] == [3, 3]
    assert verify_repository(repository, TRUSTED) == ()
    assert clear_garbage(repository, TRUSTED) == Cleared(0, 0)
    assert (repository.folder / "notes.txt").exists()
    # What stayed is enough to go on from.
    after = publish(tmp_path, 4, text_ru_md=b"# 4")
    assert [patch.version for patch in entry_of(after).patches] == [3, 2, 1]
    assert verify_repository(after, TRUSTED) == ()


def test_fewer_versions_are_kept_when_asked(tmp_path: Path) -> None:
    repository = history(tmp_path)
    serial = repository.catalogue(TRUSTED).serial
    clear_garbage(repository, TRUSTED, keep=2, key=KEY)
    assert repository.catalogue(TRUSTED).serial == serial + 1
    assert [patch.version for patch in entry_of(repository).patches] == [2]
    assert list(repository.versions()) == [("equations", 2), ("equations", 3)]
    clear_garbage(repository, TRUSTED, keep=1, key=KEY)
    assert list(repository.patches()) == []
    assert list(repository.versions()) == [("equations", 3)]
    assert verify_repository(repository, TRUSTED) == ()


def test_other_packs_keep_what_they_share(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    source = write_source(tmp_path / "twin", pack="twin", version=1, video_bytes=1_000)
    build_pack(source, tmp_path / "repository", KEY)
    repository = publish(tmp_path, 2)
    clear_garbage(repository, TRUSTED, keep=1, key=KEY)
    assert verify_repository(repository, TRUSTED) == ()


def test_nothing_is_deleted_on_a_damaged_catalogue(tmp_path: Path) -> None:
    repository = history(tmp_path)
    path = repository.folder / "catalogue"
    path.write_bytes(path.read_bytes()[:-1])
    before = sorted(repository.folder.rglob("*"))
    with pytest.raises(ContentError):
        clear_garbage(repository, TRUSTED)
    assert sorted(repository.folder.rglob("*")) == before


def test_a_power_cut_at_any_step_leaves_all_that_is_listed(tmp_path: Path) -> None:
    for steps in range(0, 200, 2):
        repository = history(tmp_path / str(steps))
        whole = False
        with pytest.MonkeyPatch.context() as patch:
            Power(patch, steps)
            try:
                clear_garbage(repository, TRUSTED, keep=1, key=KEY)
                whole = True
            except PowerCut:
                pass
        assert verify_repository(repository, TRUSTED) == ()
        clear_garbage(repository, TRUSTED, keep=1, key=KEY)
        assert list(repository.versions()) == [("equations", 3)]
        if whole:
            assert steps > 10
            return
    pytest.fail("it never came to its end")
