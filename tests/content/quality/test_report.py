from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from content.building.finding import ERROR, WARNING, Finding
from content.quality.downloads import Download
from content.quality.films import Film
from content.quality.load import Load
from content.quality.report import LessonReport, Report, as_json

FILM = Film(Path("video.mp4"), 61.26, -15.96, True, 426, 240, (Download("240p", 1_000_000),))
LOAD = Load(Fraction(1, 3), Fraction(1), Fraction(2), 5)
LESSON = LessonReport(
    "a",
    "lessons/a",
    {"kk": "А"},
    {},
    {},
    "",
    FILM,
    (),
    LOAD,
    (Download("text", 900), *FILM.downloads),
)
FINDINGS = (Finding(ERROR, "pack.toml", "", "x"), Finding(WARNING, "a.md", "line 1", "y"))


def test_errors_are_counted_apart_from_warnings() -> None:
    report = Report({}, ("kk",), 7, (LESSON,), FINDINGS)
    told = as_json(report)
    assert report.errors == told["errors"] == told["warnings"] == 1


def test_scripts_get_plain_rounded_numbers() -> None:
    told = as_json(Report({}, ("kk",), 7, (LESSON,), ()))["lessons"][0]
    assert told["video"] == {
        "duration_s": 61.3,
        "loudness_lufs": -16.0,
        "width": 426,
        "height": 240,
    }
    assert told["minutes"]["total"] == 3.3
    assert told["downloads"][1]["seconds"]["256000"] == 32.8
    json.dumps(told)


def test_a_lesson_without_a_video_says_so() -> None:
    plain = LessonReport("a", "lessons/a", {}, {}, {}, "", None, (), LOAD, ())
    assert as_json(Report({}, (), 0, (plain,), ()))["lessons"][0]["video"] is None
