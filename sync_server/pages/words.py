"""The words of the pages in three languages, and how times and sizes are written in them."""

from __future__ import annotations

import functools
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, Dict, Mapping

LANGUAGES = ("kk", "ru", "en")
FILE = Path(__file__).with_name("words.json")
_UNITS = 5


@functools.lru_cache(maxsize=1)
def _table() -> Dict[str, Mapping[str, str]]:
    found: Dict[str, Mapping[str, str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


class Words:
    """One language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: Any) -> str:
        """Return a text; what it names in braces comes from ``values``."""
        return _table()[key][self.language].format(**values)

    def of(self, language: str) -> str:
        """Return a language's own name."""
        return _table()["language"][language]

    def title(self, title: Mapping[str, str]) -> str:
        """Return a pack's or a lesson's title in this language, or another that it has."""
        for language in (self.language, *LANGUAGES, ""):
            if title.get(language):
                return title[language]
        return ""

    def size(self, size_bytes: float) -> str:
        """Write a size with two or three digits that count."""
        unit = 0
        while size_bytes >= 1000 and unit < _UNITS - 1:
            size_bytes, unit = size_bytes / 1024, unit + 1
        digits = 1 if unit and size_bytes < 9.95 else 0
        return f"{self._number(size_bytes, digits)}\u00a0{self(f'unit.{unit}')}"

    def number(self, value: int) -> str:
        """Write a whole number, five digits and more in groups of three."""
        return self._number(value, 0)

    def duration(self, seconds: float) -> str:
        """Write how long something took."""
        if seconds < 60:
            return self("seconds", s=round(seconds))
        hours, minutes = divmod(round(seconds / 60), 60)
        return self("hours", h=hours, m=minutes) if hours else self("minutes", m=minutes)

    def day(self, day: int) -> str:
        """Write a day of this year, given as ``date.toordinal``: 23.11, or 23/11 in English."""
        then = date.fromordinal(day)
        return f"{then.day:02}{'/' if self.language == 'en' else '.'}{then.month:02}"

    def moment(self, local: datetime) -> str:
        """Write a day and an hour."""
        when = f"{local:%d/%m/%Y}" if self.language == "en" else f"{local:%d.%m.%Y}"
        return self("now", date=when, clock=f"{local:%H:%M}")

    def _number(self, value: float, digits: int) -> str:
        text = f"{value:,.{digits}f}" if value >= 10_000 else f"{value:.{digits}f}"
        if self.language == "en":
            return text
        return text.replace(",", "\u00a0").replace(".", ",")


def preferred(wished: str) -> str:
    """Return the language that a browser's ``Accept-Language`` asks for first, or Kazakh.

    RFC 9110, section 12.5.4; what it ranks lower is written later by every browser.
    """
    for part in wished.split(","):
        language = part.split(";")[0].strip().lower()[:2]
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]
