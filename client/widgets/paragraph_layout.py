"""A paragraph broken into lines: words in several styles and formulas on one baseline.

Pure: takes spans and a width, returns one box with everything in its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Iterator, List, Optional, Sequence, Tuple

from client.widgets.formula_boxes import Box, Ink, Measure, TextInk, at
from client.widgets.formula_layout import THICK_EM, lay_out
from content.documents.document import Span
from content.documents.formula import Node, Row, Space, Symbol, parse_formula
from content.errors import FormulaError

LEADING = 1.38
"""Distance of baselines, as a multiple of the font size."""


@dataclass(frozen=True)
class Style:
    """How a paragraph is set; sizes in pixels.

    `bold` makes all of it bold (a heading), `smallest` bounds exponents from below.
    """

    size: float
    smallest: float = 0.0
    bold: bool = False
    align: str = "left"


@dataclass(frozen=True)
class _Piece:
    """What is not broken: a word (`text`) or a formula (`box`).

    `spaced` says that a space stands before it, `breaks` that a line may break before it,
    `starts_line` that it must.
    """

    width: float
    text: str = ""
    face: str = "upright"
    box: Optional[Box] = None
    spaced: bool = False
    breaks: bool = False
    starts_line: bool = False


def lay_out_paragraph(spans: Sequence[Span], measure: Measure, style: Style, width: float) -> Box:
    """All lines of a paragraph; the box's baseline is its first line's.

    Args:
        spans: runs of text, one style each; LaTeX where `formula`.
        measure: tells how wide a text is.
        style: sizes and alignment.
        width: the room for a line, in pixels. A word that is wider is broken.
    """
    pieces = list(_fitted(_pieces(spans, measure, style, width), measure, style, width))
    lines = _lines(pieces, measure.width(" ", style.size, "upright"), width)
    return _piled([_line(line, measure, style) for line in lines], style, width)


def natural_width(spans: Sequence[Span], measure: Measure, style: Style) -> float:
    """The width of a paragraph that is not broken."""
    return lay_out_paragraph(spans, measure, style, 1e6).width


def _pieces(
    spans: Sequence[Span], measure: Measure, style: Style, width: float
) -> Iterator[_Piece]:
    spaced = breaks = starts_line = False
    for span in spans:
        if span.formula:
            for piece in _formula_pieces(span, measure, style, width):
                yield replace(
                    piece,
                    spaced=spaced,
                    breaks=piece.breaks or breaks,
                    starts_line=starts_line,
                )
                spaced = breaks = starts_line = False
            continue
        for part in re.findall(r"\n|[^\S\n\u00a0\u202f]+|[^\s]+|[\u00a0\u202f]+", span.text):
            if part == "\n":
                starts_line, spaced, breaks = True, False, False
            elif part.isspace() and part[0] not in "\u00a0\u202f":
                spaced = breaks = True
            elif part.isspace():
                spaced = True
            else:
                face = _face(part, span, style)
                yield _Piece(
                    measure.width(part, style.size, face),
                    text=part,
                    face=face,
                    spaced=spaced,
                    breaks=breaks,
                    starts_line=starts_line,
                )
                spaced = breaks = starts_line = False


def _face(word: str, span: Span, style: Style) -> str:
    if any(0x2190 <= ord(letter) <= 0x22FF and letter not in "−√∞≈≠≤≥" for letter in word):
        return "symbol"
    if span.code:
        return "mono"
    bold = span.bold or style.bold
    if span.italic:
        return "bold_italic" if bold else "italic"
    return "bold" if bold else "upright"


def _formula_pieces(span: Span, measure: Measure, style: Style, width: float) -> Iterator[_Piece]:
    """A formula in one piece, or broken after its relations when it takes half a line."""
    try:
        tree = parse_formula(span.text)
    except FormulaError:
        face = "mono"
        yield _Piece(measure.width(span.text, style.size, face), text=span.text, face=face)
        return
    whole = _formula(tree, measure, style)
    parts: Sequence[Node] = [tree] if whole.width <= width / 2 else _at_relations(tree)
    for index, part in enumerate(parts):
        box = whole if len(parts) == 1 else _formula(part, measure, style)
        yield _Piece(box.width, box=box, breaks=index > 0)


def _formula(node: Node, measure: Measure, style: Style) -> Box:
    bold = style.bold
    return lay_out(node, measure, style.size, smallest=style.smallest, bold=bold)


def _at_relations(tree: Row) -> List[Node]:
    parts: List[List[Node]] = [[]]
    for child in tree.children:
        parts[-1].append(child)
        if isinstance(child, Symbol) and child.role == "relation":
            parts.append([])
    # The space after a relation goes with it; at the end of a line nobody sees it.
    full = [part for part in parts if part]
    spaced = [[*part, Space(THICK_EM)] for part in full[:-1]] + full[-1:]
    return [Row((*part,)) for part in spaced]


def _fitted(
    pieces: Iterator[_Piece], measure: Measure, style: Style, width: float
) -> Iterator[_Piece]:
    """Break words that are wider than a line; shrink formulas that are."""
    for piece in pieces:
        if piece.width <= width or piece.box is not None:
            yield piece
            continue
        first = True
        for part in _broken_word(piece, measure, style.size, width):
            yield part if first is False else replace(part, spaced=piece.spaced, breaks=True)
            first = False


def _broken_word(piece: _Piece, measure: Measure, size: float, width: float) -> Iterator[_Piece]:
    rest = piece.text
    while rest:
        count = len(rest)
        while count > 1 and measure.width(rest[:count], size, piece.face) > width:
            count -= max(1, count // 8)
        part, rest = rest[:count], rest[count:]
        part_width = measure.width(part, size, piece.face)
        yield replace(piece, text=part, width=part_width, spaced=False, breaks=True)


def _lines(pieces: Sequence[_Piece], space_width: float, width: float) -> List[List[_Piece]]:
    """First fit, as every browser does: pieces glued together move to the next line together."""
    lines: List[List[_Piece]] = [[]]
    used = 0.0
    for cluster in _clusters(pieces, space_width, width):
        first, cluster_width = cluster[0], _cluster_width(cluster, space_width)
        gap = space_width if first.spaced and lines[-1] else 0.0
        overflow = lines[-1] and used + gap + cluster_width > width + 0.5
        if first.starts_line or overflow:
            lines.append([])
            used, gap = 0.0, 0.0
        lines[-1].append(first if lines[-1] else replace(first, spaced=False))
        lines[-1].extend(cluster[1:])
        used += gap + cluster_width
    return lines


def _cluster_width(cluster: Sequence[_Piece], space_width: float) -> float:
    spaces = sum(space_width for piece in cluster[1:] if piece.spaced)
    return spaces + sum(piece.width for piece in cluster)


def _clusters(pieces: Sequence[_Piece], space_width: float, width: float) -> Iterator[List[_Piece]]:
    """Pieces that stay together; each alone where together they are wider than a line."""
    cluster: List[_Piece] = []
    for piece in pieces:
        if cluster and (piece.breaks or piece.starts_line):
            yield from _split_if_wide(cluster, space_width, width)
            cluster = []
        cluster.append(piece)
    if cluster:
        yield from _split_if_wide(cluster, space_width, width)


def _split_if_wide(
    cluster: List[_Piece], space_width: float, width: float
) -> Iterator[List[_Piece]]:
    if _cluster_width(cluster, space_width) <= width:
        yield cluster
    else:
        yield from ([piece] for piece in cluster)


def _line(pieces: Sequence[_Piece], measure: Measure, style: Style) -> Box:
    """One line; words of one face in a row become one ink, so that little is drawn."""
    inks: List[Ink] = []
    x, ascent, descent = 0.0, 0.74 * style.size, 0.2 * style.size
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        x += measure.width(" ", style.size, "upright") if piece.spaced else 0.0
        if piece.box is not None:
            inks.extend(at(piece.box, x, 0.0))
            x += piece.box.width
            ascent = max(ascent, piece.box.ascent)
            descent = max(descent, piece.box.descent)
            index += 1
            continue
        text, index = _run(pieces, index)
        inks.append(TextInk(x, 0.0, text, style.size, piece.face))
        x += measure.width(text, style.size, piece.face)
    return Box(x, ascent, descent, tuple(inks))


def _run(pieces: Sequence[_Piece], start: int) -> Tuple[str, int]:
    text, index = "", start
    while index < len(pieces):
        piece = pieces[index]
        if piece.box is not None or piece.face != pieces[start].face:
            break
        text += (" " if piece.spaced and text else "") + piece.text
        index += 1
    return text, index


def _piled(lines: Sequence[Box], style: Style, width: float) -> Box:
    inks: List[Ink] = []
    widest = max(line.width for line in lines)
    leading, y = LEADING * style.size, 0.0
    slack = (leading - 0.94 * style.size) / 2
    for index, line in enumerate(lines):
        if index:
            touching = lines[index - 1].descent + line.ascent + slack
            y -= max(leading, touching)
        left = (width - line.width) / 2 if style.align == "center" else 0.0
        left = width - line.width if style.align == "right" else left
        inks.extend(at(line, left, y))
    return Box(widest, lines[0].ascent + slack, -y + lines[-1].descent + slack, tuple(inks))
