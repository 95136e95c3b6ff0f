"""PDF: text with headings where they can be told, pictures, and scanned pages as pictures.

A PDF says where letters stand, not what they mean. Larger or bold lines of their own are headings;
lines of a paragraph are joined; formulas and tables arrive as their letters, which is said.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from pathlib import PurePosixPath
from typing import Any, Dict, Iterator, List, NamedTuple, Sequence, Tuple

from content.documents.document import Block, Heading, ListBlock, Paragraph, Picture, Span
from content.importing.block_writer import write_blocks
from content.importing.errors import ImportFailure
from content.importing.languages import language_of_name, language_of_text
from content.importing.limits import MAX_UNREAD
from content.importing.outcome import Imported, ImportedDocument, Unread
from content.importing.pdf_lines import Area, Line, is_running, joined, lines_of, running_heads
from content.importing.pdf_page import Drawn, drawn_on, picture_of
from content.importing.pictures import PictureError, Pictures
from content.importing.stumbling import attempted, stumbling

MAX_PAGES = 500
_MAX_HEADING = 120
_BULLET = re.compile(r"[•●▪■◦‣–·\uf0b7]\s+")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s")


class PageRead(NamedTuple):
    """A page's size in points, its lines, and what it shows beside them."""

    size: Tuple[float, float]
    lines: Sequence[Line]
    drawn: Drawn


def read(data: bytes, name: str) -> Imported:
    """Import one file; raises ImportFailure where nothing of it can be read."""
    if b"%PDF-" not in data[:1024]:
        raise ImportFailure(f"{name} is no PDF; save it as one again.")
    with stumbling(name, "PDF"):
        return _imported(data, name)


def _imported(data: bytes, name: str) -> Imported:
    import pypdfium2

    try:
        opened = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise ImportFailure(
                f"{name} is locked by a password; save it without one."
            ) from problem
        raise
    try:
        return _Reading(opened, name).imported()
    finally:
        opened.close()


class _Reading:
    def __init__(self, opened: Any, name: str) -> None:
        self.opened = opened
        self.name = name
        self.pictures = Pictures()
        self.unread: List[Unread] = []

    def note(self, page: int, why: str) -> None:
        self.unread.append(Unread(self.name, f"page {page}", why))

    def imported(self) -> Imported:
        count = len(self.opened)
        if count > MAX_PAGES:
            self.note(MAX_PAGES + 1, f"Only {MAX_PAGES} of {count} pages are read; split the file.")
        pages = [
            page
            for number in range(min(count, MAX_PAGES))
            for page in attempted(partial(self.pages, number), partial(self.note, number + 1))
            or [PageRead((1, 1), (), Drawn())]
        ]
        heads = running_heads([(page.size[1], page.lines) for page in pages])
        if heads:
            said = "; ".join(sorted(heads))[:100]
            self.unread.append(Unread(self.name, "page headers", f"Left out on all pages: {said}"))
        levels = heading_levels([line for page in pages for line in page.lines])
        blocks: List[Block] = []
        for number, page in enumerate(pages, 1):
            blocks.extend(self.blocks(number, page, heads, levels))
        if not blocks:
            raise ImportFailure(f"{self.name} holds no text and no pictures.")
        markdown = write_blocks(blocks)
        stem, named = language_of_name(PurePosixPath(self.name).stem)
        document = ImportedDocument(
            name=stem,
            title=_title(blocks),
            language=named or language_of_text(markdown),
            markdown=markdown,
            pictures=self.pictures.files,
        )
        return Imported(documents=(document,), unread=tuple(self.unread[:MAX_UNREAD]))

    def pages(self, number: int) -> Iterator[PageRead]:
        page = self.opened[number]
        text_page = page.get_textpage()
        try:
            size = page.get_size()
            yield PageRead(size, lines_of(text_page), drawn_on(page, size))
        finally:
            text_page.close()
            page.close()

    def blocks(
        self, number: int, page: PageRead, heads: Dict[str, int], levels: Dict[float, int]
    ) -> List[Block]:
        drawn = page.drawn
        whole = Area(0, 0, *page.size)
        if drawn.is_scan or not page.lines:
            blank = not (drawn.is_scan or drawn.pictures or drawn.figures)
            if blank:
                return []
            self.note(number, "The page is a picture, a scan perhaps; it is kept as one.")
            return [block for _, block in self.picture(number, page, whole)]
        if drawn.has_formulas:
            self.note(number, "Formulas are kept as plain characters; compare them, and mend them.")
        if drawn.has_grid:
            self.note(number, "A table is kept as its lines of text.")
        if drawn.is_cut:
            self.note(number, "The page has too many parts; some drawings may be missing.")
        figures = [area for area in (*drawn.figures, *drawn.pictures) if area.width > 0]
        lines = [
            line
            for line in page.lines
            if not is_running(line, page.size[1], heads)
            and not any(area.holds(line.area) for area in figures)
        ]
        placed: List[Tuple[float, Block]] = list(_text(lines, levels))
        for area in figures:
            for top, block in self.picture(number, page, area):
                # Before the first text below it: the text keeps its order, in columns too.
                below = (at for at, one in enumerate(placed) if one[0] < top)
                placed.insert(next(below, len(placed)), (top, block))
        return _listed([block for _, block in placed])

    def picture(self, number: int, page: PageRead, area: Area) -> Iterator[Tuple[float, Block]]:
        opened = self.opened[number - 1]
        try:
            path = self.pictures.add(picture_of(opened, area, page.size))
        except PictureError as problem:
            self.note(number, str(problem))
        else:
            yield area.top, Picture(path, "")
        finally:
            opened.close()


