"""Ids made of people's words: Latin letters, unique, the same every time."""

from __future__ import annotations

import re
import unicodedata
from typing import Set

MAX_MADE = 40
_PATIENCE = 100
_LETTERS = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e",
    "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n",
    "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u",
    "ү": "u", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "",
    "ы": "y", "і": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ß": "ss", "ø": "o", "æ": "ae",
    "ł": "l", "đ": "d", "ı": "i",
}  # fmt: skip
_TABLE = str.maketrans(_LETTERS)


def identifier(words: str, taken: Set[str], otherwise: str) -> str:
    """An id for ``words`` that is not ``taken`` yet, and takes it.

    ``otherwise`` begins the id of words without a letter or digit that can be transliterated.
    """
    made = transliterated(words) or otherwise
    found, count = made, 2
    while found in taken:
        found, count = f"{made}-{count}", count + 1
        if count == _PATIENCE:
            # Thousands of one name: no number above the count of all ids is taken by them.
            count = max(count, len(taken))
    taken.add(found)
    return found


def transliterated(words: str) -> str:
    """Small Latin letters, digits and hyphens; whole words, as many as fit; perhaps none."""
    plain = unicodedata.normalize("NFC", words[:400]).lower().translate(_TABLE)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    if len(plain) <= MAX_MADE:
        return plain
    cut = plain[: MAX_MADE + 1].rpartition("-")[0]
    return cut if len(cut) > MAX_MADE // 2 else plain[:MAX_MADE].strip("-")
