r"""HTML of other systems as blocks of a lesson: formulas, tables, lists and pictures included.

The tree comes from libxml2's forgiving parser, or from an XML document that holds XHTML. Formulas
are MathML, LaTeX between ``\( \)``, ``\[ \]`` or ``$$ $$``, and pictures that carry their LaTeX.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any, Callable, Iterator, List, Optional, Tuple

from content.documents.document import (
    Block,
    Code,
    FormulaBlock,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Span,
    Table,
)
from content.documents.formula import parse_formula
from content.errors import FormulaError
from content.importing.block_writer import write_blocks
from content.importing.mathml import latex_of_mathml, local_name, words_of_mathml
from content.importing.shifted import shifted

MAX_HTML_DEPTH = 120
MAX_HTML = 2_000_000
"""Letters of one page; twenty lessons' texts."""
_PARSED_DEPTH = 250
"""libxml2 gives up a little deeper than this."""
_TAGS = (
    "a abbr address article aside audio b big blockquote body br caption center cite code col "
    "colgroup dd del details dfn div dl dt em embed fieldset figcaption figure font footer form h1 "
    "h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main mark "
    "math meta nav nobr noscript object ol option p param pre q s samp script section select small "
    "source span strike strong style sub summary sup svg table tbody td textarea tfoot th thead "
    "title tr tt u ul var video "
    "mi mn mo mrow msup msub msubsup mfrac msqrt mroot mtext mfenced mtable mtr mtd mover munder "
    "munderover mspace mstyle semantics annotation"
)
_KNOWN = re.compile(
    rf"<(?!/?(?:[a-z]+:)?(?:{'|'.join(_TAGS.split())})(?=[\s/>])|!--|\?)", re.IGNORECASE
)
_LOOKS_LIKE = re.compile(
    rf"</?(?:{'|'.join(_TAGS.split())})(?=[\s/>])[^<>]*>|&(?:#\d+|#x[0-9a-f]+|[a-z]\w+);", re.I
)
# What is inside stops at the next mark, so that marks without a partner cost nothing.
_FORMULA = re.compile(
    r"\\\((?P<inline>(?:(?!\\[()\[\]]).){1,999})\\\)"
    r"|\\\[(?P<display>(?:(?!\\[()\[\]]).){1,999})\\\]"
    r"|\$\$(?P<dollars>[^$]{1,999})\$\$"
    r"|\[tex\](?P<tex>(?:(?!\[/?tex\]).){1,999})\[/tex\]"
    r"|(?<![\\$\w])\$(?P<single>[A-Za-z0-9]|[^\s$]|[^\s$][^$\n]{0,300}?[^\s$\\])\$(?![\d$])",
    re.S,
)
_LATEX = re.compile(r"[\\^_{}=+*/<>]|\A[A-Za-z]\Z")
_SKIPPED = {"script", "style", "head", "title", "template", "noscript", "link", "meta", "colgroup"}
_LOST = {
    "video": "a video", "audio": "a sound", "iframe": "a page in the page", "object": "an object",
    "embed": "an object", "svg": "a drawing (SVG)", "canvas": "a drawing", "applet": "an applet",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "address", "center",
    "figure", "figcaption", "body", "html", "form", "fieldset", "legend", "dl", "dt", "dd", "nav",
    "details", "summary", "caption", "rubricBlock", "feedbackBlock", "templateBlock", "itemBody",
    "prompt",
}  # fmt: skip

Find = Callable[[str], Optional[str]]
"""The path to show for a picture's address, None where its bytes are not there."""
Own = Callable[[Any], Optional[str]]
"""What stands in the text for an element that the caller knows, None for any other."""


@dataclass
class Page:
    """Blocks of a page, and what could not be shown, in words."""

    blocks: List[Block] = field(default_factory=list)
    lost: List[str] = field(default_factory=list)

    @property
    def markdown(self) -> str:
        """The page as Markdown, without a line feed at its end."""
        return write_blocks(self.blocks).strip("\n")


def page_of_html(html: str, find: Find, own: Optional[Own] = None) -> Page:
    """The page of a fragment or a whole document of HTML; any text gives one."""
    from lxml import etree
    from lxml import html as lxml_html

    text = _KNOWN.sub(
        "&lt;", re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", html)
    )
    page = Page()
    if not text.strip():
        return page
    if len(text) > MAX_HTML:
        text = text[:MAX_HTML]
        page.lost.append(f"what stands behind {MAX_HTML} letters")
    try:
        tree = lxml_html.fragment_fromstring(f"<div>{text}</div>", create_parent="div")
    except (etree.LxmlError, ValueError):
        page.lost.append("HTML that cannot be read")
        page.blocks.append(Paragraph((Span(without_tags(text)),)))
        return page
    found = page_of_tree(tree, find, own)
    return Page(found.blocks, [*page.lost, *found.lost])


