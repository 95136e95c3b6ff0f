from __future__ import annotations

from content.documents.document import (
    FormulaBlock,
    Paragraph,
    Picture,
    Quote,
    Span,
    Table,
    parse_document,
)


def test_neighbours_of_one_style_are_one_span() -> None:
    (paragraph,) = parse_document("a\nb &amp; c\\*d")
    assert paragraph == Paragraph((Span("a b & c*d"),))


def test_styles_within_styles() -> None:
    (paragraph,) = parse_document("**a *b* [c](d)**")
    assert paragraph == Paragraph(
        (
            Span("a ", bold=True),
            Span("b", bold=True, italic=True),
            Span(" ", bold=True),
            Span("c", bold=True, link="d"),
        )
    )


def test_formulas_side_by_side_stay_two() -> None:
    (paragraph,) = parse_document("$a$ $b$")
    assert paragraph == Paragraph((Span("a", formula=True), Span(" "), Span("b", formula=True)))


def test_display_formulas_in_a_line_split_it() -> None:
    assert parse_document("a $$b$$ c") == (
        Paragraph((Span("a"),)),
        FormulaBlock("b"),
        Paragraph((Span("c"),)),
    )


def test_a_cell_holds_spans_only() -> None:
    (table,) = parse_document("|a|\n|-|\n|![alt](p.png) $$x$$|")
    assert isinstance(table, Table)
    assert table.rows == (((Span("alt "), Span("x", formula=True)),),)


def test_pictures_within_quotes() -> None:
    assert parse_document("> ![a](b.png)") == (Quote((Picture("b.png", "a"),)),)


def test_names_of_pictures_are_as_on_the_disk() -> None:
    assert parse_document("![](<p/таразы 1.png>)") == (Picture("p/таразы 1.png", ""),)
    assert parse_document("![](p/a%20b.png)") == (Picture("p/a b.png", ""),)


def test_nothing_is_nothing() -> None:
    assert parse_document("") == ()
    assert parse_document(" \n\n ") == ()
