from __future__ import annotations

import os
from pathlib import Path

import pytest

from content.errors import ContentError, FormatError, KeyFileError, MissingError, StorageError
from content.repositories.repository import Repository, open_repository
from tests.support.packs import KEY, OTHER_KEY, TRUSTED, build_sample


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no repository"):
        open_repository(tmp_path)
    with pytest.raises(MissingError, match="catalogue"):
        Repository(tmp_path).catalogue_bytes()


@pytest.mark.parametrize("name", ["", "..", "a" * 63, "A" * 64, "../../etc/passwd", "a" * 64 + "/"])
def test_only_hashes_name_objects(tmp_path: Path, name: str) -> None:
    with pytest.raises(FormatError):
        Repository(tmp_path).object_path(name)


@pytest.mark.parametrize(("pack", "version"), [("..", 1), ("a/b", 1), ("a", 0), ("a", -1), ("", 1)])
def test_only_packs_name_manifests(tmp_path: Path, pack: str, version: int) -> None:
    with pytest.raises(FormatError):
        Repository(tmp_path).manifest_bytes(pack, version)


def test_a_manifest_in_anothers_place_is_refused(tmp_path: Path) -> None:
    build_sample(tmp_path, video_bytes=10)
    repository = Repository(tmp_path / "repository")
    repository.write_manifest("equations", 9, repository.manifest_bytes("equations", 1))
    with pytest.raises(ContentError, match="is for equations version 1"):
        repository.manifest("equations", 9, TRUSTED)


def test_whose_it_is(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.write_publisher(KEY.public)
    assert repository.publisher_key() == KEY.public
    with pytest.raises(KeyFileError, match="is published by"):
        repository.trusted_keys(OTHER_KEY.public.key_id)
    (tmp_path / "publisher").write_text(f"{KEY.public.key_id}  {KEY.public.to_text()}\n")
    with pytest.raises(KeyFileError, match="publisher"):
        repository.publisher_key()


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_files_can_be_read_by_a_web_server(tmp_path: Path) -> None:
    build_sample(tmp_path)
    for path in (tmp_path / "repository").rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o444 == 0o444


def test_a_full_disk_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    repository = Repository(tmp_path)
    repository.write_catalogue(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        repository.write_catalogue(b"new")
    assert repository.catalogue_bytes() == b"old"
    assert not list((tmp_path / ".staging").iterdir())
