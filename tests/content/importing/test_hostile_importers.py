"""Every importer of tasks under attack: a typed error or a yield, in bounded time and memory."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from typing import Callable, Dict, List, Tuple, Union

import pytest

pytest.importorskip("lxml")
pytest.importorskip("openpyxl")
pytest.importorskip("defusedxml")

from content.errors import SourceError
from content.fields import Fields
from content.importing import (
    csv_table,
    gift,
    imscc,
    moodle,
    package,
    qti,
    qti12,
    registry,
    xlsx_table,
)
from content.importing.errors import ImportFailure
from content.importing.limits import MAX_PARTS
from content.importing.outcome import Imported
from content.importing.sheet_template import csv_template, xlsx_template
from content.importing.toml_writer import toml_of
from content.task import read_item
from tests.content.importing import test_imscc as cartridges
from tests.content.importing import test_package as packages
from tests.content.importing import test_qti as items_of_qti
from tests.content.importing.test_archive import packed
from tests.content.importing.test_gift import SAMPLE
from tests.content.importing.test_moodle import answer, marker, question
from tests.support.hostile import Subject, attack

INPUTS = 40
DROP = "<drop><shape>circle</shape><coords>9,9;9</coords><choice>1</choice></drop>"
MOODLE = (
    "<?xml version='1.0'?><quiz>"
    + question("multichoice", "<single>false</single>" + answer("a", 50) + answer("b", 50))
    + question("cloze", "", "<p>A {1:MC:=b~c} {1:SA:=x*#y} \\(x^2\\) {:NM:=1:0.5}</p>")
    + question("ddwtos", "<dragbox><text>a</text><group>1</group></dragbox>" * 2, "[[1]] [[2]]")
    + question(
        "ddmarker",
        marker("<drop><shape>circle</shape><coords>9,9;9</coords><choice>1</choice></drop>"),
    )
    + "</quiz>"
).encode()
ITEM = items_of_qti.item(
    items_of_qti.declaration(items_of_qti.correct("A")),
    items_of_qti.choices("choiceInteraction", "A", "B")
    + '<p><textEntryInteraction responseIdentifier="R"/> <math><mi>x</mi></math></p>',
).encode()
QUIZ = cartridges.assessment(
    cartridges.item(
        "cc.multiple_choice.v0p1",
        cartridges.ASKED + cartridges.lid(cartridges.labels(a="b", c="d")),
        cartridges.rule(cartridges.equal("a")),
    )
)

SUBJECTS: Dict[str, Tuple[Callable[[bytes, str], Imported], List[bytes]]] = {
    "a.gift": (gift.read, [SAMPLE.encode(one, "replace") for one in ("utf-8", "utf-16", "cp1251")]),
    "a.xml": (moodle.read, [MOODLE]),
    "item.xml": (qti.read, [ITEM, items_of_qti.in_version_3(ITEM.decode()).encode()]),
    "quiz.xml": (qti12.read, [QUIZ]),
    "a.csv": (csv_table.read, [csv_template("ru"), csv_template("kk")]),
    "a.xlsx": (xlsx_table.read, [xlsx_template("ru")]),
    "a.imscc": (imscc.read, [cartridges.cartridge()]),
    "a.zip": (package.read, [packed(packages.files())]),
}  # fmt: skip


def whole(found: Imported) -> None:
    """What arrived can be read by our own reader and written as a source's TOML."""
    for task in found.tasks:
        for item in task.items:
            read_item(Fields(dict(item), "", SourceError))
        toml_of({"title": task.title, "item": task.items[:5]})


