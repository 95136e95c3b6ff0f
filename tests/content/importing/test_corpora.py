"""Real exports that nobody here wrote, from a folder that is given: ``KERUEN_CORPORA=folder``.

What they hold is counted by other means than the importers': lines and tags are looked for in the
files as they are. Without the folder there is nothing to try.
"""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path
from typing import Callable, Dict, List, NamedTuple, Optional, Set
from urllib.parse import unquote

import pytest

pytest.importorskip("lxml")
pytest.importorskip("defusedxml")

from content.errors import ContentError
from content.importing import registry
from content.importing.outcome import Imported
from tests.content.importing.test_archive import packed
from tests.content.importing.test_hostile_importers import whole

FOLDER = os.environ.get("KERUEN_CORPORA", "")
LEAST_SHARE = 0.95
MAX_BYTES = 16 << 20

OURS_IN_MOODLE = (
    "multichoice|multichoiceset|truefalse|shortanswer|numerical|matching|ddmatch|essay|ordering|"
    "cloze|ddwtos|gapselect|gapfill|ddmarker"
)
OURS_IN_QTI = {
    "choice", "hottext", "order", "match", "associate", "inlineChoice", "textEntry", "gapMatch",
    "extendedText", "upload", "slider", "hotspot", "selectPoint", "graphicGapMatch",
}  # fmt: skip


class Count(NamedTuple):
    """How many questions of our kinds a file holds, and how many of them arrived."""

    wanted: int
    arrived: int


