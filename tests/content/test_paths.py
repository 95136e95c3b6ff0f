from __future__ import annotations

import unicodedata
from pathlib import Path, PureWindowsPath
from typing import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import PathError
from content.paths import MAX_PATH, check_path, check_paths

GOOD = (
    "pack.json",
    "lessons/meaning/text.kk.md",
    "lessons/a/pictures/Таразы мен гирлер (1).png",
    "console.txt",
    "com10.txt",
    "a/aux-cable.png",
    "é.png",
)
BAD = (
    "",
    "/etc/passwd",
    "..",
    "../x",
    "a/../../x",
    "a/./b",
    "a//b",
    "a/",
    "C:/x",
    "C:x",
    "\\\\server\\share",
    "a\\b",
    "x:stream",
    "nul",
    "NUL.txt",
    "a/CON",
    "com1.tar.gz",
    "LPT¹",
    "aux ",
    "aux .txt",
    "conout$",
    "a.",
    "a /b",
    " a",
    "a./b",
    ".hidden",
    "a/.git/config",
    "a\nb",
    "a\x00b",
    "a\x7fb",
    "a\u202eb",
    "a\ud800",
    "e\u0301.png",
    "a" * 121,
    "ю" * 61,
    "a/" * 75 + "b",
    "what?",
    'a"b',
    "a|b",
    "a*b",
    "<a>",
)


@pytest.mark.parametrize("path", GOOD)
def test_good_paths(path: str) -> None:
    assert check_path(path) == path


@pytest.mark.parametrize("path", BAD)
def test_bad_paths(path: str) -> None:
    with pytest.raises(PathError) as caught:
        check_path(path)
    str(caught.value).encode("utf-8")


@pytest.mark.parametrize(
    "paths",
    [
        ("a.png", "A.PNG"),
        ("а.png", "А.png"),
        ("straße", "STRASSE"),
        ("ı.png", "I.png"),
        ("a", "a/b"),
        ("a/b", "A"),
        ("a/x", "A/y"),
        ("dir/a/x", "dir/A/y"),
        ("same", "same"),
    ],
)
def test_paths_that_meet(paths: Sequence[str]) -> None:
    with pytest.raises(PathError):
        check_paths([str(path) for path in paths])


def test_paths_that_do_not_meet() -> None:
    check_paths(["a/b", "a/c", "ab", "b/a/b", "pack.json"])


@given(st.text(st.sampled_from("aAé./\\: ~$\u0301COMNUL1\u0000."), max_size=20) | st.text())
def test_what_passes_stays_inside_everywhere(path: str) -> None:
    try:
        check_path(path)
    except PathError:
        return
    assert len(path) <= MAX_PATH
    assert unicodedata.normalize("NFC", path) == path
    windows = PureWindowsPath("D:/packs") / path
    assert windows.parts[:2] == ("D:\\", "packs")
    assert len(windows.parts) == 2 + len(path.split("/"))
    assert ".." not in windows.parts
    assert (Path("/packs") / path).parts[:2] == ("/", "packs")
