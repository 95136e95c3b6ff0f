"""From the Markdown library's tokens to our blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, List, Mapping, Sequence, Tuple
from urllib.parse import unquote

from markdown_it.token import Token

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
    Spans,
    Table,
)


def blocks_of(tokens: Sequence[Token]) -> Tuple[Block, ...]:
    """All blocks of a token stream."""
    blocks: List[Block] = []
    at = 0
    while at < len(tokens):
        end = _end_of(tokens, at)
        blocks.extend(_block(tokens[at], tokens[at + 1 : end]))
        at = end + 1
    return tuple(blocks)


def _end_of(tokens: Sequence[Token], at: int) -> int:
    """The index of the token that closes the one at ``at``: itself when it holds nothing."""
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1


def _block(token: Token, inner: Sequence[Token]) -> Sequence[Block]:
    make = _MAKERS.get(token.type)
    return make(token, inner) if make else ()


def _heading(token: Token, inner: Sequence[Token]) -> Sequence[Block]:
    return _runs(inner, lambda spans: Heading(int(token.tag[1:]), spans))


def _paragraph(_token: Token, inner: Sequence[Token]) -> Sequence[Block]:
    return _runs(inner, Paragraph)


def _runs(inner: Sequence[Token], make: Callable[[Spans], Block]) -> Sequence[Block]:
    """Text as ``make`` makes it, with pictures and display formulas as blocks in between."""
    blocks: List[Block] = []
    spans: List[Span] = []
    for piece in _pieces(_children(inner)):
        if isinstance(piece, Span):
            spans.append(piece)
            continue
        _flush(blocks, spans, make)
        blocks.append(piece)
    _flush(blocks, spans, make)
    return blocks


def _flush(blocks: List[Block], spans: List[Span], make: Callable[[Spans], Block]) -> None:
    merged = _merged(spans)
    if any(span.text.strip() for span in merged):
        blocks.append(make(merged))
    spans.clear()


def _children(inner: Sequence[Token]) -> Sequence[Token]:
    return [child for token in inner for child in (token.children or ())]


@dataclass
class _Style:
    bold: int = 0
    italic: int = 0
    link: str = ""

    def span(self, text: str, code: bool = False, formula: bool = False) -> Span:
        return Span(text, self.bold > 0, self.italic > 0, code, formula, self.link)


def _pieces(children: Sequence[Token]) -> List[Span | Picture | FormulaBlock]:
    style = _Style()
    pieces: List[Span | Picture | FormulaBlock] = []
    for child in children:
        if child.type in ("strong_open", "strong_close"):
            style.bold += child.nesting
        elif child.type in ("em_open", "em_close"):
            style.italic += child.nesting
        elif child.type == "link_open":
            style.link = str(child.attrGet("href") or "")
        elif child.type == "link_close":
            style.link = ""
        else:
            pieces.append(_leaf(child, style))
    return pieces


def _leaf(child: Token, style: _Style) -> Span | Picture | FormulaBlock:
    if child.type == "image":
        # Markdown takes it for a web address, and a name in our letters comes percent-encoded.
        return Picture(unquote(str(child.attrGet("src") or "")), child.content)
    if child.type == "math_inline_double":
        return FormulaBlock(child.content.strip())
    if child.type == "math_inline":
        return style.span(child.content.strip(), formula=True)
    if child.type == "code_inline":
        return style.span(child.content, code=True)
    return style.span(_BREAKS.get(child.type, child.content))


_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def _merged(spans: Sequence[Span]) -> Spans:
    """Neighbours of one style as one span, without spaces at either end."""
    merged: List[Span] = []
    for span in spans:
        last = merged[-1] if merged else None
        if last and not last.formula and _style_of(last) == _style_of(span):
            merged[-1] = Span(last.text + span.text, *_style_of(span))
        elif span.text:
            merged.append(span)
    if merged and not merged[0].formula:
        merged[0] = Span(merged[0].text.lstrip(), *_style_of(merged[0]))
    if merged and not merged[-1].formula:
        merged[-1] = Span(merged[-1].text.rstrip(), *_style_of(merged[-1]))
    return tuple(span for span in merged if span.text)


def _style_of(span: Span) -> Tuple[bool, bool, bool, bool, str]:
    return span.bold, span.italic, span.code, span.formula, span.link


def _list(token: Token, inner: Sequence[Token]) -> Sequence[Block]:
    items: List[Tuple[Block, ...]] = []
    at = 0
    while at < len(inner):
        end = _end_of(inner, at)
        items.append(blocks_of(inner[at + 1 : end]))
        at = end + 1
    ordered = token.type == "ordered_list_open"
    start = token.attrGet("start")
    return [ListBlock(ordered, tuple(items), int(1 if start is None else start))]


def _quote(_token: Token, inner: Sequence[Token]) -> Sequence[Block]:
    return [Quote(blocks_of(inner))]


def _table(_token: Token, inner: Sequence[Token]) -> Sequence[Block]:
    rows: List[List[Spans]] = []
    align: List[str] = []
    for index, token in enumerate(inner):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(_cell(inner[index + 1]))
            if len(rows) == 1:
                align.append(_alignment(token))
    body = tuple(tuple(row) for row in rows[1:])
    return [Table(tuple(rows[0]), body, tuple(align))]


def _cell(token: Token) -> Spans:
    spans: List[Span] = []
    for piece in _pieces(token.children or ()):
        if isinstance(piece, Span):
            spans.append(piece)
        elif isinstance(piece, FormulaBlock):
            spans.append(Span(piece.latex, formula=True))
        else:
            spans.append(Span(piece.alt))
    return _merged(spans)


def _alignment(token: Token) -> str:
    style = str(token.attrGet("style") or "")
    return style.rpartition(":")[2] or "left"


def _formula(token: Token, _inner: Sequence[Token]) -> Sequence[Block]:
    return [FormulaBlock(token.content.strip())]


def _code(token: Token, _inner: Sequence[Token]) -> Sequence[Block]:
    return [Code(token.content.rstrip("\n"))]


def _rule(_token: Token, _inner: Sequence[Token]) -> Sequence[Block]:
    return [Rule()]


_MAKERS: Mapping[str, Callable[[Token, Sequence[Token]], Sequence[Block]]] = {
    "heading_open": _heading,
    "paragraph_open": _paragraph,
    "bullet_list_open": _list,
    "ordered_list_open": _list,
    "blockquote_open": _quote,
    "table_open": _table,
    "math_block": _formula,
    "math_block_label": _formula,
    "fence": _code,
    "code_block": _code,
    "hr": _rule,
}
