"""Languages are told by names first, by letters where names say nothing."""

from __future__ import annotations

from typing import Optional

import pytest

from content.importing.languages import (
    language_of_folder,
    language_of_name,
    language_of_text,
    stated_language,
)


@pytest.mark.parametrize(
    ("name", "stem", "language"),
    [
        ("lesson.kk", "lesson", "kk"),
        ("Дроби-ru", "Дроби", "ru"),
        ("01 Бөлшек (қазақша)", "01 Бөлшек", "kk"),
        ("unit_2_KAZ", "unit_2", "kk"),
        ("урок_рус", "урок", "ru"),
        ("video.en", "video", "en"),
        ("kk", "kk", None),
        ("menu", "menu", None),
        ("Guru", "Guru", None),
        ("Тоқтар", "Тоқтар", None),
    ],
)
def test_names(name: str, stem: str, language: Optional[str]) -> None:
    assert language_of_name(name) == (stem, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Бөлшек дегеніміз – бүтіннің бір немесе бірнеше тең бөлігі.", "kk"),
        ("Дробь – это одна или несколько равных частей целого.", "ru"),
        ("Ученик Қанат решил задачу о дробях и сказал, что ответ равен одной второй.", "ru"),
        ("A fraction is a part of a whole.", "en"),
        ("$x = 5$", None),
        ("", None),
    ],
)
def test_texts(text: str, language: Optional[str]) -> None:
    assert language_of_text(text) == language


def test_folders_and_tags() -> None:
    assert [language_of_folder(one) for one in ("KK", "Русский", "kz", "01")] == [
        "kk",
        "ru",
        "kk",
        None,
    ]
    assert [stated_language(one) for one in ("kk-KZ", "ru_RU", "de")] == ["kk", "ru", None]
