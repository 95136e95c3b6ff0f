from __future__ import annotations

import copy
import json
from typing import Any, Dict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.canonical import to_canonical
from content.errors import ContentError, FormatError, PathError, UnknownFormatError
from content.manifest import (
    PIECE_BYTES,
    CoreEntry,
    CoreFile,
    Manifest,
    MediaEntry,
    core_root,
    parse_manifest,
)

MANIFEST = Manifest(
    pack="equations",
    version=3,
    publisher="ab" * 16,
    title={"kk": "Теңдеу"},
    languages=("kk", "ru"),
    core=CoreEntry("11" * 32, 500, 30, "22" * 32, (CoreFile("a.json", 10), CoreFile("b.md", 20))),
    media=(
        MediaEntry(
            "v.mp4",
            "33" * 32,
            2 * PIECE_BYTES + 1,
            "video",
            (b"1" * 32, b"2" * 32, b"3" * 32),
            61.5,
        ),
        MediaEntry("p.png", "44" * 32, 300_000, "picture"),
    ),
    subject="algebra",
    grade=7,
    licence="CC0",
)
VALUES: Dict[str, Any] = json.loads(MANIFEST.to_bytes())


def test_there_and_back() -> None:
    assert parse_manifest(MANIFEST.to_bytes()) == MANIFEST
    assert MANIFEST.size_bytes == 500 + 2 * PIECE_BYTES + 1 + 300_000


def test_what_a_later_version_adds_is_kept() -> None:
    values = {**VALUES, "patches": [{"from": 2}]}
    manifest = parse_manifest(to_canonical(values))
    assert manifest.extra == {"patches": [{"from": 2}]}
    assert manifest.to_bytes() == to_canonical(values)


@pytest.mark.parametrize("change", [{"format": 2}, {"needs": ["chunked-core"]}])
def test_a_newer_format_is_refused_with_what_to_do(change: Dict[str, Any]) -> None:
    with pytest.raises(UnknownFormatError, match="update the programme"):
        parse_manifest(to_canonical({**VALUES, **change}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", 0),
        ("version", 2**31),
        ("version", "3"),
        ("pack", "CON"),
        ("pack", "con"),
        ("pack", ".."),
        ("publisher", "AB" * 16),
        ("title", {}),
        ("languages", ["kk", "kk"]),
        ("core", []),
        ("media", {}),
        ("grade", 13),
        ("format", True),
    ],
)
def test_bad_fields(name: str, value: object) -> None:
    with pytest.raises(FormatError, match=name):
        parse_manifest(to_canonical({**VALUES, name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("files", [["b.md", 20], ["a.json", 10]]),
        ("files", [["a.json", 10]]),
        ("files", [["a.json", 10, 0], ["b.md", 20]]),
        ("files", [["a.json", -10], ["b.md", 40]]),
        ("files", [["a.json", 10**9], ["b.md", 20]]),
        ("unpacked_bytes", 10**15),
        ("object", "11" * 31),
        ("root", "zz" * 32),
    ],
)
def test_bad_cores(name: str, value: object) -> None:
    values = copy.deepcopy(VALUES)
    values["core"][name] = value
    with pytest.raises(FormatError, match="core"):
        parse_manifest(to_canonical(values))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pieces", "AAAA"),
        ("pieces", "é"),
        ("pieces", None),
        ("size_bytes", 2**60),
        ("duration_s", -1),
        ("sha256", ""),
    ],
)
def test_bad_media(name: str, value: object) -> None:
    values = copy.deepcopy(VALUES)
    values["media"][0][name] = value
    with pytest.raises(FormatError, match="media 1"):
        parse_manifest(to_canonical(values))


@pytest.mark.parametrize("path", ["../a", "/a", "C:a", "B.MD", "b.md/x", ".keruen/manifest"])
def test_bad_paths(path: str) -> None:
    values = copy.deepcopy(VALUES)
    values["media"][1]["path"] = path
    with pytest.raises(PathError, match=r"^The manifest: "):
        parse_manifest(to_canonical(values))


def test_an_unknown_kind_of_media_is_a_plain_file() -> None:
    values = copy.deepcopy(VALUES)
    values["media"][1]["kind"] = "hologram"
    assert parse_manifest(to_canonical(values)).media[1].kind == "file"


def test_the_root_covers_names_sizes_and_content() -> None:
    rows = [("a", 1, b"1" * 32), ("b", 2, b"2" * 32)]
    roots = {
        core_root(rows),
        core_root(rows[:1]),
        core_root([("a", 2, b"1" * 32), rows[1]]),
        core_root([("c", 1, b"1" * 32), rows[1]]),
        core_root([("a", 1, b"3" * 32), rows[1]]),
    }
    assert len(roots) == 5
    assert core_root(rows) == core_root(rows[::-1])


JUNK = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=3)
    | st.just([])
    | st.just({})
    | st.just([[]])
)


@given(st.data())
def test_any_field_replaced_by_junk_is_read_or_refused(data: st.DataObject) -> None:
    values = copy.deepcopy(VALUES)
    holder = data.draw(st.sampled_from([values, values["core"], *values["media"]]))
    holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(JUNK)
    try:
        manifest = parse_manifest(to_canonical(values))
    except ContentError:
        return
    assert parse_manifest(manifest.to_bytes()) == manifest
