from __future__ import annotations

import os
from pathlib import Path

import pytest

from content.building.loose import lay_out
from content.building.source import read_source
from content.errors import StorageError
from content.pack import Pack
from tests.support.packs import write_source


def test_a_source_opens_as_a_pack_of_the_version_asked_for(tmp_path: Path) -> None:
    source = read_source(write_source(tmp_path / "s"))
    lay_out(source, tmp_path / "look", 7)
    pack = Pack.open(tmp_path / "look")
    assert (pack.id, pack.version) == (source.table.id, 7)
    lesson = pack.lesson(pack.lessons[0].id)
    assert lesson.texts
    assert [pack.task(lesson.id, one.id).id for one in lesson.tasks]


@pytest.mark.parametrize("links", [True, False])
def test_large_files_are_there_with_or_without_second_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", _refuse)
    folder = write_source(tmp_path / "s")
    (folder / "lessons" / "meaning" / "big.png").write_bytes(bytes(300 * 1024))
    source = read_source(folder)
    lay_out(source, tmp_path / "look", 1)
    assert source.media
    for one in source.media:
        laid = tmp_path / "look" / one.path
        assert laid.read_bytes() == one.origin.read_bytes()
        assert (laid.stat().st_ino == one.origin.stat().st_ino) is links


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = read_source(write_source(tmp_path / "s"))
    monkeypatch.setattr(Path, "write_bytes", _refuse)
    with pytest.raises(StorageError):
        lay_out(source, tmp_path / "look", 1)


def _refuse(*_: object) -> None:
    raise OSError(28, "No space left on device")
