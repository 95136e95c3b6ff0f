from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Iterator, List

import pytest

from sync_server.pages.morning import Away, Bar, Morning, look
from sync_server.pages.page import CHART_HEIGHT, CHART_WIDTH, columns, login_page, morning_page
from sync_server.pages.words import LANGUAGES, Words
from tests.support.clock import TurnableClock
from tests.support.server import open_school
from tests.sync_server.pages.scene import NOW_MS, furnish

VOID = {"meta", "input", "link", "br"}


class Tags(HTMLParser):
    """Fails on tags that are closed wrongly, and collects the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: List[str] = []
        self.text: List[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    folder: Path = tmp_path_factory.mktemp("page")
    with open_school(folder / "school", TurnableClock(NOW_MS)) as school:
        furnish(folder, school, held="link-window", missing=3, missing_bytes=5, problems=("x",))
        yield look(school.store, school.folder.root, NOW_MS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_whole_html_in_each_language(morning: Morning, language: str) -> None:
    page = morning_page(morning, language)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    text = " ".join(tags.text)
    assert Words(language)("do_now") in text
    assert "312" in text
    assert f'<html lang="{language}">' in page
    assert not re.search(r"https?://|<script|\son\w+=", page.replace("http://above.example", ""))


def test_an_old_browser_and_a_slow_link_are_thought_of(morning: Morning) -> None:
    page = morning_page(morning, "kk")
    assert len(page.encode("utf-8")) < 20_000
    assert not re.search(r"display:\s*(grid|flex)|var\(--|clamp\(|:has\(", page)


def test_names_cannot_become_markup(morning: Morning) -> None:
    bad = '<script>alert("x")</script>'
    line = replace(morning.lines[0], name=bad)
    page = morning_page(replace(morning, school=bad, lines=(line,), away=(Away(bad, 9),)), "en")
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 4
    assert "<script" not in login_page("en", bad, bad)


def test_all_well_is_said(morning: Morning) -> None:
    well = replace(morning, lines=(), away=(), backup_days=0)
    page = morning_page(well, "ru")
    assert Words("ru")("all_well") in page
    assert Words("ru")("no_line") in page


def test_bars_are_as_high_as_their_values() -> None:
    bars = [Bar(739_000 + at, value) for at, value in enumerate((0, 50, 100))]
    found = columns(bars, Words("kk"), sizes=False)
    assert [one.height for one in found] == [0, CHART_HEIGHT / 2, CHART_HEIGHT]
    assert all(one.y + one.height == CHART_HEIGHT for one in found)
    assert found[-1].x + found[-1].width == pytest.approx(CHART_WIDTH, abs=0.3)
    assert columns([Bar(739_000, 0)], Words("kk"), sizes=True)[0].height == 0
