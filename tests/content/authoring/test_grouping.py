"""Folders as teachers keep them become the lessons that they meant."""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional, Tuple

import pytest

from content.authoring.grouping import grouped
from content.authoring.names import named, natural
from content.authoring.scan import Found, kind_of


def lessons(*paths: str) -> List[Tuple[str, List[str]]]:
    found = [Found(path, Path(path), kind_of(path), 1) for path in paths]
    return [(one.title, [file.found.path for file in one.files]) for one in grouped(found)]


def test_numbers_in_names_make_lessons() -> None:
    assert lessons(
        "10 Круг.mp4", "2. Сложение.mp4", "2. Сложение.kk.srt", "02_Сложение.docx", "Тест.gift"
    ) == [
        ("Сложение", ["2. Сложение.kk.srt", "2. Сложение.mp4", "02_Сложение.docx"]),
        ("Круг", ["10 Круг.mp4"]),
        ("Тест", ["Тест.gift"]),
    ]


def test_folders_make_lessons_whatever_is_in_them() -> None:
    assert lessons(
        "2-сабақ. Бөлшек/ru/текст.docx",
        "2-сабақ. Бөлшек/pictures/a.png",
        "2-сабақ. Бөлшек/video.mp4",
        "Урок 10/a.pdf",
        "Урок 10/b.pdf",
        "Урок 9/a.pdf",
    ) == [
        (
            "Бөлшек",
            [
                "2-сабақ. Бөлшек/pictures/a.png",
                "2-сабақ. Бөлшек/ru/текст.docx",
                "2-сабақ. Бөлшек/video.mp4",
            ],
        ),
        ("Урок 9", ["Урок 9/a.pdf"]),
        ("Урок 10", ["Урок 10/a.pdf", "Урок 10/b.pdf"]),
    ]


def test_one_video_makes_one_lesson_of_all() -> None:
    files = ["film.mp4", "film.srt", "notes.docx", "q.gift", "pictures/x.png"]
    assert lessons(*files) == [("film", sorted(files, key=natural))]


def test_several_videos_make_a_lesson_each_and_take_what_bears_their_name() -> None:
    assert lessons("Круг.mp4", "Дроби.mp4", "Дроби тест.gift", "Дроби конспект.docx") == [
        ("Дроби", ["Дроби конспект.docx", "Дроби тест.gift", "Дроби.mp4"]),
        ("Круг", ["Круг.mp4"]),
    ]
    assert lessons("Алгебра/a.mp4", "Алгебра/b.mp4") == [
        ("a", ["Алгебра/a.mp4"]),
        ("b", ["Алгебра/b.mp4"]),
    ]


def test_kinds_in_folders_of_their_own_belong_together_by_number() -> None:
    assert lessons("видео/01.mp4", "видео/02.mp4", "тесты/02.gift", "kk/01.docx") == [
        ("", ["kk/01.docx", "видео/01.mp4"]),
        ("", ["видео/02.mp4", "тесты/02.gift"]),
    ]


def test_documents_alone_make_a_lesson_each() -> None:
    assert [title for title, _ in lessons("b.docx", "a.docx", "a.ru.docx")] == ["a", "b"]


@pytest.mark.parametrize(
    ("path", "number", "stem", "language"),
    [
        ("01 Бөлшек.kk.docx", 1, "Бөлшек", "kk"),
        ("Урок 3. Дроби.mp4", 3, "Дроби", None),
        ("3-сабақ.mp4", 3, "", None),
        ("lesson_07_ru.md", 7, "", "ru"),
        ("2024 отчёт.docx", None, "2024 отчёт", None),
        ("русский/текст.docx", None, "текст", "ru"),
        ("№5 Шеңбер.pdf", 5, "Шеңбер", None),
        ("1000 и одна ночь.pdf", None, "1000 и одна ночь", None),
    ],
)
def test_what_a_name_says(
    path: str, number: Optional[int], stem: str, language: Optional[str]
) -> None:
    assert named(path)[1:] == (number, stem, language)
