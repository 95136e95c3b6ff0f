"""The words of the page and of the findings, in Kazakh, Russian and English."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any, Mapping

LANGUAGES = ("kk", "ru", "en")
_FILE = Path(__file__).with_name("words.json")


@functools.lru_cache(maxsize=1)
def _words() -> Mapping[str, Mapping[str, str]]:
    loaded: Mapping[str, Mapping[str, str]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return loaded


def say(key: str, language: str, **values: Any) -> str:
    """What ``key`` says in a language, with its values filled in."""
    return _words()[key][language].format(**values)
