"""Text in several languages and the choice among them."""

from __future__ import annotations

from typing import Iterable, Mapping

Text = Mapping[str, str]
"""Language code ("kk", "ru", "en") to what is said in that language."""

FALLBACK_LANGUAGES = ("kk", "ru", "en")


def choose(text: Text, languages: Iterable[str]) -> str:
    """The first of ``languages`` that ``text`` has, else Kazakh, Russian, English, else any.

    Empty when ``text`` is empty: a missing translation must not stop a lesson.
    """
    for language in (*languages, *FALLBACK_LANGUAGES, *sorted(text)):
        said = text.get(language)
        if said:
            return said
    return ""
