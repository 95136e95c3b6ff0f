"""What our spreadsheet of questions calls its columns and kinds, in Kazakh, Russian and English."""

from __future__ import annotations

import re
from typing import Dict, Mapping, Optional, Sequence, Tuple

TYPE, QUESTION, RIGHT, OPTION = "type", "question", "right", "option"
POINTS, TOLERANCE, UNIT, HINT, SOLUTION, TOPIC = (
    "points", "tolerance", "unit", "hint", "solution", "topic",
)  # fmt: skip

COLUMNS: Mapping[str, Mapping[str, str]] = {
    TOPIC: {"kk": "Тақырып", "ru": "Тема", "en": "Topic"},
    TYPE: {"kk": "Түрі", "ru": "Вид", "en": "Kind"},
    QUESTION: {"kk": "Сұрақ", "ru": "Вопрос", "en": "Question"},
    RIGHT: {"kk": "Дұрыс жауап", "ru": "Правильный ответ", "en": "Right answer"},
    OPTION: {"kk": "Нұсқа", "ru": "Вариант", "en": "Option"},
    POINTS: {"kk": "Ұпай", "ru": "Баллы", "en": "Points"},
    TOLERANCE: {"kk": "Дәлдік", "ru": "Погрешность", "en": "Tolerance"},
    UNIT: {"kk": "Өлшем бірлігі", "ru": "Единица", "en": "Unit"},
    HINT: {"kk": "Кеңес", "ru": "Подсказка", "en": "Hint"},
    SOLUTION: {"kk": "Шешуі", "ru": "Решение", "en": "Solution"},
}
"""Each column's name as the template writes it, in the template's order; options are numbered."""

KINDS: Mapping[str, Mapping[str, str]] = {
    "choice": {"kk": "бір жауап", "ru": "один ответ", "en": "one choice"},
    "choices": {"kk": "бірнеше жауап", "ru": "несколько ответов", "en": "several choices"},
    "true-false": {"kk": "иә-жоқ", "ru": "верно-неверно", "en": "true or false"},
    "number": {"kk": "сан", "ru": "число", "en": "number"},
    "short": {"kk": "сөз", "ru": "слово", "en": "word"},
    "text": {"kk": "толық жауап", "ru": "развёрнутый ответ", "en": "long answer"},
    "file": {"kk": "файл", "ru": "файл", "en": "file"},
    "match": {"kk": "сәйкестендіру", "ru": "соответствие", "en": "matching"},
    "order": {"kk": "реттеу", "ru": "порядок", "en": "order"},
    "gaps": {"kk": "бос орын", "ru": "пропуски", "en": "gaps"},
}
"""Each kind's name as the template writes it."""

_OTHER_COLUMNS: Mapping[str, Sequence[str]] = {
    TYPE: ("тип", "тип вопроса", "сұрақ түрі", "type", "question type"),
    QUESTION: ("сұрақ мәтіні", "текст вопроса", "тапсырма", "задание", "prompt", "question text"),
    RIGHT: (
        "жауап",
        "ответ",
        "дұрыс",
        "верный ответ",
        "answer",
        "correct",
        "correct answer",
        "key",
    ),
    OPTION: ("жауап нұсқасы", "вариант ответа", "choice", "answer option"),
    POINTS: ("балл", "ұпайлар", "score", "point", "marks"),
    TOLERANCE: ("допуск", "қателік", "error"),
    UNIT: ("бірлік", "единицы", "ед.", "units", "единица измерения"),
    HINT: ("көмек",),
    SOLUTION: ("түсіндірме", "шешімі", "объяснение", "explanation", "feedback"),
    TOPIC: ("бөлім", "раздел", "категория", "category", "section"),
}
_OTHER_KINDS: Mapping[str, Sequence[str]] = {
    "choice": ("choice", "single", "single choice", "multiple choice", "один", "выбор", "тест"),
    "choices": ("choices", "multi", "multiple", "multiple answers", "несколько", "бірнеше"),
    "true-false": ("true-false", "truefalse", "true/false", "да-нет", "дұрыс-бұрыс", "t/f"),
    "number": ("numeric", "numerical", "числовой"),
    "short": ("short", "short answer", "краткий ответ", "қысқа жауап", "текст"),
    "text": ("essay", "эссе", "long text", "свободный ответ"),
    "file": ("photo", "фото"),
    "match": ("match", "пары", "жұптар"),
    "order": ("ordering", "sequence", "рет", "ретке келтіру", "последовательность"),
    "gaps": ("cloze", "fill in", "бос орындар", "пропуск"),
}
_NUMBERED = re.compile(r"(.*?)[\s№#]*(\d{1,2})\Z")


def _folded(words: str) -> str:
    return " ".join(words.replace("ё", "е").replace("Ё", "е").casefold().split()).rstrip(":*. ")


def _by_name(
    own: Mapping[str, Mapping[str, str]], others: Mapping[str, Sequence[str]]
) -> Dict[str, str]:
    return {
        _folded(name): key
        for key, names in own.items()
        for name in (*names.values(), *others.get(key, ()))
    }


_COLUMN_OF = _by_name(COLUMNS, _OTHER_COLUMNS)
_KIND_OF = _by_name(KINDS, _OTHER_KINDS)


def column_of(head: str) -> Optional[Tuple[str, int]]:
    """The column that a head names, and its number where it is an option."""
    plain = _folded(head)
    if plain in _COLUMN_OF and _COLUMN_OF[plain] != OPTION:
        return _COLUMN_OF[plain], 0
    numbered = _NUMBERED.match(plain)
    if numbered and _COLUMN_OF.get(numbered[1].strip()) == OPTION:
        return OPTION, int(numbered[2])
    if len(plain) == 1 and plain in "abcdefgh":
        return OPTION, ord(plain) - ord("a") + 1
    return (OPTION, 0) if _COLUMN_OF.get(plain) == OPTION else None


def kind_of(words: str) -> Optional[str]:
    """The kind that a cell names, "" for an empty cell, None for a word that is none."""
    plain = _folded(words)
    return _KIND_OF.get(plain) if plain else ""
