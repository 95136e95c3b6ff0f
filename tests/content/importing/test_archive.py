from __future__ import annotations

import io
import zipfile
from typing import Mapping

import pytest

from content.importing import archive
from content.importing.archive import Archive
from content.importing.errors import ImportFailure


def packed(files: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name, content)
    return data.getvalue()


def test_files_are_found_beside_each_other() -> None:
    found = Archive(packed({"a/b.xml": b"1", "a/Pic one.png": b"2", "c.html": b"3"}), "a.zip")
    assert found.paths == ["a/b.xml", "a/Pic one.png", "c.html"]
    assert found.find("pic%20one.png", "a/b.xml") == "a/Pic one.png"
    assert found.find("../c.html#top", "a/b.xml") == "c.html"
    assert found.find("no.png", "a/b.xml") is None
    assert found.read("a/b.xml") == b"1"


def test_paths_that_lead_outside_are_not_there() -> None:
    names = ("../x", "/etc/x", "C:/x", "a/../../x", "..\\x", "ok/../y")
    found = Archive(packed(dict.fromkeys(names, b"1")), "a.zip")
    assert found.paths == ["y"]
    assert found.find("../../y", "ok/z") is None


def test_bombs_end_early(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = Archive(packed({"bomb": bytes(20_000_000)}), "a.zip")
    with pytest.raises(ImportFailure, match="unpacks to far more"):
        bomb.read("bomb")
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 150)
    many = Archive(packed({"a": b"1" * 100, "b": b"2" * 100}), "a.zip")
    assert many.read("a")
    with pytest.raises(ImportFailure, match="too large"):
        many.read("b")


def test_counts_and_sizes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed({"a": b"1", "b": b"2"})
    monkeypatch.setattr(archive, "MAX_PARTS", 1)
    with pytest.raises(ImportFailure, match="more than 1 files"):
        Archive(data, "a.zip")
    monkeypatch.setattr(archive, "MAX_FILE_BYTES", 3)
    with pytest.raises(ImportFailure, match="larger"):
        Archive(data, "a.zip")


def test_damage_is_told() -> None:
    data = packed({"a": b"some words " * 50})
    with pytest.raises(ImportFailure, match="no whole zip"):
        Archive(data[:40], "a.zip")
    broken = bytearray(data)
    broken[45] ^= 0xFF
    with pytest.raises(ImportFailure, match="damaged"):
        Archive(bytes(broken), "a.zip").read("a")
    with pytest.raises(ImportFailure, match="lacks the file b"):
        Archive(data, "a.zip").read("b")
