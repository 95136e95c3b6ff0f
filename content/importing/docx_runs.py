"""What stands in a paragraph of a Word document, in its order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Callable, Iterator, List, Mapping, Tuple, Union

from content.documents.document import Block, FormulaBlock, Picture, Span
from content.errors import FormulaError
from content.importing.docx_parts import RELATION, WORD, Parts
from content.importing.errors import ImportFailure
from content.importing.limits import MAX_XML_DEPTH
from content.importing.omml import MATH, latex_of, words_of
from content.importing.pictures import PictureError, Pictures, described_as
from content.importing.shifted import shifted
from content.importing.symbol_font import symbol, unmasked

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PLACING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_OLD_DRAWING = "{urn:schemas-microsoft-com:vml}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_EQUATION_FIELD = re.compile(r"\s*eq\b", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s<>]+\Z")
_AROUND = (
    "ins",
    "hyperlink",
    "smartTag",
    "sdt",
    "sdtContent",
    "fldSimple",
    "customXml",
    "dir",
    "bdo",
)

Piece = Union[Span, Block, "Boxed"]


@dataclass(frozen=True)
class Boxed:
    """A text box: the element whose paragraphs stand in it."""

    element: Any


@dataclass
class Runs:
    """Reads paragraphs; ``note`` hears what cannot be read, ``notes`` fills with references."""

    parts: Parts
    pictures: Pictures
    note: Callable[[str], None]
    notes: List[Tuple[str, str]] = field(default_factory=list)

    def pieces(self, paragraph: Any) -> List[Piece]:
        """The paragraph's pieces; raises ImportFailure where it is nested beyond reason."""
        return list(self._inside(paragraph, Span(""), 0))

    def _inside(self, element: Any, style: Span, depth: int) -> Iterator[Piece]:
        if depth > MAX_XML_DEPTH:
            raise ImportFailure("The document is nested too deeply.")
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag in (f"{MATH}oMath", f"{MATH}oMathPara"):
                yield self._formula(child)
            elif tag == f"{WORD}r":
                yield from self._run(child, self._styled(child, style), depth + 1)
            elif tag == f"{WORD}hyperlink":
                target = self.parts.link(str(child.get(f"{RELATION}id") or ""))
                link = target if _WEB.match(target) else ""
                yield from self._inside(child, replace(style, link=link), depth + 1)
            elif tag == f"{_COMPATIBLE}AlternateContent":
                yield from self._inside(_chosen(child), style, depth + 1)
            elif tag.startswith(WORD) and tag[len(WORD) :] in _AROUND:
                yield from self._inside(child, style, depth + 1)

    def _formula(self, element: Any) -> Piece:
        try:
            latex = latex_of(element)
        except FormulaError as problem:
            words = words_of(element)
            self.note(f"The equation {words[:60]!r} is kept as plain characters: {problem}")
            return Span(words)
        if element.tag == f"{MATH}oMathPara":
            return FormulaBlock(latex)
        return Span(latex, formula=True)

    def _styled(self, run: Any, style: Span) -> Span:
        properties = run.find(f"{WORD}rPr")
        if properties is None:
            return style
        named = properties.find(f"{WORD}rStyle")
        name = self.parts.style_name(None if named is None else named.get(f"{WORD}val"))
        bold = _switch(properties, "b", style.bold or name == "strong")
        italic = _switch(properties, "i", style.italic or name in ("emphasis", "subtle emphasis"))
        return replace(style, bold=bold, italic=italic)

    def _run(self, run: Any, style: Span, depth: int) -> Iterator[Piece]:
        if depth > MAX_XML_DEPTH:
            raise ImportFailure("The document is nested too deeply.")
        properties = run.find(f"{WORD}rPr")
        if properties is not None and _switch(properties, "vanish", False):
            return
        script = None if properties is None else properties.find(f"{WORD}vertAlign")
        raised = "" if script is None else str(script.get(f"{WORD}val"))
        for child in run:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag == f"{_COMPATIBLE}AlternateContent":
                yield from self._run(_chosen(child), style, depth + 1)
            elif tag == f"{WORD}t":
                words = unmasked(child.text or "")
                if raised in ("superscript", "subscript"):
                    yield shifted(words, raised == "superscript", style)
                else:
                    yield replace(style, text=words)
            elif tag in (f"{WORD}drawing", f"{WORD}pict", f"{WORD}object"):
                yield from self._drawn(child)
            elif tag.startswith(WORD):
                yield from self._small(child, tag[len(WORD) :], style)

    def _small(self, element: Any, name: str, style: Span) -> Iterator[Piece]:
        if name in _CHARACTERS:
            yield replace(style, text=_CHARACTERS[name])
        elif name == "br" and element.get(f"{WORD}type") not in ("page", "column"):
            yield replace(style, text="\n")
        elif name == "sym":
            yield replace(style, text=self._symbol(element))
        elif name in ("footnoteReference", "endnoteReference"):
            self.notes.append((name[: -len("Reference")], str(element.get(f"{WORD}id"))))
            yield Span(f" [{len(self.notes)}]")
        elif name == "instrText" and _EQUATION_FIELD.match(element.text or ""):
            self.note(f"An old equation field is left out: {(element.text or '').strip()[:60]}")

    def _symbol(self, element: Any) -> str:
        code = str(element.get(f"{WORD}char") or "")
        font = str(element.get(f"{WORD}font") or "")
        known = re.fullmatch("[0-9A-Fa-f]{1,5}", code)
        drawn = symbol(int(code, 16)) if known and font.lower() == "symbol" else ""
        if not drawn:
            self.note(f"The sign {code} of the font {font!r} is not known.")
        return drawn or "\ufffd"

    def _drawn(self, element: Any) -> Iterator[Piece]:
        described = next(element.iter(f"{_PLACING}docPr"), None)
        alt = "" if described is None else described_as(described.get("descr"))
        found = False
        for blip in element.iter(f"{_DRAWING}blip"):
            found = True
            yield from self._picture(str(blip.get(f"{RELATION}embed") or ""), alt)
        for image in element.iter(f"{_OLD_DRAWING}imagedata"):
            found = True
            yield from self._picture(str(image.get(f"{RELATION}id") or ""), alt)
        for box in element.iter(f"{WORD}txbxContent"):
            found = True
            yield Boxed(box)
        if next(element.iter(f"{_CHART}chart"), None) is not None:
            self.note("A chart is left out; put it in as a picture.")
        elif next(element.iter(f"{_DIAGRAM}relIds"), None) is not None:
            self.note("A diagram (SmartArt) is left out; put it in as a picture.")
        elif not found:
            self.note("A drawing is left out; put it in as a picture.")

    def _picture(self, relation: str, alt: str) -> Iterator[Piece]:
        data = self.parts.picture(relation)
        if data is None:
            self.note("A picture lies outside the document; put it into it.")
            return
        try:
            yield Picture(self.pictures.add(data), alt)
        except PictureError as problem:
            self.note(str(problem))


_CHARACTERS: Mapping[str, str] = {"tab": " ", "cr": "\n", "noBreakHyphen": "\u2011", "ptab": " "}


def _chosen(alternatives: Any) -> Any:
    """The first of several ways to say the same: the newest that the programme wrote."""
    choice = alternatives.find(f"{_COMPATIBLE}Choice")
    return alternatives if choice is None else choice


def _switch(properties: Any, name: str, default: bool) -> bool:
    found = properties.find(f"{WORD}{name}")
    if found is None:
        return default
    return found.get(f"{WORD}val") not in ("0", "false", "off", "none")
