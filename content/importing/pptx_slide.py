"""One slide as blocks, in the order in which it is read aloud: that of its shapes."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable, Iterator, List, Optional, Sequence, Tuple

from content.documents.document import Block, Heading, Paragraph, Picture, Span, Table
from content.importing.errors import ImportFailure
from content.importing.list_nesting import Entry, nested
from content.importing.pictures import PictureError, Pictures, described_as
from content.importing.pptx_text import COMPATIBLE, DRAWING, RELATION, SlideText
from content.importing.stumbling import attempted
from content.importing.symbol_font import unmasked

SLIDE = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_MAX_GROUPS = 20
_MAX_CELLS = 20_000
_SHAPES = tuple(f"{SLIDE}{tag}" for tag in ("sp", "grpSp", "pic", "graphicFrame", "cxnSp"))
_FURNITURE = ("dt", "ftr", "sldNum", "hdr")
_FLOWING = ("body", "obj", "subTitle", None)
"""Placeholders whose paragraphs are items of a list; the type is left out for "obj"."""


class Slide:
    """Reads a slide of python-pptx; ``note`` hears what cannot be read."""

    def __init__(self, slide: Any, pictures: Pictures, note: Callable[[str], None]) -> None:
        self._slide = slide
        self._pictures = pictures
        self._note = note
        self._text = SlideText(slide.part.rels, note)

    def title(self) -> str:
        """The words of the title, or nothing."""
        shape = self._slide.shapes.title
        return " ".join(shape.text_frame.text.split())[:500] if shape is not None else ""

    def notes(self) -> str:
        """What the speaker says, or nothing."""
        if not self._slide.has_notes_slide:
            return ""
        frame = self._slide.notes_slide.notes_text_frame
        return "" if frame is None else unmasked(frame.text.replace("\v", "\n")).strip()

    def blocks(self) -> List[Block]:
        """The slide's blocks, its title first."""
        title = self._slide.shapes.title
        own = None if title is None else title._element
        spans = [] if title is None else self._text.spans(own)
        said = any(span.text.strip() for span in spans)
        blocks: List[Block] = [Heading(1, tuple(spans))] if said else []
        for shape in _shapes_in(self._slide.shapes):
            if shape._element is not own:
                blocks.extend(attempted(partial(self._shape, shape, 0), self._note))
        return blocks

    def _shape(self, shape: Any, depth: int) -> Iterator[Block]:
        if depth > _MAX_GROUPS:
            raise ImportFailure("A slide's groups are nested too deeply.")
        element = shape._element
        tag = element.tag.rpartition("}")[2]
        if tag == "grpSp":
            for inner in _shapes_in(shape.shapes):
                yield from self._shape(inner, depth + 1)
        elif tag == "pic":
            yield from self._picture(shape, element)
        elif tag == "graphicFrame":
            yield from self._frame(shape, element)
        elif getattr(shape, "has_text_frame", False):
            kind = _placeholder(element)
            if kind not in _FURNITURE:
                yield from nested(list(self._text.entries(element, kind in _FLOWING)))

    def _picture(self, shape: Any, element: Any) -> Iterator[Block]:
        if next(element.iter(f"{DRAWING}videoFile", f"{DRAWING}audioFile"), None) is not None:
            self._note("A video or a sound in the slide is left out; put its file beside this one.")
            return
        described = next(element.iter(f"{SLIDE}cNvPr"), None)
        alt = "" if described is None else described_as(described.get("descr"))
        try:
            data = shape.image.blob
        except (AttributeError, KeyError, ValueError):
            self._note("A picture lies outside the presentation; put it into it.")
            return
        try:
            yield Picture(self._pictures.add(data), alt)
        except PictureError as problem:
            self._note(str(problem))

    def _frame(self, shape: Any, element: Any) -> Iterator[Block]:
        if shape.has_table:
            yield from self._table(shape.table)
        elif shape.has_chart:
            yield from self._chart(shape.chart)
        elif next(element.iter(f"{_DIAGRAM}relIds"), None) is not None:
            words = self._diagram(next(element.iter(f"{_DIAGRAM}relIds")))
            self._note("A diagram (SmartArt) is kept as its words; put it in as a picture.")
            yield from nested([Entry(0, False, (Paragraph((Span(one),)),)) for one in words])
        else:
            self._note("An embedded object is left out; put it in as a picture.")

    def _table(self, table: Any) -> Iterator[Block]:
        rows: List[Tuple[Tuple[Span, ...], ...]] = []
        for row in table._tbl.tr_lst:
            rows.append(tuple(tuple(self._text.spans(cell)) for cell in row.tc_lst))
            if sum(map(len, rows)) > _MAX_CELLS:
                self._note(f"A table is cut after {_MAX_CELLS} cells.")
                break
        width = max([0, *map(len, rows)])
        if width:
            full = [(*row, *[()] * (width - len(row))) for row in rows]
            yield Table(full[0], tuple(full[1:]), ("left",) * width)

    def _chart(self, chart: Any) -> Iterator[Block]:
        """A chart as the table of its values."""
        plot = next(iter(chart.plots), None)
        names = [str(one) for one in plot.categories] if plot is not None else []
        series = list(plot.series) if plot is not None else []
        if not names or not series or len(names) * len(series) > _MAX_CELLS:
            self._note("A chart is left out; put it in as a picture.")
            return
        self._note("A chart is kept as the table of its values; put it in as a picture.")
        header = (_said(""), *(_said(str(one.name)) for one in series))
        values = [list(one.values) for one in series]
        rows = tuple(
            (_said(name), *(_said(_number(one, at)) for one in values))
            for at, name in enumerate(names)
        )
        yield Table(header, rows, ("left",) * len(header))

    def _diagram(self, relations: Any) -> List[str]:
        from pptx.oxml import parse_xml

        relation = self._slide.part.rels.get(str(relations.get(f"{RELATION}dm")))
        if relation is None or relation.is_external:
            return []
        root = parse_xml(relation.target_part.blob)
        points = (
            "".join(text.text or "" for text in one.iter(f"{DRAWING}t"))
            for one in root.iter(f"{_DIAGRAM}pt")
        )
        return [words for words in (" ".join(point.split()) for point in points) if words]


def _said(words: str) -> Tuple[Span, ...]:
    return (Span(words),) if words else ()


def _number(values: Sequence[Any], at: int) -> str:
    value = values[at] if at < len(values) else None
    return "" if value is None else f"{value:g}"


def _placeholder(element: Any) -> Optional[str]:
    """The type of a placeholder: None where it is left out, "" for what is no placeholder."""
    found = element.find(f"{SLIDE}nvSpPr/{SLIDE}nvPr/{SLIDE}ph")
    return "" if found is None else found.get("type")


def _words_in(point: Any) -> List[str]:
    return "".join(text.text or "" for text in point.iter(f"{DRAWING}t")).split()


def _shapes_in(shapes: Any) -> Iterator[Any]:
    """The shapes in their order, with those that stand within a choice of two ways.

    PowerPoint writes a text with an equation so: as a shape for itself, and as a picture for
    programmes from before.
    """
    from pptx.shapes.shapetree import SlideShapeFactory

    for element in shapes._spTree:
        if element.tag == f"{COMPATIBLE}AlternateContent":
            choice = element.find(f"{COMPATIBLE}Choice")
            for inner in () if choice is None else choice:
                if inner.tag in _SHAPES:
                    yield SlideShapeFactory(inner, shapes)
        elif element.tag in _SHAPES:
            yield SlideShapeFactory(element, shapes)
