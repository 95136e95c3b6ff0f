"""Finding people by the beginning of a name, whatever the keyboard is set to. Imports no kivy."""

from __future__ import annotations

_PLAIN = str.maketrans("әғқңөұүһіё", "агкноуухие")
"""Kazakh letters that a Russian keyboard lacks: who types without them means them as well."""
_SAME_KEY = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.", "йцукенгшщзхъфывапролджэячсмитьбю")
"""What the keys of Latin letters type on the Russian layout."""


def folded(text: str) -> str:
    """Return a text as it is compared: small letters, the nearest of the Russian alphabet."""
    return text.casefold().translate(_PLAIN)


def begins(name: str, typed: str) -> bool:
    """Tell whether some word of a name begins with what was typed, on either layout."""
    wanted = typed.strip()
    if not wanted:
        return True
    ways = {folded(wanted), folded(wanted.casefold().translate(_SAME_KEY))}
    words = folded(name).split()
    starts = [" ".join(words[at:]) for at in range(len(words))]
    return any(start.startswith(way) for start in starts for way in ways)