def looks_like_html(text: str) -> bool:
    """Whether a text has tags or entities of HTML in it."""
    return _LOOKS_LIKE.search(text) is not None


def page_of_tree(element: Any, find: Find, own: Optional[Own] = None) -> Page:
    """The page of what stands within an element, its own text included."""
    walker = _Walker(find, own)
    page = Page()
    page.blocks.extend(walker.blocks(element, Span(""), 0))
    page.lost.extend(dict.fromkeys(walker.lost))
    return page


def page_of_text(text: str) -> Page:
    """Plain words, a paragraph for each run of lines; formulas between their marks are formulas."""
    walker = _Walker(lambda _: None, None)
    page = Page()
    for run in re.split(r"\n[ \t]*\n", text):
        walker.text(run.strip("\n"), Span(""), breaks=True)
        page.blocks.extend(walker.flushed())
    page.lost.extend(dict.fromkeys(walker.lost))
    return page


def without_tags(text: str) -> str:
    """The words of HTML on one line, without its tags."""
    return " ".join(unescape(re.sub(r"<[^<>]*>", " ", text)).split())


class _Walker:
    """One walk over a tree; ``run`` is the paragraph under way."""

    def __init__(self, find: Find, own: Optional[Own]) -> None:
        self._find = find
        self._own = own
        self._run: List[Span] = []
        self._out: List[Block] = []
        self.lost: List[str] = []

    def blocks(self, element: Any, style: Span, depth: int) -> List[Block]:
        """The blocks of what stands within ``element``."""
        outer, self._out = self._out, []
        outer_run, self._run = self._run, []
        self._inside(element, style, depth)
        found = self.flushed()
        self._out, self._run = outer, outer_run
        return found

    def flushed(self) -> List[Block]:
        """All blocks so far, the paragraph under way included; begins anew."""
        self._flush()
        found, self._out = self._out, []
        return found

    def _flush(self) -> None:
        run, self._run = self._run, []
        if any(span.formula or span.text.strip() for span in run):
            self._out.append(Paragraph(tuple(run)))

    def _inside(self, element: Any, style: Span, depth: int) -> None:
        if depth > MAX_HTML_DEPTH:
            self.lost.append("what is nested too deeply")
            return
        self.text(element.text or "", style)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, style, depth + 1)
            self.text(child.tail or "", style)

    def _element(self, element: Any, style: Span, depth: int) -> None:
        name = local_name(element)
        said = self._own(element) if self._own else None
        if said is not None:
            self._run.append(replace(style, text=said))
        elif name in _SKIPPED:
            self._script(element, name)
        elif name in _LOST:
            self.lost.append(_LOST[name])
        elif name in _STYLES:
            self._inside(element, _STYLES[name](style), depth)
        elif name in _BLOCKS:
            self._flush()
            self._inside(element, style, depth)
            self._flush()
        else:
            self._other(element, name, style, depth)

    def _script(self, element: Any, name: str) -> None:
        if name == "script" and "math/tex" in str(element.get("type")):
            self._formula(element.text or "", "display" in str(element.get("type")))

    def _other(self, element: Any, name: str, style: Span, depth: int) -> None:
        if name == "br":
            self._run.append(Span("\n"))
        elif name == "hr":
            self._flush()
            self._out.append(Rule())
        elif name == "img":
            self._picture(element)
        elif name == "a":
            self._link(element, style, depth)
        elif name == "math":
            self._mathml(element)
        elif name in ("sup", "sub"):
            self._shifted(element, name, style, depth)
        elif len(name) == 2 and name[0] == "h" and name[1] in "123456":
            self._heading(element, int(name[1]), style, depth)
        else:
            self._structure(element, name, style, depth)

    def _structure(self, element: Any, name: str, style: Span, depth: int) -> None:
        if name in ("ul", "ol"):
            self._list(element, name == "ol", depth)
        elif name == "table":
            self._table(element, depth)
        elif name == "blockquote":
            self._flush()
            self._out.append(Quote(tuple(self.blocks(element, Span(""), depth))))
        elif name == "pre":
            self._flush()
            self._out.append(Code("".join(element.itertext()).strip("\n")))
        elif name == "q":
            self.text("«", style)
            self._inside(element, style, depth)
            self.text("»", style)
        else:
            self._inside(element, style, depth)

    def text(self, text: str, style: Span, breaks: bool = False) -> None:
        """Words in a style, with the formulas among them; line feeds break lines where told."""
        at = 0
        for found in _FORMULA.finditer(text):
            latex = next(part for part in found.groups() if part is not None)
            single = found["single"]
            if single is not None and (not _LATEX.search(single) or style.code):
                continue
            self._words(text[at : found.start()], style, breaks)
            self._formula(unescape(latex), found["display"] is not None)
            at = found.end()
        self._words(text[at:], style, breaks)

    def _words(self, text: str, style: Span, breaks: bool) -> None:
        # Two braces would be a gap or an insertion to our own tasks.
        text = text.replace("{{", "{ {")
        text = text if breaks else re.sub(r"[ \t\r\n]+", " ", text)
        if text:
            self._run.append(replace(style, text=text))

    def _formula(self, latex: str, display: bool) -> None:
        latex = " ".join(latex.split())
        try:
            parse_formula(latex)
        except FormulaError:
            self.lost.append(f"the formula {latex[:60]!r} cannot be drawn and stands as text")
            self._run.append(Span(latex, code=True))
            return
        if display:
            self._flush()
            self._out.append(FormulaBlock(latex))
        else:
            self._run.append(Span(latex, formula=True))

    def _mathml(self, element: Any) -> None:
        try:
            latex = latex_of_mathml(element)
        except FormulaError:
            words = words_of_mathml(element)
            self.lost.append(f"the formula {words[:60]!r} cannot be drawn and stands as text")
            self._run.append(Span(words))
            return
        if element.get("display") == "block":
            self._flush()
            self._out.append(FormulaBlock(latex))
        else:
            self._run.append(Span(latex, formula=True))

    def _picture(self, element: Any) -> None:
        latex = element.get("data-equation-content") or element.get("data-latex")
        if latex:
            self._formula(unescape(latex), display=False)
            return
        address, alt = (
            str(element.get("src") or ""),
            " ".join(str(element.get("alt") or "").split()),
        )
        path = self._find(address) if address else None
        if path is None:
            self.lost.append(f"the picture {address[:80]!r}")
            if alt:
                self._run.append(Span(f"[{alt}]"))
            return
        self._flush()
        self._out.append(Picture(path, alt))

    def _link(self, element: Any, style: Span, depth: int) -> None:
        address = str(element.get("href") or "")
        linked = address if address.startswith(("http://", "https://", "mailto:")) else ""
        if address and not linked and not address.startswith(("#", "javascript:")):
            self.lost.append(f"the link to {address[:80]!r}")
        self._inside(element, replace(style, link=linked) if linked else style, depth)

    def _shifted(self, element: Any, name: str, style: Span, depth: int) -> None:
        words = "".join(element.itertext()).strip()
        if words and len(words) <= 20 and not len(element):
            self._run.append(shifted(words, name == "sup", style))
        else:
            self._inside(element, style, depth)

    def _heading(self, element: Any, level: int, style: Span, depth: int) -> None:
        self._flush()
        for block in self.blocks(element, replace(style, bold=False), depth):
            is_line = isinstance(block, Paragraph)
            self._out.append(Heading(level, block.spans) if isinstance(block, Paragraph) else block)
            level = level if not is_line else min(6, level)

    def _list(self, element: Any, ordered: bool, depth: int) -> None:
        self._flush()
        items = [
            tuple(self.blocks(child, Span(""), depth))
            for child in element
            if isinstance(child.tag, str) and local_name(child) not in _SKIPPED
        ]
        start = str(element.get("start") or "1")
        first = int(start) if start.isdigit() and len(start) < 6 else 1
        if items:
            self._out.append(ListBlock(ordered, tuple(items), first))

    def _table(self, element: Any, depth: int) -> None:
        self._flush()
        rows = [
            [cell for cell in row if local_name(cell) in ("td", "th")] for row in _rows(element)
        ]
        for caption in element:
            if local_name(caption) == "caption":
                self._out.extend(self.blocks(caption, Span("", bold=True), depth))
        cells = [[self.blocks(cell, Span(""), depth) for cell in row] for row in rows]
        if _is_plain(cells):
            spans = [tuple(_spans_of(cell) for cell in row) for row in cells]
            self._out.append(Table(spans[0], tuple(spans[1:]), ()))
            return
        for row in cells:
            for cell in row:
                self._out.extend(cell)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if local_name(child) == "tr":
            yield child
        elif local_name(child) in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if local_name(row) == "tr")


def _is_plain(cells: List[List[List[Block]]]) -> bool:
    """Whether Markdown can show the table: only words in its cells, and more than one cell."""
    flat = [cell for row in cells for cell in row]
    words = all(len(cell) <= 1 and all(isinstance(one, Paragraph) for one in cell) for cell in flat)
    return words and len(flat) > 1 and max(map(len, cells)) > 1 and len(cells[0]) > 0


def _spans_of(cell: List[Block]) -> Tuple[Span, ...]:
    return cell[0].spans if cell and isinstance(cell[0], Paragraph) else ()


def _bold(style: Span) -> Span:
    return replace(style, bold=True)


def _italic(style: Span) -> Span:
    return replace(style, italic=True)


def _code(style: Span) -> Span:
    return replace(style, code=True)


_STYLES = {
    "b": _bold, "strong": _bold, "i": _italic, "em": _italic, "cite": _italic, "dfn": _italic,
    "var": _italic, "code": _code, "kbd": _code, "samp": _code, "tt": _code,
}  # fmt: skip
