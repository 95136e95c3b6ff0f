"""Checking a Markdown text: pictures that are there, formulas that can be drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, List, Sequence

from content.building.finding import ERROR, WARNING, Finding
from content.documents.document import (
    Block,
    FormulaBlock,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Span,
    Table,
    parse_document,
)
from content.documents.formula import parse_formula
from content.errors import ContentError, FormulaError
from content.paths import check_path
from content.picture_size import MAX_PIXELS, size_of_picture


def text_findings(text: str, folder: Path, path: str, place: str) -> List[Finding]:
    """Findings in one text; ``folder`` is the lesson's, to which pictures are relative."""
    try:
        blocks = list(_flat(parse_document(text)))
    except ContentError as problem:
        return [Finding(ERROR, path, place, str(problem))]
    findings: List[Finding] = []
    for formula in _formulas(blocks):
        try:
            parse_formula(formula)
        except FormulaError as problem:
            where = _where(text, formula, place)
            findings.append(Finding(ERROR, path, where, f"In ${formula[:60]}$: {problem}"))
    for picture in blocks:
        if isinstance(picture, Picture):
            findings.extend(
                picture_findings(picture, folder, path, _where(text, picture.path, place))
            )
    return findings


def _where(text: str, part: str, place: str) -> str:
    if place or part not in text:
        return place
    return f"line {text[: text.index(part)].count(chr(10)) + 1}"


def picture_findings(picture: Picture, folder: Path, path: str, place: str) -> Iterator[Finding]:
    """Findings in one picture of a text or a question."""
    if "://" in picture.path:
        yield Finding(
            ERROR, path, place, f"The picture {picture.path} is on the network; put it beside."
        )
        return
    try:
        file = folder / check_path(picture.path)
    except ContentError as problem:
        yield Finding(ERROR, path, place, str(problem))
        return
    if not _exists_exactly(file, folder):
        yield Finding(
            ERROR, path, place, f"The picture {picture.path} is not in the lesson's folder."
        )
    elif _is_too_large(file):
        yield Finding(
            ERROR,
            path,
            place,
            f"The picture {picture.path} has more than {MAX_PIXELS // 10**6} million pixels; make "
            "it smaller.",
        )
    if not picture.alt.strip():
        yield Finding(WARNING, path, place, f"The picture {picture.path} has no words in its [].")


def _is_too_large(file: Path) -> bool:
    try:
        size = size_of_picture(file)
    except ContentError:
        return False
    return size is not None and size[0] * size[1] > MAX_PIXELS


def _exists_exactly(file: Path, folder: Path) -> bool:
    # Windows finds "A.png" for "a.png"; the pupil's Android does not.
    while file != folder:
        if not file.parent.is_dir() or file.name not in (one.name for one in file.parent.iterdir()):
            return False
        file = file.parent
    return True


def _flat(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Quote):
            yield from _flat(block.blocks)
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from _flat(item)


def _formulas(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, FormulaBlock):
            yield block.latex
        yield from (span.text for span in _spans(block) if span.formula)


def _spans(block: Block) -> Iterator[Span]:
    if isinstance(block, (Heading, Paragraph)):
        yield from block.spans
    elif isinstance(block, Table):
        for row in (block.header, *block.rows):
            for cell in row:
                yield from cell
