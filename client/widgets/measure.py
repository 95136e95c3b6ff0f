"""How high text becomes at a width, without drawing it: for lists whose rows are not built yet."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Iterable, Tuple

from kivy.core.text import Label as CoreLabel


@lru_cache(maxsize=32)
def _font(font_size: float, bold: bool) -> Any:
    return CoreLabel(text="", font_size=font_size, bold=bold)


@lru_cache(maxsize=4096)
def _word(text: str, font_size: float, bold: bool) -> Tuple[int, int]:
    width, height = _font(font_size, bold).get_extents(text)
    return width, height


def widest_word(text: str, font_size: float, bold: bool = False) -> int:
    """Return the width in pixels of the widest word."""
    return max((_word(word, font_size, bold)[0] for word in text.split()), default=0)


def fitting_size(texts: Iterable[str], font_size: float, width: float, bold: bool = False) -> float:
    """Return the largest size up to ``font_size`` at which no word of the texts is wider."""
    widest = max((widest_word(text, font_size, bold) for text in texts), default=0)
    return font_size * min(1.0, max(1.0, width - 1) / widest) if widest else font_size


def text_width(text: str, font_size: float, bold: bool = False) -> int:
    """Return the width in pixels of text on one line."""
    return _word(text, font_size, bold)[0]


def line_count(text: str, width: float, font_size: float, bold: bool = False) -> int:
    """Return on how many lines words stand when they wrap at ``width`` pixels."""
    space = _word(" ", font_size, bold)[0]
    lines, used = 1, 0.0
    for word in text.split(" "):
        wide = _word(word, font_size, bold)[0]
        if used and used + space + wide > width:
            lines, used = lines + 1, float(wide)
        else:
            used += (space if used else 0) + wide
    return lines


def text_height(text: str, width: float, font_size: float, bold: bool = False) -> float:
    """Return the height in pixels of wrapped text."""
    return line_count(text, width, font_size, bold) * _word("Ау", font_size, bold)[1]