def heading_levels(lines: Sequence[Line]) -> Dict[float, int]:
    """Sizes of letters, in half points, that are those of headings, to their level."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[_half(line.size)] += len(line.text)
    if not sizes:
        return {}
    body = sizes.most_common(1)[0][0]
    larger = sorted((size for size in sizes if size >= 1.15 * body), reverse=True)
    return {body: 0, **{size: min(level, 4) for level, size in enumerate(larger, 1)}}


def _half(size: float) -> float:
    return round(size * 2) / 2


def _text(lines: Sequence[Line], levels: Dict[float, int]) -> Iterator[Tuple[float, Block]]:
    """Paragraphs and headings, each with the height at which it stands."""
    right = max((line.area.right for line in lines), default=0.0)
    for group in _paragraphs(lines, right, levels):
        text = joined(group)
        level = _level(group, text, levels)
        span = Span(text)
        yield group[0].area.top, Heading(level, (span,)) if level else Paragraph((span,))


def _paragraphs(
    lines: Sequence[Line], right: float, levels: Dict[float, int]
) -> Iterator[List[Line]]:
    group: List[Line] = []
    for line in lines:
        if group and not _goes_on(group[-1], line, right, levels):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _goes_on(last: Line, line: Line, right: float, levels: Dict[float, int]) -> bool:
    if _BULLET.match(line.text) or _NUMBERED.match(line.text) or last.bold != line.bold:
        return False
    if levels.get(_half(last.size), 0) != levels.get(_half(line.size), 0):
        return False
    gap = last.area.bottom - line.area.top
    near = -line.area.height < gap < 0.6 * max(last.size, line.size)
    is_heading = levels.get(_half(line.size), 0) > 0
    reaches = is_heading or last.area.right > right - 0.18 * (right - last.area.left)
    return near and reaches


def _level(group: Sequence[Line], text: str, levels: Dict[float, int]) -> int:
    if len(text) > _MAX_HEADING or not re.search(r"[^\W_]", text):
        return 0
    level = levels.get(_half(group[0].size), 0)
    if level:
        return level
    is_bold = all(line.bold for line in group) and text[-1] not in ".,;:"
    return max(levels.values(), default=0) + 1 if is_bold and not _BULLET.match(text) else 0


def _listed(blocks: Sequence[Block]) -> List[Block]:
    """Paragraphs that begin with a bullet as items of lists."""
    found: List[Block] = []
    for block in blocks:
        bullet = _BULLET.match(block.spans[0].text) if isinstance(block, Paragraph) else None
        if not bullet or not isinstance(block, Paragraph):
            found.append(block)
            continue
        item = (Paragraph((Span(block.spans[0].text[bullet.end() :]),)),)
        last = found[-1] if found else None
        if isinstance(last, ListBlock):
            found[-1] = ListBlock(False, (*last.items, item))
        else:
            found.append(ListBlock(False, (item,)))
    return found


def _title(blocks: Sequence[Block]) -> str:
    first = next((block for block in blocks[:8] if isinstance(block, Heading)), None)
    return "".join(span.text for span in first.spans)[:200] if first else ""
