from __future__ import annotations

from fractions import Fraction

import pytest

from content.documents.document import parse_document
from content.quality.load import Load, count_words, reading_minutes, words_per_minute


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("", 0),
        ("Бір екі үш", 3),
        ("# Тақырып\n\nБір *екі* **үш**", 4),
        ("- бір\n- екі\n\n> үш", 3),
        ("| а | б |\n|---|---|\n| в | г |", 4),
        ("Шеш: $x+1=2$", 5),
        ("$$x+1=2$$", 4),
        ("![сурет](a.png)", 20),
        ("---", 0),
    ],
)
def test_words_are_counted_in_every_block(markdown: str, words: int) -> None:
    assert count_words(parse_document(markdown)) == words


def test_older_pupils_read_faster_up_to_a_bound() -> None:
    speeds = [words_per_minute(grade) for grade in range(13)]
    assert speeds == sorted(speeds)
    assert (speeds[0], speeds[1], speeds[12]) == (30, 30, 150)
    assert reading_minutes(60, 1) == 2


@pytest.mark.parametrize(
    ("stated", "is_misjudged"), [(4, True), (5, False), (10, False), (20, False), (21, True)]
)
def test_an_estimate_may_be_off_by_two(stated: int, is_misjudged: bool) -> None:
    load = Load(Fraction(3), Fraction(3), Fraction(4), stated)
    assert load.total == 10
    assert load.is_misjudged is is_misjudged


def test_a_lesson_of_nothing_may_say_ten_minutes() -> None:
    assert not Load(Fraction(0), Fraction(0), Fraction(0), 10).is_misjudged
