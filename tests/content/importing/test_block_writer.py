"""What is written as Markdown is read back as the same blocks."""

from __future__ import annotations

from typing import List, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples

pytest.importorskip("markdown_it")

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
    Table,
    parse_document,
)
from content.importing.block_writer import write_blocks


@pytest.mark.parametrize(
    "block",
    [
        Heading(2, (Span("A # b #"),)),
        Paragraph((Span("- no list\n# no head\n2) z & &amp; <b> _a_ *c* $5 $6 ~~x~~"),)),
        Paragraph((Span("== x\n1. y\n> z\n| a |\n```"),)),
        Paragraph((Span("a "), Span("b", bold=True, italic=True), Span(" c"))),
        Paragraph((Span("see "), Span("here", link="https://example.org/a(b)"), Span("."))),
        Paragraph((Span("x"), Span("x^2", formula=True), Span(" 5"))),
        ListBlock(True, ((Paragraph((Span("1. one"),)),), (Paragraph((Span("two"),)),)), 3),
        ListBlock(
            False,
            (
                (Paragraph((Span("a"),)), ListBlock(True, ((Paragraph((Span("b"),)),),))),
                (FormulaBlock("x = 1"), Picture("pictures/a b.png", "a (b)")),
            ),
        ),
        Quote((Heading(1, (Span("a"),)), Paragraph((Span("b"),)))),
        Table(
            ((Span("a|b"),), ()),
            (
                (
                    (Span("c", bold=True),),
                    (
                        Span("x|y", code=True),
                        Span("|x|", formula=True),
                    ),
                ),
            ),
            ("left",) * 2,
        ),
        Code("a\n```\n  b"),
        FormulaBlock("\\frac{1}{2}"),
    ],
    ids=lambda block: type(block).__name__,
)
def test_blocks_return(block: Block) -> None:
    assert parse_document(write_blocks([block])) == (block,)


def test_lists_beside_each_other_stay_two() -> None:
    one = ListBlock(False, ((Paragraph((Span("a"),)),),))
    back = parse_document(write_blocks([one, one]))
    assert (back[0], back[2]) == (one, one)


def test_formulas_beside_each_other_are_one() -> None:
    made = write_blocks([Paragraph((Span("x", formula=True), Span("_1", formula=True)))])
    assert made == "$x _1$\n"


_TEXT = st.text(st.sampled_from("аЖі5 *_`[]()<>$|\\#-+.!&;:~\n\t\u00a0\x07\ud800="), max_size=40)


@settings(max_examples=examples(150), deadline=None)
@given(_TEXT)
def test_words_are_never_marks(text: str) -> None:
    back = parse_document(write_blocks([Paragraph((Span(text),))]))
    assert all(isinstance(block, Paragraph) for block in back)
    said = "".join(span.text for block in back for span in block.spans)  # type: ignore[union-attr]
    assert said.split() == "".join(one for one in text if one not in "\x07\ud800").split()


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(st.tuples(_TEXT, st.booleans(), st.booleans()), max_size=4))
def test_styles_never_cost_words(runs: List[Tuple[str, bool, bool]]) -> None:
    spans = tuple(Span(text, bold, italic) for text, bold, italic in runs)
    back = parse_document(write_blocks([Paragraph(spans)]))
    said = "".join(span.text for block in back for span in block.spans)  # type: ignore[union-attr]
    wanted = "".join(one for text, _, _ in runs for one in text if one not in "\x07\ud800")
    assert said.split() == wanted.split()
