from __future__ import annotations

import json
import re
from datetime import date, datetime

import pytest

from sync_server.pages.words import FILE, LANGUAGES, Words, preferred
from tests.support.source import ROOT

TABLE = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", sorted(TABLE))
def test_every_text_is_in_three_languages_with_the_same_names(key: str) -> None:
    texts = TABLE[key]
    assert set(texts) == set(LANGUAGES)
    assert len({frozenset(re.findall(r"{(\w+)}", text)) for text in texts.values()}) == 1
    assert all(text.strip() == text and text for text in texts.values())
    if key not in ("language", "now"):
        for language in ("kk", "ru"):
            assert re.search("[а-яәіңғүұқөһ{]", texts[language].lower())


def test_every_text_is_used() -> None:
    folder = ROOT / "sync_server" / "pages"
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in (*folder.glob("*.py"), *folder.glob("templates/*.html"))
    )
    families = ("advice.", "laptop.", "why.", "unit.", "language")
    unused = [
        key
        for key in TABLE
        if not key.startswith(families) and f'"{key}"' not in sources and f"'{key}'" not in sources
    ]
    assert unused == []


@pytest.mark.parametrize(
    ("size_bytes", "kk", "en"),
    [
        (0, "0 байт", "0 bytes"),
        (999, "999 байт", "999 bytes"),
        (1536, "1,5 КБ", "1.5 KB"),
        (412_000_000, "393 МБ", "393 MB"),
        (5 << 40, "5,0 ТБ", "5.0 TB"),
        (20_000 << 40, "20 000 ТБ", "20,000 TB"),
    ],
)
def test_sizes(size_bytes: int, kk: str, en: str) -> None:
    assert Words("kk").size(size_bytes).replace("\u00a0", " ") == kk
    assert Words("en").size(size_bytes).replace("\u00a0", " ") == en


def test_durations() -> None:
    words = Words("ru")
    assert [words.duration(one) for one in (0, 59.4, 60, 3599, 25_300)] == [
        "0 с",
        "59 с",
        "1 мин",
        "1 ч 0 мин",
        "7 ч 2 мин",
    ]


def test_days_and_moments() -> None:
    day = date(2026, 11, 3).toordinal()
    assert Words("kk").day(day) == "03.11"
    assert Words("en").day(day) == "03/11"
    moment = datetime(2026, 11, 3, 4, 5)
    assert Words("kk").moment(moment) == "03.11.2026, сағат 04:05"


@pytest.mark.parametrize(
    ("wished", "language"),
    [
        ("", "kk"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("de, en-US;q=0.7", "en"),
        ("fr", "kk"),
        ("KK", "kk"),
        (";;,,", "kk"),
    ],
)
def test_a_browsers_language(wished: str, language: str) -> None:
    assert preferred(wished) == language


def test_titles_fall_back_to_a_language_that_is_there() -> None:
    assert Words("en").title({"kk": "Алгебра", "ru": "Алгебра 7"}) == "Алгебра"
    assert Words("en").title({"": "algebra"}) == "algebra"
    assert Words("en").title({}) == ""
