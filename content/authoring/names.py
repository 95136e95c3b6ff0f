"""What the name of a file or folder says: number, title, language."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import List, NamedTuple, Optional, Tuple

from content.importing.languages import language_of_folder, language_of_name

_LESSON = (
    r"(?:сабақ|урок|lesson|тақырып|тема|topic|бөлім|тарау|глава|раздел|chapter|unit|модуль|video|"
    r"видео|бейне)"
)
_NUMBER_FIRST = re.compile(
    rf"(?:№|#)?\s*(\d{{1,3}})(?:[\s._):–-]+|\Z)(?:{_LESSON}(?:[\s._):–-]+|\Z))?", re.IGNORECASE
)
_WORD_FIRST = re.compile(rf"{_LESSON}[\s._№#-]*(\d{{1,3}})(?:[\s._):–-]+|\Z)", re.IGNORECASE)
_SUPPORT = re.compile(
    r"(pictures?|images?|img|photos?|media|files?|assets?|tasks?|tests?|quiz(zes)?|subtitles?|subs|"
    r"videos?|docs?|documents?|slides?|presentations?|texts?|lessons?|суреттер|бейне(лер)?|видео|"
    r"тапсырма(лар)?|құжаттар|мәтіндер|слайдтар|сабақтар|картинки|рисунки|фото|задани[яе]|тесты?|"
    r"документы|тексты|презентации|субтитры|уроки|файлы|материалы)\Z",
    re.IGNORECASE,
)
"""Folders that say what kind of files they hold, not what the lesson is about."""


class Named(NamedTuple):
    """``folder`` are the parts that name a lesson; ``stem`` is the name without number."""

    folder: Tuple[str, ...]
    number: Optional[int]
    stem: str
    language: Optional[str]


def named(path: str) -> Named:
    """What a file's path says."""
    pure = PurePosixPath(path)
    folder: List[str] = []
    language = None
    for part in pure.parts[:-1]:
        spoken = language_of_folder(part)
        language = spoken or language
        if not spoken and not _SUPPORT.match(part.strip()):
            folder.append(part)
    stem, own = language_of_name(pure.name[: -len(pure.suffix)] if pure.suffix else pure.name)
    number, rest = numbered(stem)
    return Named(tuple(folder), number, rest, own or language)


def numbered(name: str) -> Tuple[Optional[int], str]:
    """The number that a name begins with, and the rest of it as people read it."""
    for pattern in (_NUMBER_FIRST, _WORD_FIRST):
        found = pattern.match(name.strip())
        if found:
            return int(found[1]), readable(name.strip()[found.end() :])
    return None, readable(name)


def readable(name: str) -> str:
    """A name as a title: spaces instead of what stands for them."""
    return re.sub(r"\s+", " ", name.replace("_", " ")).strip(" .-–")


def natural(text: str) -> Tuple[Tuple[int, int, str], ...]:
    """A key by which people sort: 2 before 10."""
    parts = re.split(r"(\d+)", text.casefold())
    return tuple((0, int(part[:18]), "") if part.isdecimal() else (1, 0, part) for part in parts)
