"""Lines of text on a PDF's page, with where they stand and how large they are."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Sequence, Tuple

MAX_CHARACTERS = 100_000
"""Of one page."""
_HYPHENS = "\u0002\u00ad\ufffe"
"""What stands for a hyphen that only ends a line."""
_BOLD = 600
_MARGIN = 0.12
"""How much of a page's height its running heads and numbers keep to."""


@dataclass(frozen=True)
class Area:
    """A rectangle in points from the page's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """In points."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """In points."""
        return self.top - self.bottom

    def holds(self, other: Area) -> bool:
        """Whether the middle of another lies within."""
        x, y = (other.left + other.right) / 2, (other.bottom + other.top) / 2
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def around(self, other: Area) -> Area:
        """The smallest that holds both."""
        return Area(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )

    def touches(self, other: Area, gap: float) -> bool:
        """Whether there is no more than ``gap`` between them."""
        return (
            self.left - gap <= other.right
            and other.left - gap <= self.right
            and self.bottom - gap <= other.top
            and other.bottom - gap <= self.top
        )


@dataclass(frozen=True)
class Line:
    """One line; ``size`` is the height of its tallest letter, in points."""

    text: str
    area: Area
    size: float
    bold: bool


def lines_of(text_page: Any) -> List[Line]:
    """The lines in the order in which the file has them."""
    from pypdfium2 import raw

    lines: List[Line] = []
    letters: List[str] = []
    boxes: List[Tuple[float, float, float, float]] = []
    weights: List[int] = []
    count = min(max(raw.FPDFText_CountChars(text_page), 0), MAX_CHARACTERS)
    for at in range(count):
        code = raw.FPDFText_GetUnicode(text_page, at)
        letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code <= 0xDFFF else ""
        if letter in ("\r", "\n"):
            lines.extend(_line(letters, boxes, weights))
            letters, boxes, weights = [], [], []
        elif letter:
            letters.append(letter)
            if not letter.isspace() and letter not in _HYPHENS:
                boxes.append(_box(text_page, at))
                weights.append(raw.FPDFText_GetFontWeight(text_page, at))
    lines.extend(_line(letters, boxes, weights))
    return lines


def _box(text_page: Any, at: int) -> Tuple[float, float, float, float]:
    from pypdfium2 import raw

    found = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(text_page, at, ctypes.byref(found)):
        return (0.0, 0.0, 0.0, 0.0)
    return (found.left, found.bottom, found.right, found.top)


def _line(
    letters: Sequence[str],
    boxes: Sequence[Tuple[float, float, float, float]],
    weights: Sequence[int],
) -> Iterable[Line]:
    text = " ".join("".join(letters).split())
    if not text or not boxes:
        return
    area = Area(
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    size = sorted(box[3] - box[1] for box in boxes)[len(boxes) // 2]
    yield Line(text, area, size, all(weight >= _BOLD for weight in weights))


def running_heads(pages: Sequence[Tuple[float, Sequence[Line]]]) -> Dict[str, int]:
    """What stands at the edge of several pages, numbers aside, and on how many.

    ``pages`` are each page's height and lines.
    """
    seen: Dict[str, int] = {}
    for height, lines in pages:
        for text in {_faceless(one.text) for one in lines if at_edge(one, height)}:
            seen[text] = seen.get(text, 0) + 1
    needed = max(3, len(pages) // 3)
    return {text: count for text, count in seen.items() if count >= needed}


def at_edge(line: Line, height: float) -> bool:
    """Whether a line stands where running heads and page numbers do."""
    return line.area.bottom > (1 - _MARGIN) * height or line.area.top < _MARGIN * height


def is_running(line: Line, height: float, heads: Dict[str, int]) -> bool:
    """Whether a line is a running head or a page's number."""
    return at_edge(line, height) and (
        _faceless(line.text) in heads
        or re.fullmatch(r"[-–— ]*\d{1,4}[-–— ]*", line.text) is not None
    )


def _faceless(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def joined(lines: Sequence[Line]) -> str:
    """Lines of one paragraph as its text; words cut at a line's end are whole again."""
    text = ""
    for line in lines:
        said = line.text
        if (text and text[-1] in _HYPHENS) or (
            re.search(r"[^\W\d_]-\Z", text) and said[:1].islower()
        ):
            text = text[:-1] + said
        else:
            text = f"{text} {said}" if text else said
    return re.sub(f"[{_HYPHENS}]", "", text)
