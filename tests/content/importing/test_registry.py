from __future__ import annotations

import pytest

from content.importing import registry
from content.importing.errors import ImportFailure


@pytest.mark.parametrize(
    ("data", "name", "importer"),
    [
        (b"", "A.DOCX", "docx"),
        (b"", "a.gift", "gift"),
        (b"", "a.imscc", "imscc"),
        ("Сұрақ? {=иә ~жоқ}".encode(), "a.txt", "gift"),
        ("::Аты:: Мәтін {}".encode("utf-16"), "a.txt", "gift"),
        (b"$CATEGORY: x\n", "a.txt", "gift"),
        (b"Just a note.\nNothing more.", "a.txt", "plain_text"),
        (b"<?xml version='1.0'?>\n<!-- <x> --><quiz/>", "a.xml", "moodle"),
        (b"\xef\xbb\xbf<assessmentItem xmlns='x'>", "a.xml", "qti"),
        (b"<q:qti-assessment-item xmlns:q='x'>", "a.xml", "qti"),
        (b"<questestinterop>", "a.xml", "qti12"),
        (b"<other/>", "a.xml", ""),
        (b"PK\x03\x04", "a.zip", "package"),
        (b"PK\x03\x04", "a", "package"),
        (b"", "a.exe", ""),
    ],
)
def test_the_importer_is_told_by_name_or_by_content(data: bytes, name: str, importer: str) -> None:
    assert registry.importer_of(data, name) == importer


def test_what_no_importer_reads_is_named() -> None:
    with pytest.raises(ImportFailure, match=r"a\.exe"):
        registry.read(b"MZ", "a.exe")


def test_a_file_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "MAX_FILE_BYTES", 3)
    with pytest.raises(ImportFailure, match="larger"):
        registry.read(b"four", "a.gift")


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError("no", name="docx")

    monkeypatch.setattr(registry, "import_module", missing)
    with pytest.raises(ImportFailure, match=r"docx.*keruen\[author\]"):
        registry.reader("docx")