def text_of(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16", "cp1251"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def in_gift(text: str) -> Optional[int]:
    """Runs of lines with a closed pair of braces."""
    plain = re.sub(r"^\s*//.*$", "", text.replace("\r\n", "\n"), flags=re.M)
    plain = re.sub(r"\\.", "", plain)
    return len(re.findall(r"\{[^{}]*\}", plain))


def in_moodle(text: str) -> Optional[int]:
    plain = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    return len(re.findall(rf"<question\s+type\s*=\s*[\"'](?:{OURS_IN_MOODLE})[\"']", plain))


def in_qti(text: str) -> Optional[int]:
    """One for an item that asks only what we can ask, and says what is right; None for others."""
    plain = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    names: Set[str] = set(re.findall(r"<(?:\w+:)?([a-zA-Z]+)Interaction[\s>]", plain))
    hyphened = re.findall(r"<(?:\w+:)?qti-([a-z-]+)-interaction[\s>]", plain)
    names |= {re.sub(r"-(.)", lambda found: found[1].upper(), name) for name in hyphened}
    names -= {"endAttempt"}
    by_lot = re.search(r"<(?:\w+:)?(?:templateProcessing|qti-template-processing)", plain)
    keys = "correctResponse|correct-response|mapEntry|map-entry|areaMapEntry|area-map-entry"
    keyed = re.search(rf"<(?:\w+:)?(?:qti-)?(?:{keys})", plain)
    by_hand = names <= {"extendedText", "upload"}
    dragged = re.search(r"<(?:\w+:)?(?:gapImg|qti-gap-img)[\s>]", plain)
    in_steps = re.search(r"\sadaptive\s*=\s*[\"']true", plain)
    others = by_lot or in_steps or dragged
    if not names or not names <= OURS_IN_QTI or others or not (keyed or by_hand):
        return None
    return 1


def in_qti12(text: str) -> Optional[int]:
    """Items that say what is right, or wait for a teacher; without those of other kinds."""
    listed = re.findall(r"<item\s.*?</item>", re.sub(r"<!--.*?-->", "", text, flags=re.S), re.S)
    others = "calculated_question|hot_spot|text_only|<response_xy|<response_grp|render_hotspot"
    keyed = [one for one in listed if "<setvar" in one or "essay" in one or "file_upload" in one]
    return sum(not re.search(others, one) for one in keyed)


COUNTERS: Dict[str, Callable[[str], Optional[int]]] = {
    "gift": in_gift,
    "moodle": in_moodle,
    "qti": in_qti,
    "qti12": in_qti12,
}


def files_of(kind: str) -> List[Path]:
    found = []
    for path in sorted(Path(FOLDER).rglob("*")) if FOLDER else []:
        fits = path.suffix.lower() in (".gift", ".txt", ".xml", ".qti")
        small = fits and path.is_file() and path.stat().st_size <= MAX_BYTES
        if small and registry.importer_of(path.read_bytes(), path.name) == kind:
            found.append(path)
    return found


def with_pictures(path: Path) -> bytes:
    """An item's file as the package that it was in: with the files beside it that it names."""
    data = path.read_bytes()
    files = {f"a/b/c/{path.name}": data, "imsmanifest.xml": b"<manifest/>"}
    for address in re.findall(r"(?:src|data|href)\s*=\s*[\"']([^\"'<>:]+)[\"']", text_of(data)):
        beside = path.parent / unquote(address)
        if beside.is_file() and beside.stat().st_size <= MAX_BYTES and beside != path:
            files[posixpath.normpath(f"a/b/c/{unquote(address)}")] = beside.read_bytes()
    return packed(files)


def lacks_its_picture(path: Path, text: str) -> bool:
    """Whether an item asks to mark a place on a picture that is not beside it."""
    names = "hotspot|selectPoint|qti-hotspot|qti-select-point|graphicGap|qti-graphic-gap"
    marking = re.search(rf"<(?:\w+:)?(?:{names})", text)
    pictures = re.findall(r"[\"']([^\"'<>:]+\.(?:png|jpe?g|gif|svg))[\"']", text, re.I)
    return bool(marking) and not any(
        (path.parent / unquote(one)).is_file() and not one.endswith("svg") for one in pictures
    )


def counted(path: Path, counter: Callable[[str], Optional[int]]) -> Optional[Count]:
    data = path.read_bytes()
    wanted = counter(text_of(data))
    if not wanted or (counter is in_qti and lacks_its_picture(path, text_of(data))):
        return None
    try:
        if counter is in_qti:
            found = registry.read(with_pictures(path), "item.zip")
        else:
            found = registry.read(data, path.name)
    except ContentError:
        return Count(wanted, 0)
    whole(found)
    arrived = sum(len(task.items) for task in found.tasks)
    return Count(wanted, min(wanted, arrived))


@pytest.mark.skipif(not FOLDER, reason="KERUEN_CORPORA names no folder")
@pytest.mark.parametrize("kind", sorted(COUNTERS))
def test_questions_of_our_kinds_arrive(kind: str) -> None:
    counts = [one for path in files_of(kind) if (one := counted(path, COUNTERS[kind])) is not None]
    wanted = sum(one.wanted for one in counts)
    arrived = sum(one.arrived for one in counts)
    print(f"{kind}: {arrived} of {wanted} questions in {len(counts)} files")
    assert arrived >= LEAST_SHARE * wanted


@pytest.mark.skipif(not FOLDER, reason="KERUEN_CORPORA names no folder")
def test_every_file_ends_in_a_yield_or_a_typed_error() -> None:
    for path in sorted(Path(FOLDER).rglob("*")):
        tried = path.suffix.lower() in (".imscc", ".zip", ".xml", ".gift", ".qti", ".csv", ".xlsx")
        if tried and path.is_file() and path.stat().st_size <= MAX_BYTES:
            try:
                found: Imported = registry.read(path.read_bytes(), path.name)
            except ContentError as problem:
                assert str(problem).endswith(".")
            else:
                whole(found)


@pytest.mark.parametrize(
    ("counter", "text", "count"),
    [
        (in_gift, "// {x}\n::Q:: a \\{b\\} {=c}\n\nd {}\n", 2),
        (
            in_moodle,
            "<question type='essay'/><question type=\"stack\"/><!--<question type='essay'/>-->",
            1,
        ),
        (in_qti, "<choiceInteraction ><correctResponse>", 1),
        (in_qti, "<qti-text-entry-interaction ><qti-map-entry>", 1),
        (in_qti, "<choiceInteraction ><drawingInteraction ><correctResponse>", None),
        (in_qti, "<choiceInteraction >", None),
        (in_qti12, "<item a='b'><setvar/></item><item c='d'>hot_spot<setvar/></item>", 1),
    ],
)
def test_the_counters_count(
    counter: Callable[[str], Optional[int]], text: str, count: Optional[int]
) -> None:
    assert counter(text) == count
