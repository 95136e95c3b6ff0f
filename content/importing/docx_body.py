"""The text of a Word document as blocks: paragraphs, headings, lists and tables."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Any, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from content.documents.document import Block, FormulaBlock, Heading, Paragraph, Picture, Span, Table
from content.importing.docx_parts import WORD, Parts
from content.importing.docx_runs import Boxed, Piece, Runs
from content.importing.errors import ImportFailure
from content.importing.limits import MAX_XML_DEPTH
from content.importing.list_nesting import Entry, nested
from content.importing.outcome import Unread
from content.importing.pictures import Pictures
from content.importing.stumbling import attempted

_MAX_LEVEL = 5
_MAX_COLUMNS = 60
_LISTED = re.compile(r"list (?:bullet|number) ([2-5])\Z")
"""Styles that tell a level by their name."""
_AROUND = ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")


class Body:
    """Reads the text of one document; ``unread`` and ``notes`` fill as it goes."""

    def __init__(self, parts: Parts, pictures: Pictures, name: str) -> None:
        self.parts = parts
        self.unread: List[Unread] = []
        self._name = name
        self._paragraph = 0
        self._words = ""
        self._runs = Runs(parts, pictures, self._note)

    @property
    def notes(self) -> List[Tuple[str, str]]:
        """The notes that the text refers to, in its order: "footnote" or "endnote", and the id."""
        return self._runs.notes

    def _note(self, why: str) -> None:
        words = f' ("{self._words}")' if self._words else ""
        self.unread.append(Unread(self._name, f"paragraph {self._paragraph}{words}", why))

    def blocks(self, element: Any, depth: int = 0) -> List[Block]:
        """The blocks of a body, a cell, a note or a text box."""
        return nested(list(self._entries(element, depth)))

    def _entries(self, element: Any, depth: int) -> Iterator[Entry]:
        if depth > MAX_XML_DEPTH // 4:
            raise ImportFailure(f"{self._name} is nested too deeply.")
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag in (f"{WORD}p", f"{WORD}tbl"):
                yield from attempted(partial(self._entries_of, child, depth), self._note)
            elif tag.startswith(WORD) and tag[len(WORD) :] in _AROUND:
                yield from self._entries(child, depth + 1)

    def _entries_of(self, child: Any, depth: int) -> Iterator[Entry]:
        """Those of one paragraph or table."""
        if child.tag == f"{WORD}p":
            yield from self._paragraph_entries(child, depth)
            return
        for block in self._table(child, depth):
            yield Entry(None, False, (block,))

    def _paragraph_entries(self, element: Any, depth: int) -> Iterator[Entry]:
        self._paragraph += 1
        words = "".join(text.text or "" for text in element.iter(f"{WORD}t"))
        self._words = " ".join(words.split())[:30]
        pieces = self._runs.pieces(element)
        boxed = [
            block
            for one in pieces
            if isinstance(one, Boxed)
            for block in self.blocks(one.element, depth + 1)
        ]
        style = _style_of(element)
        level = self._heading_level(element, style)
        item = None if level else self._item_of(element, style)
        blocks = tuple(_blocks_of(pieces, level)) + tuple(boxed)
        if item and blocks:
            yield Entry(item[0], item[1], blocks)
        else:
            for block in blocks:
                yield Entry(None, False, (block,))

    def _heading_level(self, element: Any, style: Optional[str]) -> int:
        outline = element.find(f"{WORD}pPr/{WORD}outlineLvl")
        if outline is not None:
            own = str(outline.get(f"{WORD}val") or "")
            return min(int(own) + 1, 6) if own.isdigit() and int(own) < 9 else 0
        return self.parts.heading_level(style)

    def _item_of(self, element: Any, style: Optional[str]) -> Optional[Tuple[int, bool]]:
        """Level and whether it is numbered, for a paragraph that is an item of a list."""
        own = element.find(f"{WORD}pPr/{WORD}numPr")
        numbering = self.parts.style_numbering(style) if own is None else own
        if numbering is None:
            return None
        number_id = numbering.find(f"{WORD}numId")
        if number_id is None and own is not None:
            inherited = self.parts.style_numbering(style)
            number_id = None if inherited is None else inherited.find(f"{WORD}numId")
        identity = "" if number_id is None else str(number_id.get(f"{WORD}val"))
        depth = numbering.find(f"{WORD}ilvl")
        written = "0" if depth is None else str(depth.get(f"{WORD}val") or "0")
        level = min(int(written), _MAX_LEVEL) if written.isdigit() else 0
        if identity in ("", "0"):
            return None
        kind = self.parts.number_format(identity, level)
        named = _LISTED.match(self.parts.style_name(style))
        level = max(level, int(named[1]) - 1 if named else 0)
        return None if kind == "none" else (level, kind != "bullet")

    def _table(self, element: Any, depth: int) -> List[Block]:
        rows = [_row_of(row) for row in element.iter(f"{WORD}tr") if _owner(row) is element]
        width = max([0, *map(_width, rows)])
        if width > _MAX_COLUMNS:
            self._note(f"A table of {width} columns is cut at {_MAX_COLUMNS}.")
            width = _MAX_COLUMNS
        cells = [
            [
                self.blocks(cell.element, depth + 1) if cell.element is not None else []
                for cell in row
            ]
            for row in rows
        ]
        if width <= 1 or any(
            isinstance(block, Table) for row in cells for cell in row for block in cell
        ):
            # One cell is a frame around text, and a table in a table is there for the layout.
            return [block for row in cells for cell in row for block in cell]
        said = [_padded(row, found, width) for row, found in zip(rows, cells)]
        beside = [block for row in cells for cell in row for block in _pictures_in(cell)]
        if not any(cell for row in said for cell in row):
            return beside
        header, *others = said
        return [Table(tuple(header), tuple(map(tuple, others)), ("left",) * width), *beside]


class Cell(NamedTuple):
    """A cell and how many columns it is wide; no element where it only goes on from above."""

    element: Optional[Any]
    columns: int


def _owner(row: Any) -> Any:
    parent = row.getparent()
    while parent is not None and parent.tag != f"{WORD}tbl":
        parent = parent.getparent()
    return parent


def _row_of(row: Any) -> List[Cell]:
    cells = []
    for cell in row.iter(f"{WORD}tc"):
        parent = cell.getparent()
        while parent is not row and parent.tag not in (f"{WORD}tr",):
            parent = parent.getparent()
        if parent is row:
            cells.append(_cell_of(cell))
    return cells


def _cell_of(cell: Any) -> Cell:
    span = cell.find(f"{WORD}tcPr/{WORD}gridSpan")
    written = "1" if span is None else str(span.get(f"{WORD}val") or "1")
    merged = cell.find(f"{WORD}tcPr/{WORD}vMerge")
    goes_on = merged is not None and merged.get(f"{WORD}val") != "restart"
    columns = min(int(written), _MAX_COLUMNS) if written.isdigit() else 1
    return Cell(None if goes_on else cell, max(columns, 1))


def _width(row: Sequence[Cell]) -> int:
    return sum(cell.columns for cell in row)


def _padded(
    row: Sequence[Cell], found: Sequence[List[Block]], width: int
) -> List[Tuple[Span, ...]]:
    said: List[Tuple[Span, ...]] = []
    for cell, blocks in zip(row, found):
        said.append(spans_in(blocks))
        said.extend([()] * (cell.columns - 1))
    return (said + [()] * width)[:width]


def spans_in(blocks: Sequence[Block]) -> Tuple[Span, ...]:
    """Blocks as the spans of one cell: on one line, without pictures."""
    spans: List[Span] = []
    for block in blocks:
        if spans:
            spans.append(Span(" "))
        if isinstance(block, (Heading, Paragraph)):
            spans.extend(block.spans)
        elif isinstance(block, FormulaBlock):
            spans.append(Span(block.latex, formula=True))
        elif hasattr(block, "items"):
            for item in block.items:
                spans.extend((*spans_in(item), Span("; ")))
    while spans and not spans[-1].formula and not spans[-1].text.strip("; "):
        spans.pop()
    return tuple(spans)


def _pictures_in(blocks: Sequence[Block]) -> List[Block]:
    return [block for block in blocks if isinstance(block, Picture)]


def _style_of(paragraph: Any) -> Optional[str]:
    style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
    return None if style is None else style.get(f"{WORD}val")


def _blocks_of(pieces: Sequence[Piece], level: int) -> Iterator[Block]:
    """Text between pictures and displayed formulas, each a block of its own."""
    spans: List[Span] = []
    for piece in pieces:
        if isinstance(piece, Span):
            spans.append(replace(piece, bold=False) if level else piece)
        elif not isinstance(piece, Boxed):
            yield from _text_block(spans, level)
            spans = []
            yield piece
    yield from _text_block(spans, level)


def _text_block(spans: List[Span], level: int) -> Iterator[Block]:
    said = [span for span in spans if span.text.strip()]
    if not said:
        return
    if len(said) == 1 and said[0].formula and not level:
        yield FormulaBlock(said[0].text)
    else:
        yield Heading(level, tuple(spans)) if level else Paragraph(tuple(spans))
