from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import List

import pytest

from content.errors import CancelledError
from content.quality.inspection import inspect
from content.quality.report import Report, as_json
from content.watch import Watch
from tests.content.quality.test_legibility import written
from tests.support.packs import write_source

pytest.importorskip("av")


def _with_minutes(toml: str, minutes: int) -> str:
    return f"minutes = {minutes}\n" + re.sub(r"(?m)^minutes = .*\n", "", toml)


def codes(report: Report) -> List[str]:
    return [one.code for one in report.findings if one.code]


def test_a_good_source_is_told_with_its_load_and_its_downloads(tmp_path: Path) -> None:
    report = inspect(write_source(tmp_path / "s"), with_films=False)
    assert report.errors == 0
    lesson = report.lessons[0]
    assert lesson.load.answering > 0
    assert [one.name for one in lesson.downloads] == ["text"]
    told = as_json(report)
    assert told["lessons"][0]["downloads"][0]["seconds"].keys() == {"256000", "1000000", "4000000"}


def test_unreadable_writing_and_a_misjudged_time_are_warned_of(tmp_path: Path) -> None:
    source = write_source(tmp_path / "s")
    lesson = source / "lessons" / "meaning"
    (lesson / "small.png").write_bytes(written(9))
    text = (lesson / "lesson.toml").read_text("utf-8")
    (lesson / "lesson.toml").write_text(_with_minutes(text, 500), "utf-8")
    report = inspect(source, with_films=False)
    assert sorted(codes(report)) == ["load", "picture-unreadable"]
    assert all(one.severity == "warning" for one in report.findings if one.code)


def test_a_video_that_cannot_be_decoded_is_an_error_and_the_rest_is_told(tmp_path: Path) -> None:
    source = write_source(tmp_path / "s")
    (source / "lessons" / "meaning" / "video.mp4").write_bytes(b"no video at all" * 50)
    report = inspect(source)
    assert any(
        one.path.endswith("video.mp4") and one.severity == "error" for one in report.findings
    )
    assert report.lessons[0].film is None
    assert report.lessons[0].texts


def test_a_folder_that_is_no_source_has_findings_and_no_lessons(tmp_path: Path) -> None:
    report = inspect(tmp_path)
    assert report.errors == 1
    assert report.lessons == ()
    assert as_json(report)["errors"] == 1


def test_a_lesson_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    source = write_source(tmp_path / "s")
    shutil.copytree(source / "lessons" / "meaning", source / "lessons" / "second")
    toml = (source / "pack.toml").read_text("utf-8")
    (source / "pack.toml").write_text(toml.replace('["meaning"', '["second", "meaning"'), "utf-8")
    (source / "lessons" / "second" / "lesson.toml").write_text("title = [", "utf-8")
    report = inspect(source, with_films=False)
    assert report.errors >= 1
    assert "meaning" in [one.id for one in report.lessons]


def test_it_can_be_stopped(tmp_path: Path) -> None:
    with pytest.raises(CancelledError):
        inspect(write_source(tmp_path / "s"), Watch(cancel=lambda: True))
