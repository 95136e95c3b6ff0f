"""Lesson texts as HTML. Everything that an author wrote is escaped; nothing of it is a tag."""

from __future__ import annotations

from html import escape
from typing import Callable, Iterable, Sequence

from content.documents.document import (
    Block,
    Code,
    FormulaBlock,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Span,
    Spans,
    Table,
    parse_document,
)
from content.errors import ContentError
from content.quality.mathml import mathml

Pictures = Callable[[str], str]
"""From a picture's path, as an author wrote it, to an address that a browser can load, or ""."""
_HEADINGS_BEGIN = 3
"""The page's own headings stand above those of a lesson."""


def markup(markdown: str, pictures: Pictures, unread: Callable[[str], str]) -> str:
    """The text as HTML; ``unread`` says that it cannot be shown, given the reason."""
    try:
        return _blocks(parse_document(markdown), pictures)
    except ContentError as problem:
        return f'<p class="error">{escape(unread(str(problem)))}</p>'


def _blocks(blocks: Iterable[Block], pictures: Pictures) -> str:
    return "\n".join(_block(block, pictures) for block in blocks)


def _block(block: Block, pictures: Pictures) -> str:
    if isinstance(block, Heading):
        level = min(6, block.level + _HEADINGS_BEGIN)
        return f"<h{level}>{_spans(block.spans)}</h{level}>"
    if isinstance(block, ListBlock):
        return _list(block, pictures)
    if isinstance(block, Picture):
        return _picture(block, pictures)
    if isinstance(block, Quote):
        return f"<blockquote>{_blocks(block.blocks, pictures)}</blockquote>"
    return _plain(block)


def _plain(block: Block) -> str:
    """A block that holds neither pictures nor other blocks."""
    if isinstance(block, Paragraph):
        return f"<p>{_spans(block.spans)}</p>"
    if isinstance(block, FormulaBlock):
        return mathml(block.latex, is_block=True)
    if isinstance(block, Table):
        return _table(block)
    return f"<pre>{escape(block.text)}</pre>" if isinstance(block, Code) else "<hr>"


def _list(block: ListBlock, pictures: Pictures) -> str:
    items = "".join(f"<li>{_blocks(item, pictures)}</li>" for item in block.items)
    return f'<ol start="{block.start}">{items}</ol>' if block.ordered else f"<ul>{items}</ul>"


def _picture(block: Picture, pictures: Pictures) -> str:
    address = pictures(block.path)
    alt = escape(block.alt, quote=True)
    if not address:
        return f'<p class="error">{escape(block.path)}</p>'
    return f'<p><img src="{escape(address, quote=True)}" alt="{alt}"></p>'


def _table(block: Table) -> str:
    head = "".join(f"<th>{_spans(cell)}</th>" for cell in block.header)
    rows = "".join(_row(row) for row in block.rows)
    body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return f'<div class="wide"><table>{body}</table></div>'


def _row(cells: Sequence[Spans]) -> str:
    return f"<tr>{''.join(f'<td>{_spans(cell)}</td>' for cell in cells)}</tr>"


def _spans(spans: Spans) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    if span.formula:
        return mathml(span.text)
    text = escape(span.text).replace("\n", "<br>")
    for on, tag in ((span.code, "code"), (span.italic, "em"), (span.bold, "strong")):
        text = f"<{tag}>{text}</{tag}>" if on else text
    return text
