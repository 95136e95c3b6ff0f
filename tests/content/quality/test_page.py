from __future__ import annotations

import re
from pathlib import Path

import pytest

from content.building.finding import ERROR, WARNING, Finding
from content.quality.inspection import inspect
from content.quality.page import page
from content.quality.report import Report
from tests.content.quality.test_markup import read
from tests.support.packs import write_source

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_source(tmp_path_factory.mktemp("page") / "s")


@pytest.fixture(scope="module")
def report(source: Path) -> Report:
    return inspect(source, with_films=False)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_stands_alone_and_is_well_formed(
    report: Report, source: Path, language: str
) -> None:
    html = page(report, source, language)
    read(re.sub("<!doctype html>|<style>.*?</style>|<meta [^>]*>", "", html, flags=re.DOTALL))
    assert "<script" not in html
    assert not re.search(r'(src|href)="(?!data:)', html)
    assert f'<html lang="{language}">' in html
    for lesson in report.lessons:
        assert lesson.title["kk"] in html


def test_findings_are_said_in_the_reader_s_language_and_escaped(
    report: Report, source: Path
) -> None:
    findings = (
        Finding(WARNING, "lessons/a/video.mp4", "", "too quiet", "video-quiet", "-31"),
        Finding(ERROR, f"lessons/{HOSTILE}", "line 2", HOSTILE),
    )
    html = page(Report(report.title, ("kk",), 7, (), findings), source, "ru")
    assert "Звук видео слишком тихий (-31 LUFS)." in html
    assert html.index("ошибка") < html.index("замечание")
    assert HOSTILE not in html


def test_an_author_s_words_never_become_a_script(tmp_path: Path) -> None:
    source = write_source(tmp_path / "s")
    text = source / "lessons" / "meaning" / "text.kk.md"
    text.write_text(HOSTILE, "utf-8")
    assert HOSTILE not in page(inspect(source, with_films=False), source)


def test_right_answers_and_the_words_for_the_teacher_are_shown(
    report: Report, source: Path
) -> None:
    html = page(report, source, "en")
    for word in ("Right answer", "points", "Download time", "256 kbit/s"):
        assert word in html


def test_a_source_without_lessons_still_has_its_page(source: Path) -> None:
    finding = Finding(ERROR, "pack.toml", "", "is missing.")
    html = page(Report({}, (), 0, (), (finding,)), source, "kk")
    assert "pack.toml" in html
    assert source.name in html
