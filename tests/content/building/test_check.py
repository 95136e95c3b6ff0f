from __future__ import annotations

from pathlib import Path
from typing import Callable, Dict, List, Tuple

import pytest

from content.building.check import ERROR, WARNING, Finding, check_source
from tests.support.packs import write_source

LESSON = "lessons/meaning"
TASK = f"{LESSON}/tasks/steps.toml"


def rewrite(name: str, old: str, new: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return change


def remove(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def test_a_good_source_has_no_findings(tmp_path: Path) -> None:
    assert check_source(write_source(tmp_path / "s")) == []


# What was done to the source; severity, file, place and words of the one finding expected.
BREAKS: Dict[str, Tuple[Callable[[Path], object], str, str, str, str]] = {
    "no pack": (remove("pack.toml"), ERROR, "pack.toml", "", "is missing"),
    "bad toml": (rewrite("pack.toml", "[pack]", "[pack"), ERROR, "pack.toml", "", "cannot be read"),
    "title": (
        rewrite("pack.toml", 'ru = "Уравнения"', ""),
        WARNING,
        "pack.toml",
        "title",
        "No text in ru",
    ),
    "no lesson": (
        remove(f"{LESSON}/lesson.toml"),
        ERROR,
        f"{LESSON}/lesson.toml",
        "",
        "is missing",
    ),
    "no text": (remove(f"{LESSON}/text.ru.md"), WARNING, f"{LESSON}/lesson.toml", "", "text.ru.md"),
    "no subtitles": (
        remove(f"{LESSON}/video.ru.vtt"),
        WARNING,
        f"{LESSON}/lesson.toml",
        "video",
        "subtitles in ru",
    ),
    "no poster": (
        remove(f"{LESSON}/poster.png"),
        WARNING,
        f"{LESSON}/lesson.toml",
        "video",
        "poster",
    ),
    "no picture": (
        remove(f"{LESSON}/pictures/scales.png"),
        ERROR,
        f"{LESSON}/text.kk.md",
        "line 3",
        "scales.png",
    ),
    "case": (
        rewrite(f"{LESSON}/text.kk.md", "scales", "Scales"),
        ERROR,
        f"{LESSON}/text.kk.md",
        "line 3",
        "is not in the lesson's folder",
    ),
    "outside": (
        rewrite(f"{LESSON}/text.kk.md", "pictures/", "../"),
        ERROR,
        f"{LESSON}/text.kk.md",
        "line 3",
        "leads elsewhere",
    ),
    "no alt": (
        rewrite(f"{LESSON}/text.kk.md", "таразы", ""),
        WARNING,
        f"{LESSON}/text.kk.md",
        "line 3",
        "[]",
    ),
    "formula": (
        rewrite(f"{LESSON}/text.ru.md", "2x=6", r"\foo"),
        ERROR,
        f"{LESSON}/text.ru.md",
        "line 3",
        r"\foo",
    ),
    "not utf-8": (
        lambda folder: (folder / LESSON / "text.ru.md").write_bytes(b"\xff"),
        ERROR,
        f"{LESSON}/text.ru.md",
        "",
        "UTF-8",
    ),
    "not webvtt": (
        rewrite(f"{LESSON}/video.kk.vtt", "WEBVTT", "1"),
        ERROR,
        f"{LESSON}/video.kk.vtt",
        "line 1",
        "WEBVTT",
    ),
    "bad cue": (
        rewrite(f"{LESSON}/video.kk.vtt", "00:02.000", "00:02,000\nx\n\n00:01.000 --> 00:02.000"),
        ERROR,
        f"{LESSON}/video.kk.vtt",
        "line 3",
        "is not a time",
    ),
    "no cue": (
        lambda folder: (folder / LESSON / "video.kk.vtt").write_text("WEBVTT\n"),
        ERROR,
        f"{LESSON}/video.kk.vtt",
        "",
        "no words",
    ),
    "late cue": (
        rewrite(f"{LESSON}/video.kk.vtt", "00:00.000 --> 00:02.000", "00:09.000 --> 00:10.000"),
        WARNING,
        f"{LESSON}/video.kk.vtt",
        "",
        "after the video's 3 s",
    ),
    "lost video": (
        remove(f"{LESSON}/video.mp4"),
        ERROR,
        f"{LESSON}/lesson.toml",
        "video",
        '"video.mp4" is not beside it',
    ),
    "no video": (
        lambda folder: (folder / LESSON / "video.mp4").write_bytes(b"hello"),
        ERROR,
        f"{LESSON}/video.mp4",
        "",
        "no MP4",
    ),
    "empty": (
        lambda folder: (folder / LESSON / "pictures" / "x.png").write_bytes(b""),
        ERROR,
        f"{LESSON}/pictures/x.png",
        "",
        "empty",
    ),
    "no key": (
        rewrite(TASK, "correct = true\n", ""),
        ERROR,
        TASK,
        "",
        'item 1: "choice" has 0 right answers',
    ),
    "no number": (rewrite(TASK, 'answer = "5/2"\n', ""), ERROR, TASK, "", "give the right number"),
    "no prompt": (
        rewrite(TASK, 'kk = "$2x = 6$"\n', ""),
        WARNING,
        TASK,
        "one: prompt",
        "No text in kk",
    ),
    "prompt's formula": (
        rewrite(TASK, 'kk = "$2x = 6$"', "kk = '$\\frac{1$'"),
        ERROR,
        TASK,
        "one: prompt.kk",
        "ends before",
    ),
    "choice's formula": (
        rewrite(TASK, 'text = { kk = "3",', 'text = { kk = "$}$",'),
        ERROR,
        TASK,
        "one: choice a.kk",
        "cannot be drawn",
    ),
    "twins": (
        rewrite(TASK, 'text = { kk = "12",', 'text = { kk = "3",'),
        ERROR,
        TASK,
        "one",
        "say the same in kk",
    ),
    "no rubric": (
        rewrite(TASK, 'rubric = { kk = "3 ұпай", ru = "3 балла" }', ""),
        WARNING,
        TASK,
        "why",
        "rubric",
    ),
    "reserved": (
        lambda folder: (folder / LESSON / "pictures" / "nul.png").write_bytes(b"x"),
        ERROR,
        ".",
        "",
        "Windows reserves",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_thing_that_is_wrong_is_found_once(tmp_path: Path, name: str) -> None:
    folder = write_source(tmp_path / "s")
    change, severity, path, place, words = BREAKS[name]
    change(folder)
    (finding,) = check_source(folder)
    assert (finding.severity, finding.path, finding.place) == (severity, path, place)
    assert words in finding.text
    assert str(tmp_path) not in finding.text
    assert f"{path}: " not in finding.text


def test_everything_is_found_at_once(tmp_path: Path) -> None:
    folder = write_source(tmp_path / "s")
    for name in ("title", "no subtitles", "formula", "no key", "no number"):
        BREAKS[name][0](folder)
    found = check_source(folder)
    assert len(found) == 5
    errors: List[Finding] = [finding for finding in found if finding.severity == ERROR]
    assert len(errors) == 3


def test_what_is_listed_nowhere_is_told(tmp_path: Path) -> None:
    folder = write_source(tmp_path / "s")
    other = folder / "lessons" / "other"
    other.mkdir()
    (other / "lesson.toml").write_text("", "utf-8")
    rewrite(f"{LESSON}/lesson.toml", "minutes = 20", 'minutes = 20\ntasks = ["steps"]')(folder)
    (folder / LESSON / "tasks" / "more.toml").write_text("", "utf-8")
    texts = {finding.path: finding.text for finding in check_source(folder)}
    assert texts == {
        "lessons/other/lesson.toml": "Add this lesson to pack.toml.",
        f"{LESSON}/tasks/more.toml": "Add this task to lesson.toml.",
    }
