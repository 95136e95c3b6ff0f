from __future__ import annotations

import os
from pathlib import Path
from typing import List

import pytest

from content.repositories import hash_cache
from content.repositories.hash_cache import HashCache, default_folder
from content.storage import hash_file


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> List[str]:
    """The names of files that were really read."""
    seen: List[str] = []

    def counted(path: Path, *rest: object) -> object:
        seen.append(path.name)
        return hash_file(path)

    monkeypatch.setattr(hash_cache, "hash_file", counted)
    monkeypatch.setattr(hash_cache, "_SETTLED_NS", -1)
    return seen


def hash_again(folder: Path, file: Path) -> object:
    cache = HashCache(folder / "cache", folder)
    found = cache.hash_file(file)
    cache.save()
    return found


def test_an_unchanged_file_is_read_once(tmp_path: Path, reads: List[str]) -> None:
    file = tmp_path / "v.mp4"
    file.write_bytes(bytes(2_500_000))
    assert hash_again(tmp_path, file) == hash_again(tmp_path, file) == hash_file(file)
    assert reads == ["v.mp4"]


@pytest.mark.parametrize("change", ["content", "time", "replaced"])
def test_any_change_is_read(tmp_path: Path, reads: List[str], change: str) -> None:
    file = tmp_path / "v.mp4"
    file.write_bytes(b"one")
    hash_again(tmp_path, file)
    times = file.stat()
    if change == "content":
        file.write_bytes(b"longer")
    elif change == "replaced":
        (tmp_path / "other").write_bytes(b"two")
        os.utime(tmp_path / "other", ns=(times.st_atime_ns, times.st_mtime_ns))
        (tmp_path / "other").replace(file)
    else:
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns + 1))
    assert hash_again(tmp_path, file) == hash_file(file)
    assert len(reads) == 2


def test_a_file_that_was_written_just_now_is_not_believed(
    tmp_path: Path, reads: List[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hash_cache, "_SETTLED_NS", 10**15)
    file = tmp_path / "v.mp4"
    file.write_bytes(b"one")
    hash_again(tmp_path, file)
    hash_again(tmp_path, file)
    assert len(reads) == 2


@pytest.mark.parametrize("junk", [b"", b"[]", b'{"x": 1}', b"[" * 9999, b"\xff", b'{"x": [1]}'])
def test_a_damaged_cache_is_an_empty_one(tmp_path: Path, reads: List[str], junk: bytes) -> None:
    file = tmp_path / "v.mp4"
    file.write_bytes(b"one")
    hash_again(tmp_path, file)
    (path,) = (tmp_path / "cache" / "hashes").iterdir()
    path.write_bytes(junk.replace(b"x", str(file).encode()))
    assert hash_again(tmp_path, file) == hash_file(file)
    assert len(reads) == 2


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "v.mp4").write_bytes(b"one")
    cache = HashCache(None, tmp_path)
    assert cache.hash_file(tmp_path / "v.mp4") == hash_file(tmp_path / "v.mp4")
    cache.save()
    assert [path.name for path in tmp_path.iterdir()] == ["v.mp4"]


def test_where_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KERUEN_CACHE", str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.delenv("KERUEN_CACHE")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert default_folder() == tmp_path / "x" / "keruen"
