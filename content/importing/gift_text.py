"""Texts within GIFT: escapes, and the four formats that Moodle knows."""

from __future__ import annotations

import re
from typing import List, Optional, Tuple

from content.importing.html import looks_like_html, page_of_html, page_of_text

_ESCAPED = {letter: chr(0xE000 + at) for at, letter in enumerate("\\:#={}~")}
_SHOWN = {ord(hidden_): letter for letter, hidden_ in _ESCAPED.items()}
_BREAK = "\ue010"
_SHOWN[ord(_BREAK)] = "\n"
_ESCAPE = re.compile(r"\\([\\:#={}~])|\\n")
_FORMULA = re.compile(
    r"\\\\?\((?:(?!\\\\?[()]).){1,999}\\\\?\)|\\\\?\[(?:(?!\\\\?[\[\]]).){1,999}\\\\?\]"
    r"|\$\$[^$]{1,999}\$\$|\$[^$\n]{1,999}\$",
    re.DOTALL,
)
_COMMAND = re.compile(
    r"(?<!\\)\\(?=(?:ne|neq|nu|neg|not|notin|nabla|nmid|newline|nsubseteq|nparallel)(?![a-z]))"
)
_FORMAT = re.compile(r"\s*\[(html|markdown|moodle|plain)\]\s*", re.IGNORECASE)


class TextFormat:
    """How a text is to be read."""

    HTML = "html"
    MARKDOWN = "markdown"
    MOODLE = "moodle"
    PLAIN = "plain"

    @staticmethod
    def of(text: str, otherwise: Optional[str]) -> Tuple[str, str]:
        """The format that a text begins with, else ``otherwise``; and the text without it."""
        found = _FORMAT.match(text)
        if found:
            return found[1].lower(), text[found.end() :]
        return otherwise or TextFormat.MOODLE, text


def hidden(text: str) -> str:
    r"""The text with escaped signs as private letters, so that those left mean something.

    ``\n`` is a line break, but ``\ne`` and its like within a formula are LaTeX.
    """
    text = re.sub("[\ue000-\ue010]", " ", text)
    text = _FORMULA.sub(lambda found: _COMMAND.sub(lambda _: _ESCAPED["\\"], found[0]), text)
    return _ESCAPE.sub(lambda found: _ESCAPED[found[1]] if found[1] else _BREAK, text)


def shown(text: str) -> str:
    """The text with its escaped signs as themselves, on one line."""
    return " ".join(text.translate(_SHOWN).split())


def marked(text: str, style: str) -> Tuple[str, List[str]]:
    """A hidden text as Markdown, and what could not be shown of it, in words."""
    text = text.translate(_SHOWN).strip()
    if not text:
        return "", []
    if style == TextFormat.MARKDOWN:
        return text.replace("{{", "{ {"), _pictures_of(text)
    if style == TextFormat.PLAIN or (style == TextFormat.MOODLE and not looks_like_html(text)):
        page = page_of_text(text)
    else:
        # "Moodle auto-format" keeps the lines of a text that has tags in it besides.
        lines = re.sub(r"\n", "<br>", text) if style == TextFormat.MOODLE else text
        page = page_of_html(lines, lambda _: None)
    return page.markdown, page.lost


def _pictures_of(markdown: str) -> List[str]:
    found = re.findall(r"!\[[^\]]*\]\(\s*<?([^)\s>]+)", markdown)
    return [f"the picture {address[:80]!r}" for address in found]
