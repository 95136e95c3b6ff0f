"""Lesson texts: Markdown (CommonMark with tables and dollar formulas) as a tree of blocks to draw.

HTML is never interpreted. Pictures stand as blocks of their own, wherever they were written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Iterator, List, Tuple, Union

from content.errors import TooLargeError

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MAX_DOCUMENT = 100_000
MAX_EFFORT = 20_000
_COPIED = 2_000
"""Characters that are copied as fast as a cell of a table is made."""
_DELIMITERS = frozenset("|-: \t>*+.)0123456789")


@dataclass(frozen=True)
class Span:
    """A run of text in one style; LaTeX when ``formula``. A line feed is a hard line break."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    formula: bool = False
    link: str = ""


Spans = Tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; ``level`` is 1 to 6."""

    level: int
    spans: Spans


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    spans: Spans


@dataclass(frozen=True)
class ListBlock:
    """A list; each item is a run of blocks. ``start`` is the first number of an ordered one."""

    ordered: bool
    items: Tuple[Tuple[Block, ...], ...]
    start: int = 1


@dataclass(frozen=True)
class Picture:
    """A picture; ``path`` is as written, relative to the lesson's folder."""

    path: str
    alt: str


@dataclass(frozen=True)
class FormulaBlock:
    """A formula on a line of its own."""

    latex: str


@dataclass(frozen=True)
class Quote:
    """Blocks set apart: a rule to remember, an example."""

    blocks: Tuple[Block, ...]


@dataclass(frozen=True)
class Table:
    """A table: cells are spans; ``align`` has "left", "center" or "right" for each column."""

    header: Tuple[Spans, ...]
    rows: Tuple[Tuple[Spans, ...], ...]
    align: Tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """Preformatted text."""

    text: str


@dataclass(frozen=True)
class Rule:
    """A line across."""


Block = Union[Heading, Paragraph, ListBlock, Picture, FormulaBlock, Quote, Table, Code, Rule]


def parse_document(markdown: str) -> Tuple[Block, ...]:
    """The blocks of a text. Any text parses; only one that is too large is refused.

    Raises TooLargeError above 100,000 characters, and for tables of some 20,000 cells.
    """
    if len(markdown) > MAX_DOCUMENT:
        raise TooLargeError(f"The text is longer than {MAX_DOCUMENT} characters; split the lesson.")
    if _effort(markdown) > MAX_EFFORT:
        raise TooLargeError("The text has too large tables or too many marks; split the lesson.")
    # The Markdown library costs 30 ms to import: only who opens a lesson pays.
    from content.documents.tokens import blocks_of

    return blocks_of(_parser().parse(markdown))


def _effort(markdown: str) -> int:
    """What the Markdown library for Python 3.8 does more than once for each character, at most.

    It fills short rows of a table up to all columns, looks for each link definition in all lines
    after it, copies the rest of the text at an ampersand, and a paragraph at each star that marks
    nothing: a table of 4 KB would take a gigabyte.
    """
    effort = markdown.count("&")
    for lines in _runs(markdown):
        columns, definitions = 0, 0
        for line in lines:
            if "|" in line and _DELIMITERS.issuperset(line):
                columns = max(columns, line.count("|") + 1)
            definitions += "]:" in line
            effort += columns + definitions
        marks = sum(line.count("*") + line.count("_") for line in lines)
        effort += marks * sum(map(len, lines)) // _COPIED
    return effort


def _runs(markdown: str) -> Iterator[List[str]]:
    """Lines between empty ones: no paragraph, table or definition goes beyond them."""
    run: List[str] = []
    for line in markdown.replace("\r", "\n").split("\n"):
        if line.strip(" \t"):
            run.append(line)
        else:
            yield run
            run = []
    yield run


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.use(dollarmath_plugin, allow_labels=False, double_inline=True)
    return parser
