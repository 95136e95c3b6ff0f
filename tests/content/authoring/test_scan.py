"""What lies in a folder, and what cannot be used, by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from content.authoring.scan import kind_of, scan, scan_files
from content.errors import SourceError


def test_files_are_sorted_in_and_the_rest_is_named(tmp_path: Path) -> None:
    for name in ("a.docx", "b.mp4", "c.doc", "d.exe", "~$a.docx", ".x.md", "Thumbs.db", "w/e.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "empty.md").write_bytes(b"")
    (tmp_path / "skipped").mkdir()
    (tmp_path / "skipped" / "f.md").write_bytes(b"x")
    found = scan(tmp_path, (tmp_path / "skipped",))
    assert [(one.path, one.kind) for one in found.found] == [
        ("a.docx", "document"),
        ("b.mp4", "video"),
        ("w/e.png", "picture"),
    ]
    assert [one.path for one in found.unread] == ["c.doc", "d.exe", "empty.md"]
    assert "DOCX" in found.unread[0].why


def test_links_are_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out.md").write_bytes(b"x")
    try:
        (tmp_path / "in" / "a.md").symlink_to(tmp_path / "out.md")
        (tmp_path / "in" / "loop").symlink_to(tmp_path)
    except OSError:
        pytest.skip("no links here")
    found = scan(tmp_path / "in")
    assert found.found == () and [one.path for one in found.unread] == ["a.md", "loop"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_pipes_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    assert [one.path for one in scan(tmp_path).unread] == ["a.md"]


def test_what_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no folder"):
        scan(tmp_path / "none")


def test_single_files(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.gift"
    path.parent.mkdir()
    path.write_bytes(b"x")
    assert [(one.path, one.kind) for one in scan_files([path]).found] == [("a.gift", "tasks")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.SRT", "subtitles"), ("a.wmv", "video"), ("a.wma", "audio"), ("a.heic", "picture"),
        ("a.txt", "document"), ("a.imscc", "tasks"), ("lesson.toml", "settings"), ("a", ""),
    ],
)  # fmt: skip
def test_kinds(name: str, kind: str) -> None:
    assert kind_of(name) == kind
