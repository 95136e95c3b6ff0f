# ruff: noqa: E501 - samples of XML read best on one line

from __future__ import annotations

from typing import Dict

import pytest

pytest.importorskip("lxml")
pytest.importorskip("defusedxml")

from content.importing import package
from content.importing.errors import ImportFailure
from tests.content.importing.test_archive import packed
from tests.content.importing.test_gift import items
from tests.content.importing.test_moodle import PNG
from tests.content.importing.test_qti import MATCH, choices, correct, declaration, item

KEY = declaration(correct("B"))
BODY = '<p><img src="img/map.png" alt="карта"/></p>' + choices("choiceInteraction", "A", "B")


def question(title: str, body: str = BODY) -> bytes:
    return item(KEY, body, MATCH).replace('title="Атау"', f'title="{title}"').encode()


def manifest(**files: str) -> bytes:
    listed = "".join(
        f'<resource identifier="{name}" type="{"imsqti_test_xmlv2p1" if name == "test" else "imsqti_item_xmlv2p1"}" href="{path}">'
        f'<file href="{path}"/></resource>'
        for name, path in files.items()
    )
    return f"<manifest><resources>{listed}</resources></manifest>".encode()


def files() -> Dict[str, bytes]:
    test = (
        '<assessmentTest identifier="t" title="Бақылау"><testPart><assessmentSection>'
        '<assessmentItemRef identifier="2" href="items/two.xml"><weight identifier="W" value="3"/></assessmentItemRef>'
        '<assessmentItemRef identifier="1" href="items/one.xml"/>'
        '<assessmentItemRef identifier="9" href="items/none.xml"/>'
        "</assessmentSection></testPart></assessmentTest>"
    )
    return {
        "imsmanifest.xml": manifest(
            one="items/one.xml", two="items/two.xml", left="items/left.xml", test="test.xml"
        ),
        "test.xml": test.encode(),
        "items/one.xml": question("Бірінші"),
        "items/two.xml": question("Екінші"),
        "items/left.xml": question("Қалған"),
        "items/img/map.png": PNG,
    }


def test_a_test_is_a_task_and_what_it_leaves_another() -> None:
    found = package.read(packed(files()), "тест.zip")
    first, second = found.tasks
    assert first.title == {"kk": "Бақылау"}
    assert [(one["id"], one["points"]) for one in first.items] == [("ekinshi", 3), ("birinshi", 1)]
    assert [one["id"] for one in second.items] == ["qalgan"]
    (path,) = first.pictures
    assert f"![карта](<{path}>)" in first.items[0]["prompt"]["kk"]
    assert [(one.place, one.why) for one in found.unread] == [
        ("items/none.xml", "The file of the item is missing.")
    ]


def test_a_text_that_items_share_stands_before_each() -> None:
    shared = dict(files())
    reference = '<assessmentStimulusRef identifier="s" href="../text.xml"/>'
    for name in ("one", "two"):
        shared[f"items/{name}.xml"] = shared[f"items/{name}.xml"].replace(
            b"<itemBody>", f"{reference}<itemBody>".encode()
        )
    shared["text.xml"] = (
        "<assessmentStimulus identifier='s'><stimulusBody><p>Ортақ мәтін.</p></stimulusBody></assessmentStimulus>".encode()
    )
    found = package.read(packed(shared), "a.zip")
    assert [one["prompt"]["kk"].startswith("Ортақ мәтін.") for one in items(found)] == [
        True,
        True,
        False,
    ]


def test_damaged_items_do_not_stop_the_others() -> None:
    spoilt = {**files(), "items/one.xml": b"<assessmentItem>"}
    found = package.read(packed(spoilt), "a.zip")
    assert [one["id"] for one in items(found)] == ["ekinshi", "qalgan"]
    assert any("broken XML" in one.why for one in found.unread)


def test_items_without_a_list_are_found() -> None:
    found = package.read(
        packed(
            {
                "imsmanifest.xml": b"<manifest/>",
                "a/one.xml": question("Бірінші", choices("choiceInteraction", "A", "B")),
            }
        ),
        "a.zip",
    )
    assert len(items(found)) == 1


def test_files_zipped_together_are_read_one_by_one() -> None:
    loose = {
        "a.gift": "::Q::Қала? {=Астана ~Алматы}".encode(),
        "inner.zip": packed({"x": b"1"}),
        "b.xml": b"<quiz>",
    }
    found = package.read(packed(loose), "a.zip")
    assert len(items(found)) == 1
    assert [one.place for one in found.unread] == ["inner.zip", "b.xml"]


def test_archives_with_nothing_in_them_fail() -> None:
    for inside in ({}, {"imsmanifest.xml": b"<manifest/>"}, {"a.png": PNG}):
        with pytest.raises(ImportFailure, match=r"a\.zip"):
            package.read(packed(inside), "a.zip")
    with pytest.raises(ImportFailure, match="no whole zip"):
        package.read(b"PK\x03\x04", "a.zip")
