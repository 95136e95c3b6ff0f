from __future__ import annotations

import tracemalloc
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
    "қазақша/Ұлттық ойын.md",
    "notes~.md",
    "draft~123456789.txt",
    "much-longer-than-eight~1.md",
    "\U00020000" * 15,
    "/".join("abcdefghijkl"),
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
    "KERUEN~1/manifest.json",
    "a/PROGRA~12.txt",
    "a/x~1",
    "COM\u00b9.txt",
    "a/lpt\u00b3",
    "CLOCK$.md",
    "//server/share/x",
    "\\\\?\\C:\\x",
    "a/..\u2060/b",
    "a\ufeff",
    "\U00020000" * 76,
    "text.md::$DATA",
    "/".join("abcdefghijklm"),
    "\u212a.png",
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
        ("ı.png", "i.png"),
        ("İ.png", "i.png"),
        ("İ.png", "I.png"),
        ("қ.md", "Қ.md"),
        ("\u0456.md", "\u0406.md"),
        ("\u00b5.md", "\u03bc.md"),
        ("\ufb01.md", "FI.md"),
        ("\u03c2.md", "\u03a3.md"),
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


def test_no_letter_escapes_any_systems_way_of_ignoring_case() -> None:
    letters = (chr(code) for code in range(0x11000))
    for letter in (one for one in letters if one.swapcase() != one or one.casefold() != one):
        try:
            check_path(f"x{letter}")
        except PathError:
            continue
        single = {one for one in (letter.upper(), letter.lower(), letter.title()) if len(one) == 1}
        for other in {*single, letter.casefold()} - {letter}:
            with pytest.raises(PathError):
                check_paths([f"x{letter}", f"x{other}"])


def test_deep_paths_cost_little_more_than_their_bytes() -> None:
    paths = ["/".join([f"{number:04}", *"abcde" * 2, "x" * 120]) for number in range(200)]
    tracemalloc.start()
    check_paths(paths)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 200 * sum(map(len, paths))


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
