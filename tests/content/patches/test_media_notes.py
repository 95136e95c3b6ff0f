from __future__ import annotations

import os
from pathlib import Path

import pytest

from content import installed
from content.patches import media_notes
from content.storage import Count, sha256_of_file
from tests.support.patch_trees import install, media_entry, noise, version_of

TREE = {"pack.json": b"{}"}


def test_a_verified_file_is_read_again_only_when_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "v").write_bytes(noise(1, 5_000))
    entry = media_entry("v.mp4", tmp_path / "v")
    pack = install(tmp_path / "packs", version_of(TREE, 1, [entry]), TREE)
    reads = [0]

    def counted(path: Path, count: Count) -> str:
        reads[0] += 1
        return sha256_of_file(path, count)

    monkeypatch.setattr(installed, "sha256_of_file", counted)
    assert not pack.has_whole_media(entry)
    path = pack.media_path(entry)
    path.write_bytes(noise(1, 5_000))
    assert pack.has_whole_media(entry)
    assert reads == [1]
    pack.note_media(entry)
    assert pack.has_whole_media(entry)
    assert reads == [1]
    path.write_bytes(noise(1, 4_999) + b"?")
    times = path.stat()
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns + 10**9))
    assert not pack.has_whole_media(entry)
    path.write_bytes(b"short")
    assert not pack.has_whole_media(entry)


@pytest.mark.parametrize("junk", [b"", b"[]", b"[" * 9999, b"\xff"])
def test_unreadable_notes_are_no_notes(tmp_path: Path, junk: bytes) -> None:
    media_notes.write(tmp_path, {"a": ["b", 1, 2]})
    assert media_notes.read(tmp_path) == {"a": ["b", 1, 2]}
    (tmp_path / media_notes.NOTES_FILE).write_bytes(junk)
    assert media_notes.read(tmp_path) == {}
