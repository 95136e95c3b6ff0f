from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from content.errors import DamagedError, FormatError, MissingError
from content.installation import Installation
from content.installed import InstalledPack, open_installed, place_for
from content.repositories.repository import Repository
from tests.support.packs import build_sample


@pytest.fixture
def installed(tmp_path: Path) -> InstalledPack:
    manifest = build_sample(tmp_path, video_bytes=2_000)
    repository = Repository(tmp_path / "repository")
    staging = Installation(tmp_path / "packs").begin(manifest)
    staging.put_core(repository.object_path(manifest.core.object).read_bytes())
    video = manifest.media[0]
    shutil.copy(repository.object_path(video.sha256), staging.media_path(video))
    return staging.finish()


def test_it_opens_as_it_was(installed: InstalledPack) -> None:
    assert open_installed(installed.folder) == installed
    assert installed.missing_media == ()
    assert installed.problems() == ()


def test_a_changed_byte_in_any_file_is_a_problem(installed: InstalledPack) -> None:
    paths = [file.path for file in installed.manifest.core.files if file.size_bytes]
    for name in (*paths, installed.manifest.media[0].path):
        path = installed.folder / name
        good = path.read_bytes()
        path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        (problem,) = installed.problems()
        assert isinstance(problem, DamagedError)
        path.write_bytes(good + b"x")
        assert len(installed.problems()) == 1
        path.write_bytes(good)
    assert installed.problems() == ()


def test_media_cut_short_count_as_missing(installed: InstalledPack) -> None:
    (video,) = installed.manifest.media
    path = installed.media_path(video)
    path.write_bytes(path.read_bytes()[:-1])
    assert installed.missing_media == (video,)
    path.unlink()
    assert installed.missing_media == (video,)
    assert installed.problems() == ()


def test_a_folder_in_anothers_place(installed: InstalledPack) -> None:
    other = installed.folder.parent / "7"
    installed.folder.rename(other)
    with pytest.raises(FormatError, match="belongs to equations version 1"):
        open_installed(other)
    with pytest.raises(MissingError):
        open_installed(installed.folder)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_no_link_is_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "pack", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / "file").symlink_to(outside / "target")
    (folder / "below").symlink_to(outside)
    for path in ("file", "below/file", "below/deeper/file"):
        with pytest.raises(DamagedError, match="leads out"):
            place_for(folder, path)
    assert not any(outside.iterdir())
    assert place_for(folder, "a/b").parent.is_dir()
