from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Dict, Set

from content.quality import page, words

FOLDER = Path(words.__file__).parent
WORDS: Dict[str, Dict[str, str]] = json.loads(
    FOLDER.joinpath("words.json").read_text(encoding="utf-8")
)


def placeholders(text: str) -> Set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_every_word_is_there_in_three_languages_with_the_same_places() -> None:
    for key, said in WORDS.items():
        assert tuple(said) == words.LANGUAGES, key
        assert all(text.strip() for text in said.values()), key
        assert len({frozenset(placeholders(text)) for text in said.values()}) == 1, key


def test_no_kazakh_or_russian_words_are_english() -> None:
    names = re.compile(r"LUFS|lesson\.toml|\d+p|{\w+}")
    for key, said in WORDS.items():
        for language in ("kk", "ru"):
            assert not re.search("[A-Za-z]{2}", names.sub("", said[language])), key


def test_every_word_is_used() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py")))
    made = {"144p", "240p", "360p", "audio", "error", "warning"}
    made |= {f"link-{link}" for link in page.LINKS_BIT_S}
    unused = [key for key in WORDS if f'"{key}"' not in source and f"'{key}'" not in source]
    assert set(unused) <= made


def test_values_are_filled_in() -> None:
    assert words.say("video-long", "ru", figure="31") == (
        "Видео длится 31 мин. Разделите его на несколько коротких."
    )
