"""Blocks of a document as Markdown that ``documents.document`` parses into the same again."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Iterable, List, Optional, Sequence

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
    parse_document,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>$|~])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\s*)([#>+=-]|\d{1,9}(?=[.)](?:\s|\Z)))", re.M)
_CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff\\ufffe\\uffff]")
_MAX_VERIFIED = 5_000


def write_blocks(blocks: Iterable[Block]) -> str:
    """Markdown of a whole document, with a line feed at its end."""
    written = [text for text in map(_block, _apart(blocks)) if text]
    return "\n\n".join(written) + "\n" if written else ""


def escape(text: str) -> str:
    """Plain words as Markdown that shows them as they are; line feeds are spaces to it."""
    text = _CONTROL.sub(" ", text).replace("\t", " ")
    text = _ENTITY.sub(r"\\&", _SPECIAL.sub(r"\\\1", text))
    return _LINE_START.sub(_guarded, text)


def _guarded(found: re.Match[str]) -> str:
    return f"{found[2]}\\" if found[2].isdigit() else f"\\{found[2]}"


def _apart(blocks: Iterable[Block]) -> List[Block]:
    """The blocks, with a line across between two lists, which would else be one."""
    apart: List[Block] = []
    for block in blocks:
        last = apart[-1] if apart else None
        if isinstance(last, ListBlock) and _goes_on(last, block):
            apart.append(Rule())
        apart.append(block)
    return apart


def _goes_on(last: ListBlock, block: Block) -> bool:
    return isinstance(block, ListBlock) and block.ordered == last.ordered


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        level = min(max(block.level, 1), 6)
        said = re.sub("#$", "\\\\#", write_spans(block.spans, one_line=True))
        return f"{'#' * level} {said}" if said else ""
    if isinstance(block, Paragraph):
        return write_spans(block.spans)
    if isinstance(block, ListBlock):
        return _list(block)
    if isinstance(block, Picture):
        # Words for who cannot see are taken as they are written, so no mark may be among them.
        alt = " ".join(_CONTROL.sub("", re.sub(r"[][\\`*_<>$|]", " ", block.alt)).split())
        return f"![{alt}](<{block.path}>)"
    if isinstance(block, FormulaBlock):
        return f"$$\n{_one_line(block.latex)}\n$$"
    return _other(block)


def _other(block: Block) -> str:
    if isinstance(block, Quote):
        return _prefixed(write_blocks(block.blocks).rstrip("\n"), "> ", "> ")
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Code):
        fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", block.text))])
        return f"{fence}\n{_CONTROL.sub(' ', block.text)}\n{fence}"
    return "---"


def _list(block: ListBlock) -> str:
    items = []
    for number, item in enumerate(block.items, block.start):
        mark = f"{number}. " if block.ordered else "- "
        text = write_blocks(item).rstrip("\n")
        items.append(_prefixed(text, mark, " " * len(mark)) if text else mark.strip())
    loose = any("\n\n" in item for item in items)
    return ("\n\n" if loose else "\n").join(items)


def _prefixed(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    return "\n".join(
        (prefix + line).rstrip() if not line else prefix + line
        for prefix, line in zip([first, *[others] * len(lines)], lines)
    )


def _table(table: Table) -> str:
    width = max([1, *(len(row) for row in (table.header, *table.rows))])
    marks = {"center": ":-:", "right": "--:"}
    align = [marks.get(one, "---") for one in table.align] + ["---"] * width
    lines = [_row(table.header, width), f"| {' | '.join(align[:width])} |"]
    lines.extend(_row(row, width) for row in table.rows)
    return "\n".join(lines)


def _row(cells: Sequence[Spans], width: int) -> str:
    said = [_cell(cell) for cell in cells] + [""] * (width - len(cells))
    return f"| {' | '.join(said)} |"


def _cell(spans: Spans) -> str:
    # The row is cut at bars before anything else is read, formulas and code included.
    barred = write_spans(spans, one_line=True)
    return re.sub(r"(?<!\\)\|", r"\\|", barred)


def write_spans(spans: Spans, one_line: bool = False) -> str:
    """Markdown of a run of text; styles that Markdown cannot mark at such a place are left out."""
    runs = _tidied(spans, one_line)
    written = _written(runs)
    if all(span == Span(span.text) for span in runs) or _same(written, runs):
        return written
    # Markdown knows no bold letter in the middle of a word, among other things.
    for plainer in (
        [replace(span, italic=False) for span in runs],
        [replace(span, italic=False, bold=False) for span in runs],
        [Span(span.text, formula=span.formula) for span in runs],
    ):
        merged = _tidied(plainer, one_line)
        written = _written(merged)
        if _same(written, merged):
            break
    return written


def _same(written: str, runs: Sequence[Span]) -> bool:
    if len(written) > _MAX_VERIFIED:
        return True
    blocks = parse_document(written)
    if len(blocks) != 1 or not isinstance(blocks[0], Paragraph):
        return False
    return [_unlinked(span) for span in blocks[0].spans] == [_unlinked(span) for span in runs]


def _unlinked(span: Span) -> Span:
    # The parser writes an address in its own way.
    return replace(span, link="linked") if span.link else span


def _tidied(spans: Iterable[Span], one_line: bool) -> List[Span]:
    """Spans with single spaces, merged where their style is the same, and none at the ends."""
    joined: List[Span] = []
    for span in (part for whole in spans for part in _with_edges(whole, one_line)):
        last: Optional[Span] = joined[-1] if joined else None
        if last and not last.formula and replace(last, text=span.text) == span:
            joined[-1] = replace(last, text=_spaced(last.text + span.text, one_line))
        elif last and last.formula and span.formula:
            # Two dollars between them would begin a formula on a line of its own.
            joined[-1] = Span(f"{last.text} {span.text}", formula=True)
        else:
            joined.append(span)
    return _trimmed(joined)


def _with_edges(span: Span, one_line: bool) -> Sequence[Span]:
    """A styled span without spaces at its ends: no mark may stand beside one inside."""
    if span.formula:
        return [span] if span.text.strip() else []
    text = _spaced(span.text, one_line)
    inner = text.strip(" \n")
    before, _, after = text.partition(inner) if inner else (text, "", "")
    parts = (Span(before), replace(span, text=inner), Span(after))
    return [part for part in parts if part.text]


def _trimmed(runs: List[Span]) -> List[Span]:
    while runs and not runs[0].formula and not runs[0].text.strip(" \n"):
        runs.pop(0)
    while runs and not runs[-1].formula and not runs[-1].text.strip(" \n"):
        runs.pop()
    if runs and not runs[0].formula:
        runs[0] = replace(runs[0], text=runs[0].text.lstrip(" \n"))
    if runs and not runs[-1].formula:
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip(" \n"))
    return runs


def _spaced(text: str, one_line: bool) -> str:
    text = _CONTROL.sub("", text.replace("\r", "\n").replace("\u00a0", " ").replace("\v", "\n"))
    if one_line:
        return re.sub(r"\s+", " ", text)
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"[^\S\n]+", " ", text))


def _written(runs: Sequence[Span]) -> str:
    return "".join(_span(span) for span in runs)


def _span(span: Span) -> str:
    if span.formula:
        return f"${_one_line(span.text)}$"
    if span.code:
        fence = "`" * max([1, *(len(run) + 1 for run in re.findall("`+", span.text))])
        return f"{fence} {span.text} {fence}" if "`" in span.text else f"`{span.text}`"
    said = escape(span.text).replace("\n", "\\\n")
    mark = ("**" if span.bold else "") + ("*" if span.italic else "")
    said = f"{mark}{said}{mark[::-1]}"
    return f"[{said}](<{span.link}>)" if span.link else said


def _one_line(latex: str) -> str:
    return " ".join(latex.split())
