from __future__ import annotations

import pytest

pytest.importorskip("defusedxml")

from content.importing import safe_xml
from content.importing.errors import ImportFailure
from content.importing.limits import MAX_XML_DEPTH
from content.importing.safe_xml import children, parse_xml, text_of, without_namespaces


def test_a_tree_loses_its_namespaces() -> None:
    root = without_namespaces(parse_xml(b"<a:x xmlns:a='u' a:k='1'><a:y> z </a:y></a:x>", "a.xml"))
    assert (root.tag, root.attrib, text_of(root, "y"), text_of(root, "no")) == (
        "x",
        {"k": "1"},
        "z",
        "",
    )
    assert [child.tag for child in children(root, "y")] == ["y"]


def test_entities_of_html_and_control_characters_are_mended() -> None:
    root = parse_xml(b"<a>x&nbsp;&eacute;&lt;\x0b</a>", "a.xml")
    assert root.text == "x\u00a0é< "


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("", "utf-8-sig"), ("", "utf-16"), ("", "cp1251"), (" encoding='UTF-8'", "cp1251"),
        (" encoding='windows-1251'", "cp1251"), (" encoding='utf-16'", "utf-16"),
    ],
)  # fmt: skip
def test_encodings_are_told_even_where_the_document_is_wrong(declared: str, encoding: str) -> None:
    text = f"<?xml version='1.0'{declared}?><a>Сколько будет два плюс два? Четыре.</a>"
    assert parse_xml(text.encode(encoding), "a.xml").text == "Сколько будет два плюс два? Четыре."


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<a>", b"text", b"<a>&unknown;</a>", b"\0", b"<a/><b/>",
        b"<?xml version='1.0' encoding='none'?><a/>",
        b"<!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>",
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///x'>]><a>&b;</a>",
        b"<!DOCTYPE a [<!ENTITY b 'xxxxxxxxxx'><!ENTITY c '&b;&b;&b;&b;&b;'>]><a>&c;</a>",
        b"<a>" * (MAX_XML_DEPTH + 1) + b"</a>" * (MAX_XML_DEPTH + 1),
    ],
)  # fmt: skip
def test_what_cannot_be_read_fails(data: bytes) -> None:
    with pytest.raises(ImportFailure, match=r"a\.xml"):
        parse_xml(data, "a.xml")


def test_sizes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_xml, "MAX_XML_ELEMENTS", 3)
    assert parse_xml(b"<a><b/><c/></a>", "a.xml").tag == "a"
    with pytest.raises(ImportFailure, match="too many"):
        parse_xml(b"<a><b/><c/><d/></a>", "a.xml")
    monkeypatch.setattr(safe_xml, "MAX_TEXT_BYTES", 3)
    with pytest.raises(ImportFailure, match="larger"):
        parse_xml(b"<a/>", "a.xml")
