"""Typed reading of named fields, from TOML sources and from JSON in built packs alike."""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping, Optional, Tuple, Type

from content.errors import ContentError, FormatError
from content.text import Text

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z")
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")
SHA256_HEX = re.compile(r"[0-9a-f]{64}\Z")
MAX_STRING = 100_000


class Fields:
    """One table of a document; every reader raises ``error`` with a sentence naming the place."""

    def __init__(self, value: object, place: str, error: Type[ContentError] = FormatError) -> None:
        self.place = place
        self.error = error
        if not isinstance(value, dict):
            raise error(f"{place} must be a table of named values.")
        self._values: Dict[str, Any] = value

    def has(self, name: str) -> bool:
        """Whether the field is there at all."""
        return name in self._values

    def fail(self, name: str, wanted: str) -> ContentError:
        """The error to raise when ``name`` is not what was ``wanted``."""
        return self.error(f'{self.place}: "{name}" {wanted}.')

    def _take(self, name: str) -> Any:
        if name not in self._values:
            raise self.error(f'{self.place}: "{name}" is missing; add it.')
        return self._values[name]

    def string(self, name: str, default: Optional[str] = None, limit: int = MAX_STRING) -> str:
        """A non-empty string, or ``default`` when absent."""
        if default is not None and not self.has(name):
            return default
        return self._checked(name, self._take(name), limit)

    def _checked(self, name: str, value: object, limit: int = MAX_STRING) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.fail(name, "must be text and not empty")
        if len(value) > limit:
            raise self.fail(name, f"is longer than {limit} characters")
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise self.fail(name, "holds half a character (a lone surrogate)")
        return value

    def matching(self, name: str, pattern: re.Pattern[str], wanted: str) -> str:
        """A string that ``pattern`` matches; ``wanted`` says in words what it should be."""
        value = self.string(name)
        if not pattern.match(value):
            raise self.fail(name, f"must be {wanted}, not {value[:80]!r}")
        return value

    def identifier(self, name: str) -> str:
        """A lower-case name of letters a-z, digits and hyphens, 64 characters at most."""
        return self.matching(name, IDENTIFIER, "1 to 64 small Latin letters, digits and hyphens")

    def integer(self, name: str, low: int, high: int, default: Optional[int] = None) -> int:
        """A whole number from ``low`` to ``high``, or ``default`` when absent."""
        if default is not None and not self.has(name):
            return default
        value = self._take(name)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.fail(name, f"must be a whole number from {low} to {high}")
        return value

    def number(self, name: str, low: float, high: float, default: Optional[float] = None) -> float:
        """A finite number from ``low`` to ``high``, or ``default`` when absent."""
        if default is not None and not self.has(name):
            return default
        value = self._take(name)
        usable = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not usable or not low <= value <= high:
            raise self.fail(name, f"must be a number from {low:g} to {high:g}")
        return float(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false."""
        value = self._values.get(name, default)
        if not isinstance(value, bool):
            raise self.fail(name, "must be true or false")
        return value

    def text(self, name: str, required: bool = True) -> Text:
        """Text by language; an empty mapping when absent and not ``required``."""
        if not required and not self.has(name):
            return {}
        value = self._take(name)
        if not isinstance(value, dict) or not value:
            raise self.fail(name, 'must give a text for each language, such as ru = "..."')
        for language in value:
            if not LANGUAGE.match(language):
                raise self.fail(name, f"names the language {language[:20]!r}; write kk, ru or en")
        return {
            language: self._checked(f"{name}.{language}", said) for language, said in value.items()
        }

    def sequence(self, name: str, required: bool = True, limit: int = 100_000) -> Tuple[Any, ...]:
        """A list of anything, of at most ``limit`` entries."""
        if not required and not self.has(name):
            return ()
        value = self._take(name)
        if not isinstance(value, list):
            raise self.fail(name, "must be a list")
        if len(value) > limit:
            raise self.fail(name, f"has more than {limit} entries")
        return tuple(value)

    def strings(
        self, name: str, pattern: re.Pattern[str], wanted: str, required: bool = True
    ) -> Tuple[str, ...]:
        """A list of different strings that each match ``pattern``."""
        values = self.sequence(name, required)
        for value in values:
            if not isinstance(value, str) or not pattern.match(value):
                raise self.fail(name, f"must list {wanted}, not {str(value)[:80]!r}")
        if len(set(values)) != len(values):
            raise self.fail(name, "names something twice")
        return values

    def child(self, name: str) -> Fields:
        """A table within this one."""
        return Fields(self._take(name), f"{self.place}: {name}", self.error)

    def children(self, name: str, required: bool = True, limit: int = 10_000) -> Tuple[Fields, ...]:
        """A list of tables; each one's place counts from 1."""
        values = self.sequence(name, required, limit)
        return tuple(
            Fields(value, f"{self.place}: {name} {count}", self.error)
            for count, value in enumerate(values, 1)
        )

    @property
    def values(self) -> Mapping[str, Any]:
        """The table as it was read, unknown fields included."""
        return self._values
