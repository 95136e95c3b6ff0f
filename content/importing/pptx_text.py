"""The paragraphs of a slide's shapes: runs, links, equations and levels of lists."""

from __future__ import annotations

import re
from typing import Any, Callable, Iterator, List, Optional, Union

from content.documents.document import FormulaBlock, Paragraph, Span
from content.errors import FormulaError
from content.importing.errors import ImportFailure
from content.importing.list_nesting import Entry
from content.importing.omml import MATH, latex_of, words_of
from content.importing.symbol_font import unmasked

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_2010 = "{http://schemas.microsoft.com/office/drawing/2010/main}m"
_WEB = re.compile(r"https?://[^\s<>]+\Z")
_MAX_DEPTH = 20
_BULLETS = ("buChar", "buAutoNum", "buBlip")
_SAID = (f"{DRAWING}t", f"{MATH}t")
Piece = Union[Span, FormulaBlock]


class SlideText:
    """Reads paragraphs; ``relations`` are the slide's, ``note`` hears what cannot be read."""

    def __init__(self, relations: Any, note: Callable[[str], None]) -> None:
        self._relations = relations
        self._note = note

    def spans(self, element: Any) -> List[Span]:
        """All paragraphs within an element on one line."""
        spans: List[Span] = []
        for paragraph in element.iter(f"{DRAWING}p"):
            said = [_as_span(piece) for piece in self._pieces(paragraph, 0)]
            spans.extend([Span(" "), *said] if spans and said else said)
        return spans

    def entries(self, element: Any, listed: bool) -> Iterator[Entry]:
        """The paragraphs of a shape; ``listed`` where they are a list unless they say otherwise."""
        found = element.findall(f".//{DRAWING}p")
        written = [one for one in found if next(one.iter(*_SAID), None) is not None]
        for paragraph in written:
            level = _level(paragraph, listed and len(written) > 1)
            spans: List[Span] = []
            for piece in self._pieces(paragraph, 0):
                if isinstance(piece, Span):
                    spans.append(piece)
                    continue
                yield from _entry(level, spans)
                spans = []
                yield Entry(level, False, (piece,))
            yield from _entry(level, spans)

    def _pieces(self, element: Any, depth: int) -> Iterator[Piece]:
        if depth > _MAX_DEPTH:
            raise ImportFailure("A slide is nested too deeply.")
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag in (f"{DRAWING}r", f"{DRAWING}fld"):
                yield self._run(child)
            elif tag == f"{DRAWING}br":
                yield Span("\n")
            elif tag in (f"{MATH}oMath", f"{MATH}oMathPara"):
                yield self._formula(child)
            elif tag == f"{COMPATIBLE}AlternateContent":
                choice = child.find(f"{COMPATIBLE}Choice")
                yield from self._pieces(child if choice is None else choice, depth + 1)
            elif tag == _MATH_2010:
                yield from self._pieces(child, depth + 1)

    def _run(self, run: Any) -> Span:
        words = "".join(text.text or "" for text in run.findall(f"{DRAWING}t"))
        properties = run.find(f"{DRAWING}rPr")
        if properties is None:
            return Span(unmasked(words))
        return Span(
            unmasked(words),
            bold=properties.get("b") in ("1", "true"),
            italic=properties.get("i") in ("1", "true"),
            link=self._link(properties.find(f"{DRAWING}hlinkClick")),
        )

    def _link(self, click: Optional[Any]) -> str:
        identity = "" if click is None else str(click.get(f"{RELATION}id"))
        relation = self._relations.get(identity)
        target = relation.target_ref if relation is not None and relation.is_external else ""
        return target if _WEB.match(target) else ""

    def _formula(self, element: Any) -> Piece:
        try:
            latex = latex_of(element)
        except FormulaError as problem:
            words = words_of(element)
            self._note(f"The equation {words[:60]!r} is kept as plain characters: {problem}")
            return Span(words)
        displayed = element.tag == f"{MATH}oMathPara"
        return FormulaBlock(latex) if displayed else Span(latex, formula=True)


def _entry(level: Optional[int], spans: List[Span]) -> Iterator[Entry]:
    if any(span.text.strip() for span in spans):
        yield Entry(level, False, (Paragraph(tuple(spans)),))


def _as_span(piece: Piece) -> Span:
    return piece if isinstance(piece, Span) else Span(piece.latex, formula=True)


def _level(paragraph: Any, listed: bool) -> Optional[int]:
    """The level of an item of a list, or None for a paragraph."""
    properties = paragraph.find(f"{DRAWING}pPr")
    written = "0" if properties is None else str(properties.get("lvl") or "0")
    level = min(int(written), 5) if written.isdigit() else 0
    if properties is not None:
        if properties.find(f"{DRAWING}buNone") is not None:
            return None
        if any(properties.find(f"{DRAWING}{kind}") is not None for kind in _BULLETS):
            return level
    return level if listed else None