@pytest.mark.parametrize("name", sorted(SUBJECTS))
def test_importers_survive_hostile_files(name: str) -> None:
    read, samples = SUBJECTS[name]
    subject = Subject(name, lambda data: whole(read(data, name)), samples)
    seeds = range(INPUTS // (3 if name.endswith(("x", "c", "p")) else 1))
    outcomes = {attack(subject, seed) for seed in seeds}
    assert outcomes - {""} <= {"import-failed"}


@pytest.mark.parametrize("name", sorted(SUBJECTS))
def test_their_samples_arrive(name: str) -> None:
    read, samples = SUBJECTS[name]
    for data in samples:
        assert read(data, name).tasks


def bomb(path: str, size: int = 80_000_000) -> Callable[[], bytes]:
    """Makes a ZIP file whose one part unpacks to so many spaces."""

    def made() -> bytes:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as written:
            written.writestr(path, b" " * size)
        return data.getvalue()

    return made


ENTITIES = b"<!DOCTYPE quiz [<!ENTITY a 'xxxxxxxxxx'>" + b"".join(
    b"<!ENTITY %s '%s'>" % (bytes([98 + at]), b"&%s;" % bytes([97 + at]) * 10) for at in range(9)
) + b"]><quiz>&j;</quiz>"  # fmt: skip

BOMBS: Dict[str, Tuple[str, Union[bytes, Callable[[], bytes]]]] = {
    "entities": ("a.xml", ENTITIES),
    "deep xml": ("a.xml", b"<quiz>" + b"<a>" * 100_000),
    "manifest bomb": ("a.zip", bomb("imsmanifest.xml")),
    "workbook bomb": ("a.xlsx", bomb("xl/workbook.xml")),
    "cartridge bomb": ("a.imscc", bomb("imsmanifest.xml")),
    "many files": ("a.zip", b"PK\x03\x04" + b"PK\x01\x02" * (2 * MAX_PARTS + 1)),
    "zip in itself": ("a.zip", packed({"a.zip": packed({"a.zip": packed({"a": b"1"})})})),
    "paths": ("a.zip", packed({"../../x.gift": b"::Q::a{=b ~c}", "/etc/x.gift": b"::Q::a{=b ~c}"})),
    "open braces": ("a.gift", b"::Q:: {" * 50_000),
    "open formulas": ("a.gift", b"::Q::" + b"\\\\(" * 30_000 + b"{=a ~b}"),
    "open titles": ("a.gift", b"::" * 200_000),
    "blank lines": ("a.gift", b"a {\n" + b"\n" * 50_000),
    "blank lines in text": ("a.txt", b"\n" * 60_000 + b"x"),
    "one name": ("a.gift", b"::Q::a{=b ~c}\n\n" * 500),
    "many categories": (
        "a.gift",
        b"".join(b"$CATEGORY: %d\n\nq{}\n\n" % at for at in range(500)),
    ),
    "open comments": ("a.xml", b"<!--" * 16_000),
    "open tags": ("a.csv", b"Question;Answer\n" + b"<b" * 100_000 + b";1\n"),
    "wide rows": ("a.csv", b"Question;Answer\n" + b";" * 2_100_000),
    "gaps": ("a.csv", b"Kind;Question\ngaps;" + b"[a]" * 2_000 + b"\n"),
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_bombs_end(name: str) -> None:
    path, given = BOMBS[name]
    data = given if isinstance(given, bytes) else given()
    tracemalloc.start()
    try:
        registry.read(data, path)
    except ImportFailure as problem:
        assert path in str(problem)
    finally:
        _, peak_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak_bytes < 200_000_000


def xml_of(kind: str, inside: str, text: str) -> bytes:
    return f"<quiz>{question(kind, inside, text)}</quiz>".encode()


MARKUP: Dict[str, bytes] = {
    "open formulas": xml_of("essay", "", "\\(" * 30_000),
    "open display formulas": xml_of("essay", "", "\\[" * 30_000 + "[tex]" * 10_000),
    "deep html": xml_of("essay", "", "<div>" * 100_000),
    "deep lists": xml_of("essay", "", "<ul><li>" * 5_000),
    "nested tables": xml_of("essay", "", "<table><tr><td>" * 3_000),
    "a wide table": xml_of("essay", "", "<table>" + ("<tr>" + "<td>a" * 100) * 60 + "</table>"),
    "stars": xml_of("essay", "", "<b>*</b>_" * 5_000),
    "gaps": xml_of("cloze", "", "{1:SA:=a}" * 30_000),
    "a lone backslash": xml_of("cloze", "", "{1:SA:" + "a" * 200_000 + "\\}"),
    "numbered gaps": xml_of(
        "ddwtos", "<dragbox><text>a</text></dragbox>" * 3_000, "[[1]]" * 30_000
    ),
    "choices": xml_of("multichoice", answer("a", 0) * 1_000, "?"),
}


@pytest.mark.parametrize("name", sorted(MARKUP))
def test_markup_ends(name: str) -> None:
    whole(moodle.read(MARKUP[name], "a.xml"))
